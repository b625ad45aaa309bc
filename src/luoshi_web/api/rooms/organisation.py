"""Units, accounts, roles."""

from __future__ import annotations

from datetime import date
from typing import Any

from axes.utils import reset
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Schema, Status
from pydantic import Field

from luoshi_web.api.base import Done, Paged, Paging, Room, paged, revision, tag
from luoshi_web.organisation import services
from luoshi_web.organisation.models import Account, Grant, Unit
from luoshi_web.organisation.views import _note_unlock
from luoshi_web.ui.pages import Request

room = Room("organisation")
ACCOUNT = "organisation.view_account"


class UnitOut(Schema):
    """A unit; ``parent`` is the unit above it."""

    id: int
    parent: int | None = Field(None, alias="parent_number")
    name: str
    short_name: str
    aliases: list[str]
    level: str
    kind: str
    code: str
    duties: str
    valid_from: date | None = None
    valid_to: date | None = None
    successor: int | None = Field(None, alias="successor_id")
    revision: int


class UnitIn(Schema):
    """A new unit."""

    parent: int | None = None
    name: str = Field(min_length=1, max_length=200)
    short_name: str = Field("", max_length=60)
    aliases: list[str] = Field(default_factory=list)
    level: str = ""
    kind: str = "department"
    code: str = Field("", max_length=12)
    duties: str = ""
    valid_from: date | None = None


class UnitChange(Schema):
    """Changes of a unit; what is left out stays."""

    revision: int | None = None
    name: str | None = Field(None, min_length=1, max_length=200)
    short_name: str | None = Field(None, max_length=60)
    aliases: list[str] | None = None
    code: str | None = Field(None, max_length=12)
    duties: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    successor: int | None = None


@room("GET", "/units", "organisation.view_unit", response=Paged[UnitOut])
def units(request: Request, paging: Query[Paging], q: str = "") -> Any:
    """单位。The units in the order of the tree."""
    rows = Unit.objects.all().order_by("path")
    if word := q.replace("\x00", "").strip():
        rows = rows.filter(name__icontains=word)
    out = paged(rows, paging)
    _parents(out["items"])
    return out


def _parents(some: list[Any]) -> None:
    """Tells units the numbers of those above them, with one query."""
    above = {u.path[: -u.steplen] for u in some}
    known = dict(Unit.objects.filter(path__in=above).values_list("path", "pk"))
    for u in some:
        u.parent_number = known.get(u.path[: -u.steplen])


@room("GET", "/units/{int:pk}", "organisation.view_unit", response=UnitOut)
def unit(request: Request, response: HttpResponse, pk: int) -> Any:
    """一个单位。One unit."""
    it = get_object_or_404(Unit, pk=pk)
    _parents([it])
    tag(response, it)
    return it


@room("POST", "/units", "organisation.change_unit", response={201: UnitOut})
def add_unit(request: Request, data: UnitIn) -> Any:
    """添加单位。A new unit below another."""
    told = data.dict()
    parent = told.pop("parent")
    above = get_object_or_404(Unit, pk=parent) if parent is not None else None
    it = services.add_unit(by=request.user, parent=above, **told)
    _parents([it])
    return Status(201, it)


@room("PATCH", "/units/{int:pk}", "organisation.change_unit", response=UnitOut)
def change_unit(request: Request, response: HttpResponse, pk: int, data: UnitChange) -> Any:
    """修改单位。Changes names, duties, codes or the end of validity."""
    fields = data.dict(exclude_unset=True)
    fields.pop("revision", None)
    if fields.get("successor") is not None:
        fields["successor"] = get_object_or_404(Unit, pk=fields["successor"])
    optional = ("valid_from", "valid_to", "successor")
    it = services.change_unit(
        by=request.user, unit=get_object_or_404(Unit, pk=pk), revision=revision(request, data.revision),
        fields={n: v for n, v in fields.items() if v is not None or n in optional},
    )  # fmt: skip
    _parents([it])
    tag(response, it)
    return it


