"""The app's pages in the navigation."""

from django.utils.translation import gettext_lazy as _

from luoshi_web.ui.navigation import Item, add


def install() -> None:
    """Adds them."""
    add(Item(80, _("管理"), _("组织与权限"), "organisation:units", "organisation.view_unit"))
    add(Item(81, _("管理"), _("人员与岗位"), "organisation:persons", "organisation.view_unit"))
    add(Item(82, _("管理"), _("账号与授权"), "organisation:accounts", "organisation.view_account"))
