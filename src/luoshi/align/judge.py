"""From signals to probabilities: which sentences share wording, and which upper sentence a lower one serves.

Four small logistic models, trained by ``scripts/train_links.py``, kept as plain numbers in
``weights/links.json``:

- *wording*: does a clause of the lower sentence carry on a clause of the upper one, word for word or adapted?
- *settled*: the same once the neighbourhood is known: wording shared in passing counts less where the
  sentences around say nothing of the kind, and more where they are linked to the same upper sentence.
- *theme*: among the upper sentences, which does a lower sentence without such a link most likely serve? Own
  words count, and the heading of its article, and what the sentences around it are linked to.
- *serves*: is the best of them a link at all?
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from luoshi.align.features import Features, Vectors
from luoshi.align.signals import Signals

WORDING = (
    "close", "shared", "of_lower", "of_upper", "rival", "lower_in", "upper_in", "run", "run_weight",
    "points", "cos", "head_sentence", "block_block",
)  # fmt: skip
SETTLED = ("alone", "near", "own")
THEME = (
    "head_sentence", "block_block", "near", "upper_in", "close", "points", "themed", "asks", "article",
    "chapter", "chapter_share",
)  # fmt: skip
SERVES = (
    "score", "log_share", "place", "own", "cos", "head_sentence", "block_block", "near", "article", "chapter",
    "chapter_share", "heading",
)  # fmt: skip
Mask = NDArray[np.bool_]

PLACES = 3
"""So many of the likeliest upper sentences of a lower one are judged."""
RIVALS = 16
"""So many of them share the likelihood."""


@dataclass(frozen=True, slots=True, eq=False)
class Logistic:
    """``1 / (1 + exp(-(x · weights + bias)))``."""

    weights: NDArray[np.float64]
    bias: float

    @classmethod
    def of(cls, row: dict[str, Any], names: tuple[str, ...]) -> Logistic:
        """From ``{"weights": {name: number}, "bias": number}``."""
        return cls(np.array([row["weights"][n] for n in names], dtype=np.float64), float(row["bias"]))

    def margin(self, named: dict[str, Vectors], names: tuple[str, ...]) -> Vectors:
        """The weighted sum for each cell."""
        out = np.full(named[names[0]].shape, self.bias, dtype=np.float64)
        for name, weight in zip(names, self.weights, strict=True):
            out += weight * named[name]
        return out.astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Models:
    """The models and the probabilities from which on something is a link or a candidate.

    ``wording_sure``: from here on shared wording is adapted whatever it looks like.
    """

    wording: Logistic
    settled: Logistic
    theme: Logistic
    serves: Logistic
    wording_sure: float
    wording_link: float
    wording_candidate: float
    serves_link: float
    serves_candidate: float


@cache
def load_models() -> Models:
    """The models that come with the package."""
    row = json.loads(files("luoshi.align").joinpath("weights", "links.json").read_text(encoding="utf-8"))
    return Models(
        Logistic.of(row["wording"], WORDING),
        Logistic.of(row["settled"], SETTLED),
        Logistic.of(row["theme"], THEME),
        Logistic.of(row["serves"], SERVES),
        **row["thresholds"],
    )


def sigmoid(x: Vectors) -> Vectors:
    """The logistic function."""
    return (1 / (1 + np.exp(-np.clip(x, -30, 30)))).astype(np.float32)


def shared_wording(models: Models, lower: Features, found: Signals) -> Vectors:
    """Probability that the sentences of each pair share wording.

    Adds the signals of :func:`surroundings` to ``found``.
    """
    found.named["alone"] = models.wording.margin(found.named, WORDING)
    surroundings(lower, sigmoid(found.named["alone"]), found)
    words = sigmoid(models.settled.margin(found.named, SETTLED))
    surroundings(lower, words, found)
    return words


def surroundings(lower: Features, words: Vectors, found: Signals) -> None:
    """Add what the neighbourhood of two sentences says: signals ``near`` and ``own``.

    :param words: probabilities of shared wording.

    ``near``: the best such probability that another sentence of the same block has for the upper sentence;
    ``own``: the lower sentence's best for another upper sentence.
    """
    rows, columns = found.cells.rows, found.cells.columns
    block = lower.block[lower.kept[rows]]
    found.named["near"] = _best_other(words, block.astype(np.int64) << 32 | columns)
    found.named["own"] = _best_other(words, rows.astype(np.int64))


@dataclass(frozen=True, slots=True, eq=False)
class Answered:
    """How surely each lower sentence shares wording with each passage (block) of the upper document.

    :param keys: rising, ``row in lower.kept * passages + passage``; only where anything was looked at.
    :param values: the best probability of shared wording with a sentence of the passage.
    :param passages: how many passages there are.
    """

    keys: NDArray[np.int64]
    values: Vectors
    passages: int


def answered(upper: Features, words: Vectors, found: Signals) -> Answered:
    """What the given probabilities of shared wording say of sentences and passages."""
    passages = int(upper.block.max(initial=0)) + 1
    keys, at = np.unique(_keys(upper, found, passages), return_inverse=True)
    values = np.zeros(len(keys), dtype=np.float32)
    np.maximum.at(values, at, words)
    return Answered(keys, values, passages)


def together(parts: Sequence[Answered]) -> Answered:
    """The same of several runs of lower sentences, in their order."""
    return Answered(
        np.concatenate([p.keys for p in parts]), np.concatenate([p.values for p in parts]), parts[0].passages
    )


def passages_answered(lower: Features, upper: Features, known: Answered, found: Signals) -> None:
    """Add what article and chapter of the lower sentence say of the passage that the upper one stands in.

    Signals: ``article``, the best probability that another sentence of the same block shares wording with the
    passage; ``chapter``, ``log(1 + sum)`` of those of the chapter's sentences outside of the block; and
    ``chapter_share``, that sum as a share of the chapter's sums for all passages. Documents answer others
    part by part: what the chapter answers, its sentences make concrete.
    """
    row, passage = np.divmod(known.keys, known.passages)
    block = lower.block[lower.kept[row]].astype(np.int64)
    chapter = lower.chapter[lower.kept[row]].astype(np.int64)
    mine, whole = block * known.passages + passage, chapter * known.passages + passage
    around = np.maximum(_sums(known.values, whole) - _sums(known.values, mine), np.float32(0))
    every = _sums(known.values, chapter) - _sums(known.values, block)
    at = np.searchsorted(known.keys, _keys(upper, found, known.passages))
    found.named["chapter"] = np.log1p(around)[at]
    found.named["chapter_share"] = (around / (every + 1))[at]
    found.named["article"] = _best_other(known.values, mine)[at]


def _keys(upper: Features, found: Signals, passages: int) -> NDArray[np.int64]:
    cells = found.cells
    return cells.rows.astype(np.int64) * passages + upper.block[upper.kept[cells.columns]]


def _sums(values: Vectors, group: NDArray[np.int64]) -> Vectors:
    """For each value the sum of its group."""
    _, of = np.unique(group, return_inverse=True)
    return np.bincount(of, weights=values)[of].astype(np.float32)


def _best_other(values: Vectors, group: NDArray[np.int64]) -> Vectors:
    """For each cell the greatest value of its group without the cell itself, 0 where it stands alone."""
    if not len(values):
        return values
    order = np.lexsort((values, group))
    sorted_group, sorted_values = group[order], values[order]
    last = np.r_[sorted_group[1:] != sorted_group[:-1], True]
    at = np.flatnonzero(last)
    first = sorted_values[at]
    alone = np.diff(np.r_[-1, at]) == 1
    second = np.where(alone, np.float32(0), sorted_values[np.maximum(at - 1, 0)])
    which = np.cumsum(last) - last
    out = np.empty_like(values)
    out[order] = np.where(sorted_values == first[which], second[which], first[which])
    return out


def serving(
    models: Models,
    found: Signals,
    words: Vectors,
    barred_rows: Mask,
    barred_columns: Mask,
) -> tuple[Vectors, NDArray[np.intp], Vectors]:
    """Probability that a lower sentence makes an upper one concrete, and the features it was judged by.

    :param barred_rows: lower sentences that make nothing concrete: headings, statements of fact.
    :param barred_columns: upper sentences that are another speaker's.
    :returns: ``float32[cells]``, 0 for all but the :data:`PLACES` likeliest of each lower sentence;
        ordinals of the judged cells; ``float32[judged, len(SERVES)]`` their features.
    """
    rows, columns = found.cells.rows, found.cells.columns
    closed = (words >= models.wording_link) | barred_rows[rows] | barred_columns[columns]
    score = np.where(closed, np.float32(-99), models.theme.margin(found.named, THEME))
    out = np.zeros_like(words)
    order = np.lexsort((columns, -score, rows))
    first = np.r_[True, rows[order][1:] != rows[order][:-1]] if len(order) else np.zeros(0, dtype=np.bool_)
    starts = np.flatnonzero(first)
    row = np.cumsum(first) - 1
    place = np.arange(len(order)) - starts[row]
    top = score[order][starts]
    part = np.where(place < RIVALS, np.exp(score[order] - top[row]), 0)
    share = np.log(np.add.reduceat(part, starts)) if len(starts) else part
    judged = (place < PLACES) & ~closed[order]
    at, of = order[judged], row[judged]
    named = {name: m[at] for name, m in found.named.items() if name in SERVES}
    # the model was trained with the best wording of the lower sentence for any upper one
    named["own"] = np.maximum.reduceat(words[order], starts)[of] if len(starts) else words[at]
    named["score"] = score[at]
    named["log_share"] = (score[at] - top[of] - share[of]).astype(np.float32)
    named["place"] = place[judged].astype(np.float32)
    out[at] = sigmoid(models.serves.margin(named, SERVES))
    return out, at, np.stack([named[n] for n in SERVES], axis=1)


RELATED = 0.5
"""Share of linked sentences of the pairs that the models were trained on."""
UNRELATED = 0.005
"""The share taken for granted of any two documents."""
WORDING_PRIOR = 0.5
"""Power of the relatedness that tells on shared wording, which mostly speaks for itself."""
CITED = 0.25
"""Share taken for granted where the lower document names the upper one."""
SUBJECT = 0.5
"""Share taken for granted where both have the same subject: a policy and a programme for one part of it share
few words, and yet the one makes the other concrete."""


def relatedness(rows: int, columns: int, of: tuple[int, int], least: float = UNRELATED) -> float:
    """How closely two documents are related, 0 to 1, as a ratio of odds.

    It is the share of the sentences of the one or of the other that share wording, beside that of the pairs
    that the models were trained on: in texts about other things the same likeness says much less.

    :param rows: lower sentences that share wording with some upper one, ``columns`` upper ones, ``of`` how
        many.
    :param least: the share taken for granted.
    """
    share = max(rows / of[0], columns / of[1], least)
    return min(1.0, odds(share) / odds(RELATED))


def odds(p: float) -> float:
    """Odds of a probability."""
    return p / max(1e-9, 1 - p)


def shifted(probability: Vectors, ratio: float) -> Vectors:
    """Probabilities after a change of the prior odds by a ratio."""
    return np.where(probability > 0, ratio * probability / (1 - probability + ratio * probability), 0).astype(
        np.float32
    )


def barred_uppers(upper: Features) -> Mask:
    """Which of the sentences that take part no lower sentence makes concrete: another speaker's, and headings
    (推进文旅融合) under which the requirements themselves stand."""
    of = upper.block[upper.kept]
    asking = np.bincount(of, upper.acts, minlength=len(upper.heads)) > 0
    above = np.zeros(len(upper.heads), dtype=np.bool_)
    for parent in upper.parents:
        if parent >= 0:
            above[upper.block[parent]] = True
    sentences = [upper.document.sentences[n] for n in upper.kept.tolist()]
    heading = np.array([s.kind == "heading" for s in sentences], dtype=np.bool_)
    short = np.diff(upper.clause_bounds, axis=1)[:, 0] == 1
    out: Mask = others_say(upper) | (heading & short & (asking | above)[of])
    return out


def others_say(upper: Features) -> NDArray[np.bool_]:
    """Which of the sentences that take part are said by somebody else than the one who says most."""
    who: list[str | None] = []
    said: dict[str, int] = {}
    for n in upper.kept.tolist():
        start, end = upper.spans[n]
        at = int(upper.paragraph[n])
        name = upper.document.paragraphs[at].speaker if at >= 0 else None
        who.append(name)
        if name:
            said[name] = said.get(name, 0) + end - start
    main = max(said, key=lambda k: (said[k], k), default=None)
    several_equal = len(said) > 1 and 2 * said[main or ""] < sum(said.values())
    return np.array([bool(w) and w != main and not several_equal for w in who], dtype=np.bool_)
