"""The app's place in Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganisationConfig(AppConfig):
    """Units, posts, persons, accounts, roles."""

    name = "luoshi_web.organisation"
    verbose_name = _("组织与权限")

    def ready(self) -> None:
        """Registers permissions, navigation and the audit of sign-ins."""
        from luoshi_web.organisation import access, navigation, signals

        access.install()
        navigation.install()
        signals.install()
