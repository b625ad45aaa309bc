"""Invented text: words that follow each other at random.

``chain``: each word follows the one before as often as in the real laws, so that turns of phrase come again and again
as they do in official language; where the real documents are missing, ``made`` is taken.
``made``: the same with made-up words. ``apart``: short words, independent of each other and the common ones not so
common, so that next to nothing repeats.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path

import numpy as np

BASES = ("chain", "made", "apart")
DOCUMENT = 2250
"""Characters of a document before planting, on average."""
BATCH = 4096
"""Documents made side by side."""
PLACES = tuple(
    a + b for a in ("云", "临", "青", "白", "石", "长", "南", "平", "安", "金") for b in ("川市", "溪县", "原州", "岭自治县", "浦区", "陵")
)  # fmt: skip
"""Made-up names of places."""
NAMED = 0.2
"""Share of the clauses that begin with the name of a place."""


@dataclass(frozen=True)
class Chain:
    """Words and what follows each: ``follower[first[w] : first[w + 1]]`` with rising shares ``up_to``."""

    words: np.ndarray
    share: np.ndarray
    first: np.ndarray
    follower: np.ndarray
    up_to: np.ndarray


def chain_of(words: list[str], seq: np.ndarray) -> Chain:
    """The chain of a sequence of ordinals of words."""
    n = len(words)
    code, counts = np.unique(seq[:-1] * n + seq[1:], return_counts=True)
    before, after = code // n, code % n
    first = np.searchsorted(before, np.arange(n + 1))
    sums = np.cumsum(counts)
    base = np.r_[0, sums][first[before]]
    total = np.r_[0, sums][first[before + 1]] - base
    share = np.bincount(seq, minlength=n) / len(seq)
    return Chain(np.array(words, dtype=object), share, first, after, (sums - base) / total)


@cache
def real_chain(shared: Path) -> Chain:
    """Of the words of the real laws, every paragraph once; only which word follows which is taken from them."""
    import rjieba

    paragraphs: dict[str, None] = {}
    with gzip.open(shared / "corpus" / "laws.jsonl.gz", "rt", encoding="utf-8") as f:
        for line in f:
            text = json.loads(line)["text"]
            paragraphs.update((p, None) for p in text.split("\n") if len(p) >= 12 and not p.startswith("#"))
    index: dict[str, int] = {}
    ids = [
        index.setdefault(w, len(index))
        for p in islice(paragraphs, 0, None, max(1, len(paragraphs) // 120_000))
        for w in rjieba.cut(p + "\n")
    ]
    return chain_of(list(index), np.array(ids, dtype=np.int64))


@cache
def made_chain() -> Chain:
    """Made-up words of one to four characters with followers drawn once."""
    draw = np.random.default_rng(7)
    letters = [bytes([r, c]).decode("gb2312") for r in range(0xB0, 0xD7) for c in range(0xA1, 0xFA)]
    draw.shuffle(letters)
    lengths = draw.choice([1, 2, 3, 4], size=30_000, p=[0.15, 0.6, 0.15, 0.1])
    words = ["".join(letters[i] for i in (draw.random(n) ** 3 * len(letters)).astype(int)) for n in lengths]
    words = [*dict.fromkeys(words), "，", "。", "、", "；", "\n"]
    n = len(words)
    seq = (draw.random(3_000_000) ** 4 * (n - 5)).astype(np.int64)
    marks = draw.random(len(seq))
    for mark, below in (("，", 0.16), ("。", 0.05), ("；", 0.02), ("、", 0.015), ("\n", 0.006)):
        seq[marks < below] = words.index(mark)
    return chain_of(words, seq)


def chain_for(base: str, shared: Path) -> Chain:
    """The chain of a base."""
    have = (shared / "corpus" / "laws.jsonl.gz").is_file()
    return real_chain(shared) if have and base != "made" else made_chain()


def batches(chain: Chain, number: int, seed: int, apart: bool) -> Iterator[list[str]]:
    """Texts of so many documents, a batch at a time, walked side by side."""
    draw = np.random.default_rng(seed)
    name = random.Random(seed)
    lengths = np.array([len(w) for w in chain.words])
    keys = np.repeat(np.arange(len(chain.words)), np.diff(chain.first)) + chain.up_to
    share = flat(chain, lengths) if apart else chain.share
    rising = np.cumsum(share)
    last = len(chain.words) - 1
    mean = float((share * lengths).sum())
    for begin in range(0, number, BATCH):
        width = min(BATCH, number - begin)
        size = (DOCUMENT / mean * draw.uniform(0.4, 1.6, width)).astype(int)
        walk = np.empty((int(size.max()), width), dtype=np.int32)
        at = np.minimum(np.searchsorted(rising, draw.random(width)), last)
        for step in range(len(walk)):
            walk[step] = at
            if apart:
                at = np.minimum(np.searchsorted(rising, draw.random(width)), last)
                continue
            place = np.searchsorted(keys, at + draw.random(width), side="right")
            dead = chain.first[at] == chain.first[at + 1]
            at = np.where(dead, 0, chain.follower[np.minimum(place, len(keys) - 1)])
        yield [named("".join(chain.words[walk[: size[d], d]].tolist()), name) for d in range(width)]


def flat(chain: Chain, lengths: np.ndarray) -> np.ndarray:
    """Shares of words of up to two characters, common ones not so common; marks as they are."""
    marks = np.array([not w.isalnum() for w in chain.words])
    short = np.where((lengths <= 2) & ~marks, np.sqrt(chain.share), 0)
    share: np.ndarray = np.where(marks, chain.share, short * (1 - chain.share[marks].sum()) / short.sum())
    return share / share.sum()


def named(text: str, draw: random.Random) -> str:
    """The text with names of places at the head of some clauses."""
    return re.sub(
        "[，。]", lambda m: m.group() + draw.choice(PLACES) if draw.random() < NAMED else m.group(), text
    )
