"""Which words of two linked sentences carry the link: the tightest quotes, clause by clause."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from luoshi import kernels
from luoshi.align.features import Features
from luoshi.align.quantities import quantities, same_measure
from luoshi.align.signals import SLACK
from luoshi.align.words import TIME, TITLE, lead_words
from luoshi.model.records import Relation

LEAST = 8
"""Characters without which wording is not called verbatim (by the conventions of the register)."""
LONG_RUN = 17
"""So long a common stretch is quoted by itself, whatever stands around it in the clause."""
WHOLE = 0.9
"""Part of a clause that a common stretch must fill to stand for it."""
ALIKE = 0.4
"""Likeness from which on a clause belongs to a link of wording."""
CONTAINED = 0.6
"""Part of a clause's weight which, found in the other, makes it belong too."""
SCATTERED = 0.2
"""Part of a clause's weight that an upper clause must hold to be among those it is scattered over."""
LEAST_WEIGHT = 3.0
"""Rarity without which words are nobody's: stock phrases, formulas (a rare word alone has 5 to 8)."""
KEY_WEIGHT, KEY_LIKE = 8.5, 0.2
"""Shared weight and likeness from which on a clause that keeps a rare term belongs to a link of its
sentence, if nothing else carries on the upper clause."""
KEPT_LIKE = 0.25
"""Likeness from which on such a clause is adapted, below it specified."""
COMMON = 5
"""So long a common stretch shows that a wording is adapted, where nothing else does."""
SIGNS = frozenset("%％‰℃")
"""Units that are no letters."""
DANGLING = frozenset("和与及或的")
"""Characters that join what stands on both sides of them."""
SHORT_RUN = 6
"""So long a common stretch makes a clause belong to a link of its sentence, if it fills half of it."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Passage:
    """Spans in the clean texts, and how they agree."""

    lower: Span
    upper: Span
    relation: Relation


def worded(lower: Features, upper: Features, low: int, up: int) -> list[Passage]:
    """Passages of two sentences that share wording.

    Passages of stock phrase alone are left out, so there may be none.

    :param low: ordinal of the lower clause that is most alike; ``up`` of the upper one.
    """
    low_clauses = lower.clauses_of(int(lower.clauses.sentence[low]))
    up_clauses = upper.clauses_of(int(upper.clauses.sentence[up]))
    block = _Block(lower, upper, low_clauses, up_clauses)
    matches: list[tuple[int, int]] = []
    keyed: list[tuple[int, int, float]] = []
    for i, clause in enumerate(low_clauses):
        j = int(block.strength[i].argmax())
        if _other_rates(lower, upper, clause, up_clauses[j]):
            continue
        total = min(lower.clauses.total[clause], upper.clauses.total[up_clauses[j]])
        inside = min(block.mine[i, j], block.theirs[i, j]) >= CONTAINED * (total + 4)
        if (
            block.close[i, j] >= ALIKE
            or inside
            or (clause == low and block.close[i, j] > 0.3)
            or (block.strength[i, j] > 0 and _half(lower, upper, clause, up_clauses[j]))
        ):
            matches.append((clause, up_clauses[j]))
        elif min(block.mine[i, j], block.theirs[i, j]) >= KEY_WEIGHT and block.close[i, j] >= KEY_LIKE:
            keyed.append((clause, up_clauses[j], float(block.close[i, j])))
    if matches:
        taken = {j for _, j in matches}
        passages = _joined(lower, upper, [_passage(lower, upper, i, j) for i, j in matches])
        passages += [_kept_term(lower, upper, *some) for some in keyed if some[1] not in taken]
    elif _other_rates(lower, upper, low, up):
        passages = []
    else:
        passages = [_scattered(lower, upper, low, up_clauses, block.mine[low - low_clauses[0]])]
    said = [p for p in passages if _own_words(lower, upper, p) >= LEAST_WEIGHT]
    return [_named(lower, _with_time(lower, upper, p)) for p in said]


def unsure(lower: Features, upper: Features, passage: Passage) -> Passage:
    """A passage of which it is not sure that the wording is shared: without a stretch in common it is only
    called specified."""
    a, b = lower.key_of(*passage.lower), upper.key_of(*passage.upper)
    _, _, size = kernels.longest(lower.key[a], upper.key[b])
    return replace(passage, relation="specified") if size < COMMON else passage


class _Block:
    """Shared wording of the clauses of two sentences.

    ``mine``, ``theirs``: ``float32[lower clauses, upper clauses]``, weight of the bigrams that they share,
    as the one and as the other text weighs it; ``close`` their part of both clauses (Dice); ``strength``
    close times shared weight: long rare wording held together counts, a short common phrase does not.
    """

    def __init__(self, lower: Features, upper: Features, low: list[int], up: list[int]) -> None:
        a, b = lower.clauses, upper.clauses
        self.mine, self.theirs = kernels.cross(
            low[0], low[-1] + 1, a.codes, a.starts, a.weights, up[0], up[-1] + 1, b.codes, b.starts, b.weights
        )
        both = a.total[low, None] + b.total[None, up]
        self.close = (self.mine + self.theirs) / (both + 2 * SLACK)
        self.strength = self.close * np.minimum(self.mine, self.theirs)


def _named(lower: Features, passage: Passage) -> Passage:
    """The passage; what is word for word but short is only called adapted."""
    part = lower.key_of(*passage.lower)
    short = passage.relation == "verbatim" and part.stop - part.start < LEAST
    return replace(passage, relation="adapted") if short else passage


def weight_of(features: Features, span: Span) -> float:
    """Summed rarity of the characters of a span of the clean text."""
    return float(features.weight[features.key_of(*span)].sum())


def _own_words(lower: Features, upper: Features, passage: Passage) -> float:
    """Rarity of the words that a passage has in common, without those of the documents' titles."""
    a, b = lower.key_of(*passage.lower), upper.key_of(*passage.upper)
    mine, theirs = (text_of(f.key[part]) for f, part in ((lower, a), (upper, b)))
    titles = lower.titles | upper.titles
    kept = np.zeros(len(mine), dtype=np.bool_)
    for i in range(len(mine) - 1):
        if mine[i : i + 2] in theirs:
            kept[i : i + 2] = True
    for i in range(len(mine) - TITLE + 1):
        some = mine[i : i + TITLE]
        if some in titles and some in theirs:
            kept[i : i + TITLE] = False
    return float(lower.weight[a][kept].sum())


