"""The app's place in Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from luoshi_web.ui import desk as desks
from luoshi_web.ui.navigation import Item, add


class RegisterConfig(AppConfig):
    """Commitments that somebody confirmed, links and dispositions that somebody judged."""

    name = "luoshi_web.register"
    verbose_name = _("登记")

    def ready(self) -> None:
        """Adds the app's pages to the navigation, and has anchors found again in each new version."""
        from luoshi_web.library import comparing, reading
        from luoshi_web.register import anchors, desk, disposing, judging, relations, unsourced

        reading.AFTER_VERSION["anchors"] = anchors.follow
        reading.AFTER_VERSION["links"] = judging.follow
        reading.AFTER_VERSION["gaps"] = disposing.follow
        comparing.AFTER_COMPARISON["relations"] = relations.follow
        comparing.AFTER_COMPARISON["unsourced"] = unsourced.follow
        desks.add("register", desk.tasks, desk.figures, desk.terms)
        add(Item(20, _("审核"), _("待审核文件"), "register:queue", "register.review_commitment"))
        add(Item(21, _("审核"), _("出处核对"), "register:anchors", "register.review_commitment"))
        add(Item(30, _("对照"), _("上下对照"), "register:comparisons", "library.view_document"))
        add(Item(31, _("对照"), _("逐条对照表"), "register:coverage", "library.view_document"))
        add(Item(32, _("对照"), _("缺口清单"), "register:gaps", "library.view_document"))
        add(Item(33, _("对照"), _("表述差异"), "register:differences", "library.view_document"))
        add(Item(34, _("对照"), _("无上位依据"), "register:unsourced", "library.view_document"))
        add(Item(35, _("对照"), _("文字来源"), "register:sources", "library.view_document"))
        add(Item(36, _("对照"), _("存疑关联"), "register:suspects", "library.view_document"))
        add(Item(40, _("任务"), _("任务台账"), "register:commitments", "register.view_commitment"))
