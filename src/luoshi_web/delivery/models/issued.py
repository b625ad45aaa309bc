"""The rows of a division as they are in force, kept while a new round rewords them."""

from __future__ import annotations

from django.db import models

from luoshi_web.delivery.models.divisions import Edition
from luoshi_web.delivery.models.items import Assignment, Part, WorkItem
from luoshi_web.organisation.models import Person, Unit


class IssuedRow(models.Model):
    """A work item as it stood when its division was last issued: what readers see until it is issued again.

    Columns bear the names of the item's own, so that a filter on one is a filter on the other; written with
    the issue, never changed after it. ``sources`` are the numbers of the commitments it was made of.
    """

    item = models.OneToOneField(WorkItem, models.CASCADE, related_name="issued")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="standing")
    position = models.PositiveIntegerField(default=0)
    chapter = models.CharField(max_length=400, blank=True)
    text = models.TextField()
    criterion = models.TextField(blank=True)
    leader = models.CharField(max_length=120, blank=True)
    leader_person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    deadline = models.CharField(max_length=10, blank=True)
    deadline_note = models.CharField(max_length=400, blank=True)
    ongoing = models.BooleanField(default=False)
    milestone = models.CharField(max_length=200, blank=True)
    review_on = models.DateField(null=True, blank=True)
    domain = models.CharField(max_length=40, blank=True)
    sources = models.JSONField(default=list)

    COPIED = (
        "position", "chapter", "text", "criterion", "leader", "leader_person_id", "deadline", "deadline_note",
        "ongoing", "milestone", "review_on", "domain",
    )  # fmt: skip

    def __str__(self) -> str:
        return self.text[:80]


class IssuedPart(models.Model):
    """A unit's part in a row as issued; see :class:`Assignment`."""

    row = models.ForeignKey(IssuedRow, models.CASCADE, related_name="parts")
    part = models.CharField(max_length=12, choices=Part)
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(max_length=200, db_index=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    basis = models.CharField(max_length=10)
    evidence = models.CharField(max_length=600, blank=True)

    COPIED = ("part", "position", "name", "unit_id", "basis", "evidence")

    class Meta:
        ordering = ("part", "position", "pk")

    def __str__(self) -> str:
        return self.name

    def assignment(self, item: WorkItem) -> Assignment:
        """The same as an item's own, not saved."""
        made = Assignment(item=item, **{n: getattr(self, n) for n in self.COPIED})
        if self.unit is not None:
            made.unit = self.unit
        return made
