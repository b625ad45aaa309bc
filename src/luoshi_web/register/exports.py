"""The tables of the comparison pages as files; the gap list also as an annex in Word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _

from luoshi_web.audit.services import Refused
from luoshi_web.library.models import Comparison, SourceShare, Unsourced
from luoshi_web.register import ties
from luoshi_web.register.gaps import Cell, Gap, Matrix
from luoshi_web.register.models import JudgedLink
from luoshi_web.register.templatetags.comparing import status_name
from luoshi_web.register.templatetags.register import change_name, relation_name
from luoshi_web.ui.tables import Column, Table

NAMED = 8
"""Gaps that a refusal names."""


def pairs(some: Sequence[Comparison]) -> Table:
    """The list of pairs."""
    heads = [(_("上位文件"), 40), (_("下位文件"), 40), (_("关联"), 8), (_("照录"), 8), (_("改写"), 8),
             (_("细化"), 8), (_("已确认"), 8), (_("已否定"), 8), (_("已承接"), 8), (_("部分承接"), 8),
             (_("未见承接"), 8), (_("文字占比"), 10, "0.0%")]  # fmt: skip
    rows = [
        [str(r["pair"].upper.document), str(r["pair"].lower.document), r["pair"].links_count,
         *[r["relation"][x] for x in ties.RELATIONS], r["confirmed"], r["rejected"], r["carried"],
         r["partly"], r["absent"], "" if r["share"] is None else round(r["share"], 4)]
        for r in ties.overview(some)
    ]  # fmt: skip
    return Table(_("上下对照"), _columns(heads), rows, frozen=2)


def links(pair: Comparison) -> Table:
    """The links of a pair with what was decided."""
    heads = [(_("上位条款"), 12), (_("上位文字"), 48), (_("关系"), 8), (_("下位条款"), 12),
             (_("下位文字"), 48), (_("相似度"), 8), (_("改动"), 30), (_("表述差异"), 12), (_("结论"), 10),
             (_("理由"), 24), (_("研判人"), 10), (_("研判时间"), 16), (_("差异研判"), 12),
             (_("差异研判理由"), 24)]  # fmt: skip
    above, below = ties.Outline(pair.upper), ties.Outline(pair.lower)
    rows = [
        [above.label(t.upper[0]), pair.upper.text[slice(*t.upper)], relation_name(t.relation),
         below.label(t.lower[0]), pair.lower.text[slice(*t.lower)],
         "" if t.score is None else round(t.score, 3), edits(t), change_name(t.change), *_decided(t.judged)]
        for t in ties.ties(pair)
    ]  # fmt: skip
    name = _("上下对照") + f"-{pair.lower.document.title[:30]}"
    return Table(name, _columns(heads), rows, frozen=2)


def _decided(j: JudgedLink | None) -> list[str]:
    if j is None:
        return [""] * 6
    return [str(j.get_verdict_display()), j.why, str(j.by), f"{j.at:%Y-%m-%d %H:%M}",
            str(j.get_difference_display()), j.difference_why]  # fmt: skip


def edits(t: ties.Tie) -> str:
    """The changes of wording in short: ``旧→新；＋增；－删``."""
    if t.link is None:
        return ""
    out = []
    for e in t.link.edits:
        old, new = e.get("upper", ""), e.get("lower", "")
        out.append(f"{old}→{new}" if old and new else f"＋{new}" if new else f"－{old}")
    return "；".join(out)


def coverage(table: Matrix) -> Table:
    """The coverage table: a gap is said only together with what was decided about it."""
    heads = [(_("序号"), 6), (_("条款"), 12), (_("要求"), 48)]
    heads += [(str(c.lower.document), 22) for c in table.columns]
    rows = [
        [n, r.label, r.quote, *[_said(r.cells.get(c.pk)) for c in table.columns]]
        for n, r in enumerate(table.rows, 1)
    ]
    return Table(
        _("逐条对照表") + f"-{table.upper.title[:40]}", _columns(heads), rows, frozen=3, notes=[note()]
    )


def note() -> str:
    """What an absence does not mean."""
    return _("“未见承接”只说在所比对的文本里没有找到，不是结论；下位文件不是全文的，一律暂定。")


def _said(cell: Cell | None) -> str:
    if cell is None:
        return _("未比对")
    if not cell.gap:
        return status_name(cell.status)
    d = cell.disposition
    if d is None:
        return _("待研判")
    return _("%(status)s：%(said)s（%(why)s）") % {
        "status": status_name(cell.status), "said": d.get_disposition_display(), "why": d.why,
    }  # fmt: skip


def complete(some: Iterable[Gap]) -> list[Gap]:
    """The same gaps, all disposed of.

    :raises Refused: naming those that are not.
    """
    rows = list(some)
    waiting = [g for g in rows if g.cell.disposition is None]
    if waiting:
        named = "；".join(
            f"{g.requirement.label} “{g.requirement.quote[:24]}”（{g.pair.lower.document.title[:20]}）"
            for g in waiting[:NAMED]
        )
        more = _("等") if len(waiting) > NAMED else ""
        raise Refused(
            _("缺口须有研判意见才能导出。%(n)d 条还没有：%(named)s%(more)s。请先研判，或只导出已研判的。")
            % {"n": len(waiting), "named": named, "more": more}
        )
    return rows


GAP_WIDTHS = (6, 12, 44, 30, 10, 16, 12, 30, 10, 12)


def gap_heads() -> list[str]:
    """The heads of the gap list."""
    return [_("序号"), _("条款"), _("上位要求"), _("下位文件"), _("承接情况"), _("缺少的字词"), _("研判意见"),
            _("理由"), _("研判人"), _("研判时间")]  # fmt: skip


def gap_lines(some: Iterable[Gap]) -> Iterator[list[Any]]:
    """The lines of the gap list; only of gaps that were disposed of."""
    for n, g in enumerate(some, 1):
        d = g.cell.disposition
        assert d is not None
        status = status_name(g.cell.status) + (_("（暂定）") if g.cell.provisional else "")
        r, lower = g.requirement, str(g.pair.lower.document)
        said = str(d.get_disposition_display())
        yield [
            n,
            r.label,
            r.quote,
            lower,
            status,
            "、".join(g.lost),
            said,
            d.why,
            str(d.by),
            f"{d.at:%Y-%m-%d}",
        ]


def gap_table(table: Matrix, some: Sequence[Gap]) -> Table:
    """The gap list."""
    heads = list(zip(gap_heads(), GAP_WIDTHS, strict=True))
    name = _("缺口清单") + f"-{table.upper.title[:40]}"
    return Table(name, _columns(heads), gap_lines(some), frozen=3, notes=[note()])


def gap_word(table: Matrix, some: Sequence[Gap]) -> BytesIO:
    """The gap list as an annex to a letter: A4 across, its head repeated on each page."""
    from docx import Document as Word
    from docx.enum.section import WD_ORIENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    book = Word()
    page = book.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = Mm(297), Mm(210)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(18)
    style = book.styles["Normal"]
    style.font.name, style.font.size = "仿宋", Pt(10.5)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "仿宋")
    head = book.add_paragraph()
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = head.add_run(_("《%s》逐条对照缺口清单") % _clean(table.upper.title))
    run.bold, run.font.size = True, Pt(16)
    widths = (12, 20, 54, 34, 18, 26, 18, 36, 19, 24)
    grid = book.add_table(rows=1, cols=len(widths))
    grid.style = "Table Grid"
    grid.autofit = False
    for cell, text in zip(grid.rows[0].cells, gap_heads(), strict=True):
        cell.paragraphs[0].add_run(text).bold = True
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    grid.rows[0]._tr.get_or_add_trPr().append(repeated)
    for line in gap_lines(some):
        for cell, value in zip(grid.add_row().cells, line, strict=True):
            cell.text = _clean(str(value))
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = Mm(width)  # LibreOffice and WPS go by the columns, Word by the cells
    for row in grid.rows:
        whole = OxmlElement("w:cantSplit")
        row._tr.get_or_add_trPr().append(whole)
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
            cell.paragraphs[0].paragraph_format.space_after = Pt(0)
    _numbered(page)
    below = book.add_paragraph(note())
    below.paragraph_format.space_before = Pt(8)
    book.add_paragraph(f"{date.today():%Y-%m-%d}").alignment = WD_ALIGN_PARAGRAPH.RIGHT
    out = BytesIO()
    book.save(out)
    out.seek(0)
    return out


def _numbered(page: Any) -> None:
    """The number of the page below the text, as official papers have it."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    foot = page.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    foot.add_run("— ")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    foot._p.append(field)
    foot.add_run(" —")


