"""What people decided about links between two documents, and about requirements without an answer.

The machine's ``Link`` and ``Coverage`` are made anew at every comparison; these rows hold their own words and
places, and go along to a new version only where the words stand there as before.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from luoshi.model import row_id
from luoshi_web.audit.models import Record
from luoshi_web.library.models import Document, Version
from luoshi_web.organisation.models import Account, Unit
from luoshi_web.register.models.commitments import AnchorState

SIDES = ("upper", "lower")


class LinkVerdict(models.TextChoices):
    """What was decided about a link."""

    OPEN = "open", pgettext_lazy("link", "待确认")
    CONFIRMED = "confirmed", pgettext_lazy("link", "已确认")
    REJECTED = "rejected", pgettext_lazy("link", "已否定")


class Relation(models.TextChoices):
    """How the lower words carry on the upper ones; the machine's own names."""

    VERBATIM = "verbatim", _("照录")
    ADAPTED = "adapted", _("改写")
    SPECIFIED = "specified", _("细化")


class DifferenceVerdict(models.TextChoices):
    """What was decided about a difference of wording or target."""

    REASONABLE = "reasonable", _("属合理细化")
    CORRECT = "correct", _("需更正")
    IGNORED = "ignored", _("不予处理")


class JudgedLink(Record):
    """A link that somebody confirmed, rejected, drew by hand, or whose difference of wording he judged.

    Both ends hold version, place and words. ``key`` is the machine's name of the same link between these
    versions (a hash of documents, places and words), also for a link drawn by hand, so that a machine that
    finds it later finds it judged. ``upper_state`` and ``lower_state`` say how each end fared in the newest
    version (``…_checked``); unless both are valid the link is ``suspect`` and waits, its old words untouched,
    with the new place in ``…_found_start`` and ``…_found_end``.
    """

    upper_document = models.ForeignKey(Document, models.PROTECT, related_name="judged_below")
    lower_document = models.ForeignKey(Document, models.PROTECT, related_name="judged_above")
    upper_version = models.ForeignKey(Version, models.PROTECT, related_name="+")
    lower_version = models.ForeignKey(Version, models.PROTECT, related_name="+")
    key = models.CharField(max_length=20)
    upper_start = models.PositiveIntegerField()
    upper_end = models.PositiveIntegerField()
    upper_quote = models.TextField(_("上位文字"))
    upper_prefix = models.CharField(max_length=64, blank=True)
    upper_suffix = models.CharField(max_length=64, blank=True)
    lower_start = models.PositiveIntegerField()
    lower_end = models.PositiveIntegerField()
    lower_quote = models.TextField(_("下位文字"))
    lower_prefix = models.CharField(max_length=64, blank=True)
    lower_suffix = models.CharField(max_length=64, blank=True)
    relation = models.CharField(_("关系"), max_length=10, choices=Relation)
    change = models.CharField(_("表述差异"), max_length=14, blank=True)
    score = models.FloatField(_("相似度"), null=True)
    by_hand = models.BooleanField(_("人工添加"), default=False)

    verdict = models.CharField(_("结论"), max_length=9, choices=LinkVerdict, default=LinkVerdict.OPEN)
    why = models.TextField(_("理由"), blank=True)
    by = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("研判人"))
    at = models.DateTimeField(_("研判时间"), default=timezone.now)
    difference = models.CharField(_("差异研判"), max_length=10, choices=DifferenceVerdict, blank=True)
    difference_why = models.TextField(_("差异研判理由"), blank=True)
    difference_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    difference_at = models.DateTimeField(null=True)

    suspect = models.BooleanField(_("存疑"), default=False, db_index=True)
    upper_state = models.CharField(max_length=8, choices=AnchorState, default=AnchorState.VALID)
    lower_state = models.CharField(max_length=8, choices=AnchorState, default=AnchorState.VALID)
    upper_checked = models.ForeignKey(Version, models.PROTECT, related_name="+")
    lower_checked = models.ForeignKey(Version, models.PROTECT, related_name="+")
    upper_found_start = models.PositiveIntegerField(null=True)
    upper_found_end = models.PositiveIntegerField(null=True)
    lower_found_start = models.PositiveIntegerField(null=True)
    lower_found_end = models.PositiveIntegerField(null=True)

    class Meta:
        verbose_name = _("文本对应")
        constraints = (
            models.UniqueConstraint(fields=("upper_version", "lower_version", "key"), name="one_judged_link"),
        )

    def __str__(self) -> str:
        return f"{self.get_verdict_display()} {self.upper_quote[:40]} → {self.lower_quote[:40]}"

    @property
    def access_unit(self) -> Unit:
        """That of the lower document: whoever answers for it."""
        return self.lower_document.owner

    @property
    def access_audience(self) -> str:
        """That of the lower document."""
        return self.lower_document.audience

    @property
    def conflict_note(self) -> str:
        """Who was faster, for the message of a conflict."""
        return _("%(who)s 已于 %(when)s 研判：%(what)s。") % {
            "who": self.difference_by or self.by,
            "when": timezone.localtime(self.changed_at).strftime("%Y-%m-%d %H:%M"),
            "what": self.get_difference_display() or self.get_verdict_display(),
        }

    def side(self, name: str) -> dict[str, Any]:
        """One end: document, version, start, end, quote, state, checked, found_start, found_end …"""
        names = ("document", "version", "start", "end", "quote", "prefix", "suffix", "state", "checked",
                 "found_start", "found_end")  # fmt: skip
        return {n: getattr(self, f"{name}_{n}") for n in names}


