"""Two documents with links and coverage between them, written straight into the database for the tests.

The words are made up; ``small`` is an upper document of the province over one of the city, ``large`` a pair
of many sentences, ``grid`` one upper document over many.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from web_world import World

UPPER = (
    "岚山省人民政府关于改善农村供水的意见。",
    "到2027年农村自来水普及率达到95%以上。",
    "推进城乡供水一体化，新建一批规模化供水工程。",
    "健全水价形成和补偿机制。",
    "严禁挪用供水工程维修养护资金。",
)
LOWER = (
    "江城市农村供水提升行动方案。",
    "到2027年农村自来水普及率达到92%以上。",
    "推进城乡供水一体化，新建5处规模化供水工程。",
    "建立供水管护员队伍。",
)


@dataclass
class Pair:
    """A comparison with its ends."""

    upper: Any
    lower: Any
    comparison: Any

    def link(self, i: int = 0) -> Any:
        """The i-th link in the order of the lower text."""
        return self.comparison.links.order_by("lower_start")[i]

    def gap(self, i: int = 0) -> Any:
        """The i-th requirement without a full answer."""
        return self.comparison.coverage.exclude(status="carried").order_by("start")[i]


def document(owner: Any, sentences: tuple[str, ...], *, audience: str = "below", title: str = "") -> Any:
    """A document with one version, its sentences each a paragraph, all but the first under one chapter."""
    from luoshi_web.audit.services import maintenance
    from luoshi_web.library.models import Document, File, Provision, Sentence, Version

    text = "\n".join(sentences)
    with maintenance("made for a test"):
        n = File.objects.count()
        file = File.objects.create(sha256=f"{n:064x}", name=f"{n}.txt", size=len(text), owner=owner)
        doc = Document.objects.create(
            owner=owner, audience=audience, title=title or sentences[0].rstrip("。"), work=sentences[0],
            level=owner.level, date="2026-01-01",
        )  # fmt: skip
        places, at = [], 0
        for s in sentences:
            places.append((at, at + len(s)))
            at += len(s) + 1
        version = Version.objects.create(
            document=doc, number=1, file=file, ordinal=0, key=f"d{n:012x}-1", text=text, program="test",
            text_sha256=f"{n:064x}", characters=len(text), row={},
            paragraphs=[[a, b, "title" if not i else "body", 0, ""] for i, (a, b) in enumerate(places)],
        )  # fmt: skip
        chapter = Provision.objects.create(
            version=version, key=f"p{n:x}", start=places[1][0] if len(places) > 1 else 0, end=len(text),
            depth=1, kind="section", label="一、", title="主要任务",
        )  # fmt: skip
        Sentence.objects.bulk_create(
            [
                Sentence(
                    version=version, key=f"s{n:x}-{i}", start=a, end=b, provision=chapter if i else None,
                    kind="action" if i else "heading",
                )
                for i, (a, b) in enumerate(places)
            ]
        )  # fmt: skip
        Document.objects.filter(pk=doc.pk).update(current=version)
    doc.current = version
    return doc


def places(version: Any) -> list[tuple[int, int]]:
    """The places of a version's sentences."""
    return list(version.sentences.order_by("start").values_list("start", "end"))


def compare(upper: Any, lower: Any, links: Any, coverage: Any) -> Any:
    """A comparison of two documents.

    :param links: ``(upper sentence, lower sentence, relation, score, change)``.
    :param coverage: ``(upper sentence, status, numbers of links)``.
    """
    from luoshi_web.audit.services import maintenance
    from luoshi_web.library.models import Comparison, Coverage, Link, SourceShare
    from luoshi_web.register.models.judgements import link_key

    above, below = places(upper.current), places(lower.current)
    with maintenance("made for a test"):
        pair = Comparison.objects.create(
            upper=upper.current, lower=lower.current, links_count=len(links), done_at=timezone.now()
        )
        keys = [link_key(upper.current, lower.current, above[i], below[j]) for i, j, *_rest in links]
        Link.objects.bulk_create(
            [
                Link(
                    comparison=pair, key=key, upper_start=above[i][0], upper_end=above[i][1],
                    lower_start=below[j][0], lower_end=below[j][1], relation=relation, score=score,
                    change=change,
                )
                for key, (i, j, relation, score, change) in zip(keys, links, strict=True)
            ],
            500,
        )  # fmt: skip
        text = upper.current.text
        last = lower.current.text[slice(*below[-1])]
        near = {
            "start": below[-1][0], "end": below[-1][1], "quote": last,
            "reason": "只共有“供水”", "shared": ["供水"], "score": 0.2,
        }  # fmt: skip
        Coverage.objects.bulk_create(
            [
                Coverage(
                    comparison=pair, key=f"v{pair.pk:x}-{i}", start=above[i][0], end=above[i][1],
                    quote=text[slice(*above[i])], status=status, by=[keys[n] for n in by],
                    lost=[] if status == "carried" else ["补偿机制"],
                    near=[] if status == "carried" else [near],
                )
                for i, status, by in coverage
            ],
            500,
        )  # fmt: skip
        SourceShare.objects.create(comparison=pair, characters=40, unique_characters=30, share=0.4)
    return pair


