"""Records made by hand: a central opinion and a provincial plan of the invented province 云江省.

``two()`` is a small set that has something in every table (``made_large.large()`` one of the size that the
report must carry). In the sources below ``⟦modifiers|verb|object⟧`` marks a commitment; the marks
are no part of the text.
"""

from __future__ import annotations

import re
from dataclasses import replace

from luoshi.model import (
    Citation,
    CommitmentRow,
    CoverageRow,
    DateRow,
    DocumentRow,
    DroppedRow,
    Edit,
    EntityRow,
    Evidence,
    IdMaker,
    LinkRow,
    Near,
    Place,
    ProblemRow,
    ProvisionRow,
    Records,
    SentenceRow,
    SourceShareRow,
    Target,
    TermRow,
    Unit,
    UnsourcedRow,
    row_id,
)

UPPER = "d0a1b2c3d4e5f-1"
LOWER = "d5f4e3d2c1b0a-1"

UPPER_TEXT = """\
关于支持沿江地区绿色发展的指导意见
一、总体要求
沿江地区是粮食和能源的重要基地。到2030年，⟦|建成|沿江绿色产业带⟧，⟦|守住|“三条红线”⟧。
二、提升粮食生产能力
（一）建设高标准农田。⟦大力|建设|沿江地区高标准农田⟧，⟦|完善|灌区水利设施⟧，⟦健全|补偿|产粮大县利益⟧。
（二）加强种业创新。⟦加快|培育|耐旱水稻品种⟧；⟦|加大|对种业企业的支持力度⟧。
三、发展绿色产业
（三）壮大绿色制造。⟦|推动|造船、化工等传统产业绿色改造⟧，⟦加快|发展|生物医药、新型储能等新兴产业⟧。
（四）畅通沿江航运。⟦|提高|内河港口通关能力和便利化程度⟧，⟦|新建|航运职业院校⟧。
四、组织实施
各有关省份要⟦|制定|实施方案⟧，⟦|落实|工作责任⟧。"""

LOWER_TEXT = """\
云江省关于推进沿江地区绿色发展的实施方案
为落实国家关于支持沿江地区绿色发展的部署，结合我省实际，制定本方案。
第一章 夯实粮食根基
1.建设高标准农田。⟦大力|建设|云江高标准农田⟧，到2027年底⟦新|增|高标准农田200万亩⟧，⟦|完善|灌区水利设施⟧。（牵头单位：省农业农村厅；责任单位：省水利厅、各市政府；配合单位：省财政厅）
2.做强云江种业。⟦加快|培育|耐旱水稻品种⟧，⟦|用好|对种业企业的支持政策⟧，⟦|鼓励|青禾种业集团在临江市建设南繁分中心⟧。（责任单位：省农业农村厅、省科技厅）
第二章 发展绿色产业
3.改造传统产业。⟦|推动|造船、化工等传统产业绿色改造⟧，2026年6月底前⟦|完成|云江化工园区循环化改造⟧。（责任单位：省工业和信息化厅）
4.培育新兴产业。⟦重点|打造|临江生物医药、北川新型储能两个千亿级产业集群⟧，⟦|举办|云江绿色产业大会⟧。
5.发展职业教育。⟦|推动|航运职业教育创新发展⟧，⟦|建设|“一江两港三园”⟧，即云江，临江港、北川港，青禾产业园、滨江科技园、望江物流园。
第三章 保障措施
6.强化责任落实。⟦|严禁|搞形式主义⟧，⟦持续|推进|“三条红线”管控⟧。各市要⟦|建立|工作台账⟧。"""


