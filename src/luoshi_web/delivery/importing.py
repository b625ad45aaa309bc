"""Bringing in ledgers that others filled in: looked at first, then written at once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from luoshi.read.tables import tables
from luoshi.track import deadlines, ledger
from luoshi.track.ledger import FIELDS
from luoshi_web.audit.services import Refused, change, record, service
from luoshi_web.delivery import directory, printing, writing
from luoshi_web.delivery.models import (
    Basis,
    Division,
    Inquiry,
    LedgerImport,
    Lifecycle,
    Origin,
    WorkItem,
)
from luoshi_web.delivery.selectors import ANSWER, DRAFT
from luoshi_web.delivery.writing import Wanted
from luoshi_web.organisation.models import Unit

MOST_ROWS = 5000
MOST_COLUMNS = 60
LARGEST = 16 << 20
"""Bytes of a file at most."""
LEDGER = (
    "number",
    "chapter",
    "task",
    "criterion",
    "leader",
    "lead",
    "responsible",
    "support",
    "deadline",
    "review",
    "origin",
    "code",
)
ANSWERS = ("code", "number", "task", "answer", "opinion")


@dataclass(slots=True)
class Problem:
    """What is wrong with a row: ``kind`` unit, deadline, duplicate, present, empty, locked, answer …"""

    kind: str
    text: str
    blocking: bool = False


@dataclass(slots=True)
class Line:
    """A row of the file as it would be taken over: ``action`` add, update or skip."""

    number: int
    fields: dict[str, Any]
    units: list[Wanted] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    action: str = "add"
    item: WorkItem | None = None
    changes: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Preview:
    """All rows, and the names that are no unit we know, each with names that come near."""

    lines: list[Line] = field(default_factory=list)
    strangers: dict[str, tuple[tuple[int, str, float], ...]] = field(default_factory=dict)

    def count(self, action: str) -> int:
        """Rows of one action."""
        return sum(line.action == action for line in self.lines)

    @property
    def counts(self) -> dict[str, int]:
        """Rows by action, and those with a problem."""
        told = {a: self.count(a) for a in ("add", "update", "skip")}
        return told | {"problems": sum(bool(line.problems) for line in self.lines)}

    @property
    def seen(self) -> str:
        """What was looked at, as one word: it changes when somebody changes an item that a row is about."""
        told = [(x.number, x.action, x.item.pk if x.item else 0, x.item.revision if x.item else 0)
                for x in self.lines]  # fmt: skip
        return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def _read(name: str, data: bytes) -> list[dict[str, Any]]:
    """The sheets of a file.

    :raises luoshi.errors.InputError: when it cannot be read.
    """
    out = []
    for grid in tables(data, name):
        if len(grid.rows) > MOST_ROWS or max(map(len, grid.rows)) > MOST_COLUMNS:
            raise Refused(_("“%(sheet)s”超过 %(n)d 行或 %(m)d 列，请分批导入。") % {
                "sheet": grid.name, "n": MOST_ROWS, "m": MOST_COLUMNS,
            })  # fmt: skip
        rows = [[c[:4000].replace("\x00", "") for c in row] for row in grid.rows]
        out.append(
            {
                "name": grid.name,
                "rows": rows,
                "bands": sorted(grid.bands),
                "header": grid.header if grid.header is not None else 0,
            }
        )
    return out


def _new(
    by: Any,
    kind: str,
    owner: Unit,
    name: str,
    data: bytes,
    division: Division | None,
    inquiry: Inquiry | None,
) -> LedgerImport:
    sheets = _read(name, data)
    best = max(range(len(sheets)), key=lambda n: (_fit(sheets[n]), -n))
    imp = LedgerImport(
        kind=kind, owner=owner, by=by, division=division, inquiry=inquiry, name=name[:255],
        sha256=hashlib.sha256(data).hexdigest(), sheets=sheets, sheet=best, mapping=guessed(sheets[best]),
    )  # fmt: skip
    imp.save(force_insert=True)
    record(imp, after={"name": imp.name, "sha256": imp.sha256, "rows": len(sheets[best]["rows"])})
    return imp


def _fit(sheet: dict[str, Any]) -> int:
    return sum(bool(f) for f in guessed(sheet)) * 1000 + min(999, len(sheet["rows"]))


def guessed(sheet: dict[str, Any]) -> list[str]:
    """The field of each column, by its title."""
    rows = sheet["rows"]
    width = max(map(len, rows))
    titles = rows[sheet["header"]] if sheet["header"] < len(rows) else []
    return ledger.guess([*titles, *[""] * (width - len(titles))])


def columns(imp: LedgerImport) -> list[dict[str, Any]]:
    """The columns of the sheet that is meant: number, title, field, and the first cells below the title."""
    sheet = imp.sheets[imp.sheet]
    width = len(imp.mapping)
    titles = (sheet["rows"][sheet["header"]] + [""] * width)[:width]
    sample = [r for n, r in enumerate(sheet["rows"]) if n > sheet["header"] and any(r)][:3]
    return [
        {
            "number": n, "title": titles[n], "field": imp.mapping[n],
            "sample": [r[n][:30] for r in sample if n < len(r) and r[n]],
        }
        for n in range(width)
    ]  # fmt: skip


@service("delivery.import.receive", permission=DRAFT, on="owner")
def receive_ledger(
    *, by: Any, owner: Unit, division: Division | None, name: str, data: bytes
) -> LedgerImport:
    """Reads a ledger; nothing of it counts before it is applied."""
    if division is not None and not division.open:
        raise Refused(_("分工方案正在%s，不能导入。") % division.get_state_display())
    return _new(by, "ledger", owner, name, data, division, None)


@service("delivery.import.receive-answers", permission=DRAFT, on="division")
def receive_answers(*, by: Any, division: Division, inquiry: Inquiry, name: str, data: bytes) -> LedgerImport:
    """Reads a unit's answers that the drafter was sent."""
    return _new(by, "answers", division.owner, name, data, division, inquiry)


