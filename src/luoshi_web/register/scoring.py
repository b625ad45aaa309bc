"""How sure the machine may be of a candidate, and what type it proposes; from what extraction knows.

The score says how complete a candidate is as something that a unit can answer for and that can be
verified; it orders a reviewer's work and bounds bulk acceptance, and is no probability. It begins at
:data:`BASE` and adds the weights of :data:`SIGNALS` that hold, cut to 0…1. Each signal has a name that the
page shows, so that a reviewer sees why. See docs/reference/web.md, "Score of a candidate".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from luoshi_web.library.models import Candidate
from luoshi_web.register.models import CommitmentType

BASE = 0.3
LONG, SHORT = 120, 6
"""Characters beyond which a candidate holds several things, below which it holds hardly one."""


def _in_action_sentence(c: Candidate) -> bool:
    return c.sentence is not None and c.sentence.kind == ("goal" if c.type == "goal" else "action")


def _in(*kinds: str) -> Callable[[Candidate], bool]:
    return lambda c: c.sentence is not None and c.sentence.kind in kinds


SIGNALS: tuple[tuple[str, Promise, float, Callable[[Candidate], bool]], ...] = (
    ("units", _("写明单位"), 0.2, lambda c: bool(c.units)),
    ("deadline", _("有时限"), 0.1, lambda c: c.deadline_id is not None),
    ("targets", _("有指标"), 0.15, lambda c: bool(c.targets)),
    ("sentence", _("句子是举措或目标"), 0.15, _in_action_sentence),
    ("object", _("有动词和宾语"), 0.1, lambda c: bool(c.verb and c.object)),
    ("strong", _("措辞坚决"), 0.05, lambda c: c.strength >= 4),
    ("weak", _("措辞探索、鼓励"), -0.1, lambda c: c.strength <= 1),
    ("no-verb", _("没有动词"), -0.2, lambda c: c.type == "action" and not c.verb),
    ("elsewhere", _("在陈述句、背景句中"), -0.25, _in("context", "heading")),
    ("principle", _("在原则句中"), -0.15, _in("principle")),
    ("short", _("过短"), -0.2, lambda c: len(c.quote) < SHORT),
    ("long", _("过长，可能含多件事"), -0.15, lambda c: len(c.quote) > LONG),
)  # fmt: skip


def signals(candidate: Candidate) -> list[tuple[str, Promise, float]]:
    """The signals that hold: name, words, weight."""
    return [(name, words, weight) for name, words, weight, holds in SIGNALS if holds(candidate)]


def score(candidate: Candidate) -> float:
    """The score, 0…1, in hundredths."""
    return round(min(1.0, max(0.0, BASE + sum(w for _n, _t, w in signals(candidate)))), 2)


@cache
def _types() -> tuple[tuple[str, re.Pattern[str]], ...]:
    text = files("luoshi_web.register").joinpath("data/types.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")][1:]
    return tuple((name, re.compile(pattern)) for name, pattern in rows)


def type_of(candidate: Candidate) -> str:
    """The proposed type: quantitative with a target, else by the object's words, else qualitative."""
    if candidate.targets or candidate.type == "goal":
        return CommitmentType.QUANTITATIVE
    about = candidate.object or candidate.quote
    for name, pattern in _types():
        if pattern.search(about) or pattern.match(candidate.verb):
            return CommitmentType(name)
    return CommitmentType.QUALITATIVE
