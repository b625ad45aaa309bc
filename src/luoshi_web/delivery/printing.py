"""Items as printed tables: the six columns of provinces, the working copy, the units' copy."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from luoshi.report.division import Column, DivisionTable
from luoshi.track.deadlines import last_day, spoken
from luoshi_web.delivery.models import Answer, Division, Inquiry, Part, WorkItem
from luoshi_web.ui.labels import joined

FIELDS = (
    "number", "chapter", "task", "leader", "lead", "responsible", "support", "deadline", "criterion", "code",
)  # fmt: skip
"""The cells of a row as issued."""


def label(name: str) -> str:
    """The head of a column."""
    return {
        "number": _("序号"),
        "chapter": _("章节"),
        "task": _("任务事项"),
        "leader": _("牵头领导"),
        "lead": _("牵头单位"),
        "responsible": _("责任单位"),
        "support": _("配合单位"),
        "deadline": _("完成时限"),
        "criterion": _("完成标准"),
        "code": _("编号（请勿修改）"),
        "origin": _("来源"),
        "mine": _("本单位职责"),
        "answer": _("反馈意见"),
        "opinion": _("修改意见或理由"),
    }[name]


def deadline(item: WorkItem) -> str:
    """The deadline cell: a day in words, 长期坚持 with its yearly milestone."""
    said = spoken(item.deadline) if item.deadline else ""
    lasting = _("长期坚持") + (f"（{item.milestone}）" if item.milestone else "") if item.ongoing else ""
    return "；".join(x for x in (said, lasting) if x)


def overdue(items: Iterable[WorkItem], day: date) -> list[WorkItem]:
    """Items whose deadline lies before a day; one that names a year or month only lasts to its end."""
    return [i for i in items if (last := last_day(i.deadline)) is not None and last < day]


def units(item: WorkItem) -> dict[str, list[str]]:
    """Names by part, in order; a unit that we know has one form of its name, whatever the document wrote.

    The form is its short name, else its full one, which also tells apart two units of one row that are
    called the same for short. Each stands once in a part.
    """
    rows = sorted(item.assignments.all(), key=lambda a: a.position)
    called: dict[str, set[int]] = {}
    for a in rows:
        if a.unit is not None:
            called.setdefault(str(a.unit), set()).add(a.unit.pk)
    out: dict[str, list[str]] = {p: [] for p in Part.values}
    for a in rows:
        short = str(a.unit) if a.unit is not None else a.name
        name = a.unit.name if a.unit is not None and len(called[short]) > 1 else short
        if name not in out[a.part]:
            out[a.part].append(name)
    return out


def cells(item: WorkItem, number: int) -> dict[str, str]:
    """The cells of a row."""
    names = units(item)
    return {
        "number": str(number), "chapter": item.chapter, "task": item.text, "leader": item.leader,
        "lead": "、".join(names["lead"]), "responsible": "、".join(names["responsible"]),
        "support": "、".join(names["support"]), "deadline": deadline(item), "criterion": item.criterion,
        "code": item.code, "origin": basis(item),
    }  # fmt: skip


def origin(item: WorkItem) -> str:
    """What an item goes back to, in one line."""
    title = (
        f"《{item.origin_title}》" if item.origin == "document" and item.origin_title else item.origin_title
    )
    kind = "" if item.origin == "document" else f"{item.get_origin_display()}："
    return kind + title + (f"（{item.origin_number}）" if item.origin_number else "")


def basis(item: WorkItem) -> str:
    """The same for a narrow column: numbers and places where there are some."""
    sources = list(item.sources.all())
    if not sources:
        return origin(item)
    places: dict[str, list[str]] = {}
    for s in sources:
        d = s.commitment.document
        places.setdefault(d.number or f"《{d.title}》", []).append(joined(s.commitment.place_label.split()))
    return "；".join(n + "、".join(dict.fromkeys(p for p in labels if p)) for n, labels in places.items())


def line(item: WorkItem) -> str:
    """A row in one line, as it stood when a unit answered."""
    row = cells(item, 0)
    names = ("task", "leader", "lead", "responsible", "support", "deadline", "criterion")
    return "\n".join(f"{label(n)}：{row[n]}" for n in names if row[n])


def snapshot(division: Division) -> list[dict[str, str]]:
    """The rows of a division as they are issued."""
    from luoshi_web.delivery import selectors

    return [{n: row[n] for n in FIELDS} for row in _rows(selectors.rows(division))]


def _rows(items: Iterable[WorkItem]) -> list[dict[str, str]]:
    """Numbered rows; rows of one chapter stand together, in the order in which the chapters come first."""
    some = list(items)
    first: dict[str, int] = {}
    for i in some:
        first.setdefault(i.chapter, len(first))
    some.sort(key=lambda i: first[i.chapter])
    return [cells(i, n) for n, i in enumerate(some, 1)]


def _folded(row: dict[str, str]) -> dict[str, str]:
    """Supporting units under the responsible ones, as the six columns have it."""
    support = f"{_('配合')}：{row['support']}" if row["support"] else ""
    return row | {"responsible": "\n".join(x for x in (row["responsible"], support) if x)}


def six(rows: Iterable[dict[str, str]], title: str, subtitle: str = "", note: str = "") -> DivisionTable:
    """The layout that provinces print."""
    columns = [
        Column("number", label("number"), 13, True),
        Column("task", label("task"), 98),
        Column("leader", label("leader"), 26, True),
        Column("lead", label("lead"), 34),
        Column("responsible", label("responsible"), 48),
        Column("deadline", label("deadline"), 28, True),
        Column("code", label("code"), 30, hidden=True),
    ]
    notes = [f"{_('注')}：{note}"] if note else []
    return DivisionTable(title, columns, [_folded(r) for r in rows], subtitle, notes, _("任务分解表"))


def working(rows: Iterable[dict[str, str]], title: str, subtitle: str = "", note: str = "") -> DivisionTable:
    """The working copy: with criterion, supporting units, origin and the number for life."""
    columns = [
        Column("number", label("number"), 11, True),
        Column("task", label("task"), 66),
        Column("criterion", label("criterion"), 36),
        Column("leader", label("leader"), 18, True),
        Column("lead", label("lead"), 26),
        Column("responsible", label("responsible"), 30),
        Column("support", label("support"), 24),
        Column("deadline", label("deadline"), 22, True),
        Column("origin", label("origin"), 30),
        Column("code", label("code"), 28, True),
    ]
    notes = [f"{_('注')}：{note}"] if note else []
    return DivisionTable(title, columns, list(rows), subtitle, notes, _("任务分解表"))


def of_division(division: Division, kind: str = "", account: Any = None) -> DivisionTable:
    """A division's table; ``kind`` ``working`` for the working copy.

    In a new round the rows are those in force for an ``account`` that does not draft it.
    """
    from luoshi_web.delivery import selectors, standing

    draft = _("（%s稿）") % division.get_state_display()
    issued = division.state == "issued" or division.pk in standing.held(account)
    subtitle = division.number if issued else "" if draft in division.title else draft
    rows = _rows(selectors.rows(division, account))
    make = working if kind == "working" else six
    return make(rows, division.title, subtitle, division.note)


def of_items(items: Iterable[WorkItem], title: str) -> DivisionTable:
    """Any items as a working copy."""
    return working(_rows(items), title)


ANSWERS = {
    "同意": "agree",
    "agree": "agree",
    "无意见": "agree",
    "修改意见": "change",
    "change": "change",
    "修改": "change",
    "不承担": "decline",
    "decline": "decline",
    "不同意承担": "decline",
}
"""What a cell of the units' copy may say."""


