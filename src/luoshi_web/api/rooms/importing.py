"""Ledgers in Excel, Word or CSV: read, their columns named, looked at row by row, then written at once."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import File, Form, Query, Schema, Status, UploadedFile
from pydantic import Field

from luoshi_web.api.base import Paged, Paging, Room, paged, revision, tag
from luoshi_web.api.rooms.delivery import RevisionIn
from luoshi_web.audit.services import Refused
from luoshi_web.delivery import importing, selectors
from luoshi_web.delivery.models import LedgerImport
from luoshi_web.delivery.selectors import DRAFT
from luoshi_web.organisation.access import visible
from luoshi_web.ui.pages import Request

room = Room("delivery")


class SheetOut(Schema):
    """A sheet of a file: its name, how many rows it has, which of them (from 1) has the titles."""

    name: str
    rows: int
    header: int


class ColumnOut(Schema):
    """A column: its title, the field that it holds (empty: none), the first cells below."""

    number: int
    title: str
    field: str
    sample: list[str]


class ImportHead(Schema):
    """A ledger that was read: ``open``, ``applied`` or ``dropped``."""

    id: int
    name: str
    sha256: str
    owner: int = Field(alias="owner_id")
    division: int | None = Field(None, alias="division_id")
    state: str
    result: dict[str, int]
    revision: int


class ImportOut(ImportHead):
    """The same with its sheets and columns, and what would come of its rows.

    ``counts`` are rows by action and those with a problem; ``strangers`` are names that are no unit we know,
    each with names that come near; ``fields`` are what a column may hold; ``seen`` names what was looked at.
    """

    sheets: list[SheetOut]
    sheet: int
    columns: list[ColumnOut]
    fields: list[str]
    counts: dict[str, int]
    strangers: dict[str, list[str]]
    seen: str


class ProblemOut(Schema):
    """What is wrong with a row: ``unit``, ``deadline``, ``duplicate``, ``present``, ``empty``, ``locked``."""

    kind: str
    text: str
    blocking: bool


class UnitOut(Schema):
    """A unit as the row names it."""

    part: str
    name: str


class LineOut(Schema):
    """A row of the file (``number`` from 1) as it would be taken over: ``add``, ``update`` or ``skip``."""

    number: int
    action: str
    item: int | None = None
    fields: dict[str, Any]
    units: list[UnitOut]
    problems: list[ProblemOut]
    changes: list[tuple[str, str, str]]

    @staticmethod
    def resolve_item(line: Any) -> int | None:
        """The number of the item that the row would change."""
        return line.item.pk if line.item is not None else None


def _ledgers(request: Request) -> QuerySet[LedgerImport]:
    some = LedgerImport.objects.filter(kind="ledger").select_related("owner", "division__owner")
    return visible(some, request.user, DRAFT)


def _one(request: Request, pk: int) -> LedgerImport:
    return get_object_or_404(_ledgers(request), pk=pk)


def _shown(imp: LedgerImport) -> dict[str, Any]:
    """What an import holds, and what would come of it."""
    found = importing.preview(imp) if imp.state == "open" else importing.Preview()
    sheets = [{"name": s["name"], "rows": len(s["rows"]), "header": s["header"] + 1} for s in imp.sheets]
    return {
        "id": imp.pk, "name": imp.name, "sha256": imp.sha256, "owner_id": imp.owner_id,
        "division_id": imp.division_id, "state": imp.state, "result": imp.result, "revision": imp.revision,
        "sheets": sheets, "sheet": imp.sheet, "columns": importing.columns(imp),
        "fields": list(importing.LEDGER), "counts": found.counts, "seen": found.seen,
        "strangers": {name: [n for _key, n, _near in near] for name, near in found.strangers.items()},
    }  # fmt: skip


class ImportIn(Schema):
    """For whom a ledger is brought in: a division, else a unit."""

    owner: int | None = None
    division: int | None = None


@room("GET", "/imports", DRAFT, response=Paged[ImportHead])
def imports(request: Request, paging: Query[Paging]) -> Any:
    """台账导入。Ledgers that wait or were brought in, latest first."""
    return paged(_ledgers(request).defer("sheets").order_by("-pk"), paging)


@room("POST", "/imports", DRAFT, response={201: ImportOut})
def add_import(request: Request, data: Form[ImportIn], file: File[UploadedFile]) -> Any:
    """上传台账。Reads a ledger and guesses what its columns hold; nothing of it counts yet."""
    if file.size is None or file.size > importing.LARGEST:
        raise Refused(_("文件超过 %d MB，请分批导入。") % (importing.LARGEST >> 20), "file")
    division = selectors.division(request.user, data.division, DRAFT) if data.division else None
    owner = division.owner if division else get_object_or_404(selectors.owners(request.user), pk=data.owner)
    imp = importing.receive_ledger(
        by=request.user, owner=owner, division=division, name=str(file.name), data=file.read()
    )
    return Status(201, _shown(imp))


@room("GET", "/imports/{int:pk}", DRAFT, response=ImportOut)
def one_import(request: Request, response: HttpResponse, pk: int) -> Any:
    """一份台账。Its sheets and columns, what would come of its rows, and names that are no unit."""
    imp = _one(request, pk)
    tag(response, imp)
    return _shown(imp)


@room("GET", "/imports/{int:pk}/rows", DRAFT, response=Paged[LineOut])
def import_rows(request: Request, pk: int, paging: Query[Paging]) -> Any:
    """逐行预览。Each row as it would be taken over, with its conflicts; none once the file was dealt with."""
    imp = _one(request, pk)
    return paged(importing.preview(imp).lines if imp.state == "open" else [], paging)


class MappingIn(RevisionIn):
    """What the columns hold; what is left out stays.

    ``mapping`` is the field of each column, empty for none; ``header`` the row (from 1) with the titles;
    ``rows`` what becomes of single rows by number; ``units`` the unit that a name in the file means.
    """

    sheet: int | None = Field(None, ge=0)
    header: int | None = Field(None, ge=1)
    mapping: list[str] | None = Field(None, max_length=importing.MOST_COLUMNS)
    rows: dict[int, str] | None = None
    units: dict[str, str] | None = None


@room("PATCH", "/imports/{int:pk}", DRAFT, response=ImportOut)
def map_import(request: Request, response: HttpResponse, pk: int, data: MappingIn) -> Any:
    """栏目对应。Corrects columns, decides about rows and names; columns of another sheet are guessed."""
    imp = _one(request, pk)
    sheet = imp.sheet if data.sheet is None else data.sheet
    if sheet >= len(imp.sheets):
        raise Refused(_("没有这一工作表或这一行。"), "sheet")
    here = dict(imp.sheets[sheet])
    if data.header is not None:
        here["header"] = data.header - 1
    if any(v not in ("add", "update", "skip") for v in (data.rows or {}).values()):
        raise Refused(_("每一行只能新增、修改或跳过。"), "rows")
    moved = sheet != imp.sheet or here["header"] != imp.sheets[sheet]["header"]
    mapping = (importing.guessed(here) if moved else imp.mapping) if data.mapping is None else data.mapping
    width = max(map(len, here["rows"]))
    if len(mapping) > width:
        raise Refused(_("这一工作表只有 %d 列。") % width, "mapping")
    known: dict[str, Any] = imp.choices
    rows = {} if sheet != imp.sheet else dict(known.get("rows", {}))
    rows |= {str(n): v for n, v in (data.rows or {}).items()}
    units = known.get("units", {}) | {n: v for n, v in (data.units or {}).items() if "\x00" not in n + v}
    imp = importing.set_mapping(
        by=request.user, imp=imp, revision=revision(request, data.revision), sheet=sheet,
        header=here["header"], mapping=[*mapping, *[""] * (width - len(mapping))],
        choices={"rows": rows, "units": units},
    )  # fmt: skip
    tag(response, imp)
    return _shown(imp)


class ApplyIn(RevisionIn):
    """``seen``, where told: written only when that is still what would come of the rows."""

    seen: str = ""


@room("POST", "/imports/{int:pk}/apply", DRAFT, response=ImportHead)
def apply_import(request: Request, pk: int, data: ApplyIn) -> Any:
    """写入台账。Writes all rows, or none; ``result`` says how many were added, changed and left out."""
    imp = _one(request, pk)
    told = revision(request, data.revision)
    importing.apply_ledger(by=request.user, imp=imp, revision=told, seen=data.seen)
    return _one(request, pk)


@room("POST", "/imports/{int:pk}/drop", DRAFT, response=ImportHead)
def drop_import(request: Request, pk: int) -> Any:
    """放弃导入。Puts a ledger aside; nothing of it was taken over."""
    importing.drop(by=request.user, imp=_one(request, pk))
    return _one(request, pk)