def text_of(key: NDArray[np.int32]) -> str:
    """The characters of a part of the key."""
    return key.astype("<i4").tobytes().decode("utf-32-le", "surrogatepass")


def _other_rates(lower: Features, upper: Features, low: int, up: int) -> bool:
    """Whether two clauses set rates of different things (产值年均增长7%, 收入年均增长7.5%)."""
    (a, b), (c, d) = lower.clauses.span[low].tolist(), upper.clauses.span[up].tolist()
    mine, theirs = lower.text[a:b], upper.text[c:d]
    if not ("%" in mine or "％" in mine) or not ("%" in theirs or "％" in theirs):
        return False
    rates = [[q for q in quantities(t) if q.kind == "rate"] for t in (mine, theirs)]
    return all(rates) and not any(same_measure(x, y) for x in rates[0] for y in rates[1])


def _with_time(lower: Features, upper: Features, passage: Passage) -> Passage:
    """The passage with the clauses right before it where both only say when (到2030年，)."""
    low, up = _time_before(lower, passage.lower[0]), _time_before(upper, passage.upper[0])
    if low is None or up is None:
        return passage
    same = lower.text[low : passage.lower[0]] == upper.text[up : passage.upper[0]]
    relation = passage.relation if same else "adapted"
    return Passage((low, passage.lower[1]), (up, passage.upper[1]), relation)


def _time_before(features: Features, at: int) -> int | None:
    """Where a clause that only says when begins, right before a place."""
    starts = features.clauses.span
    n = int(starts[:, 0].searchsorted(np.int32(at))) - 1
    if n < 0 or features.clauses.sentence[n] != features.sentence_at(at):
        return None
    a, b = starts[n].tolist()
    return a if b <= at <= b + 2 and TIME.fullmatch(features.text, a, b) else None


