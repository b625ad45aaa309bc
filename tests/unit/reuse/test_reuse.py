"""Text reuse on made-up texts: what is found, and what is said of it."""

from __future__ import annotations

import random
from typing import Any

import made_reuse as made
import numpy as np
import pytest

from luoshi.engines.reuse_local import LocalReuse, blocks_of
from luoshi.errors import UsageError
from luoshi.reuse import letters
from luoshi.reuse.corpus import About, corpus, symbols
from luoshi.reuse.direction import direction, rank_of
from luoshi.reuse.finish import Passages, finish
from luoshi.reuse.settings import Settings, preset
from luoshi.reuse.shares import union

DRAW = random.Random(3)
WORDS = made.words(3)
PASSAGE = "".join(made.sentence(DRAW, WORDS) for _ in range(6))


def around(passage: str, seed: int) -> str:
    draw = random.Random(seed)
    before, behind = ("".join(made.sentence(draw, WORDS) for _ in range(8)) for _ in range(2))
    return before + passage + behind


SIX = Settings(n=6)


def search(*texts: str, settings: Settings = SIX, **about: list[str | None]) -> Passages:
    rows = [
        About(f"d{k}", *(about.get(n, [None] * len(texts))[k] for n in ("dates", "levels", "series")), len(t))
        for k, t in enumerate(texts)
    ]
    whole = corpus(rows, symbols(texts), same_series=settings.same_series, copies=settings.df_cap)
    return finish(whole, LocalReuse(settings).passages(whole))


def quotes(p: Passages, *texts: str) -> list[tuple[str, str]]:
    return [
        (texts[int(p.a[k])][p.a_start[k] : p.a_end[k]], texts[int(p.b[k])][p.b_start[k] : p.b_end[k]])
        for k in range(len(p))
    ]


def test_a_passage_is_found_from_its_first_to_its_last_mark() -> None:
    one, other = around(PASSAGE, 1), around(PASSAGE, 2)
    p = search(one, other)
    assert quotes(p, one, other) == [(PASSAGE, PASSAGE)]
    assert p.relation.tolist() == ["verbatim"]
    assert p.similarity[0] == 1 and p.rarity[0] == 1
    assert p.matches[0] == sum(c.isalnum() for c in PASSAGE)


def changed(how: str) -> str:
    clauses = PASSAGE.replace("。", "，").split("，")
    draw = random.Random(4)
    if how == "reordered":
        draw.shuffle(clauses)
        return "，".join(c for c in clauses if c) + "。"
    if how == "put in between":
        half = len(PASSAGE) // 2
        return PASSAGE[:half] + made.sentence(draw, WORDS) + PASSAGE[half:]
    return made.edited(PASSAGE, draw, WORDS, float(how))


@pytest.mark.parametrize("how", ["0.05", "0.15", "0.3", "reordered", "put in between"])
def test_a_changed_passage_is_one_passage(how: str) -> None:
    one, other = around(PASSAGE, 1), around(changed(how), 2)
    p = search(one, other)
    assert len(p) == 1
    assert p.relation[0] == "adapted"
    begin = one.index(PASSAGE)
    assert abs(int(p.a_start[0]) - begin) < 16 and abs(int(p.a_end[0]) - begin - len(PASSAGE)) < 16


def test_each_place_of_a_repeated_passage_is_found() -> None:
    one, other = around(PASSAGE, 1), around(PASSAGE, 2) + around(PASSAGE, 5)
    assert len(search(one, other)) == 2


def test_english_is_compared_by_words() -> None:
    draw = random.Random(8)
    lexicon = ["".join(draw.choices("etaoinshrdlu", k=draw.randint(2, 8))) for _ in range(800)]

    def prose(n: int) -> str:
        return " ".join(" ".join(draw.choices(lexicon, k=9)).capitalize() + "." for _ in range(n)) + " "

    passage = prose(4)
    one, other = prose(9) + passage + prose(9), prose(9) + passage.upper().replace(".", " !") + prose(9)
    p = search(one, other)
    assert len(p) == 1
    assert one[p.a_start[0] : p.a_end[0]] == passage.strip()
    assert p.similarity[0] == 1


