"""Coverage: what a lower document answers of an upper one's requirements, and what nobody asked for."""

from luoshi.cover.core import cover, expected
from luoshi.cover.requirements import Requirement, requirements
from luoshi.cover.summary import Summary, summary
from luoshi.cover.unsourced import unsourced

__all__ = ["Requirement", "Summary", "cover", "expected", "requirements", "summary", "unsourced"]