class Maker:
    """One document out of a marked source."""

    def __init__(self, row: DocumentRow, marked: str) -> None:
        self.ids = IdMaker(row.id)
        self.commitments: list[CommitmentRow] = []
        self.sentences: list[SentenceRow] = []
        self.provisions: list[ProvisionRow] = []
        plain: list[str] = []
        actions: list[tuple[int, int, str, str, str]] = []
        at = 0
        for part in re.split(r"(⟦[^⟧]*⟧)", marked):
            if part.startswith("⟦"):
                modifiers, verb, rest = part[1:-1].split("|")
                part = modifiers + verb + rest
                actions.append((at, at + len(part), modifiers, verb, rest))
            plain.append(part)
            at += len(part)
        self.text = "".join(plain)
        self.row = replace(row, characters=len(self.text))
        self._outline()
        self._sentences(actions)

    def evidence(self, start: int, end: int) -> Evidence:
        text = self.text
        return Evidence(
            self.row.id,
            start,
            end,
            text[start:end],
            text[max(0, start - 32) : start],
            text[end : end + 32],
            (start + 10, end + 10),
        )

    def find(self, quote: str, after: int = 0) -> Evidence:
        start = self.text.index(quote, after)
        return self.evidence(start, start + len(quote))

    def commitment(self, quote: str) -> CommitmentRow:
        return next(c for c in self.commitments if quote in c.evidence.quote)

    def _outline(self) -> None:
        heads: list[tuple[int, int, str, str, int]] = []
        at = 0
        for line in self.text.split("\n"):
            chapter = re.match(r"([一二三四]、|第.章) ?(.+)", line)
            article = re.match(r"(（.）|\d\.)([^。]+)。", line)
            if chapter:
                heads.append((at, 1, chapter[1], chapter[2], len(line)))
            elif article:
                heads.append((at, 2, article[1], article[2], len(line)))
            at += len(line) + 1
        parent: str | None = None
        for i, (start, depth, label, title, length) in enumerate(heads):
            later = [h[0] for h in heads[i + 1 :] if h[1] <= depth]
            end = (later[0] - 1 if later else len(self.text)) if depth == 1 else start + length
            row = ProvisionRow(
                self.ids("provision", self.text[start:end]),
                self.evidence(start, end),
                parent if depth == 2 else None,
                depth,
                "chapter" if depth == 1 else "article",
                label,
                title,
                f"n{i}",
            )
            parent = row.id if depth == 1 else parent
            self.provisions.append(row)

    def _sentences(self, actions: list[tuple[int, int, str, str, str]]) -> None:
        for found in re.finditer(r"[^。；\n]+[。；]?(（[^）]*单位[^）]*）)?", self.text):
            start, end = found.span()
            inside = [p for p in self.provisions if p.evidence.start <= start < p.evidence.end]
            provision = inside[-1].id if inside else None
            sentence = self.ids("sentence", found[0])
            mine: list[str] = []
            for a, b, modifiers, verb, rest in actions:
                if start <= a < end:
                    row = CommitmentRow(
                        self.ids("commitment", self.text[a:b]),
                        self.evidence(a, b),
                        "action",
                        provision,
                        sentence,
                        (modifiers,) if modifiers else (),
                        verb,
                        rest,
                        strength=4 if modifiers else 3,
                    )
                    mine.append(row.id)
                    self.commitments.append(row)
            heading = any(p.evidence.start == start for p in self.provisions) or start == 0
            kind = "heading" if heading and not mine else "action" if mine else "context"
            self.sentences.append(
                SentenceRow(sentence, self.evidence(start, end), provision, kind, tuple(mine))
            )  # type: ignore[arg-type]

    def change(self, quote: str, **fields: object) -> None:
        row = self.commitment(quote)
        self.commitments[self.commitments.index(row)] = replace(row, **fields)  # type: ignore[arg-type]


def makers() -> tuple[Maker, Maker]:
    upper = Maker(
        DocumentRow(
            UPPER,
            "材料/指导意见.txt",
            "国函〔2024〕7号",
            "关于支持沿江地区绿色发展的指导意见",
            "opinion",
            "full",
            issuers=("国务院",),
            branch="government",
            level="central",
            number="国函〔2024〕7号",
            date="2024-03-15",
            date_basis="text",
            published="2024-03-20",
        ),
        UPPER_TEXT,
    )
    lower = Maker(
        DocumentRow(
            LOWER,
            "材料/实施方案.html",
            "云政发〔2024〕12号",
            "云江省关于推进沿江地区绿色发展的实施方案",
            "plan",
            "main-contents",
            issuers=("云江省人民政府",),
            branch="government",
            level="province",
            number="云政发〔2024〕12号",
            date="2024-06-01",
            date_basis="text",
            cites=(Citation("关于支持沿江地区绿色发展的指导意见", "国函〔2024〕7号"),),
        ),
        LOWER_TEXT,
    )
    return upper, lower


