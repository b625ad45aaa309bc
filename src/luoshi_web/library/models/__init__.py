"""Documents, their versions and originals; what the machine read in them; jobs.

``Document`` is the work, ``Version`` one text of it, ``File`` the original bytes. What the machine finds
belongs to a version and is made anew with it; what people decide lives in the register and points here by
anchors, so that a better reader never orphans a review.
"""

from luoshi_web.library.models.documents import Audience, Document, File, Version
from luoshi_web.library.models.found import Candidate, Mention, Provision, Sentence, Term, TimeExpression
from luoshi_web.library.models.jobs import Batch, Job, JobState, Problem
from luoshi_web.library.models.lineage import Comparison, Coverage, Link, SourceShare, Unsourced

__all__ = [
    "Audience",
    "Batch",
    "Candidate",
    "Comparison",
    "Coverage",
    "Document",
    "File",
    "Job",
    "JobState",
    "Link",
    "Mention",
    "Problem",
    "Provision",
    "Sentence",
    "SourceShare",
    "Term",
    "TimeExpression",
    "Unsourced",
    "Version",
]