def link_key(upper: Version, lower: Version, ups: tuple[int, int], lows: tuple[int, int]) -> str:
    """The name that ``luoshi`` gives to a link between two places, whoever draws it."""
    above, below = upper.text[slice(*ups)], lower.text[slice(*lows)]
    return row_id(f"{lower.key}\t{upper.key}", "link", f"{lows[0]}:{below}\t{ups[0]}:{above}")


class Disposition(models.TextChoices):
    """What is said about a requirement that a document does not answer (研判意见)."""

    ARRANGED = "arranged", _("另有部署")
    INAPPLICABLE = "inapplicable", _("不适用")
    ELSEWHERE = "elsewhere", _("他文已含")
    TO_ADD = "to-add", _("确需补充")


class GapDisposition(Record):
    """What somebody said about a requirement that the lower document does not answer, or not in full.

    Anchored in the upper document; ``lower_version`` is the text that was looked at. In a new version of the
    upper document it goes along where the words stand as before; else ``state`` says so, and the requirement
    waits to be disposed of again, this one beside it.
    """

    upper_document = models.ForeignKey(Document, models.PROTECT, related_name="gaps_below")
    upper_version = models.ForeignKey(Version, models.PROTECT, related_name="+")
    lower_document = models.ForeignKey(Document, models.PROTECT, related_name="gaps_above")
    lower_version = models.ForeignKey(Version, models.PROTECT, related_name="+")
    key = models.CharField(max_length=20, blank=True)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    quote = models.TextField(_("要求"))
    prefix = models.CharField(max_length=64, blank=True)
    suffix = models.CharField(max_length=64, blank=True)
    disposition = models.CharField(_("研判意见"), max_length=12, choices=Disposition)
    why = models.TextField(_("理由"))
    by = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("研判人"))
    at = models.DateTimeField(_("研判时间"), default=timezone.now)
    withdrawn = models.BooleanField(_("已撤回"), default=False)
    state = models.CharField(max_length=8, choices=AnchorState, default=AnchorState.VALID)
    checked = models.ForeignKey(Version, models.PROTECT, related_name="+")
    found_start = models.PositiveIntegerField(null=True)
    found_end = models.PositiveIntegerField(null=True)

    class Meta:
        verbose_name = _("缺口研判")
        constraints = (
            models.UniqueConstraint(
                fields=("upper_version", "lower_document", "start", "end"), name="one_disposition"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_disposition_display()} {self.quote[:60]}"

    @property
    def access_unit(self) -> Unit:
        """That of the lower document."""
        return self.lower_document.owner

    @property
    def access_audience(self) -> str:
        """That of the lower document."""
        return self.lower_document.audience

    @property
    def conflict_note(self) -> str:
        """Who was faster, for the message of a conflict."""
        return _("%(who)s 已于 %(when)s 研判：%(what)s。") % {
            "who": self.by,
            "when": timezone.localtime(self.at).strftime("%Y-%m-%d %H:%M"),
            "what": self.get_disposition_display(),
        }
