"""The index: what may be found, and where it stands. Made from the other rooms' rows; can be made anew."""

from __future__ import annotations

from django.db import models

from luoshi_web.library.models import Document, Version


class Kind(models.IntegerChoices):
    """What an entry is."""

    DOCUMENT = 0
    PROVISION = 1
    COMMITMENT = 2


DOCUMENT_SHIFT, KIND_SHIFT = 32, 30


def number(document: int, kind: int, ordinal: int) -> int:
    """An entry's number: document, kind and place in one, so that the engine alone can group by them."""
    return (document << DOCUMENT_SHIFT) | (kind << KIND_SHIFT) | ordinal


class Entry(models.Model):
    """Something that a search finds: a document's head, a stretch of its current text, a commitment.

    ``text`` is empty for a stretch, whose words stand in ``version.text[start:end]``. Commitments have their
    own number as ordinal.
    """

    id = models.BigIntegerField(primary_key=True)
    document = models.ForeignKey(Document, models.CASCADE, related_name="+", db_constraint=False)
    kind = models.PositiveSmallIntegerField(choices=Kind)
    version = models.ForeignKey(Version, models.CASCADE, null=True, related_name="+", db_constraint=False)
    start = models.PositiveIntegerField(default=0)
    end = models.PositiveIntegerField(default=0)
    label = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def ordinal(self) -> int:
        """Its place among those of its kind in the document; a commitment's own number."""
        return int(self.pk) & ((1 << KIND_SHIFT) - 1)


class State(models.Model):
    """By which rules the index was made (one row)."""

    program = models.PositiveIntegerField()
    made_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return str(self.program)
