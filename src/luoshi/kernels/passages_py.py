"""Plain twin of the kernels that make passages of places, their oracle: same arguments, same results.

They are :mod:`luoshi.kernels.passages_numba`, ``runs_numba`` and ``edges_numba``; the measures are theirs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from luoshi.kernels.edges_numba import BAND, DROP, GAP, LONGEST, SNAP
from luoshi.kernels.passages_numba import BESIDE, FAR, MANY, MARGIN, NEAR, ROUNDS, STRONG, TILE, WIDE, WIDEST
from luoshi.kernels.runs_numba import HEADS, SHORT, TRIES

U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]
Side = tuple[I64, U32, U8, I64]


@dataclass(slots=True)
class Run:
    """Equal symbols from ``a`` and from ``b`` on, in the documents, with their weight and their seeds'."""

    a: int
    b: int
    n: int
    w: int
    evidence: int = 0
    rarity: int = 0
    seeds: int = 0
    state: int = 0
    """0 free, 1 in the family at hand, 2 used up."""


@dataclass(slots=True)
class Two:
    """Two documents: symbols and marks of both, and the settings."""

    a: list[int]
    b: list[int]
    mark_a: list[int]
    mark_b: list[int]
    need: int
    enough: int
    least: int
    used_a: set[int] = field(default_factory=set)
    used_b: set[int] = field(default_factory=set)
    box: list[int] = field(default_factory=lambda: [0, 0, 0, 0])

    def cover(self, r: Run) -> int:
        """Marks what a run adds; gives how many symbols."""
        new = self.new(r)
        self.used_a.update(r.a + t for t in new)
        self.used_b.update(r.b + t for t in new)
        return len(new)

    def new(self, r: Run) -> list[int]:
        """Symbols of a run that neither text has used."""
        return [t for t in range(r.n) if r.a + t not in self.used_a and r.b + t not in self.used_b]

    def clear(self, some: list[Run]) -> None:
        """Takes marks back."""
        for r in some:
            self.used_a.difference_update(range(r.a, r.a + r.n))
            self.used_b.difference_update(range(r.b, r.b + r.n))


def weigh(sym: list[int], a: int, n: int) -> int:
    """Weight of ``n`` symbols from ``a`` on: 2 each, a word 3; in long stretches a word counts 2 as well."""
    return 2 * n + (sum(s >= 0x80000000 for s in sym[a : a + n]) if n < 64 else 0)


def passages(
    pair: U64, place: U64, common: U8, side_a: Side, side_b: Side, weights: U8, rare: U8, need: int, cap: int,
    enough: int, least: int, begin: int, out: I64,
) -> tuple[int, int]:  # fmt: skip
    """Passages of pairs of documents.

    :param pair: rising; all places of a pair together. Its halves are looked up in ``docs`` of the two sides.
    :param place: symbols from the beginnings of the two documents; ``common`` how often the n-gram stands.
    :param side_a: docs, symbols, marks, bounds of the documents of the upper halves; ``side_b`` of the lower.
    :param weights: evidence of an n-gram by how often it stands; ``rare`` its rarity.
    :param need: weight of an n-gram; ``least`` of the smallest passage.
    :param cap: places of n-grams that stand more often are looked at without company.
    :param enough: evidence that a cell, a family and a pair of documents must gather.
    :param begin: place to begin with, the first of its pair.
    :param out: ``int64[room, FIELDS]``.
    :returns: the place to go on with (where the room was not enough), and the number of passages.
    """
    found: list[list[int]] = []
    i = begin
    while i < len(pair):
        j = i
        while j < len(pair) and pair[j] == pair[i]:
            j += 1
        ids = (int(pair[i]) >> 32, int(pair[i]) & 0xFFFFFFFF)
        both = zip(place[i:j].tolist(), common[i:j].tolist(), strict=True)
        places = [(x >> 32, x & 0xFFFFFFFF, c) for x, c in both]
        total = sum(int(weights[c]) for _, _, c in places)
        if total >= enough or any(c > cap for _, _, c in places):
            places = prune(places, weights, cap, enough)
            two = _two(ids, side_a, side_b, need, enough, least)
            runs = runs_through(places, two, weights, rare) if places else []
            rows = families(two, runs, ids, len(out) - len(found))
            if rows is None:
                break
            found += merge(rows, enough, least)
        i = j
    for k, row in enumerate(found):
        out[k] = row
    return i, len(found)


def _two(ids: tuple[int, int], side_a: Side, side_b: Side, need: int, enough: int, least: int) -> Two:
    texts = []
    for number, (docs, sym, mark, bounds) in zip(ids, (side_a, side_b), strict=True):
        d = int(docs[number])
        part = slice(int(bounds[d]), int(bounds[d + 1]))
        texts.append((sym[part].tolist(), mark[part].tolist()))
    return Two(texts[0][0], texts[1][0], texts[0][1], texts[1][1], need, enough, least)


