"""Files that were read and wait for somebody to say what their columns hold and whether to take them over."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from luoshi_web.audit.models import Record
from luoshi_web.delivery.models.consultation import Inquiry
from luoshi_web.delivery.models.divisions import Division
from luoshi_web.organisation.models import Account, Unit


class LedgerImport(Record):
    """A ledger, or a unit's answers, as read from a file: nothing of it counts before it is applied.

    ``sheets`` are ``{name, rows, bands, header}``, ``sheet`` the one that is meant; ``mapping`` is the field
    of each column, corrected by its owner; ``choices`` what was decided about single rows and names.
    """

    KINDS = (("ledger", _("台账")), ("answers", _("反馈意见")), ("reply", _("本单位反馈")))
    STATES = (("open", _("待确认")), ("applied", _("已导入")), ("dropped", _("已放弃")))

    kind = models.CharField(max_length=8, choices=KINDS)
    owner = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("所属单位"))
    by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    division = models.ForeignKey(Division, models.PROTECT, null=True, related_name="imports")
    inquiry = models.ForeignKey(Inquiry, models.PROTECT, null=True, related_name="imports")
    name = models.CharField(_("文件名"), max_length=255)
    sha256 = models.CharField(max_length=64)
    sheets = models.JSONField(default=list)
    sheet = models.PositiveSmallIntegerField(default=0)
    mapping = models.JSONField(default=list)
    choices = models.JSONField(default=dict)
    state = models.CharField(_("状态"), max_length=8, choices=STATES, default="open")
    result = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("表格导入")

    def __str__(self) -> str:
        return self.name

    @property
    def access_unit(self) -> Unit:
        """The unit that it is for: whose items it brings, or whose answers."""
        return self.owner
