"""Who does what until when: work items made of commitments, their division, consultation, approval.

Progress, lights, judgements and verdicts stand on axes of their own (see the design) and are no fields here.
"""

from luoshi_web.delivery.models.consultation import Answer, Consultation, Handling, Inquiry, Opinion
from luoshi_web.delivery.models.divisions import Division, DivisionState, Edition
from luoshi_web.delivery.models.imports import LedgerImport
from luoshi_web.delivery.models.issued import IssuedPart, IssuedRow
from luoshi_web.delivery.models.items import (
    Assignment,
    Basis,
    ItemTag,
    Lifecycle,
    Origin,
    Part,
    Source,
    WorkItem,
)

__all__ = [
    "Answer",
    "Assignment",
    "Basis",
    "Consultation",
    "Division",
    "DivisionState",
    "Edition",
    "Handling",
    "Inquiry",
    "IssuedPart",
    "IssuedRow",
    "ItemTag",
    "LedgerImport",
    "Lifecycle",
    "Opinion",
    "Origin",
    "Part",
    "Source",
    "WorkItem",
]
