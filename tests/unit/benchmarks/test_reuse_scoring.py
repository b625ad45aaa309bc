"""The measures of text reuse, against cases reckoned by hand and against sets of characters."""

from __future__ import annotations

from math import isclose, log2

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scoring import Case, Score, covered, scores


def case(a: tuple[int, int], b: tuple[int, int], level: str = "x", pair: str = "pq") -> Case:
    return Case(pair[0], a, pair[1], b, level)


def whole(cases: list[Case], found: list[Case], stock: list[Case] | None = None) -> Score:
    return scores(cases, found, stock or [])["all"]


def test_found_exactly() -> None:
    s = whole([case((0, 100), (50, 150))], [case((0, 100), (50, 150))])
    assert (s.precision, s.recall, s.granularity, s.plagdet, s.characters, s.hit) == (1, 1, 1, 1, 1, 1)


def test_sides_may_be_named_the_other_way_round() -> None:
    s = whole([Case("p", (0, 100), "q", (50, 150), "x")], [Case("q", (50, 150), "p", (0, 100))])
    assert s.plagdet == 1


def test_half_of_it() -> None:
    s = whole([case((0, 100), (0, 100))], [case((0, 50), (0, 50))])
    assert (s.precision, s.recall, s.granularity, s.hit) == (1, 0.5, 1, 1)
    assert isclose(s.plagdet, 2 / 3)


def test_twice_as_much() -> None:
    s = whole([case((100, 200), (100, 200))], [case((50, 250), (50, 250))])
    assert (s.precision, s.recall) == (0.5, 1)


def test_in_two_pieces() -> None:
    s = whole([case((0, 100), (0, 100))], [case((0, 50), (0, 50)), case((50, 100), (50, 100))])
    assert (s.precision, s.recall, s.granularity) == (1, 1, 2)
    assert isclose(s.plagdet, 1 / log2(3))


def test_pieces_that_overlap_count_once() -> None:
    s = whole([case((0, 100), (0, 100))], [case((0, 60), (0, 60)), case((40, 80), (40, 80))])
    assert isclose(s.recall, 0.8)
    assert isclose(s.characters, 0.8)


def test_one_side_alone_is_no_detection() -> None:
    s = whole([case((0, 100), (0, 100))], [case((0, 100), (500, 600))])
    assert (s.precision, s.recall, s.plagdet) == (0, 0, 0)


def test_a_detection_over_two_cases() -> None:
    two = [case((0, 100), (0, 100)), case((100, 200), (100, 200))]
    s = whole(two, [case((0, 200), (0, 200))])
    assert (s.precision, s.recall, s.granularity) == (1, 1, 1)


def test_mean_over_cases_and_share_of_characters() -> None:
    s = whole([case((0, 10), (0, 10)), case((100, 190), (100, 190))], [case((100, 190), (100, 190))])
    assert (s.recall, s.hit, s.characters) == (0.5, 0.5, 0.9)


def test_false_finds_are_charged_to_the_levels_by_their_cases() -> None:
    cases = [case((0, 10), (0, 10), "x"), case((20, 30), (20, 30), "y"), case((40, 50), (40, 50), "y")]
    false = [case((0, 9), (0, 9), pair="rs")] * 3
    got = scores(cases, [*cases, *false])
    assert [got[k].precision for k in ("all", "x", "y")] == [0.5, 0.5, 0.5]
    assert got["x"].detections == 2


def test_stock_sentences_are_neither_right_nor_wrong() -> None:
    stock = [Case("r", (0, 30), "", (0, 0), "stock"), Case("s", (5, 35), "", (0, 0), "stock")]
    one = case((0, 100), (0, 100))
    assert whole([one], [one, case((0, 28), (5, 33), pair="rs")], stock).precision == 1
    assert whole([one], [one, case((0, 60), (5, 65), pair="rs")], stock).precision == 0.5


def test_nothing_found() -> None:
    s = whole([case((0, 10), (0, 10))], [])
    assert (s.precision, s.recall, s.plagdet, s.granularity) == (0, 0, 0, 1)


SPAN = st.tuples(st.integers(0, 40), st.integers(1, 20)).map(lambda x: (x[0], x[0] + x[1]))
CASES = st.lists(
    st.builds(case, SPAN, SPAN, st.sampled_from("xy"), st.sampled_from(["pq", "qp", "pr"])), max_size=6
)


def characters(c: Case) -> set[tuple[str, int]]:
    return {(c.a, k) for k in range(*c.a_span)} | {(c.b, k) for k in range(*c.b_span)}


def by_definition(cases: list[Case], found: list[Case]) -> tuple[float, float, float]:
    def meet(s: Case, r: Case) -> set[tuple[str, int]]:
        if s.pair != r.pair:
            return set()
        of = {d: {k for e, k in characters(s) & characters(r) if e == d} for d in s.pair}
        return characters(s) & characters(r) if all(of.values()) else set()

    def mean(x: list[float]) -> float:
        return sum(x) / len(x) if x else 0.0

    precision = mean([len(set().union(*(meet(s, r) for s in cases))) / len(r) for r in found])
    recall = mean([len(set().union(*(meet(s, r) for r in found))) / len(s) for s in cases])
    times = [n for n in (sum(bool(meet(s, r)) for r in found) for s in cases) if n]
    return precision, recall, mean([float(t) for t in times]) or 1.0


@given(CASES.filter(bool), CASES)
def test_as_the_definition_says(cases: list[Case], found: list[Case]) -> None:
    s = whole(cases, found)
    assert (s.precision, s.recall, s.granularity) == pytest.approx(by_definition(cases, found))
    assert 0 <= s.plagdet <= 1


@given(CASES.filter(bool), CASES, st.randoms())
def test_order_does_not_matter(cases: list[Case], found: list[Case], draw: object) -> None:
    turned = [Case(c.b, c.b_span, c.a, c.a_span, c.level) for c in reversed(found)]
    a, b = scores(cases, found), scores(cases, turned)
    assert {k: v.plagdet for k, v in a.items()} == pytest.approx({k: v.plagdet for k, v in b.items()})


@given(st.lists(SPAN))
def test_union(spans: list[tuple[int, int]]) -> None:
    assert covered(spans) == len({k for s in spans for k in range(*s)})
