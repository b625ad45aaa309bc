"""Sign-ins, failures and locks enter the audit."""

from __future__ import annotations

from typing import Any

from allauth.mfa.signals import authenticator_added, authenticator_removed
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

from luoshi_web.audit.services import SYSTEM, Actor, record, service
from luoshi_web.organisation.models import Account


@service("organisation.account.session")
def note(*, by: Actor, what: str, username: str) -> None:
    """Records that somebody signed in or out, failed to, or was locked."""
    record(("organisation.account", username[:60], username[:150]), action=f"organisation.account.{what}")


def _name(credentials: Any) -> str:
    return str(credentials.get("username") or credentials.get("login") or "?")


def install() -> None:
    """Connects them."""

    def signed_in(sender: Any, user: Any, **_: Any) -> None:
        note(by=user, what="sign-in", username=user.username)

    def signed_out(sender: Any, user: Any, **_: Any) -> None:
        if user is not None:
            note(by=user, what="sign-out", username=user.username)

    def failed(sender: Any, credentials: Any, **_: Any) -> None:
        note(by=SYSTEM, what="sign-in-failed", username=_name(credentials))

    def locked(*args: Any, username: str = "", **_: Any) -> None:
        note(by=SYSTEM, what="locked", username=username)

    def factor(sender: Any, user: Any, authenticator: Any, signal: Any, **_: Any) -> None:
        what = "factor-added" if signal is authenticator_added else "factor-removed"
        note(by=user, what=f"{what}:{authenticator.type}", username=user.username)

    authenticator_added.connect(factor, weak=False, dispatch_uid="luoshi-factor")
    authenticator_removed.connect(factor, weak=False, dispatch_uid="luoshi-factor-gone")
    user_logged_in.connect(signed_in, weak=False, dispatch_uid="luoshi-in")
    user_logged_out.connect(signed_out, weak=False, dispatch_uid="luoshi-out")
    user_login_failed.connect(failed, weak=False, dispatch_uid="luoshi-failed")
    user_locked_out.connect(locked, weak=False, dispatch_uid="luoshi-locked")


def username_of(request: Any, credentials: Any) -> str:
    """The name that somebody tried to sign in with, for the count of failures."""
    found = (credentials or {}).get("username") or (request.POST.get("login") if request is not None else "")
    return spelled(str(found or "").strip())


def spelled(name: str) -> str:
    """A user name as its account has it: the sign-in takes any case of letters, and they are one account."""
    some = Account.objects.filter(username__iexact=name).values_list("username", flat=True)
    return next((n for n in some if n.lower() == name.lower()), name.lower())[:150]
