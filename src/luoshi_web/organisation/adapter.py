"""How signing in by allauth fits our accounts: nobody signs up."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.urls import reverse

from luoshi_web.organisation.services import change_password


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by the system administrator only."""

    def is_open_for_signup(self, request: Any) -> bool:
        """Never."""
        return False

    def set_password(self, user: Any, password: str) -> None:
        """Through the service, so that the audit knows."""
        change_password(by=user, account=user, password=password)

    def get_password_change_redirect_url(self, request: Any) -> str:
        """To work, not to the empty form again, which looks as if nothing had happened."""
        return reverse("site:home")


class MfaAdapter(DefaultMFAAdapter):
    """Names the account in the authenticator app."""

    def get_totp_label(self, user: Any) -> str:
        """The user name."""
        return str(user.username)


try:
    from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
except ImportError:  # the extra is not installed
    pass
else:

    class OidcAdapter(DefaultSocialAccountAdapter):
        """A sign-in by OpenID Connect opens the account of the same user name, and makes none."""

        def is_open_for_signup(self, request: Any, sociallogin: Any) -> bool:
            """Never."""
            return False

        def pre_social_login(self, request: Any, sociallogin: Any) -> None:
            """Connects to the account that the provider's ``preferred_username`` names."""
            from luoshi_web.organisation.models import Account

            claims = sociallogin.account.extra_data
            name = (claims.get("userinfo") or claims).get("preferred_username", "")
            account = Account.objects.filter(username=name, is_active=True).first()
            if account is not None and not sociallogin.is_existing:
                sociallogin.connect(request, account)
