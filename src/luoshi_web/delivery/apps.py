"""The app's place in Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from luoshi_web.ui import desk as desks
from luoshi_web.ui.navigation import Item, add


class DeliveryConfig(AppConfig):
    """Work items, division, reports, reviews: from a commitment to its delivery."""

    name = "luoshi_web.delivery"
    verbose_name = "落实"

    def ready(self) -> None:
        """Adds its pages to the navigation, its tasks to the desk; relations follow comparisons."""
        from luoshi_web.delivery import desk, writing
        from luoshi_web.library import comparing

        comparing.AFTER_COMPARISON["items"] = writing.follow
        desks.add("delivery", desk.tasks, desk.figures, desk.terms)
        add(Item(41, _("任务"), _("任务分解表"), "delivery:items", "delivery.view_workitem"))
        add(Item(42, _("任务"), _("分工方案"), "delivery:divisions", "delivery.view_workitem"))
        add(Item(43, _("任务"), _("征求意见反馈"), "delivery:inbox", "delivery.answer_consultation"))
        add(Item(44, _("任务"), _("台账导入"), "delivery:imports", "delivery.draft_division"))