def prune(
    places: list[tuple[int, int, int]], weights: U8, cap: int, enough: int
) -> list[tuple[int, int, int]]:
    """The places that gather enough evidence in one of the two cells in which each lies."""
    keep = {k for k, p in enumerate(places) if p[2] > cap}
    for half in (0, 1):
        cells: dict[tuple[int, int], list[int]] = {}
        for k, (pa, pb, _) in enumerate(places):
            cells.setdefault(((pa - pb + 64 * half) >> 7, (pa + pb + 128 * half) >> 9), []).append(k)
        for some in cells.values():
            if sum(int(weights[places[k][2]]) for k in some) >= enough:
                keep.update(some)
    return [p for k, p in enumerate(places) if k in keep]


def runs_through(places: list[tuple[int, int, int]], two: Two, weights: U8, rare: U8) -> list[Run]:
    """Maximal runs of equal symbols through the places, diagonal by diagonal."""
    runs: list[Run] = []
    for pa, pb, c in sorted(places, key=lambda p: (p[0] - p[1], p[0])):
        last = runs[-1] if runs else None
        if last and last.a - last.b == pa - pb and pa < last.a + last.n:
            last.evidence += int(weights[c])
            last.rarity += int(rare[c])
            last.seeds += 1
            continue
        left = right = 0
        while pa - left > 0 and pb - left > 0 and two.a[pa - left - 1] == two.b[pb - left - 1]:
            left += 1
        while pa + right < len(two.a) and pb + right < len(two.b) and two.a[pa + right] == two.b[pb + right]:
            right += 1
        w = weigh(two.a, pa - left, left + right)
        if right and w >= two.need:
            runs.append(Run(pa - left, pb - left, left + right, w, int(weights[c]), int(rare[c]), 1))
    return runs


def _sorted(runs: list[Run]) -> list[Run]:
    return sorted(runs, key=lambda r: r.a)


def grow(two: Two, order: list[Run], core: int, weakest: int, members: list[Run]) -> int:
    """Adds to the box the free runs near it that cover what it lacks; gives their symbols."""
    longest = max(r.n for r in order)
    box = two.box
    matched = 0
    for _ in range(ROUNDS):
        before = len(members)
        for way in (1, -1):
            x = core + way
            while 0 <= x < len(order):
                r = order[x]
                x += way
                if (way > 0 and r.a > box[1] + NEAR) or (way < 0 and r.a + longest < box[0] - NEAR):
                    break
                if r.state or r.w < weakest:
                    continue
                gap = max(0, r.a - box[1], box[0] - (r.a + r.n)) + max(0, r.b - box[3], box[2] - (r.b + r.n))
                gain = len(two.new(r))
                if gap > min(NEAR, 4 + 2 * r.w) or 2 * gain < r.n or gain < 2:
                    continue
                matched += two.cover(r)
                r.state = 1
                members.append(r)
                box[:] = [min(box[0], r.a), max(box[1], r.a + r.n), min(box[2], r.b), max(box[3], r.b + r.n)]
        if len(members) == before:
            break
    return matched


