"""Divisions of work (分工方案), and their editions as approved and issued."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from luoshi_web.audit.models import Record
from luoshi_web.library.models.documents import Audience
from luoshi_web.organisation.models import Account, Unit


class DivisionState(models.TextChoices):
    """Where a division stands."""

    DRAFT = "draft", pgettext_lazy("division", "拟稿")
    CONSULTING = "consulting", _("征求意见")
    SUBMITTED = "submitted", _("送审")
    APPROVED = "approved", _("已审定")
    ISSUED = "issued", _("已印发")


class Division(Record):
    """A division of work among units: the items of one or several documents, drafted, consulted on, approved.

    ``round`` is the edition that is worked on. ``audience`` says who besides the owner's subtree sees it:
    only the owner's own until it is issued, then ``reach``.
    """

    owner = models.ForeignKey(Unit, models.PROTECT, related_name="divisions", verbose_name=_("所属单位"))
    audience = models.CharField(max_length=8, choices=Audience, default=Audience.OWN)
    reach = models.CharField(_("印发后查阅范围"), max_length=8, choices=Audience, default=Audience.BELOW)
    title = models.CharField(_("标题"), max_length=300)
    note = models.TextField(_("说明"), blank=True)
    state = models.CharField(
        _("状态"), max_length=10, choices=DivisionState, default=DivisionState.DRAFT, db_index=True
    )
    round = models.PositiveSmallIntegerField(_("轮次"), default=1)
    number = models.CharField(_("文号"), max_length=100, blank=True)
    issued_on = models.DateField(_("印发日期"), null=True, blank=True)
    drafted_by = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("拟稿人"))
    changed_by = models.ForeignKey(
        Account, models.PROTECT, null=True, related_name="+", verbose_name=_("修改人")
    )

    class Meta:
        verbose_name = _("分工方案")

    def __str__(self) -> str:
        return self.title

    @property
    def access_unit(self) -> Unit:
        """The unit that permissions are asked for."""
        return self.owner

    @property
    def access_audience(self) -> str:
        """Who else may see it."""
        return self.audience

    @property
    def open(self) -> bool:
        """Whether its items may be edited."""
        return self.state == DivisionState.DRAFT

    @property
    def conflict_note(self) -> str:
        """Who was faster, for the message of a conflict."""
        return _("%(who)s 已于 %(when)s 修改。") % {
            "who": self.changed_by or self.drafted_by,
            "when": timezone.localtime(self.changed_at).strftime("%Y-%m-%d %H:%M"),
        }


class Edition(Record):
    """One round of a division: why it was opened, who approved it, and its rows as issued.

    ``rows`` are the items as printed, each with its ``code``, so that later changes can be told.
    """

    division = models.ForeignKey(Division, models.PROTECT, related_name="editions")
    number = models.PositiveSmallIntegerField(_("轮次"))
    reason = models.TextField(_("调整理由"), blank=True)
    opened_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    submitted_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    approver = models.CharField(_("审定领导"), max_length=60, blank=True)
    approval = models.TextField(_("审定意见"), blank=True)
    approved_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    returned = models.TextField(_("退回意见"), blank=True)
    issued_at = models.DateTimeField(null=True)
    issued_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    number_issued = models.CharField(_("文号"), max_length=100, blank=True)
    rows = models.JSONField(default=list)

    class Meta:
        verbose_name = _("分工方案轮次")
        constraints = (models.UniqueConstraint(fields=("division", "number"), name="one_edition"),)

    def __str__(self) -> str:
        return f"{self.division} {self.number}"

    @property
    def access_unit(self) -> Unit:
        """That of the division."""
        return self.division.owner
