"""Consultation of units on a division (征求意见, 会签), and what they answered."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from luoshi_web.audit.models import Record
from luoshi_web.delivery.models.divisions import Division
from luoshi_web.delivery.models.items import WorkItem
from luoshi_web.organisation.models import Account, Unit


class Consultation(Record):
    """A round of questions to units about a division's items."""

    KINDS = (("opinion", _("征求意见")), ("countersign", _("会签")))

    division = models.ForeignKey(Division, models.PROTECT, related_name="consultations")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(_("方式"), max_length=12, choices=KINDS, default="opinion")
    message = models.TextField(_("征求意见说明"), blank=True)
    due = models.DateField(_("反馈期限"), null=True, blank=True)
    opened_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True)
    closed_reason = models.TextField(blank=True)

    class Meta:
        verbose_name = _("征求意见")
        constraints = (models.UniqueConstraint(fields=("division", "number"), name="one_consultation"),)

    def __str__(self) -> str:
        return f"{self.division} {self.get_kind_display()} {self.number}"

    @property
    def access_unit(self) -> Unit:
        """That of the division."""
        return self.division.owner


class Inquiry(Record):
    """The question to one unit; ``key`` is its link's, which cannot be guessed."""

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="inquiries")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="inquiries", verbose_name=_("单位"))
    key = models.CharField(max_length=32, unique=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    signer = models.CharField(_("会签人"), max_length=60, blank=True)
    way = models.CharField(
        max_length=6, blank=True, choices=(("link", pgettext_lazy("answer", "链接")), ("excel", "Excel"))
    )

    class Meta:
        verbose_name = _("征求意见对象")
        constraints = (models.UniqueConstraint(fields=("consultation", "unit"), name="one_inquiry"),)

    def __str__(self) -> str:
        return f"{self.consultation} {self.unit}"

    @property
    def access_unit(self) -> Unit:
        """The unit that is asked."""
        return self.unit

    @property
    def conflict_note(self) -> str:
        """Who was faster, for the message of a conflict."""
        return _("%(who)s 已代表本单位反馈。") % {"who": self.answered_by} if self.answered_by else ""


class Answer(models.TextChoices):
    """What a unit says to a row."""

    AGREE = "agree", pgettext_lazy("answer", "同意")
    CHANGE = "change", pgettext_lazy("answer", "修改意见")
    DECLINE = "decline", pgettext_lazy("answer", "不承担")


class Handling(models.TextChoices):
    """What the drafter made of an opinion."""

    OPEN = "open", pgettext_lazy("handling", "待处理")
    ADOPTED = "adopted", pgettext_lazy("handling", "采纳")
    REJECTED = "rejected", pgettext_lazy("handling", "不采纳")


class Opinion(Record):
    """A unit's answer on a row. ``seen`` is the revision that it answered to, ``shown`` the words then."""

    inquiry = models.ForeignKey(Inquiry, models.PROTECT, related_name="opinions")
    item = models.ForeignKey(WorkItem, models.PROTECT, related_name="opinions")
    answer = models.CharField(_("反馈"), max_length=8, choices=Answer)
    text = models.TextField(_("意见"), blank=True)
    seen = models.PositiveIntegerField()
    shown = models.TextField(blank=True)
    handling = models.CharField(_("处理"), max_length=8, choices=Handling, default=Handling.OPEN)
    handling_reason = models.TextField(_("处理理由"), blank=True)
    handled_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    handled_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("反馈意见")
        constraints = (models.UniqueConstraint(fields=("inquiry", "item"), name="one_opinion"),)

    def __str__(self) -> str:
        return f"{self.get_answer_display()} {self.text[:60]}"

    @property
    def access_unit(self) -> Unit:
        """The division's."""
        return self.inquiry.consultation.division.owner

    @property
    def undone(self) -> bool:
        """Adopted, but the item still reads as it did when the unit answered."""
        return self.handling == Handling.ADOPTED and self.item.revision <= self.seen
