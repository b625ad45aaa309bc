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
from luoshi.align.signals import Matrix, Signals

WORDING = (
    "close", "shared", "of_lower", "of_upper", "rival", "lower_in", "upper_in", "run", "run_weight",
    "cos", "head_sentence", "block_block",
)  # fmt: skip
SETTLED = ("alone", "near", "own")
THEME = ("head_sentence", "block_block", "near", "upper_in", "close", "themed", "asks")
SERVES = ("score", "log_share", "place", "own", "cos", "head_sentence", "block_block", "near")
Mask = NDArray[np.bool_]

PLACES = 3
"""So many of the likeliest upper sentences of a lower one are judged."""


@dataclass(frozen=True, slots=True, eq=False)
class Logistic:
    """``1 / (1 + exp(-(x · weights + bias)))``."""

    weights: NDArray[np.float64]
    bias: float

    @classmethod
    def of(cls, row: dict[str, Any], names: tuple[str, ...]) -> Logistic:
        """From ``{"weights": {name: number}, "bias": number}``."""
        return cls(np.array([row["weights"][n] for n in names], dtype=np.float64), float(row["bias"]))

    def margin(self, named: dict[str, Matrix], names: tuple[str, ...]) -> Matrix:
        """The weighted sum for each cell."""
        out = np.full(named[names[0]].shape, self.bias, dtype=np.float64)
        for name, weight in zip(names, self.weights, strict=True):
            out += weight * named[name]
        return out.astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Models:
    """The models and the probabilities from which on something is a link or a candidate."""

    wording: Logistic
    settled: Logistic
    theme: Logistic
    serves: Logistic
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


def sigmoid(x: Matrix) -> Matrix:
    """The logistic function."""
    return (1 / (1 + np.exp(-np.clip(x, -30, 30)))).astype(np.float32)


def shared_wording(models: Models, lower: Features, rows: slice, found: Signals) -> Matrix:
    """Probability that the lower sentences ``lower.kept[rows]`` share wording with each upper sentence.

    Adds the signals of :func:`surroundings` to ``found``.
    """
    found.named["alone"] = models.wording.margin(found.named, WORDING)
    surroundings(lower, rows, sigmoid(found.named["alone"]), found)
    words = sigmoid(models.settled.margin(found.named, SETTLED))
    surroundings(lower, rows, words, found)
    return words


def surroundings(lower: Features, rows: slice, words: Matrix, found: Signals) -> None:
    """Add what the neighbourhood of two sentences says: signals ``near`` and ``own``.

    :param words: probabilities of shared wording for the lower sentences ``lower.kept[rows]``.

    ``near``: the best such probability that another sentence of the same block has for the upper sentence;
    ``own``: the lower sentence's best for another upper sentence.
    """
    block = lower.block[lower.kept[rows]]
    near = np.zeros_like(words)
    for b in np.unique(block):
        here = np.flatnonzero(block == b)
        if len(here) > 1:
            near[here] = _best_other(words[here], axis=0)
    found.named["near"] = near
    found.named["own"] = _best_other(words, axis=1) if words.shape[1] > 1 else np.zeros_like(words)


def _best_other(values: Matrix, axis: int) -> Matrix:
    """For each cell the greatest value along an axis without the cell itself."""
    two = np.partition(values, -2, axis=axis).take([-2, -1], axis=axis)
    second, first = np.split(two, 2, axis=axis)
    return np.where(values == first, second, first).astype(np.float32)


def serving(
    models: Models,
    found: Signals,
    words: Matrix,
    barred_rows: NDArray[np.bool_],
    barred_columns: NDArray[np.bool_],
) -> tuple[Matrix, Vectors]:
    """Probability that a lower sentence makes an upper one concrete, and the features it was judged by.

    :param barred_rows: lower sentences that make nothing concrete: headings, statements of fact.
    :param barred_columns: upper sentences that are another speaker's.
    :returns: ``float32[lower, upper]``, 0 for all but the :data:`PLACES` likeliest, and
        ``float32[cells, len(SERVES)]`` of the judged cells in the order of ``np.nonzero``.
    """
    score = models.theme.margin(found.named, THEME)
    closed = (words >= models.wording_link) | barred_rows[:, None] | barred_columns[None, :]
    score = np.where(closed, np.float32(-99), score)
    top = score.max(axis=1, keepdims=True)
    log_share = score - top - np.log(np.exp(score - top).sum(axis=1, keepdims=True))
    order = np.argsort(-score, axis=1, kind="stable")[:, :PLACES]
    lows = np.repeat(np.arange(len(score)), order.shape[1])
    ups = order.ravel()
    places = np.tile(np.arange(order.shape[1], dtype=np.float32), len(score))
    open_ = ~closed[lows, ups]
    lows, ups, places = lows[open_], ups[open_], places[open_]
    named = {name: m[lows, ups] for name, m in found.named.items() if name in SERVES}
    # the model was trained with the best wording of the lower sentence for any upper one
    named["own"] = words.max(axis=1)[lows]
    named["score"] = score[lows, ups]
    named["log_share"] = log_share[lows, ups]
    named["place"] = places
    out = np.zeros_like(words)
    out[lows, ups] = sigmoid(models.serves.margin(named, SERVES))
    features = np.zeros((*words.shape, len(SERVES)), dtype=np.float32)
    features[lows, ups] = np.stack([named[n] for n in SERVES], axis=1)
    return out, features


RELATED = 0.5
"""Share of linked sentences of the pairs that the models were trained on."""
UNRELATED = 0.005
"""The share taken for granted of any two documents."""
WORDING_PRIOR = 0.5
"""Power of the relatedness that tells on shared wording, which mostly speaks for itself."""
CITED = 0.25
"""Share taken for granted where the lower document names the upper one."""


def relatedness(words: Sequence[Matrix], models: Models, cited: bool) -> float:
    """How closely two documents are related, 0 to 1, as a ratio of odds.

    It is the share of the sentences of the one or of the other that share wording, beside that of the pairs
    that the models were trained on: in texts about other things the same likeness says much less.

    :param words: probabilities of shared wording, stripe after stripe of the lower document.
    :param cited: whether the lower document names the upper one.
    """
    linked = np.concatenate([w >= models.wording_link for w in words])
    share = max(
        float(linked.any(axis=1).mean()), float(linked.any(axis=0).mean()), CITED if cited else UNRELATED
    )
    return min(1.0, odds(share) / odds(RELATED))


def odds(p: float) -> float:
    """Odds of a probability."""
    return p / max(1e-9, 1 - p)


def shifted(probability: Matrix, ratio: float) -> Matrix:
    """Probabilities after a change of the prior odds by a ratio."""
    return np.where(probability > 0, ratio * probability / (1 - probability + ratio * probability), 0).astype(
        np.float32
    )


def others_say(upper: Features) -> NDArray[np.bool_]:
    """Which of the sentences that take part are said by somebody else than the one who says most."""
    starts = [p.start for p in upper.document.paragraphs]
    who: list[str | None] = []
    said: dict[str, int] = {}
    for n in upper.kept.tolist():
        start, end = upper.spans[n]
        at = int(np.searchsorted(starts, start, side="right")) - 1
        name = upper.document.paragraphs[at].speaker if at >= 0 else None
        who.append(name)
        if name:
            said[name] = said.get(name, 0) + end - start
    main = max(said, key=lambda k: (said[k], k), default=None)
    several_equal = len(said) > 1 and 2 * said[main or ""] < sum(said.values())
    return np.array([bool(w) and w != main and not several_equal for w in who], dtype=np.bool_)