def test_versions_of_one_series_are_compared_on_demand() -> None:
    one, other = around(PASSAGE, 1), around(PASSAGE, 2)
    assert not len(search(one, other, series=["s", "s"]))
    assert len(search(one, other, series=["s", "s"], settings=Settings(n=6, same_series=True))) == 1
    assert len(search(one, other, series=["s", "t"])) == 1


def test_what_stands_everywhere_is_stock_and_leads_to_the_earliest() -> None:
    texts = [around(PASSAGE, k) for k in range(60)]
    dates: list[str | None] = [f"2020-01-{k % 28 + 1:02d}" for k in range(60)]
    dates[17] = "1999-01-01"
    p = search(*texts, dates=dates)
    assert set(p.a.tolist()) == {17} and len(p) == 59
    assert set(p.relation.tolist()) == {"stock"}


def test_equal_documents_beyond_the_cap_are_named_with_the_first() -> None:
    texts = [around(PASSAGE, 1)] * 200 + [around(PASSAGE, 2)]
    p = search(*texts)
    whole = (p.a_start == 0) & (p.b_start == 0) & (p.a_end == len(texts[0])) & (p.b_end == len(texts[0]))
    assert whole.sum() == 199
    assert quotes(p, *texts)[int(np.flatnonzero(~whole)[0])] == (PASSAGE, PASSAGE)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (("2020", "central"), ("2021-03", "city"), "down"),
        (("2020", "city"), ("2021", "province"), "up"),
        (("2020-01-01", "city"), ("2020-01-02", "city"), "level"),
        (("2020-01-01", "city"), ("2020-01-01", "central"), "unknown"),
        (("2020", "city"), ("2020-05", "county"), "unknown"),
        ((None, "central"), ("2021", "city"), "unknown"),
        (("2020", "media"), ("2021", "city"), "unknown"),
    ],
)
def test_direction(a: tuple[Any, Any], b: tuple[Any, Any], expected: str) -> None:
    assert direction(About("a", *a), About("b", *b)) == expected


def test_levels_by_their_names() -> None:
    assert [rank_of(x) for x in ("central", "省级", "City", "县", "乡镇", "media", None)] == [
        5,
        4,
        3,
        2,
        1,
        0,
        0,
    ]


def test_letters_are_folded() -> None:
    table = letters.table()
    assert table[ord("Ａ")] == table[ord("a")] == table[ord("A")]
    assert table[ord("７")] == table[ord("7")]
    assert table[ord("，")] >> 28 == letters.CLAUSE and table[ord("。")] >> 28 == letters.SENTENCE
    assert table[0x20000] >> 28 == letters.SINGLE
    assert table[ord(" ")] == table[ord("\u3000")] == table[0xE000] == table[0xD800] == 0


def test_union_of_stretches() -> None:
    group = np.array([0, 0, 0, 1])
    start, end = np.array([0, 5, 20, 3]), np.array([10, 12, 22, 4])
    covered, weighed = union(group, start, end, np.array([1.0, 0.5, 1.0, 0.25]))
    assert covered.tolist() == [14, 1]
    assert weighed.tolist() == [13.0, 0.25]


def test_settings_that_do_not_fit() -> None:
    for wrong in ({"n": 3}, {"df_cap": 251}, {"least": 1}):
        with pytest.raises(UsageError):
            Settings(**wrong)
    with pytest.raises(UsageError):
        preset("slow")
    assert preset("fast", n=9, least=None).n == 9
    assert (
        Settings().for_size(1000).n == 6
        and Settings().for_size(10**8).n == 7
        and Settings().for_size(10**9).n == 8
        and Settings(n=9).for_size(1).n == 9
    )


def test_blocks_cover_every_wanted_symbol_once() -> None:
    bounds = np.array([0, 10, 10, 3_000_000, 3_000_005, 3_500_000])
    wanted = np.array([True, True, True, False, True])
    blocks = blocks_of(bounds, wanted)
    covered = [(a, b) for a, b in blocks]
    assert sum(b - a for a, b in covered) == 3_500_000 - 5
    assert all(b <= c or d <= a for a, b in covered for c, d in covered if (a, b) != (c, d))
    assert all(b - a <= 1 << 20 for a, b in covered)
