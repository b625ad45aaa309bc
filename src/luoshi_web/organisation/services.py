"""Writes to units, accounts and roles."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any, cast

from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from luoshi_web.audit.models import AuditEvent
from luoshi_web.audit.services import SYSTEM, Actor, Refused, change, created, record, service, unchanged
from luoshi_web.organisation import factors
from luoshi_web.organisation.models import ADMINISTRATORS, Account, Grant, Level, Role, Unit, UnitKind


@service("organisation.unit.add", permission="organisation.change_unit")
def add_unit(
    *,
    by: Actor,
    parent: Unit | None,
    name: str,
    level: str = "",
    kind: str = UnitKind.DEPARTMENT,
    code: str = "",
    short_name: str = "",
    aliases: list[str] | None = None,
    duties: str = "",
    valid_from: date | None = None,
) -> Unit:
    """A new unit below ``parent`` (a root without one); level and code are the parent's where not given."""
    unit = Unit(
        name=name.strip(),
        short_name=short_name,
        aliases=aliases or [],
        level=level or (parent.level if parent else Level.PROVINCE),
        kind=kind,
        code=code or (parent.code if parent else ""),
        duties=duties,
        valid_from=valid_from,
    )
    if not unit.name:
        raise Refused(_("请填写单位名称。"), "name")
    below = Unit.objects.filter(depth=1 if parent is None else parent.depth + 1, name=unit.name)
    if below.filter(path__startswith=parent.path if parent else "", valid_to__isnull=True).exists():
        raise Refused(_("上级单位下已有“%s”。") % unit.name, "name")
    if parent is None:
        unit = Unit.objects.add_root(instance=unit)
    else:
        unit = Unit.objects.add_child(Unit.objects.get(pk=parent.pk), instance=unit)
    record(unit, after={"name": unit.name, "level": unit.level, "code": unit.code, "parent": parent})
    return cast(Unit, unit)


@service("organisation.unit.change", permission="organisation.change_unit")
def change_unit(*, by: Actor, unit: Unit, revision: int, fields: dict[str, Any]) -> Unit:
    """Changes names, duties, codes or the end of validity."""
    allowed = {"name", "short_name", "aliases", "duties", "code", "valid_from", "valid_to", "successor"}
    if set(fields) - allowed:
        raise Refused(_("不能修改：%s。") % ", ".join(sorted(set(fields) - allowed)))
    since, until = fields.get("valid_from", unit.valid_from), fields.get("valid_to", unit.valid_to)
    if since and until and until < since:
        raise Refused(_("撤销日期早于设立日期。"), "valid_to")
    if fields.get("successor") == unit:
        raise Refused(_("承继单位不能是本单位。"), "successor")
    return change(unit, revision=revision, **fields)


@service("organisation.account.add", permission="organisation.add_account")
def add_account(
    *, by: Actor, username: str, name: str, unit: Unit | None, password: str = "", must_change: bool = True
) -> tuple[Account, str]:
    """A new account without any role, and its first password, which is shown once and must be changed."""
    username = username.strip()
    if not username or Account.objects.filter(username__iexact=username).exists():
        raise Refused(_("用户名为空或已被使用。"), "username")
    first = password or secrets.token_urlsafe(12)
    account = Account(
        username=username, name=name.strip() or username, unit=unit, must_change_password=must_change
    )
    account.set_password(first)
    created(account, username=account.username, name=account.name, unit=unit)
    return account, first


@service("organisation.account.set-active", permission="organisation.secure_account")
def set_active(*, by: Actor, account: Account, active: bool, reason: str) -> Account:
    """Opens or closes an account."""
    if account == by:
        raise Refused(_("不能启用或停用自己的账号。"))
    return change(account, is_active=active, reason=reason)


RESET = "organisation.account.reset-password"