def _date(m: Maker, quote: str, to: str, explanation: str) -> DateRow:
    e = m.find(quote)
    return DateRow(m.ids("date", quote), e, "deadline", None, to, None, explanation)


def two() -> Records:
    """A small set with something in every table."""
    upper, lower = makers()
    red = _date(upper, "到2030年", "2030-12-31", "“到2030年”：该年年底")
    end27 = _date(lower, "到2027年底", "2027-12-31", "“2027年底”：该年最后一日")
    june = _date(lower, "2026年6月底前", "2026-06-30", "“6月底前”：该月最后一日，含当日")
    upper.change("建成", type="goal", deadline=red.id, strength=4, domain="industry")
    _told(lower, end27.id, june.id)
    links = _links(upper, lower)
    return Records(
        documents=[upper.row, lower.row],
        provisions=upper.provisions + lower.provisions,
        sentences=upper.sentences + lower.sentences,
        dropped=_dropped(upper, lower),
        commitments=upper.commitments + lower.commitments,
        entities=_entities(lower),
        dates=[red, end27, june],
        terms=_terms(upper, lower),
        links=links,
        coverage=_coverage(upper, lower, links),
        unsourced=_unsourced(lower, links[0]),
        sources=[SourceShareRow(row_id(LOWER, "source", UPPER), LOWER, UPPER, 66, 66, 0.19)],
        problems=_problems(),
        texts={UPPER: upper.text, LOWER: lower.text},
    )


def _told(lower: Maker, end27: str, june: str) -> None:
    """What the plan says of its commitments: units, deadlines, targets, places, strength."""
    farm = (
        Unit("省农业农村厅", "lead"),
        Unit("省水利厅", "responsible"),
        Unit("各市政府", "responsible"),
        Unit("省财政厅", "support"),
    )
    target = Target("新增高标准农田200万亩", "高标准农田", "+", 2_000_000.0, "亩")
    lower.change("大力建设云江", units=farm, places=(Place("云江"),), domain="agriculture")
    lower.change(
        "新增", type="goal", units=farm, deadline=end27, strength=5, domain="agriculture", targets=(target,)
    )
    lower.change("完善灌区", units=farm, domain="agriculture")
    seed = (Unit("省农业农村厅", "responsible"), Unit("省科技厅", "responsible"))
    lower.change("培育", units=seed, domain="agriculture")
    lower.change("用好", units=seed, domain="agriculture")
    lower.change("鼓励", units=seed, actor="青禾种业集团", places=(Place("临江市", "990100"),), strength=1)
    lower.change(
        "完成云江", units=(Unit("省工业和信息化厅", "responsible"),), deadline=june, domain="industry"
    )
    lower.change("严禁", strength=5)
    lower.change("持续推进", ongoing=True)


def _unsourced(lower: Maker, link: LinkRow) -> list[UnsourcedRow]:
    """Commitments that nothing above explains: two with nothing near, one with a link that comes near."""
    out = [
        UnsourcedRow(row_id(LOWER, "unsourced", c.id), c.evidence, c.id, None)
        for c in lower.commitments
        if c.verb in ("举办", "严禁")
    ]
    for c in (c for c in lower.commitments if c.verb == "建立"):
        near = replace(link, score=0.21, lower=c.evidence)
        out.append(UnsourcedRow(row_id(LOWER, "unsourced", c.id), c.evidence, c.id, near))
    return out


def _problems() -> list[ProblemRow]:
    """An error on a page, a warning of a whole file."""
    bad, late = "材料/坏.pdf", "材料/实施方案.html"
    hint, undated = "请重新导出后再试。", "没有找到成文日期以外的发布日期。"
    return [
        ProblemRow(row_id(bad, "problem", "x"), bad, 3, "error", "damaged", "文件在第3页中断。", hint),
        ProblemRow(row_id(late, "problem", "y"), late, None, "warning", "undated", undated, ""),
    ]