def of_inquiry(inquiry: Inquiry, items: Iterable[WorkItem], given: dict[int, Any]) -> DivisionTable:
    """The copy that one unit fills in: its rows, what it says to each, with what it said already."""
    consultation = inquiry.consultation
    rows = []
    for n, item in enumerate(items, 1):
        mine = [Part(a.part).label for a in item.assignments.all() if a.unit_id == inquiry.unit_id]
        said = given.get(item.pk)
        rows.append(
            _folded(cells(item, n))
            | {
                "mine": "、".join(map(str, mine)),
                "answer": str(Answer(said.answer).label) if said else "",
                "opinion": said.text if said else "",
                "code": f"{item.code}@{item.revision}",
            }
        )
    choices = tuple(str(a.label) for a in Answer)
    columns = [
        Column("number", label("number"), 10, True),
        Column("task", label("task"), 62),
        Column("criterion", label("criterion"), 30),
        Column("lead", label("lead"), 24),
        Column("responsible", label("responsible"), 30),
        Column("deadline", label("deadline"), 27, True),
        Column("mine", label("mine"), 18, True),
        Column("answer", label("answer"), 20, True, choices, free=True),
        Column("opinion", label("opinion"), 40, free=True),
        Column("code", label("code"), 22, hidden=True),
    ]
    due = _("请于 %s 前反馈。") % consultation.due.isoformat() if consultation.due else ""
    notes = [
        n
        for n in (
            consultation.message,
            due,
            _("“反馈意见”一栏请从下拉列表中选择；选择“修改意见”或“不承担”的，请写明意见。"),
        )
        if n
    ]
    subtitle = f"{consultation.get_kind_display()}：{inquiry.unit.name}"
    return DivisionTable(
        consultation.division.title, columns, rows, subtitle, notes, pgettext("sheet", "反馈意见")
    )