def _clean(text: str) -> str:
    """Without characters that no Word file holds."""
    return "".join(c for c in text if c >= " " or c in "\n\t").encode("utf-8", "replace").decode()


def differences(rows: Iterable[dict[str, Any]]) -> Table:
    """Differences of wording and target."""
    heads = [(_("上位文件"), 30), (_("上位文字"), 44), (_("下位文件"), 30), (_("下位文字"), 44),
             (_("表述差异（待研判）"), 16), (_("改动"), 30), (_("研判意见"), 12), (_("理由"), 28),
             (_("研判人"), 10), (_("研判时间"), 16)]  # fmt: skip
    lines = []
    for r in rows:
        j = r["judged"]
        said = j is not None and bool(j.difference)
        lines.append(
            [str(r["upper_document"]), r["upper"], str(r["lower_document"]), r["lower"],
             change_name(r["change"]), r["edits"], str(j.get_difference_display()) if said else _("待研判"),
             j.difference_why if said else "", str(j.difference_by) if said else "",
             f"{j.difference_at:%Y-%m-%d %H:%M}" if said else ""]
        )  # fmt: skip
    return Table(_("表述差异"), _columns(heads), lines, frozen=0)


def unsourced(rows: Iterable[tuple[Unsourced, str, dict[str, Any] | None]]) -> Table:
    """Lower commitments without a source."""
    heads = [(_("文件"), 36), (_("条款"), 12), (_("举措"), 48), (_("最相近的上位文字"), 48),
             (_("上位文件"), 36), (_("相似度"), 8)]  # fmt: skip
    lines = [
        [str(u.version.document), label, u.version.text[u.start : u.end], near["quote"] if near else "",
         str(near["document"]) if near else "", round(near["score"], 3) if near else ""]
        for u, label, near in rows
    ]  # fmt: skip
    return Table(_("无上位依据"), _columns(heads), lines, notes=[_(
        "上位文件中没有找到来源的下位任务，可能是地方新增，也可能来自未收入的文件。")])  # fmt: skip


