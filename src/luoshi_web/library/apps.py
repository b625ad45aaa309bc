"""The app's place in Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from luoshi_web.ui.navigation import Item, add


class LibraryConfig(AppConfig):
    """Documents, versions, originals, jobs."""

    name = "luoshi_web.library"
    verbose_name = _("文件库")

    def ready(self) -> None:
        """Adds the app's pages to the navigation."""
        add(Item(10, _("文件"), _("文件库"), "library:shelf", "library.view_document"))
        add(Item(60, _("查询"), _("术语"), "library:terms", "library.view_document"))
