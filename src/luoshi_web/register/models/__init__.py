"""What people decided about what the machine found: confirmed commitments, decisions, saved views.

Every row holds its own anchor into the text, so that a new reading never takes a decision away.
"""

from luoshi_web.register.models.commitments import (
    Anchored,
    AnchorState,
    Commitment,
    CommitmentState,
    CommitmentType,
    Decision,
    Tag,
    Verdict,
)
from luoshi_web.register.models.judgements import (
    DifferenceVerdict,
    Disposition,
    GapDisposition,
    JudgedLink,
    LinkVerdict,
    Relation,
)
from luoshi_web.register.models.views import SavedView

__all__ = [
    "AnchorState",
    "Anchored",
    "Commitment",
    "CommitmentState",
    "CommitmentType",
    "Decision",
    "DifferenceVerdict",
    "Disposition",
    "GapDisposition",
    "JudgedLink",
    "LinkVerdict",
    "Relation",
    "SavedView",
    "Tag",
    "Verdict",
]
