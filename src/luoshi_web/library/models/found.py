"""What the machine found in a version: outline, sentences, candidates, mentions, times, terms.

``key`` is the row's id in ``luoshi``'s records (a hash of its content: the same in every run). Spans are code
points of ``Version.text``.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from luoshi_web.library.models.documents import Version
from luoshi_web.organisation.models import Unit


class Span(models.Model):
    """A place in a version's text."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="%(class)ss")
    key = models.CharField(max_length=20)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()

    class Meta:
        abstract = True

    @property
    def access_unit(self) -> Unit:
        """That of the document."""
        return self.version.document.owner


class Provision(Span):
    """A node of the outline; its span holds its children."""

    parent = models.ForeignKey("self", models.CASCADE, null=True, related_name="children")
    depth = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12)
    label = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=300, blank=True)
    eid = models.CharField(max_length=120, blank=True)
    speaker = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name = _("条款")
        indexes = (models.Index(fields=("version", "start"), name="provision_place"),)

    def __str__(self) -> str:
        return f"{self.label} {self.title}".strip()


class Sentence(Span):
    """A sentence; headings are sentences too."""

    provision = models.ForeignKey(Provision, models.CASCADE, null=True, related_name="sentences")
    kind = models.CharField(max_length=12)

    class Meta:
        verbose_name = _("句")
        indexes = (models.Index(fields=("version", "start"), name="sentence_place"),)
        constraints = (models.UniqueConstraint(fields=("version", "key"), name="one_sentence"),)

    def __str__(self) -> str:
        return self.key


class TimeExpression(Span):
    """A time expression, resolved. Days are ISO dates as exact as known."""

    kind = models.CharField(max_length=12)
    quote = models.CharField(max_length=200)
    since = models.CharField(max_length=10, blank=True)
    until = models.CharField(max_length=10, blank=True)
    anchor = models.CharField(max_length=200, blank=True)
    explanation = models.CharField(max_length=400, blank=True)

    def __str__(self) -> str:
        return self.quote


class Candidate(Span):
    """A commitment as the machine proposes it; it becomes one only when somebody confirms it (register).

    ``units`` ``[{name, role, code}]``, ``targets`` ``[{quote, indicator, comparison, value, unit}]``,
    ``places`` ``[{quote, code}]``, ``boxes`` ``[[page, x0, y0, x1, y1]]``.
    """

    sentence = models.ForeignKey(Sentence, models.CASCADE, null=True, related_name="candidates")
    provision = models.ForeignKey(Provision, models.CASCADE, null=True, related_name="candidates")
    type = models.CharField(max_length=8)
    quote = models.TextField()
    prefix = models.CharField(max_length=64, blank=True)
    suffix = models.CharField(max_length=64, blank=True)
    verb = models.CharField(max_length=60, blank=True)
    object = models.TextField(blank=True)
    modifiers = models.JSONField(default=list)
    actor = models.CharField(max_length=200, blank=True)
    units = models.JSONField(default=list)
    deadline = models.ForeignKey(TimeExpression, models.SET_NULL, null=True, related_name="+")
    ongoing = models.BooleanField(default=False)
    targets = models.JSONField(default=list)
    places = models.JSONField(default=list)
    strength = models.PositiveSmallIntegerField(default=3)
    domain = models.CharField(max_length=40, blank=True)
    boxes = models.JSONField(null=True)

    class Meta:
        verbose_name = _("待确认举措")
        indexes = (models.Index(fields=("version", "start"), name="candidate_place"),)
        constraints = (models.UniqueConstraint(fields=("version", "key"), name="one_candidate"),)

    def __str__(self) -> str:
        return self.quote[:80]

    @property
    def page(self) -> int | None:
        """The page of the original that it begins on."""
        return int(self.boxes[0][0]) if self.boxes else None


class Mention(Span):
    """A named thing in the text."""

    type = models.CharField(max_length=10, db_index=True)
    quote = models.CharField(max_length=300)
    canonical = models.CharField(max_length=300, db_index=True)
    code = models.CharField(max_length=12, blank=True)

    def __str__(self) -> str:
        return self.canonical


class Term(Span):
    """A numeral abbreviation or slogan in one sense, at its definition (else its first use)."""

    term = models.CharField(max_length=100, db_index=True)
    sense = models.CharField(max_length=600, blank=True)
    quote = models.TextField()
    count = models.PositiveIntegerField(null=True)
    members = models.JSONField(default=list)
    uses = models.JSONField(default=list)

    def __str__(self) -> str:
        return self.term
