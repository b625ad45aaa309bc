"""``luoshi password``: a new one-time password, for those whom no administrator may help."""

from __future__ import annotations

from typing import Annotated

import typer

from luoshi.errors import UsageError
from luoshi.text.messages import say
from luoshi_web.commands import common


def run(
    user: Annotated[str, typer.Argument(help="The account's user name.")],
    data: common.Data = None,
    factor: Annotated[
        bool, typer.Option("--factor", help="Take the second factor away too: the telephone was lost.")
    ] = False,
    reason: Annotated[str, typer.Option(help="Why, for the audit.")] = "",
) -> None:
    """Give an account a new one-time password, shown once; it must be changed at the next sign-in.

    An administrator without a second factor gets a new password only here: another administrator who reset
    it could sign in in his place.
    """
    common.start(data)
    from axes.utils import reset

    from luoshi_web.audit.services import SYSTEM
    from luoshi_web.organisation import services
    from luoshi_web.organisation.models import Account

    account = Account.objects.filter(username__iexact=user).first()
    if account is None:
        raise UsageError(
            f"There is no account {user!r}.", hint="User names stand on the page of accounts (账号)."
        )
    first = services.reset_password(by=SYSTEM, account=account, reason=reason, factor=factor)
    reset(username=account.username)
    print(say("New one-time password, shown once; it must be changed at the next sign-in:"))
    print(f"  {account.username:<12}{first}")