def small(world: World) -> Pair:
    """The pair of the permission table: province over city."""
    from luoshi_web.audit.services import maintenance
    from luoshi_web.library.models import Unsourced

    upper = document(world.units["province"], UPPER)
    lower = document(world.units["city"], LOWER)
    links = [(1, 1, "adapted", 0.91, "lower-target"), (2, 2, "specified", 0.84, "")]
    coverage = [(1, "carried", [0]), (2, "partly", [1]), (3, "absent", []), (4, "absent", [])]
    pair = compare(upper, lower, links, coverage)
    a, b = places(lower.current)[3]
    with maintenance("made for a test"):
        Unsourced.objects.create(version=lower.current, key="u1", start=a, end=b)
    return Pair(upper, lower, pair)


def suspect(world: World) -> Any:
    """A confirmed link of :func:`small` whose lower words a new version changed."""
    from luoshi_web.audit.services import SYSTEM
    from luoshi_web.register import judging

    pair = small(world)
    judged = judging.judge(
        by=world.accounts["reviewer-city"], comparison=pair.comparison, key=pair.link(1).key, revision=0,
        verdict="confirmed",
    )  # fmt: skip
    new = revise(pair.lower, LOWER[2], "推进城乡供水一体化，新建8处规模化供水工程和12处水厂。")
    judging.follow(by=SYSTEM, version=new)
    judged.refresh_from_db()
    return judged


def suspect_gap(world: World) -> Any:
    """A disposition of :func:`small` whose requirement a new version changed."""
    from luoshi_web.audit.services import SYSTEM
    from luoshi_web.register import disposing

    pair = small(world)
    said = disposing.dispose(
        by=world.accounts["drafter-city"], comparison=pair.comparison, coverage=pair.gap(2), revision=0,
        disposition="inapplicable", reason="本市没有这项资金",
    )  # fmt: skip
    new = revise(pair.upper, UPPER[4], "严禁挤占挪用农村供水工程维修养护资金和水费。")
    disposing.follow(by=SYSTEM, version=new)
    said.refresh_from_db()
    return said


def revise(doc: Any, old: str, new: str) -> Any:
    """A new version of a document with some words replaced."""
    from luoshi_web.audit.services import maintenance
    from luoshi_web.library.models import Document, Version

    sentences = tuple(doc.current.text.replace(old, new).split("\n"))
    other = document(doc.owner, sentences)
    with maintenance("made for a test"):
        last = doc.versions.count()
        Version.objects.filter(pk=other.current.pk).update(document=doc, number=last + 1)
        Document.objects.filter(pk=doc.pk).update(current=other.current.pk)
        Document.objects.filter(pk=other.pk).update(current=None)
        other.delete()
    doc.refresh_from_db()
    return doc.current


def large(world: World, n: int = 400) -> Pair:
    """A pair of ``n`` sentences each, a link for nearly every one."""
    upper = document(world.units["province"], tuple(_sentence("省", i) for i in range(n)), title="长文件上")
    lower = document(world.units["city"], tuple(_sentence("市", i) for i in range(n)), title="长文件下")
    kinds = ("verbatim", "adapted", "specified")
    links = [(i, (i * 7) % n, kinds[i % 3], 0.5 + (i % 50) / 100, "") for i in range(1, n)]
    coverage = [(i, ("carried", "partly", "absent")[i % 3], [i - 1]) for i in range(1, n)]
    return Pair(upper, lower, compare(upper, lower, links, coverage))


def grid(world: World, requirements: int = 200, documents: int = 50) -> Any:
    """An upper document whose requirements were looked for in many lower ones."""
    sentences = tuple(_sentence("省", i) for i in range(requirements + 1))
    upper = document(world.units["province"], sentences, title="要求很多的文件")
    status = ("carried", "partly", "absent", "carried")
    for d in range(documents):
        lower = document(world.units["city"], LOWER, title=f"下位文件{d + 1}")
        rows: list[Any] = [(i, status[(i + d) % 4], []) for i in range(1, requirements + 1)]
        compare(upper, lower, [], rows)
    return upper


def _sentence(who: str, i: int) -> str:
    things = ("泵站", "渠道", "水库", "堤防", "管网", "水厂", "河道", "闸门")
    a, b = things[i % 8], things[(i * 3) % 8]
    return f"第{i}项，全{who}更新{a}{i + 3}处，完善{b}管护制度，{2026 + i % 5}年底前完成。"


def judge(world: World, pair: Pair, who: str, key: str, **form: Any) -> Any:
    """The answer to a judgement of a link, as the page sends it."""
    data = {"revision": "0", **form}
    url = f"/register/compare/{pair.comparison.pk}/links/{key}/judge"
    return world.client(who).post(url, data, HTTP_HX_REQUEST="true")


def cell(world: World, pair: Pair, i: int) -> Any:
    """The cell of the i-th requirement as the city's viewer sees it."""
    from luoshi_web.register import gaps

    table = gaps.matrix(world.accounts["viewer-city"], pair.upper)
    return table.rows[i].cells[pair.comparison.pk]
