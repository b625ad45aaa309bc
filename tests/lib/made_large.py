"""A set of records of the size that the report must carry."""

from __future__ import annotations

from dataclasses import replace

from made_records import Maker

from luoshi.model import CoverageRow, DocumentRow, Edit, LinkRow, Records, Unit, row_id
from luoshi.model.records import Relation


def large(documents: int = 40, commitments: int = 5000, links: int = 10000) -> Records:
    """A set of the size that the report must carry: the small one's words, repeated with numbers."""
    out = Records()
    made = _documents(out, documents, commitments // documents)
    _relations(out, made, links)
    return out


def _documents(out: Records, documents: int, each: int) -> list[Maker]:
    verbs = ("建设", "完善", "推进", "支持", "开展", "制定")
    things = ("水利设施", "产业园区", "物流枢纽", "培训基地", "监测网络", "公共平台", "示范项目")
    made: list[Maker] = []
    for n in range(documents):
        lines = [f"云江省第{n + 1}号发展规划"]
        for i in range(each):
            if i % 25 == 0:
                lines.append(f"第{'一二三四五六七八九'[i // 25 % 9]}章 领域{i // 25 + 1}")
            if i % 5 == 0:
                lines.append(f"{i // 5 % 9 + 1}.事项{i}。")
            verb, thing = verbs[(i + n) % 6], things[(i * 3 + n) % 7]
            lines[-1] += f"⟦加快|{verb}|第{(i * 7 + n) % 400}号{thing}⟧，并做好衔接工作，确保按计划有序推进。"
        m = Maker(
            DocumentRow(
                f"d{n:012x}-1",
                f"材料/{n:02}.txt",
                f"云规〔20{n % 20 + 5:02}〕{n}号",
                f"云江省第{n + 1}号发展规划",
                "plan",
                "full",
                level=("central", "province", "city", "county")[n * 4 // documents],
                date=f"20{n % 20 + 5:02}-01-01",
                number=f"云规〔20{n % 20 + 5:02}〕{n}号",
                issuers=("云江省人民政府",),
            ),
            "\n".join(lines).replace("。⟦", "。\n⟦"),
        )
        made.append(m)
        out.documents.append(m.row)
        out.provisions += m.provisions
        out.sentences += m.sentences
        out.commitments += [
            replace(c, units=(Unit(f"云江省第{i % 40}厅", "lead"), Unit(f"云江省第{i % 17}局", "support")))
            for i, c in enumerate(m.commitments)
        ]
        out.texts[m.row.id] = m.text
    return made


def _relations(out: Records, made: list[Maker], links: int) -> None:
    documents = len(made)
    relations: tuple[Relation, ...] = ("verbatim", "adapted", "specified")
    for k in range(links):
        low = made[documents // 2 + k % (documents // 2)]
        up = made[(k * 7) % (documents // 2)]
        a = low.commitments[k % len(low.commitments)].evidence
        b = up.commitments[(k * 13) % len(up.commitments)].evidence
        out.links.append(
            LinkRow(
                row_id(f"{low.row.id}\t{up.row.id}", "link", f"{a.start}\t{b.start}", k),
                a,
                b,
                relations[k % 3],
                0.5 + k % 50 / 100,
                1,
                (Edit("replace", "推进", "建设"),),
                None,
                0.1,
                "down",
                "",
            )
        )
    by: dict[tuple[str, int, str], list[str]] = {}
    for link in out.links:
        by.setdefault((link.upper.document, link.upper.start, link.lower.document), []).append(link.id)
    for up in made[: documents // 2 : 4]:
        for low in made[documents // 2 :]:
            for c in up.commitments:
                found = tuple(by.get((up.row.id, c.evidence.start, low.row.id), ()))
                out.coverage.append(
                    CoverageRow(
                        row_id(f"{up.row.id}\t{low.row.id}", "coverage", c.id),
                        c.evidence,
                        low.row.id,
                        "carried" if found else "absent",
                        found,
                    )
                )