def _half(lower: Features, upper: Features, low: int, up: int) -> bool:
    """Whether a common stretch fills half of one of two clauses, stock or not."""
    a0, a1 = lower.clauses.key[low].tolist()
    b0, b1 = upper.clauses.key[up].tolist()
    _, _, size = kernels.longest(lower.key[a0:a1], upper.key[b0:b1])
    return size >= SHORT_RUN and 2 * size >= min(a1 - a0, b1 - b0)


def _passage(lower: Features, upper: Features, low: int, up: int) -> Passage:
    """One clause against one clause: their common stretch where that says it all, else both whole."""
    a0, a1 = lower.clauses.key[low].tolist()
    b0, b1 = upper.clauses.key[up].tolist()
    a, b, size = kernels.longest(lower.key[a0:a1], upper.key[b0:b1])
    a_core, b_core = a1 - _led(lower, a0, a1), b1 - _led(upper, b0, b1)
    whole = size >= WHOLE * a_core or size >= WHOLE * b_core
    edges = chr(lower.key[a0 + a]) + chr(lower.key[a0 + a + size - 1]) if size else ""
    # what ends in the midst of a phrase (……的战略地位和) stands for no clause
    torn = size < min(a1 - a0, b1 - b0) and any(c in DANGLING for c in edges)
    if torn or _cuts_numbers(lower, (a0, a0 + a, a0 + a + size, a1), upper, (b0, b0 + b, b0 + b + size, b1)):
        return Passage(_clean(lower, (a0, a1)), _clean(upper, (b0, b1)), "adapted")
    if (size >= LEAST and (whole or size >= LONG_RUN)) or size >= max(a_core, b_core):
        low_span = (a0 + a, a0 + a + size) if size < a_core else (a0, a1)
        up_span = (b0 + b, b0 + b + size) if size < b_core else (b0, b1)
        return Passage(_clean(lower, low_span), _clean(upper, up_span), "verbatim")
    return Passage(_clean(lower, (a0, a1)), _clean(upper, (b0, b1)), "adapted")


def _kept_term(lower: Features, upper: Features, low: int, up: int, close: float) -> Passage:
    """A clause that keeps the key term of another, whole: its wording or, with less in common, its matter."""
    return Passage(
        _clean(lower, tuple(lower.clauses.key[low].tolist())),
        _clean(upper, tuple(upper.clauses.key[up].tolist())),
        "adapted" if close >= KEPT_LIKE else "specified",
    )


def _cuts_numbers(
    lower: Features, a: tuple[int, int, int, int], upper: Features, b: tuple[int, int, int, int]
) -> bool:
    """Whether what two clauses have in common ends within a number, or leaves a number of each behind.

    :param a: in the key, where the lower clause begins, the common stretch begins and ends, the clause ends.
    """
    left = []
    for features, (start, first, last, end) in ((lower, a), (upper, b)):
        text = text_of(features.key[start:end])
        head, common, tail = text[: first - start], text[first - start : last - start], text[last - start :]
        cuts = [x + y for x, y in ((head[-1:], common[:1]), (common[-1:], tail[:1])) if x and y]
        if any(c.isdigit() for c in cuts):
            return True
        left.append(any(c.isdigit() for c in head + tail))
    return all(left)


def _led(features: Features, start: int, end: int) -> int:
    """Where a clause's key begins once the words that lead it on (要, 坚持, 深入) are left out."""
    text = text_of(features.key[start:end])
    m = re.match(lead_words(), text)
    return start + (m.end() if m and m.end() < len(text) else 0)


def _clean(features: Features, key: Span) -> Span:
    """Span in the clean text of a span of the key, with the marks and brackets that belong to it."""
    start, end = int(features.place[key[0]]), int(features.place[key[1] - 1]) + 1
    text = features.text
    # a sign that belongs to the number before it
    end += text[end : end + 1] in SIGNS
    for left, right in ("“”", "《》", "（）", "‘’"):
        inside = text[start:end]
        if inside.count(right) < inside.count(left) and text[end : end + 1] == right:
            end += 1
        elif inside.count(left) < inside.count(right) and text[start - 1 : start] == left:
            start -= 1
    return start, end


