"""The second factor: guesses count as failures of the sign-in, and a code opens once.

allauth counts guesses in a cache and remembers used codes there. Ours is each server process's own, so both
are kept in the database, which all of them share.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base import forms
from allauth.mfa.models import Authenticator
from axes.handlers.proxy import AxesProxyHandler
from django import forms as django_forms
from django.contrib.auth.signals import user_login_failed
from django.db.models import Q
from django.utils import timezone


def has_one(account: Any) -> bool:
    """Whether an account's password alone opens nothing."""
    return bool(Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists())


def first_use(authenticator: Authenticator) -> bool:
    """Whether a time-based code is used for the first time; of two at once only one is told so."""
    if authenticator.type != Authenticator.Type.TOTP:
        return True  # a recovery code is struck out by itself
    now = timezone.now()
    period = app_settings.TOTP_PERIOD
    since = datetime.fromtimestamp(int(now.timestamp()) // period * period, UTC)
    unused = Q(last_used_at__isnull=True) | Q(last_used_at__lt=since)
    return bool(Authenticator.objects.filter(unused, pk=authenticator.pk).update(last_used_at=now))


class _Counted:
    """A form whose wrong codes lock the account like wrong passwords do."""

    user: Any
    authenticator: Authenticator

    def clean_code(self) -> str:
        """The code, when it is right and was not used before."""
        request, credentials = context.request, {"username": self.user.username}
        if not AxesProxyHandler.is_allowed(request, credentials):
            raise get_adapter().validation_error("too_many_login_attempts")
        try:
            code = str(super().clean_code())  # type: ignore[misc]
            if not first_use(self.authenticator):
                raise get_mfa_adapter().validation_error("incorrect_code")
        except django_forms.ValidationError:
            user_login_failed.send(sender=__name__, credentials=credentials, request=request)
            raise
        return code


class AuthenticateForm(_Counted, forms.AuthenticateForm):
    """The second step of the sign-in."""


class ReauthenticateForm(_Counted, forms.ReauthenticateForm):
    """The same before somebody changes his factor."""