def families(two: Two, runs: list[Run], ids: tuple[int, int], room: int) -> list[list[int]] | None:
    """Families of near runs, strongest first, each looked at a second time with shorter runs.

    ``None`` where there is no room for all.
    """
    order = _sorted(runs)
    rows: list[list[int]] = []
    for core in sorted(range(len(order)), key=lambda x: -order[x].w):
        c = order[core]
        if c.state:
            continue
        two.box[:] = [c.a, c.a + c.n, c.b, c.b + c.n]
        c.state = 1
        members = [c]
        matched = two.cover(c) + grow(two, order, core, 0, members)
        evidence = sum(r.evidence for r in members)
        part = False
        if evidence < two.enough and STRONG <= c.w < 2 * two.least and len(rows) <= MANY:
            part = any(beside(two.box, r) for r in rows)
        if evidence < two.enough and c.w < 2 * two.least and not part:
            two.clear(members)
            for r in members[1:]:
                r.state = 0
            continue
        matched = second(two, members, matched, two.least // 2 if part else two.least)
        for r in members:
            r.state = 2
        if not matched:
            continue
        box = two.box
        for x in range(len(order)):
            r = order[x]
            inside = box[0] <= r.a and r.a + r.n <= box[1] and box[2] <= r.b and r.b + r.n <= box[3]
            if inside and not r.state:
                r.state = 2
        seeds = [sum(getattr(r, n) for r in members) for n in ("evidence", "rarity", "seeds")]
        if not take(rows, [*ids, *box, matched, *seeds], room):
            return None
    return rows


def take(rows: list[list[int]], new: list[int], room: int) -> bool:
    """Adds a passage, of two that are alike the better; false where there is no room."""
    for k, old in enumerate(rows[:MANY]):
        over_a = min(new[3], old[3]) - max(new[2], old[2])
        over_b = min(new[5], old[5]) - max(new[4], old[4])
        if 2 * over_a > new[3] - new[2] and 2 * over_b > new[5] - new[4]:
            if new[6] > old[6]:
                rows[k] = new
            return True
    if len(rows) >= room:
        return False
    rows.append(new)
    return True


def beside(box: list[int], row: list[int]) -> bool:
    """Whether a stretch stands so near to a passage that it may be a part of it."""
    gap_a = max(0, row[2] - box[1], box[0] - row[3])
    gap_b = max(0, row[4] - box[3], box[2] - row[5])
    if gap_a <= WIDE and gap_b <= WIDE:
        return True
    return (gap_a <= FAR and gap_b <= BESIDE) or (gap_b <= FAR and gap_a <= BESIDE)


def merge(rows: list[list[int]], enough: int, least: int) -> list[list[int]]:
    """Joins passages that are parts of one, and drops parts of none."""
    x = 0
    while x < len(rows) <= MANY:
        for y in range(len(rows)):
            if y == x or not beside(rows[x][2:6], rows[y]):
                continue
            one, other = rows[x], rows[y]
            box = [min(one[2], other[2]), max(one[3], other[3]), min(one[4], other[4]), max(one[5], other[5])]
            matched = one[6] + other[6]
            short, long = sorted((box[1] - box[0], box[3] - box[2]))
            if 5 * matched <= 6 * short and 5 * matched >= 2 * long:
                sums = [p + q for p, q in zip(one[7:], other[7:], strict=True)]
                rows[x] = [*one[:2], *box, min(matched, short), *sums]
                rows[y] = rows[-1]
                rows.pop()
                x = y if x == len(rows) else x
                break
        else:
            x += 1
    return [r for r in rows if r[7] >= enough or r[6] >= least]


def second(two: Two, members: list[Run], matched: int, least: int) -> int:
    """Shorter runs near a family, its gaps and ends; gives equal symbols, 0 where it is no passage."""
    own = _sorted(members)
    runs = [Run(r.a, r.b, r.n, weigh(two.a, r.a, r.n), state=1) for r in own]
    runs += shorter(two, runs, 2 * len(own) + 400)
    order = _sorted(runs)
    core = next(x for x, r in enumerate(order) if r.state)
    mine = runs[: len(own)]
    for weakest in (12, 0):
        matched += grow(two, order, core, weakest, mine)
    mine = [r for r in order if r.state == 1]
    matched += between(two, mine)
    two.clear(mine)
    matched += outward(two, mine)
    a0, a1, b0, b1 = two.box
    if 2 * matched < least and weigh(two.a, a0, a1 - a0) < least:
        return 0
    return matched if 5 * matched >= 2 * max(a1 - a0, b1 - b0) else 0


def shorter(two: Two, own: list[Run], room: int) -> list[Run]:
    """Shorter runs around runs in the order of a, tile by tile."""
    out: list[Run] = []
    x = 0
    la, lb = len(two.a), len(two.b)

    def look(a0: int, a1: int, b0: int, b1: int) -> None:
        out.extend(join(two, max(0, a0), min(la, a1), max(0, b0), min(lb, b1), room - len(own) - len(out)))

    while x < len(own):
        y = x + 1
        while y < len(own) and own[y].a + own[y].n - own[x].a <= TILE:
            y += 1
        some = own[x:y]
        a0, a1 = some[0].a - MARGIN, max(r.a + r.n for r in some) + MARGIN
        b0, b1 = min(r.b for r in some) - MARGIN, max(r.b + r.n for r in some) + MARGIN
        if min(la, a1) - max(0, a0) <= TILE + 2 * MARGIN and min(lb, b1) - max(0, b0) <= WIDEST:
            look(a0, a1, b0, b1)
        elif len(some) == 1:
            r = some[0]
            look(r.a + r.n - 4, r.a + r.n + MARGIN, r.b + r.n - 4, r.b + r.n + MARGIN)
            look(r.a - MARGIN, r.a + 4, r.b - MARGIN, r.b + 4)
        x = y
    return out


def join(two: Two, a0: int, a1: int, b0: int, b1: int, room: int) -> list[Run]:
    """Runs of equal symbols of two windows that weigh at least SHORT."""
    heads: dict[int, list[int]] = {}
    for a in range(a0, a1 - 2):
        heads.setdefault(_three(two.a[a : a + 3]), []).append(a)
    out: list[Run] = []
    for b in range(b0, b1 - 2):
        for a in heads.get(_three(two.b[b : b + 3]), ())[:TRIES]:
            if two.a[a : a + 3] != two.b[b : b + 3]:
                continue
            if a > a0 and b > b0 and two.a[a - 1] == two.b[b - 1]:
                continue
            n = 3
            while a + n < a1 and b + n < b1 and two.a[a + n] == two.b[b + n]:
                n += 1
            if (n >= 4 or weigh(two.a, a, n) >= SHORT) and len(out) < room:
                out.append(Run(a, b, n, weigh(two.a, a, n)))
    return out


def _three(s: list[int]) -> int:
    h = (s[0] * 0x9E3779B1 ^ s[1] * 0x85EBCA77 ^ s[2] * 0xC2B2AE3D) & 0xFFFFFFFF
    return (h ^ h >> 15) & (HEADS - 1)


def between(two: Two, runs: list[Run]) -> int:
    """Equal symbols in the short gaps between runs that follow each other in both texts."""
    matched = 0
    for i, j in pairwise(runs):
        gap_a, gap_b = range(i.a + i.n, j.a), range(i.b + i.n, j.b)
        if not (0 < len(gap_a) <= GAP and 0 < len(gap_b) <= GAP):
            continue
        if two.used_a.isdisjoint(gap_a) and two.used_b.isdisjoint(gap_b):
            matched += common([two.a[k] for k in gap_a], [two.b[k] for k in gap_b])
    return matched


def common(a: list[int], b: list[int]) -> int:
    """Length of the longest common subsequence."""
    row = [0] * (len(b) + 1)
    for x in a:
        new = [0]
        for j, y in enumerate(b):
            new.append(row[j] + 1 if x == y else max(row[j + 1], new[j]))
        row = new
    return row[-1]


def outward(two: Two, runs: list[Run]) -> int:
    """Moves the ends of the box outwards over edited text and to the borders of clauses; gives matches."""
    box = two.box
    matched = 0
    first = last = runs[0]
    for r in runs:
        if r.a + r.n == box[1]:
            last = r
    if last.b + last.n == box[3]:
        i, j, m = extend(two.a[box[1] :], two.b[box[3] :])
        box[1] += i
        box[3] += j
        matched += m
    if first.b == box[2]:
        i, j, m = extend(two.a[: box[0]][::-1], two.b[: box[2]][::-1])
        box[0] -= i
        box[2] -= j
        matched += m
    ta, tb = border(two.mark_a, box[1], 1), border(two.mark_b, box[3], 1)
    if ta is not None and tb is not None:
        box[1] += ta
        box[3] += tb
    ta, tb = border(two.mark_a, box[0], -1), border(two.mark_b, box[2], -1)
    if ta is not None and tb is not None:
        box[0] -= ta
        box[2] -= tb
    return matched


def border(mark: list[int], at: int, step: int) -> int | None:
    """Symbols from a place to the next border of a clause, at most SNAP."""
    for t in range(SNAP + 1):
        p = at + step * t
        if p <= 0 or p >= len(mark) or mark[p] & 3:
            return t
    return None


def extend(a: list[int], b: list[int]) -> tuple[int, int, int]:
    """Banded extension over two stretches: symbols of a, of b, and how many were equal, at the best score.

    2 for equal symbols, -2 for an edit; it ends where the score falls DROP behind the best, and the two sides
    shift at most BAND against each other.
    """
    low = (-1000000, 0)
    before = {j: (-2 * j, 0) for j in range(BAND + 1)}
    best = 0
    out = (0, 0, 0)
    for i in range(1, min(len(a), LONGEST) + 1):
        row: dict[int, tuple[int, int]] = {}
        for j in range(i - BAND, i + BAND + 1):
            cell = low
            if 0 <= j <= len(b):
                if j >= 1:
                    same = a[i - 1] == b[j - 1]
                    score, hits = before.get(j - 1, low)
                    cell = (score + (2 if same else -2), hits + same)
                    left = row.get(j - 1, low)
                    if j - 1 >= i - BAND and left[0] - 2 > cell[0]:
                        cell = (left[0] - 2, left[1])
                if j < i + BAND:
                    up = before.get(j, low)
                    if up[0] - 2 > cell[0]:
                        cell = (up[0] - 2, up[1])
            row[j] = cell
            if cell[0] > best:
                best = cell[0]
                out = (i, j, cell[1])
        if max(c[0] for c in row.values()) < best - DROP:
            break
        before = row
    return out