def sources(rows: Iterable[SourceShare]) -> Table:
    """The sources of a document's wording."""
    heads = [(_("下位文件"), 36), (_("上位文件"), 36), (_("相同或改写的字数"), 14), (_("独有字数"), 12),
             (_("占比"), 10, "0.0%"), (_("关联"), 8)]  # fmt: skip
    lines = [
        [str(s.comparison.lower.document), str(s.comparison.upper.document), s.characters,
         s.unique_characters, round(s.share, 4), s.comparison.links_count]
        for s in rows
    ]  # fmt: skip
    return Table(_("文字来源"), _columns(heads), lines, frozen=2)


def suspects(rows: Iterable[JudgedLink]) -> Table:
    """Judged links one end of which changed."""
    heads = [(_("上位文件"), 30), (_("上位文字"), 40), (_("上位文字现状"), 12), (_("下位文件"), 30),
             (_("下位文字"), 40), (_("下位文字现状"), 12), (_("结论"), 10), (_("理由"), 24),
             (_("研判人"), 10)]  # fmt: skip
    lines = [
        [str(j.upper_document), j.upper_quote, str(j.get_upper_state_display()), str(j.lower_document),
         j.lower_quote, str(j.get_lower_state_display()), str(j.get_verdict_display()), j.why, str(j.by)]
        for j in rows
    ]  # fmt: skip
    return Table(_("存疑关联"), _columns(heads), lines, frozen=0)


def _columns(heads: Iterable[Sequence[Any]]) -> list[Column]:
    """Head, width and, for figures, the form that Excel gives them."""
    return [Column(head, width, form="".join(form)) for head, width, *form in heads]
