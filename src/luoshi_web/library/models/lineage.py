"""What a lower version carries on of an upper one, as the machine proposes it; judged in the register."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from luoshi_web.library.models.documents import Version
from luoshi_web.library.models.found import Candidate, Sentence
from luoshi_web.organisation.models import Unit


class Comparison(models.Model):
    """A pair of versions that was compared (or is to be); one row per pair."""

    upper = models.ForeignKey(Version, models.CASCADE, related_name="compared_below")
    lower = models.ForeignKey(Version, models.CASCADE, related_name="compared_above")
    program = models.CharField(max_length=40, blank=True)
    links_count = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("upper", "lower"), name="one_comparison"),)

    def __str__(self) -> str:
        return f"{self.upper} → {self.lower}"

    @property
    def access_unit(self) -> Unit:
        """That of the lower document: whoever answers for it judges."""
        return self.lower.document.owner


class Link(models.Model):
    """A lower sentence carries on an upper sentence; field meanings: docs/reference/records.md."""

    comparison = models.ForeignKey(Comparison, models.CASCADE, related_name="links")
    key = models.CharField(max_length=20)
    upper_sentence = models.ForeignKey(Sentence, models.CASCADE, null=True, related_name="links_below")
    lower_sentence = models.ForeignKey(Sentence, models.CASCADE, null=True, related_name="links_above")
    upper_start = models.PositiveIntegerField()
    upper_end = models.PositiveIntegerField()
    lower_start = models.PositiveIntegerField()
    lower_end = models.PositiveIntegerField()
    relation = models.CharField(_("关系"), max_length=10)
    score = models.FloatField()
    rank = models.PositiveSmallIntegerField(default=1)
    edits = models.JSONField(default=list)
    change = models.CharField(max_length=14, blank=True)
    stock = models.FloatField(default=0)
    direction = models.CharField(max_length=8, default="unknown")
    direction_basis = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("comparison", "key"), name="one_link"),)
        indexes = (models.Index(fields=("comparison",), condition=~models.Q(change=""), name="link_differs"),)

    def __str__(self) -> str:
        return self.key


class Coverage(models.Model):
    """A requirement of the upper version against the lower one."""

    comparison = models.ForeignKey(Comparison, models.CASCADE, related_name="coverage")
    key = models.CharField(max_length=20)
    sentence = models.ForeignKey(Sentence, models.CASCADE, null=True, related_name="+")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    quote = models.TextField()
    status = models.CharField(max_length=8, db_index=True)
    by = models.JSONField(default=list)
    lost = models.JSONField(default=list)
    near = models.JSONField(default=list)
    provisional = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.key} {self.status}"


class Unsourced(models.Model):
    """A lower commitment that no upper version explains.

    ``judged``: the machine found a source, and somebody rejected it; written anew by the register.
    """

    version = models.ForeignKey(Version, models.CASCADE, related_name="unsourced")
    key = models.CharField(max_length=20)
    candidate = models.ForeignKey(Candidate, models.CASCADE, null=True, related_name="+")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    nearest = models.JSONField(null=True)
    judged = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.key


class SourceShare(models.Model):
    """How much of the lower version's wording the upper one explains, in characters."""

    comparison = models.OneToOneField(Comparison, models.CASCADE, related_name="share")
    characters = models.PositiveIntegerField()
    unique_characters = models.PositiveIntegerField()
    share = models.FloatField()

    def __str__(self) -> str:
        return f"{self.share:.2f}"