def _links(upper: Maker, lower: Maker) -> list[LinkRow]:
    rows = (
        (
            "大力建设云江高标准农田",
            "大力建设沿江地区高标准农田",
            "adapted",
            0.93,
            (Edit("replace", "沿江地区", "云江"),),
            None,
        ),
        ("完善灌区水利设施", "完善灌区水利设施", "verbatim", 1.0, (), None),
        ("加快培育耐旱水稻品种", "加快培育耐旱水稻品种", "verbatim", 1.0, (), None),
        (
            "用好对种业企业的支持政策",
            "加大对种业企业的支持力度",
            "adapted",
            0.81,
            (Edit("replace", "加大", "用好"), Edit("replace", "力度", "政策")),
            "softer",
        ),
        ("推动造船、化工等传统产业绿色改造", "推动造船、化工等传统产业绿色改造", "verbatim", 1.0, (), None),
        (
            "重点打造临江生物医药、北川新型储能两个千亿级产业集群",
            "加快发展生物医药、新型储能等新兴产业",
            "specified",
            0.62,
            (),
            None,
        ),
        (
            "推动航运职业教育创新发展",
            "新建航运职业院校",
            "adapted",
            0.55,
            (Edit("replace", "新建", "推动"), Edit("delete", "院校", ""), Edit("insert", "", "创新发展")),
            "narrowed",
        ),
        ("“三条红线”", "“三条红线”", "adapted", 0.47, (), None),
    )
    out = []
    for low, up, relation, score, edits, change in rows:
        a, b = lower.find(low), upper.find(up)
        out.append(
            LinkRow(
                row_id(f"{LOWER}\t{UPPER}", "link", f"{low}\t{up}"),
                a,
                b,
                relation,
                score,
                1,
                edits,
                change,
                0.1,
                "down",
                "上级文件，且成文在前",
            )  # type: ignore[arg-type]
        )
    return out


def _coverage(upper: Maker, lower: Maker, links: list[LinkRow]) -> list[CoverageRow]:
    out = []
    for c in upper.commitments:
        e = c.evidence
        by = tuple(k.id for k in links if k.upper.start < e.end and e.start < k.upper.end)
        lost: tuple[str, ...] = ()
        near: tuple[Near, ...] = ()
        status = "carried" if by else "absent"
        if "种业企业" in e.quote:
            status, lost = "partly", ("支持力度",)
        if "院校" in e.quote:
            status, lost = "partly", ("新建", "院校")
        if "通关" in e.quote:
            near = (Near(lower.find("临江港、北川港"), "“港”在此只是地名，不涉及通关", ("港",), 0.2),)
        out.append(
            CoverageRow(
                row_id(f"{UPPER}\t{LOWER}", "coverage", e.quote),
                e,
                LOWER,
                status,
                by,
                lost,
                near,
                status == "absent",
            )  # type: ignore[arg-type]
        )
    return out


def _dropped(upper: Maker, lower: Maker) -> list[DroppedRow]:
    out = []
    for m in (upper, lower):
        out.append(
            DroppedRow(
                m.ids("dropped", "来源：测试网"),
                m.row.id,
                m.row.source,
                "navigation",
                "来源：测试网\n\n-1-",
                (0, 10),
            )
        )
        for i, char in enumerate(m.text):
            if char == "\n" or char == " ":
                out.append(
                    DroppedRow(
                        m.ids("dropped", char), m.row.id, m.row.source, "white space", char, (i + 10, i + 11)
                    )
                )
    return out


def _entities(lower: Maker) -> list[EntityRow]:
    rows = (
        ("PLACE", "临江市", "990100"),
        ("ORG", "青禾种业集团", None),
        ("PROJECT", "云江化工园区", None),
        ("PROGRAM", "云江绿色产业大会", None),
        ("QUANTITY", "200万亩", None),
        ("TERM", "“一江两港三园”", None),
    )
    return [
        EntityRow(lower.ids("entity", quote), lower.find(quote), kind, quote.strip("“”"), code)  # type: ignore[arg-type]
        for kind, quote, code in rows
    ]


def _terms(upper: Maker, lower: Maker) -> list[TermRow]:
    return [
        TermRow(
            lower.ids("term", "一江两港三园"),
            lower.find("“一江两港三园”"),
            "一江两港三园",
            "空间布局",
            6,
            ("云江", "临江港", "北川港", "青禾产业园", "滨江科技园", "望江物流园"),
        ),
        TermRow(
            upper.ids("term", "三条红线"),
            upper.find("“三条红线”"),
            "三条红线",
            "",
            3,
            (),
            (lower.find("“三条红线”"),),
        ),
    ]
