"""What holds for any corpus: neither order nor names nor portions nor the machine change what is found."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import made_reuse as made
import numpy as np
import pytest

from luoshi.engines import reuse_local
from luoshi.engines.reuse_local import LocalReuse
from luoshi.engines.storage import Storage
from luoshi.reuse.clusters import clusters
from luoshi.reuse.corpus import About, Corpus, corpus, symbols
from luoshi.reuse.direction import rank_of
from luoshi.reuse.finish import Passages, finish
from luoshi.reuse.settings import Settings
from luoshi.reuse.shares import shares

Found = set[tuple[Any, ...]]


def search(
    rows: list[dict[str, Any]], storage: Storage | None = None, **more: Any
) -> tuple[Corpus, Passages]:
    about = [About(r["id"], r.get("date"), r.get("level"), r.get("series"), len(r["text"])) for r in rows]
    settings = Settings(n=6)
    whole = corpus(about, symbols([r["text"] for r in rows]), copies=settings.df_cap)
    run = LocalReuse(settings, storage=storage or Storage(), **more)
    return whole, finish(whole, run.passages(whole))


def named(whole: Corpus, p: Passages) -> Found:
    ids = [a.id for a in whole.about]
    numbers = (
        p.a_start,
        p.a_end,
        p.b_start,
        p.b_end,
        p.matches,
        p.similarity,
        p.rarity,
        p.relation,
        p.direction,
    )
    return {(ids[int(p.a[k])], ids[int(p.b[k])], *(c[k] for c in numbers)) for k in range(len(p))}


def mirrored(found: Found) -> Found:
    """Without direction, each pair in the order of the ids."""
    return {r[:-1] if r[0] < r[1] else (r[1], r[0], r[4], r[5], r[2], r[3], *r[6:-1]) for r in found}


ROWS = made.rows(7)
FOUND = named(*search(ROWS))


def test_there_is_something_to_find() -> None:
    assert len(FOUND) > 30


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_documents_changes_nothing(seed: int) -> None:
    mixed = random.Random(seed).sample(ROWS, len(ROWS))
    assert named(*search(mixed)) == FOUND


def test_symmetry_names_and_dates_change_only_the_direction() -> None:
    turned = [{**r, "date": f"20{30 - int(r['date'][2:4])}{r['date'][4:]}"} for r in ROWS]
    assert mirrored(named(*search(turned))) == mirrored(FOUND)


def test_the_earlier_document_is_a() -> None:
    date = {r["id"]: r["date"] for r in ROWS}
    assert all(date[r[0]] <= date[r[1]] for r in FOUND)


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_threads_change_nothing(threads: int) -> None:
    assert named(*search(ROWS, threads=threads)) == FOUND


@pytest.mark.parametrize("memory", [30_000, 200_000, 4_000_000])
def test_memory_changes_nothing(tmp_path: Path, memory: int) -> None:
    assert named(*search(ROWS, Storage(tmp_path / "work"), memory=memory)) == FOUND


@pytest.mark.parametrize("block", [500, 5_000])
def test_blocks_change_nothing_where_documents_fit_them(monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    some = [r for r in ROWS if len(r["text"]) <= block]
    whole = named(*search(some))
    monkeypatch.setattr(reuse_local, "BLOCK", block)
    assert named(*search(some)) == whole


def test_a_run_goes_on_where_it_was_broken_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for stage in ("choose", "pairs", "part"):
        work = tmp_path / stage

        def stop(*_: object, stage: str = stage) -> None:
            raise KeyboardInterrupt(stage)

        with monkeypatch.context() as m:
            m.setattr(reuse_local._Run, stage, stop)
            with pytest.raises(KeyboardInterrupt):
                search(ROWS, Storage(work), memory=100_000)
        assert named(*search(ROWS, Storage(work), memory=100_000)) == FOUND


def test_places_are_those_of_the_texts() -> None:
    text = {r["id"]: r["text"] for r in ROWS}
    for a, b, a0, a1, b0, b1, matches, similarity, rarity, relation, _ in FOUND:
        one, other = text[a][a0:a1], text[b][b0:b1]
        assert one and other and 0 <= a0 < a1 <= len(text[a]) and 0 <= b0 < b1 <= len(text[b])
        assert 0 < similarity <= 1 and 0 <= rarity <= 1 and 0 < matches <= min(len(one), len(other))
        if relation == "verbatim":
            assert [c for c in one if c.isalnum()] == [c for c in other if c.isalnum()]


def test_shares_count_each_character_once() -> None:
    whole, p = search(ROWS)
    table = shares(whole, p)
    assert len(table["a"]) == len(set(zip(table["a"].tolist(), table["b"].tolist(), strict=True)))
    for k in range(len(table["a"])):
        mine = (p.a == table["a"][k]) & (p.b == table["b"][k])
        covered = {c for s, e in zip(p.b_start[mine], p.b_end[mine], strict=True) for c in range(s, e)}
        assert table["b_characters"][k] == len(covered)
        some = table["passages"][k] > 0
        assert some == mine.any()
        assert (0 < table["a_share"][k] <= 1) == (0 < table["b_share"][k] <= 1) == some
        assert 0 <= table["likeness"][k] <= 1
    lower = [b if u == "a" else a for a, b, u in zip(table["a"], table["b"], table["upper"], strict=True)]
    for d in set(lower):
        ranks = sorted(r for r, x in zip(table["rank"].tolist(), lower, strict=True) if x == d)
        assert ranks == list(range(1, len(ranks) + 1))
    for a, b, upper in zip(table["a"].tolist(), table["b"].tolist(), table["upper"], strict=True):
        one, two = (rank_of(whole.about[d].level) for d in (a, b))
        assert upper == ("b" if two > one > 0 else "a")


def test_families_hold_both_sides_of_a_passage_and_begin_with_the_earliest() -> None:
    whole, p = search(ROWS)
    table = clusters(whole, p)
    members: dict[int, set[tuple[int, int, int]]] = {}
    rows = zip(*(table[n].tolist() for n in ("cluster", "document", "start", "end", "earliest")), strict=True)
    for c, d, s, e, earliest in rows:
        if earliest:
            assert c not in members
        members.setdefault(c, set()).add((d, s, e))
    for k in range(len(p)):
        sides = ((p.a[k], p.a_start[k], p.a_end[k]), (p.b[k], p.b_start[k], p.b_end[k]))
        assert any(
            all(any(d == m[0] and m[1] <= s and e <= m[2] for m in some) for d, s, e in sides)
            for some in members.values()
        )
    first = {c: min(some, key=lambda m: (int(whole.age[m[0]]), m[1])) for c, some in members.items()}
    marked = np.flatnonzero(table["earliest"])
    assert {
        (int(table["cluster"][k]), int(table["document"][k]), int(table["start"][k])) for k in marked
    } == {(c, m[0], m[1]) for c, m in first.items()}