def _joined(lower: Features, upper: Features, passages: list[Passage]) -> list[Passage]:
    """Neighbours of one relation whose upper clauses are neighbours too become one passage."""
    out: list[Passage] = []
    for p in sorted(passages, key=lambda p: (p.lower, p.upper)):
        if out:
            last = out[-1]
            low_gap = lower.text[last.lower[1] : p.lower[0]]
            up_gap = upper.text[last.upper[1] : p.upper[0]]
            near = p.upper[0] >= last.upper[1] and _only_marks(low_gap) and _only_marks(up_gap)
            if near and last.relation == p.relation:
                out[-1] = Passage((last.lower[0], p.lower[1]), (last.upper[0], p.upper[1]), p.relation)
                continue
            if p.relation == last.relation == "adapted" and p.upper == last.upper and _only_marks(low_gap):
                out[-1] = Passage((last.lower[0], p.lower[1]), p.upper, "adapted")
                continue
        out.append(p)
    return out


def _only_marks(text: str) -> bool:
    return len(text) <= 2 and not any(c.isalnum() for c in text)


def _scattered(
    lower: Features, upper: Features, low: int, up_clauses: list[int], shared: NDArray[np.float32]
) -> Passage:
    """A clause whose words stand in several upper clauses: from the first of them to the last."""
    share = shared / max(float(lower.clauses.total[low]), 1e-6)
    hit = [c for c, s in zip(up_clauses, share.tolist(), strict=True) if s >= SCATTERED]
    if not hit:
        hit = [up_clauses[int(share.argmax())]]
    return Passage(
        _clean(lower, tuple(lower.clauses.key[low].tolist())),
        _clean(upper, (int(upper.clauses.key[hit[0], 0]), int(upper.clauses.key[hit[-1], 1]))),
        "adapted",
    )


def served(lower: Features, upper: Features, low: int, up: int, taken: list[Span]) -> Passage | None:
    """The lower sentence without clauses that are linked by wording, and the upper clause that it serves;
    None where nothing is left of it.

    :param low: ordinal of the lower sentence in its document; ``up`` the upper one's.
    :param taken: spans of the lower sentence's worded links.
    """
    low_clauses, up_clauses = lower.clauses_of(low), upper.clauses_of(up)
    vector = lower.sentence_vectors[low] + lower.head_vectors[lower.block[low]]
    heavy = [c for c in up_clauses if upper.clauses.total[c] >= 2 * LEAST_WEIGHT] or up_clauses
    # nobody carries out a condition
    heavy = [c for c in heavy if upper.text[upper.clauses.span[c, 1] - 1] != "的"] or heavy
    best = heavy[int((upper.clause_vectors[heavy] @ vector).argmax())]
    free = [c for c in low_clauses if not any(_touch(lower.clauses.span[c].tolist(), t) for t in taken)]
    free = [c for c in free if lower.clauses.total[c] >= LEAST_WEIGHT]
    if not free:
        return None
    # one stretch: from the free clause nearest in meaning outwards
    near = lower.clause_vectors[free] @ upper.clause_vectors[best]
    middle = free[int(near.argmax())]
    start = end = middle
    while start - 1 in free:
        start -= 1
    while end + 1 in free:
        end += 1
    passage = Passage(
        _clean(lower, (int(lower.clauses.key[start, 0]), int(lower.clauses.key[end, 1]))),
        _clean(upper, tuple(upper.clauses.key[best].tolist())),
        "specified",
    )
    # one clause that keeps half of the other, and no stock phrase, is more than its matter
    alike = start == end and _half(lower, upper, start, best)
    if alike and _own_words(lower, upper, passage) >= 2 * LEAST_WEIGHT:
        return replace(passage, relation="adapted")
    return passage


def _touch(a: list[int], b: Span) -> bool:
    return min(a[1], b[1]) - max(a[0], b[0]) > 0.5 * (a[1] - a[0])
