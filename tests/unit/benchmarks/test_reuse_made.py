"""Corpora with planted reuse: the gold is exact, at every level."""

from __future__ import annotations

import random
from collections import Counter
from itertools import pairwise
from pathlib import Path

import made
import planting
import pytest
import words
from planting import LEVELS, NAME
from rapidfuzz.distance import Indel

NOWHERE = Path("nowhere")
Made = tuple[dict[str, str], list[made.Planted]]


@pytest.fixture(scope="module", params=["made", "apart"])
def corpus(request: pytest.FixtureRequest) -> Made:
    batches = list(made.make(400_000, request.param, 3, NOWHERE))
    texts = {r["id"]: r["text"] for rows, _ in batches for r in rows}
    return texts, [p for _, gold in batches for p in gold]


def sides(corpus: Made, level: str) -> list[tuple[str, str]]:
    texts, gold = corpus
    return [
        (texts[p.a][p.a_start : p.a_end], texts[p.b][p.b_start : p.b_end]) for p in gold if p.level == level
    ]


def test_size_and_levels(corpus: Made) -> None:
    texts, gold = corpus
    assert 0.85 < sum(map(len, texts.values())) / 400_000 < 1.15
    counts = Counter(p.level for p in gold)
    assert all(counts[level] >= 10 for level in LEVELS)


def test_verbatim_is_equal(corpus: Made) -> None:
    assert all(a == b for a, b in sides(corpus, "verbatim"))


@pytest.mark.parametrize(
    ("level", "low", "high"), [("e05", 0.93, 0.98), ("e15", 0.82, 0.92), ("e30", 0.62, 0.82)]
)
def test_so_much_is_changed(corpus: Made, level: str, low: float, high: float) -> None:
    alike = [Indel.normalized_similarity(a, b) for a, b in sides(corpus, level)]
    assert low < sum(alike) / len(alike) < high


def test_clauses_are_in_another_order(corpus: Made) -> None:
    pairs = sides(corpus, "shuf")
    alike = [Indel.normalized_similarity(a, b) for a, b in pairs]
    same = [len(Counter(a) & Counter(b)) / len(Counter(a)) for a, b in pairs]
    assert sum(alike) / len(alike) < 0.8
    assert sum(same) / len(same) > 0.9


def test_places_and_nothing_else_are_renamed(corpus: Made) -> None:
    for a, b in sides(corpus, "place"):
        assert NAME.sub("", a) == NAME.sub("", b)
        assert len(NAME.findall(a)) >= made.PLACE_NAMES
        assert a != b


def test_stock_sentences_stand_where_the_gold_says(corpus: Made) -> None:
    texts, gold = corpus
    found = Counter(texts[p.a][p.a_start : p.a_end] for p in gold if p.level == "stock")
    assert len(found) <= made.STOCK
    assert max(found.values()) > 1
    assert all(s.endswith("。") for s in found)


def test_no_place_is_copied_twice(corpus: Made) -> None:
    spans: dict[str, list[tuple[int, int]]] = {}
    for p in corpus[1]:
        if p.level != "stock":
            spans.setdefault(p.a, []).append((p.a_start, p.a_end))
            assert p.a != p.b
    for some in spans.values():
        some.sort()
        assert all(x[1] <= y[0] for x, y in pairwise(some))


def test_same_seed_same_corpus() -> None:
    one, two = (list(made.make(30_000, "made", 5, NOWHERE)) for _ in range(2))
    assert one == two
    assert one != list(made.make(30_000, "made", 6, NOWHERE))


def test_copies_go_into_later_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "BATCH", 20)
    batches = list(made.make(150_000, "made", 1, NOWHERE))
    texts = {r["id"]: r["text"] for rows, _ in batches for r in rows}
    gold = [p for _, some in batches for p in some]
    far = [p for p in gold if p.level == "verbatim" and int(p.a[1:]) // 20 != int(p.b[1:]) // 20]
    assert far
    assert all(texts[p.a][p.a_start : p.a_end] == texts[p.b][p.b_start : p.b_end] for p in far)


@pytest.mark.parametrize("share", [0.05, 0.15, 0.3])
def test_edits_touch_the_asked_share(share: float) -> None:
    draw = random.Random(1)
    passage = "".join(chr(0x4E00 + k) for k in range(400))
    new = planting.edit(passage, share, ["龘龘龘"], draw)
    kept = sum(c in new for c in passage)
    assert 0.65 * share < 1 - kept / len(passage) < 1.05 * share
