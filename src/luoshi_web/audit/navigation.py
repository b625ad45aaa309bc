"""The app's pages in the navigation."""

from django.utils.translation import gettext_lazy as _

from luoshi_web.ui.navigation import Item, add


def install() -> None:
    """Adds them."""
    add(Item(90, _("管理"), _("审计"), "audit:events", "audit.view_event"))
