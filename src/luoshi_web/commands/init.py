"""``luoshi init``: a new installation with its three administrators."""

from __future__ import annotations

from typing import Annotated

import typer

from luoshi.errors import UsageError
from luoshi.text.messages import say
from luoshi_web.commands import common


def run(
    data: common.Data = None,
    root: Annotated[str, typer.Option(help="Name of the topmost unit.")] = "本级",
    level: Annotated[
        str, typer.Option(help="Its level: central, province, city, county, township.")
    ] = "province",
) -> None:
    """Make a new installation: database, key, the topmost unit and the three administrators.

    The system, the security and the audit administrator get a password each, which is shown once and must be
    changed at the first sign-in. None of them can act as another.
    """
    folder = common.start(data, must_exist=False)
    common.migrate()
    from luoshi_web.audit.services import SYSTEM
    from luoshi_web.organisation import services
    from luoshi_web.organisation.models import Account, Level, Unit

    if level not in Level.values:
        raise UsageError(f"{level!r} is no level.", hint=f"One of {', '.join(Level.values)}.")
    if Account.objects.exists():
        raise UsageError(
            f"{folder} is set up already.",
            hint=f"Start it: luoshi serve --data {folder}; a forgotten password: luoshi password USER",
        )
    unit = Unit.objects.filter(depth=1).first() or services.add_unit(
        by=SYSTEM, parent=None, name=root, level=level, kind="region"
    )
    print(say(f"Installation in {folder}. Passwords, shown once:"))
    for name, label, role in (
        ("sysadmin", "系统管理员", "system_admin"),
        ("secadmin", "安全管理员", "security_admin"),
        ("auditadmin", "审计管理员", "audit_admin"),
    ):
        account, password = services.add_account(by=SYSTEM, username=name, name=label, unit=unit)
        services.grant_role(by=SYSTEM, account=account, role=role, unit=unit)
        print(f"  {name:<12}{password}")
    print(say(f"Start it with: luoshi serve --data {folder}"))