@service(RESET, permission="organisation.secure_account")
def reset_password(*, by: Actor, account: Account, reason: str, factor: bool = False) -> str:
    """A new one-time password; the second factor stays, so that it alone opens nothing where one is set.

    Whoever resets a password holds it for a while. So another administrator's is only reset where a second
    factor stands before it, else on the server itself, by the program.

    :param factor: takes the second factor away as well (a lost telephone); for the program alone.
    """
    if account == by:
        raise Refused(_("请在“我的账号”中修改自己的密码。"))
    if by is not SYSTEM and (factor or (_administers(account) and not factors.has_one(account))):
        raise Refused(
            _("管理员没有启用动态口令时，重置其密码就等于可以代其登录；请在服务器上执行：luoshi password %s")
            % account.username
        )
    if factor:
        Authenticator.objects.filter(user=account).delete()
    first = secrets.token_urlsafe(12)
    account.set_password(first)
    account.must_change_password = True
    account.save(update_fields=["password", "must_change_password"])
    after = {"password": "new", "must_change_password": True, **({"factor": "removed"} if factor else {})}
    record(account, after=after, reason=reason)
    return first


def _administers(account: Account) -> bool:
    return Grant.objects.filter(account=account, role__in=ADMINISTRATORS).exists()


@service("organisation.account.change-password")
def change_password(*, by: Actor, account: Account, password: str) -> None:
    """Somebody's own new password."""
    if by is not account:
        raise Refused(_("只能修改自己的密码。"))
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise Refused(" ".join(error.messages), "password") from None
    account.set_password(password)
    account.must_change_password = False
    account.save(update_fields=["password", "must_change_password"])
    record(account, after={"password": "new"})


@service("organisation.account.language")
def set_language(*, by: Actor, account: Account, language: str) -> None:
    """The language that an account sees."""
    change(account, language=language)


@service("organisation.role.grant", permission="organisation.grant_role")
def grant_role(*, by: Actor, account: Account, role: str, unit: Unit, until: date | None = None) -> Grant:
    """Gives an account a role for a unit and all below it.

    Nobody grants to himself; an administrator holds that role and no other, so that none can act as another.
    """
    if account == by:
        raise Refused(_("不能给自己授权。"))
    if role not in Role.values:
        raise Refused(_("没有这个角色：%s。") % role, "role")
    Account.objects.select_for_update(no_key=True).get(pk=account.pk)  # of two grants at once, one waits
    if role in ADMINISTRATORS and _held_password(by, account):
        raise Refused(_("您重置过这个账号的密码，不能再授予它管理员角色；请另设账号。"), "role")
    held = set(Grant.objects.filter(account=account).values_list("role", flat=True))
    if (role in ADMINISTRATORS and held - {role}) or (held & ADMINISTRATORS and role not in held):
        raise Refused(_("三类管理员相互独立，也不兼任业务角色；请另设账号。"), "role")
    if Grant.objects.filter(account=account, role=role, unit=unit).exists():
        raise Refused(_("该账号已有这项授权。"), "role")
    grant = Grant(account=account, role=role, unit=unit, until=until)
    account.__dict__.pop("grants", None)
    return created(grant, account=account, role=role, unit=unit, until=until)


def _held_password(by: Actor, account: Account) -> bool:
    """Whether somebody could have signed in as an account: what he grants it, he could use himself."""
    told = {"object_type": "organisation.account", "object_id": str(account.pk), "action": RESET}
    return AuditEvent.objects.filter(actor=by.audit_name, **told).exclude(actor=SYSTEM.audit_name).exists()


@service("organisation.role.revoke", permission="organisation.grant_role")
def revoke_role(*, by: Actor, grant: Grant, reason: str) -> None:
    """Takes a role away."""
    if grant.account == by:
        raise Refused(_("不能撤销自己的授权。"))
    if not Grant.objects.select_for_update().filter(pk=grant.pk).exists():
        unchanged()  # somebody took it away in this moment
        return
    record(grant, before={"account": grant.account, "role": grant.role, "unit": grant.unit}, reason=reason)
    grant.account.__dict__.pop("grants", None)
    grant.delete()