@service("delivery.import.receive-reply", permission=ANSWER, on="inquiry")
def receive_reply(*, by: Any, inquiry: Inquiry, name: str, data: bytes) -> LedgerImport:
    """Reads the answers that a unit's officer filled in."""
    return _new(by, "reply", inquiry.unit, name, data, inquiry.consultation.division, inquiry)


def check(by: Any, imp: LedgerImport) -> None:
    """Refuses those who may not bring a file in, and a file that was dealt with.

    :raises (PermissionDenied, Refused): so.
    """
    from django.core.exceptions import PermissionDenied

    if not by.has_perm(ANSWER if imp.kind == "reply" else DRAFT, imp):
        raise PermissionDenied
    if imp.state != "open":
        raise Refused(_("这份文件已经处理过。"))


@service("delivery.import.map")
def set_mapping(
    *,
    by: Any,
    imp: LedgerImport,
    revision: int,
    sheet: int,
    header: int,
    mapping: list[str],
    choices: dict[str, Any],
) -> LedgerImport:
    """Corrects what the columns hold, which row has the titles, and what becomes of single rows."""
    check(by, imp)
    if not 0 <= sheet < len(imp.sheets) or not 0 <= header < len(imp.sheets[sheet]["rows"]):
        raise Refused(_("没有这一工作表或这一行。"))
    named = [m for m in mapping if m]
    if any(m not in FIELDS for m in named):
        raise Refused(_("没有这一栏目。"))
    if double := sorted({m for m in named if named.count(m) > 1}):
        raise Refused(_("同一栏目对应了多列：%s。") % "、".join(double))
    sheets = [dict(s) for s in imp.sheets]
    sheets[sheet]["header"] = header
    return change(imp, revision=revision, sheets=sheets, sheet=sheet, mapping=mapping, choices=choices)


@service("delivery.import.drop")
def drop(*, by: Any, imp: LedgerImport) -> LedgerImport:
    """Puts a file aside; nothing of it was taken over."""
    check(by, imp)
    return change(imp, state="dropped")


def body(imp: LedgerImport) -> list[tuple[int, dict[str, str], str]]:
    """Number, cells by field and band above, of each row below the titles."""
    sheet = imp.sheets[imp.sheet]
    bands = set(sheet["bands"])
    out = []
    band = ""
    for n, row in enumerate(sheet["rows"]):
        if n <= sheet["header"] or not any(row):
            continue
        filled = [c for c in row if c]
        if n in bands or (
            len(filled) == 1 and len(imp.mapping) > 2 and row[0] == filled[0] and not filled[0].isdecimal()
        ):
            band = filled[0]
            continue
        cells = {f: row[i].strip() for i, f in enumerate(imp.mapping) if f and i < len(row)}
        out.append((n + 1, cells, band))
    return out