class GrantOut(Schema):
    """A role for a unit and all below it."""

    id: int
    role: str
    unit: int = Field(alias="unit_id")
    until: date | None = None


class AccountOut(Schema):
    """An account with its roles."""

    id: int
    username: str
    name: str
    unit: int | None = Field(None, alias="unit_id")
    is_active: bool
    must_change_password: bool
    grants: list[GrantOut]

    @staticmethod
    def resolve_grants(a: Any) -> list[Any]:
        """Those held today."""
        return list(a.grants)


class AccountIn(Schema):
    """A new account."""

    username: str = Field(min_length=1, max_length=60)
    name: str = Field("", max_length=60)
    unit: int | None = None


class FirstOut(Schema):
    """An account and its one-time password, which is shown once."""

    account: int
    username: str
    password: str


@room("GET", "/me", "site.use", response=AccountOut)
def me(request: Request) -> Any:
    """我的账号。One's own account."""
    return request.user


@room("GET", "/accounts", ACCOUNT, response=Paged[AccountOut])
def accounts(request: Request, paging: Query[Paging], q: str = "") -> Any:
    """账号。The accounts with their roles."""
    rows = Account.objects.select_related("unit").order_by("username")
    if word := q.replace("\x00", "").strip():
        rows = rows.filter(username__icontains=word) | rows.filter(name__icontains=word)
    return paged(rows, paging)


@room("POST", "/accounts", "organisation.add_account", response={201: FirstOut})
def add_account(request: Request, data: AccountIn) -> Any:
    """添加账号。A new account without any role."""
    where = get_object_or_404(Unit, pk=data.unit) if data.unit is not None else None
    account, first = services.add_account(by=request.user, username=data.username, name=data.name, unit=where)
    return Status(201, {"account": account.pk, "username": account.username, "password": first})


class GrantIn(Schema):
    """A role for a unit."""

    role: str
    unit: int
    until: date | None = None


class ReasonIn(Schema):
    """Why."""

    reason: str = ""


class ActiveIn(ReasonIn):
    """Open or closed."""

    active: bool


@room("POST", "/accounts/{int:pk}/grants", "organisation.grant_role", response={201: GrantOut})
def grant_role(request: Request, pk: int, data: GrantIn) -> Any:
    """授权。Gives an account a role for a unit and all below it."""
    return Status(201, services.grant_role(
        by=request.user, account=get_object_or_404(Account, pk=pk), role=data.role, until=data.until,
        unit=get_object_or_404(Unit, pk=data.unit),
    ))  # fmt: skip


@room("POST", "/grants/{int:pk}/revoke", "organisation.grant_role", response=Done)
def revoke_role(request: Request, pk: int, data: ReasonIn) -> Any:
    """撤销授权。Takes a role away."""
    services.revoke_role(by=request.user, grant=get_object_or_404(Grant, pk=pk), reason=data.reason)
    return {}


@room("POST", "/accounts/{int:pk}/active", "organisation.secure_account", response=AccountOut)
def set_account_active(request: Request, pk: int, data: ActiveIn) -> Any:
    """启用或停用账号。Opens or closes an account."""
    account = get_object_or_404(Account, pk=pk)
    return services.set_active(by=request.user, account=account, active=data.active, reason=data.reason)


@room("POST", "/accounts/{int:pk}/reset-password", "organisation.secure_account", response=FirstOut)
def reset_password(request: Request, pk: int, data: ReasonIn) -> Any:
    """重置密码。A new one-time password."""
    account = get_object_or_404(Account, pk=pk)
    first = services.reset_password(by=request.user, account=account, reason=data.reason)
    return {"account": account.pk, "username": account.username, "password": first}


@room("POST", "/accounts/{int:pk}/unlock", "organisation.secure_account", response=Done)
def unlock_account(request: Request, pk: int) -> Any:
    """解锁账号。Unlocks an account that failed five times."""
    account = get_object_or_404(Account, pk=pk)
    _note_unlock(by=request.user, account=account)
    reset(username=account.username)
    return {}
