"""Decisions about candidates, and the commitments that came of them."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from luoshi.track.deadlines import last_day
from luoshi_web.audit.models import Record
from luoshi_web.library.models import Document, Version
from luoshi_web.organisation.models import Account, Unit


class AnchorState(models.TextChoices):
    """Whether an anchor still stands where it was put."""

    VALID = "valid", _("有效")
    DRIFTED = "drifted", _("漂移")
    ORPHANED = "orphaned", _("失锚")


class Anchored(Record):
    """A row with a place in a text: quote and span agree exactly, in code points of ``version.text``.

    ``key`` is the candidate's of the same span, where there is one. An anchor moves to another version by
    itself only where the quote stands there word for word; anything else is proposed in ``found_…`` and
    waits for somebody to confirm it.
    """

    document = models.ForeignKey(Document, models.PROTECT, related_name="%(class)ss", verbose_name=_("文件"))
    version = models.ForeignKey(Version, models.PROTECT, related_name="%(class)ss", verbose_name=_("版本"))
    key = models.CharField(max_length=20, blank=True)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    quote = models.TextField(_("原文"))
    prefix = models.CharField(max_length=64, blank=True)
    suffix = models.CharField(max_length=64, blank=True)

    class Meta:
        abstract = True

    @property
    def access_unit(self) -> Unit:
        """That of the document."""
        return self.document.owner

    @property
    def access_audience(self) -> str:
        """That of the document."""
        return self.document.audience


class Verdict(models.TextChoices):
    """What was decided about a candidate."""

    ACCEPTED = "accepted", pgettext_lazy("verdict", "采纳")
    EDITED = "edited", _("修改后采纳")
    SPLIT = "split", _("拆分采纳")
    MERGED = "merged", _("合并采纳")
    REJECTED = "rejected", _("不予登记")
    REOPENED = "reopened", pgettext_lazy("verdict", "退回重审")


class Decision(Anchored):
    """What somebody decided about one candidate; the machine's proposal is kept in ``original``."""

    verdict = models.CharField(_("审核结果"), max_length=8, choices=Verdict)
    reason = models.TextField(_("理由"), blank=True)
    original = models.JSONField(default=dict)
    score = models.FloatField(_("齐备度"), default=0)
    by = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("审核人"))
    at = models.DateTimeField(_("审核时间"), default=timezone.now)

    class Meta:
        verbose_name = _("审核意见")
        constraints = (
            models.UniqueConstraint(
                fields=("version", "key"), condition=~models.Q(key=""), name="one_decision"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_verdict_display()} {self.quote[:60]}"

    @property
    def conflict_note(self) -> str:
        """Who was faster, for the message of a conflict."""
        return _("%(who)s 已于 %(when)s 审核：%(what)s。") % {
            "who": self.by,
            "when": timezone.localtime(self.at).strftime("%Y-%m-%d %H:%M"),
            "what": self.get_verdict_display(),
        }


class CommitmentType(models.TextChoices):
    """What kind of action it is, which says how its delivery is verified."""

    QUANTITATIVE = "quantitative", _("定量")
    QUALITATIVE = "qualitative", _("定性")
    PROJECT = "project", _("项目")
    INSTITUTIONAL = "institutional", _("制度")


class CommitmentState(models.TextChoices):
    """Whether it counts. How far its delivery is says the work item, on axes of its own."""

    CONFIRMED = "confirmed", _("已确认")
    WITHDRAWN = "withdrawn", _("已撤销")


class Commitment(Anchored):
    """A commitment that somebody confirmed (任务举措).

    ``text`` is what is to be done, as worded by the reviewer; ``quote`` stays the document's own words.
    ``deadline`` is the last day (ISO, as exact as known). ``units`` ``[{name, role, code}]`` in order, roles
    lead, responsible, support. ``origins`` are the decisions it came of: several commitments of one
    decision are a split, several decisions of one commitment a merge.
    """

    text = models.TextField(_("任务事项"))
    kind = models.CharField(max_length=8, default="action")
    type = models.CharField(_("类型"), max_length=14, choices=CommitmentType)
    criterion = models.TextField(_("完成标准"), blank=True)
    units = models.JSONField(_("单位"), default=list)
    deadline = models.CharField(_("完成时限"), max_length=10, blank=True, db_index=True)
    deadline_quote = models.CharField(_("时限原文"), max_length=200, blank=True)
    deadline_explanation = models.CharField(_("时限说明"), max_length=400, blank=True)
    ongoing = models.BooleanField(_("长期坚持"), default=False)
    targets = models.JSONField(_("指标"), default=list)
    places = models.JSONField(_("地点"), default=list)
    strength = models.PositiveSmallIntegerField(_("力度"), default=3)
    domain = models.CharField(_("领域"), max_length=40, blank=True, db_index=True)
    chapter = models.CharField(_("章节"), max_length=400, blank=True)
    place_label = models.CharField(_("条款"), max_length=200, blank=True)
    score = models.FloatField(_("齐备度"), default=0)
    state = models.CharField(
        _("状态"), max_length=10, choices=CommitmentState, default=CommitmentState.CONFIRMED, db_index=True
    )
    confirmed_by = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("确认人"))
    confirmed_at = models.DateTimeField(_("确认时间"), default=timezone.now)
    changed_by = models.ForeignKey(
        Account, models.PROTECT, null=True, related_name="+", verbose_name=_("修改人")
    )
    origins: Any = models.ManyToManyField(Decision, related_name="commitments")

    anchor_state = models.CharField(
        _("出处状态"), max_length=8, choices=AnchorState, default=AnchorState.VALID, db_index=True
    )
    checked_version = models.ForeignKey(
        Version, models.PROTECT, related_name="+", verbose_name=_("已核对到的版本")
    )
    found_start = models.PositiveIntegerField(null=True)
    found_end = models.PositiveIntegerField(null=True)
    found_quote = models.TextField(_("新文"), blank=True)
    found_score = models.FloatField(null=True)

    class Meta:
        verbose_name = _("任务举措")
        indexes = (
            models.Index(fields=("document", "start"), name="commitment_place"),
            models.Index(fields=("state", "anchor_state"), name="commitment_state"),
            # pages and counts of the ledger at 100,000 rows read these alone (register.ledger, .facets)
            models.Index(fields=("state", "document", "start"), name="ledger_by_place"),
            models.Index(fields=("state", "deadline", "document"), name="ledger_by_deadline"),
            models.Index(fields=("state", "-strength", "id", "document"), name="ledger_by_strength"),
            models.Index(fields=("state", "-confirmed_at", "-id", "document"), name="ledger_by_time"),
            models.Index(
                fields=(
                    "state",
                    "document",
                    "anchor_state",
                    "type",
                    "domain",
                    "deadline",
                    "ongoing",
                    "chapter",
                ),
                name="ledger_facets",
            ),
        )

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def overdue(self) -> bool:
        """Whether its last day is past; a month or a year ends with its last day."""
        last = last_day(self.deadline)
        return last is not None and last < timezone.localdate()

    @property
    def conflict_note(self) -> str:
        """Who was faster, for the message of a conflict."""
        return _("%(who)s 已于 %(when)s 修改。") % {
            "who": self.changed_by or self.confirmed_by,
            "when": timezone.localtime(self.changed_at).strftime("%Y-%m-%d %H:%M"),
        }


class Tag(models.Model):
    """A unit or a place that a commitment names, or its relation to upper documents (``link``: verbatim,
    adapted, specified), for facets; written anew with the commitment and after a comparison."""

    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="tags")
    kind = models.CharField(max_length=5)
    role = models.CharField(max_length=12, blank=True)
    value = models.CharField(max_length=200)

    class Meta:
        indexes = (
            models.Index(fields=("kind", "value", "commitment"), name="tag_value"),
            models.Index(fields=("kind", "commitment", "value"), name="tag_of"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"