# --- ledgers --------------------------------------------------------------------------------


def preview(imp: LedgerImport) -> Preview:
    """What would come of a ledger, row by row."""
    known = directory.of(imp.owner)
    swapped = imp.choices.get("units", {})
    out = Preview()
    present = _present(imp)
    seen: dict[str, int] = {}
    for number, cells, band in body(imp):
        line = _line(number, cells, band, swapped)
        text = _squeezed(line.fields["text"])
        if not text:
            if not any(v for f, v in cells.items() if f not in ("number", "chapter")):
                continue
            line.problems.append(Problem("empty", _("没有任务事项"), True))
        for w in line.units:
            found = known.find(w.name)
            if found.key is None:
                out.strangers.setdefault(w.name, found.near)
                near = "、".join(n for _k, n, _s in found.near)
                told = _("单位库中没有“%s”") % w.name + (f"（{_('相近')}：{near}）" if near else "")
                line.problems.append(Problem("unit", told))
        _settle(line, text, cells.get("code", ""), present, seen, imp)
        out.lines.append(line)
    return out


def _line(number: int, cells: dict[str, str], band: str, swapped: dict[str, str]) -> Line:
    said = deadlines.read(cells.get("deadline", ""))
    review = deadlines.read(cells.get("review", ""))
    words = cells.get("deadline", "")
    line = Line(
        number,
        {
            "text": cells.get("task", ""), "chapter": cells.get("chapter", "")[:400] or band[:400],
            "criterion": cells.get("criterion", ""), "leader": cells.get("leader", "")[:120],
            "deadline": said.day, "ongoing": said.ongoing, "milestone": said.recurring[:200],
            "deadline_note": words[:400] if words else "",
            "review_on": date.fromisoformat(review.day) if len(review.day) == 10 else None,
        },
    )  # fmt: skip
    if not said.readable:
        line.problems.append(Problem("deadline", _("看不懂时限“%s”，原话记入时限说明") % words[:60]))
    for part in ("lead", "responsible", "support"):
        for n in names_in(cells.get(part, ""), part):
            name = swapped.get(n.name, "") or n.name
            line.units.append(Wanted(n.part, name, Basis.LEDGER, cells.get(part, "")[:600]))
    return line


def names_in(cell: str, part: str) -> list[Wanted]:
    """The units of a cell; a label inside (配合单位：…) gives those after it their own part."""
    from luoshi.text.units import parse_cell

    role: Any = part
    out: list[Wanted] = []
    for piece in cell.split("\n"):
        head, colon, rest = piece.partition("：")
        mine = role
        if colon and head.strip() in ("配合", "配合单位", "协办单位", "参与单位"):
            mine, piece = "support", rest
        for u in parse_cell(piece, mine):
            if u.name not in [w.name for w in out]:
                out.append(Wanted(u.role, u.name, Basis.LEDGER))
    return out


def _squeezed(text: str) -> str:
    return "".join(text.split()).rstrip("。；;")


def _present(imp: LedgerImport) -> tuple[dict[str, WorkItem], dict[str, WorkItem]]:
    """Live items of the owner by code and by text."""
    rows = WorkItem.objects.filter(owner=imp.owner).exclude(state=Lifecycle.CANCELLED)
    rows = rows.select_related("division", "owner").prefetch_related("assignments__unit")
    by_text: dict[str, WorkItem] = {}
    by_code: dict[str, WorkItem] = {}
    for item in rows.order_by("-pk"):
        by_code[item.code] = item
        by_text[_squeezed(item.text)] = item
    return by_code, by_text


