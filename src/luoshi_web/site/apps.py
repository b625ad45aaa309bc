"""The app's place in Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from luoshi_web.ui.navigation import Item, add


class SiteConfig(AppConfig):
    """The address book: all routes, home, health, errors."""

    name = "luoshi_web.site"
    verbose_name = "站点"

    def ready(self) -> None:
        """Adds the desk to the navigation."""
        add(Item(1, _("工作台"), _("我的工作台"), "site:home", "site.use_content"))
