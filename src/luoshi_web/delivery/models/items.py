"""Work items (工作任务): what is tracked, of which commitments it was made, and who answers for it."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from luoshi_web.audit.models import Record
from luoshi_web.delivery.models.divisions import Division
from luoshi_web.library.models.documents import Audience
from luoshi_web.organisation.models import Account, Person, Unit
from luoshi_web.register.models import Commitment


class Lifecycle(models.TextChoices):
    """The first of the five axes; states after 已立项 (交办, 签收, 办理 …) come with tracking."""

    DRAFT = "draft", pgettext_lazy("item", "草稿")
    PROPOSED = "proposed", _("待立项审核")
    ESTABLISHED = "established", _("已立项")
    CANCELLED = "cancelled", pgettext_lazy("item", "已撤销")


class Origin(models.TextChoices):
    """What an item goes back to."""

    DOCUMENT = "document", pgettext_lazy("origin", "文件")
    INSTRUCTION = "instruction", _("领导批示")
    MEETING = "meeting", _("会议议定")
    PROPOSAL = "proposal", _("建议提案")
    LEDGER = "ledger", _("导入台账")


class WorkItem(Record):
    """What a unit is to do: wording, acceptance criterion, deadline or 长期坚持 with a review date.

    ``code`` is its number for life: printed in Excel, it finds the row again. ``deadline`` is the last day
    (ISO, as exact as known). An item of a division is edited only while the division is being drafted.
    """

    code = models.CharField(_("编号"), max_length=20, unique=True)
    owner = models.ForeignKey(Unit, models.PROTECT, related_name="work_items", verbose_name=_("所属单位"))
    audience = models.CharField(max_length=8, choices=Audience, default=Audience.OWN)
    division = models.ForeignKey(
        Division, models.PROTECT, null=True, related_name="items", verbose_name=_("分工方案")
    )
    position = models.PositiveIntegerField(_("次序"), default=0)
    chapter = models.CharField(_("章节"), max_length=400, blank=True, db_index=True)
    text = models.TextField(_("任务事项"))
    criterion = models.TextField(_("完成标准"), blank=True)
    leader = models.CharField(_("牵头领导"), max_length=120, blank=True)
    leader_person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    deadline = models.CharField(_("完成时限"), max_length=10, blank=True, db_index=True)
    deadline_note = models.CharField(_("时限说明"), max_length=400, blank=True)
    ongoing = models.BooleanField(_("长期坚持"), default=False)
    milestone = models.CharField(_("年度节点"), max_length=200, blank=True)
    review_on = models.DateField(_("复核日期"), null=True, blank=True)
    domain = models.CharField(_("领域"), max_length=40, blank=True, db_index=True)
    origin = models.CharField(
        _("来源"), max_length=12, choices=Origin, default=Origin.DOCUMENT, db_index=True
    )
    origin_title = models.CharField(_("来源名称"), max_length=300, blank=True)
    origin_number = models.CharField(_("来源编号"), max_length=100, blank=True)
    origin_date = models.DateField(_("来源日期"), null=True, blank=True)
    origin_quote = models.TextField(_("来源原文"), blank=True)
    state = models.CharField(
        _("状态"), max_length=12, choices=Lifecycle, default=Lifecycle.DRAFT, db_index=True
    )
    established_in = models.PositiveSmallIntegerField(default=0)
    made_by = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("立项人"))
    changed_by = models.ForeignKey(
        Account, models.PROTECT, null=True, related_name="+", verbose_name=_("修改人")
    )

    class Meta:
        verbose_name = _("工作任务")
        indexes = (
            models.Index(fields=("division", "position"), name="item_position"),
            models.Index(fields=("owner", "state"), name="item_state"),
        )

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def access_unit(self) -> Unit:
        """The unit that permissions are asked for."""
        return self.owner

    @property
    def access_audience(self) -> str:
        """Who else may see it."""
        return self.audience

    @property
    def editable(self) -> bool:
        """Whether it may be changed now: not while others look at it, not once it was issued."""
        if self.state == Lifecycle.CANCELLED:
            return False
        return self.division.open if self.division else self.state == Lifecycle.DRAFT

    @property
    def conflict_note(self) -> str:
        """Who was faster, for the message of a conflict."""
        return _("%(who)s 已于 %(when)s 修改。") % {
            "who": self.changed_by or self.made_by,
            "when": timezone.localtime(self.changed_at).strftime("%Y-%m-%d %H:%M"),
        }


class Source(models.Model):
    """A work item was made of this commitment; the commitment keeps its words and its place in the text."""

    item = models.ForeignKey(WorkItem, models.CASCADE, related_name="sources")
    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="work")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("item", "commitment"), name="one_source"),)
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return f"{self.item_id} {self.commitment_id}"


class Part(models.TextChoices):
    """The part that a unit has in an item."""

    LEAD = "lead", _("牵头单位")
    RESPONSIBLE = "responsible", _("责任单位")
    SUPPORT = "support", _("配合单位")


class Basis(models.TextChoices):
    """Where an assignment comes from."""

    TYPED = "typed", _("拟稿人填写")
    TEXT = "text", _("原文写明")
    NOTE = "note", _("全文说明")
    REGISTER = "register", _("审核时填写")
    DUTIES = "duties", _("三定职责")
    EARLIER = "earlier", _("以往分工")
    LEDGER = "ledger", _("台账导入")


class Assignment(models.Model):
    """A unit's part in an item (责任分工); ``name`` as written, ``unit`` where it is one that we know.

    ``basis`` and ``evidence`` say where it was proposed from; taking it was somebody's decision.
    """

    item = models.ForeignKey(WorkItem, models.CASCADE, related_name="assignments")
    part = models.CharField(max_length=12, choices=Part)
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(_("单位"), max_length=200, db_index=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="assignments")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    basis = models.CharField(max_length=10, choices=Basis, default=Basis.TYPED)
    evidence = models.CharField(max_length=600, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("item", "part", "name"), name="one_assignment"),)
        ordering = ("part", "position", "pk")

    def __str__(self) -> str:
        return self.name


class ItemTag(models.Model):
    """A document, a place or a relation to the text above, for facets; written anew with the item."""

    item = models.ForeignKey(WorkItem, models.CASCADE, related_name="tags")
    kind = models.CharField(max_length=8)
    value = models.CharField(max_length=200)

    class Meta:
        indexes = (models.Index(fields=("kind", "value", "item"), name="item_tag_value"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"