def _settle(
    line: Line,
    text: str,
    code: str,
    present: tuple[dict[str, WorkItem], dict[str, WorkItem]],
    seen: dict[str, int],
    imp: LedgerImport,
) -> None:
    """Whether a row is new, changes an item, or is left out; what was chosen for it decides where it may."""
    by_code, by_text = present
    if any(p.blocking for p in line.problems):
        line.action = "skip"
        return
    if code and code in by_code:
        line.item, line.action = by_code[code], "update"
        line.changes = _changes(line)
        if not line.changes:
            line.action = "skip"
            line.problems.append(Problem("present", _("与已有任务 %s 相同") % code))
        elif not line.item.editable:
            line.action = "skip"
            line.problems.append(Problem("locked", _("任务 %s 已锁定，不能由台账修改") % code, True))
            return
    elif text in seen:
        line.action = "skip"
        line.problems.append(Problem("duplicate", _("与第 %d 行重复") % seen[text]))
    elif text in by_text:
        line.item, line.action = None, "skip"
        line.problems.append(Problem("present", _("已有相同任务 %s") % by_text[text].code))
    seen.setdefault(text, line.number)
    chosen = imp.choices.get("rows", {}).get(str(line.number), "")
    if (chosen in ("add", "skip") and not (chosen == "add" and line.item is not None)) or (
        chosen == "update" and line.item is not None
    ):
        line.action = chosen


def _changes(line: Line) -> list[tuple[str, str, str]]:
    """What a row would change of its item: name, old, new; empty cells change nothing."""
    item = line.item
    assert item is not None
    names = {f.name: str(f.verbose_name) for f in WorkItem._meta.concrete_fields}
    out = [
        (names[n], str(getattr(item, n)), str(v)) for n, v in _given(line).items() if getattr(item, n) != v
    ]
    old, printed = writing.parts_of(item), printing.units(item)
    for part in ("lead", "responsible", "support"):
        new = [w.name for w in line.units if w.part == part]
        if new and new not in (old[part], printed[part]):
            out.append((printing.label(part), "、".join(old[part]), "、".join(new)))
    return out


def _given(line: Line) -> dict[str, Any]:
    """The fields that a row says something about."""
    out = {n: v for n, v in line.fields.items() if v not in ("", None, False)}
    if not line.fields["deadline"] and not line.fields["ongoing"]:
        out.pop("deadline_note", None)
    elif line.item is not None and printing.deadline(line.item) == line.fields["deadline_note"]:
        for n in ("deadline", "deadline_note", "milestone", "ongoing"):
            out.pop(n, None)  # our own words come back
    return out


@service("delivery.import.apply", permission=DRAFT, on="imp")
def apply_ledger(*, by: Any, imp: LedgerImport, revision: int, seen: str = "") -> dict[str, int]:
    """Writes the rows of a ledger, all or none; how many were added and changed.

    :param seen: the preview that the user confirms (:attr:`Preview.seen`).
    """
    check(by, imp)
    if imp.kind != "ledger":
        raise Refused(_("这不是一份台账。"))
    if "task" not in imp.mapping:
        raise Refused(_("请指明哪一列是任务事项。"))
    if imp.division is not None:
        writing.hold(imp.division)
        if not imp.division.open:
            raise Refused(_("分工方案正在%s，不能导入。") % imp.division.get_state_display())
    found = preview(imp)
    if seen and seen != found.seen:
        raise Refused(_("预览之后，台账涉及的任务已由他人改动；什么都没有写入，请刷新后重新核对。"))
    told = {"add": 0, "update": 0, "skip": found.count("skip")}
    at = writing.next_position(imp.division)
    for line in found.lines:
        if line.action == "add":
            _add(by, imp, line, at + 10 * told["add"])
        elif line.action == "update" and line.item is not None:
            parts = {w.part for w in line.units}
            held = [Wanted(a.part, a.name, a.basis, a.evidence) for a in line.item.assignments.all()]
            wanted = [w for w in held if w.part not in parts] + line.units
            writing.save(line.item, by=by, revision=None, fields=_given(line), wanted=wanted, reason=imp.name)
        else:
            continue
        told[line.action] += 1
    change(imp, revision=revision, state="applied", result=told)
    return told


def _add(by: Any, imp: LedgerImport, line: Line, position: int) -> WorkItem:
    division = imp.division
    item = WorkItem(
        code=writing.code(),
        owner=imp.owner,
        division=division,
        audience="own",
        position=position,
        origin=Origin.LEDGER,
        origin_title=f"{imp.name} 第{line.number}行"[:300],
        made_by=by,
        **line.fields,
    )
    return writing.add(item, line.units)
