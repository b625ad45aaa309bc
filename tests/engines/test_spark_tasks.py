"""What the executors do, chained here without a cluster: the rows are the same however work is dealt out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pytest
from reuse_corpora import english, equal, locally, made, repeated, rows

from luoshi.reuse import steps
from luoshi.reuse.corpus import About
from luoshi.reuse.finish import directions
from luoshi.reuse.settings import Settings

pa = pytest.importorskip("pyarrow", reason="needs pyarrow: pip install 'luoshi[spark]'")

from luoshi.engines import spark_tasks as tasks  # noqa: E402

CORPORA: dict[str, Callable[[], tuple[list[About], list[str]]]] = {
    "planted": made, "english": english, "equal": equal, "repeated": lambda: repeated(400)
}  # fmt: skip


def grouped(batches: Iterable[Any], *order: str) -> Any:
    """Rows in this order, in batches of three, as a shuffle hands them on."""
    some = list(batches)
    if not some:
        return []
    told = pa.Table.from_batches(some)
    return told.sort_by([(name, "ascending") for name in order]).to_batches(max_chunksize=3)


def chained(
    about: list[About], texts: list[str], *, portions: int, lots: int, sets: int, tiles: int
) -> list[tuple[Any, ...]]:
    """The rows of :data:`luoshi.engines.spark_tasks.FOUND` that the tasks find, the documents by age."""
    whole, _ = locally(about, texts, Settings())
    size = len(whole.symbols.sym)
    settings = Settings().for_size(size)
    bits = steps.table_bits(size)
    ages, data = whole.age.astype(np.int64), [t.encode() for t in texts]
    given = pa.table({
        "portion": pa.array((ages * 7 % portions).astype(np.int32)),
        "part": pa.array([-1] * len(texts), pa.int32()), "age": ages,
        "series": whole.series.astype(np.int64), "copied": whole.equal_to >= 0,
        "data": pa.array(data, pa.binary()),
    })  # fmt: skip
    asked = tasks.count(grouped(given.to_batches(), "portion", "age"), settings, bits, bits - 12)
    told = pa.Table.from_batches(list(tasks.tell(grouped(asked, "lot"), bits, bits - 12)))
    none = {n: pa.nulls(told.num_rows, given.schema.field(n).type) for n in ("age", "series", "copied")}
    answer = pa.table({
        "portion": told["portion"], "part": told["part"], **none, "data": told["data"]
    })  # fmt: skip
    both = pa.concat_tables([given, answer]).to_batches()
    seeds = list(tasks.seeds(grouped(both, "portion", "part", "age"), settings, bits, lots, True))
    power = steps.bucket_bits(sum(sum(b.column("n").to_pylist()) for b in seeds))
    places = tasks.pairs(grouped(seeds, "lot"), settings, power, sets, True)
    left = list(tasks.prune(grouped(places, "lot"), settings, tiles))
    if not left:
        return []
    wanted = pa.Table.from_batches(list(tasks.wanted(left))).to_pylist()
    by_age = {int(a): d for a, d in zip(ages, data, strict=True)}
    rows_ = [(r["lot"], -1, r["n"], r["data"]) for b in left for r in b.to_pylist()]
    rows_ += [(t, a, 0, by_age[a]) for t, a in {(w["tile"], w["age"]) for w in wanted}]
    kinds = (("tile", pa.int32()), ("age", pa.int64()), ("n", pa.int32()), ("data", pa.binary()))
    table = pa.table({n: pa.array([r[k] for r in rows_], t) for k, (n, t) in enumerate(kinds)})
    found = pa.Table.from_batches(
        list(tasks.passages(grouped(table.to_batches(), "tile", "age"), settings, True))
    )
    return sorted(tuple(r.values()) for r in found.to_pylist())


@pytest.mark.parametrize("name", CORPORA)
def test_the_tasks_find_the_rows_of_the_local_engine_however_the_work_is_dealt_out(name: str) -> None:
    about, texts = CORPORA[name]()
    first = chained(about, texts, portions=1, lots=4, sets=1, tiles=1)
    assert chained(about, texts, portions=3, lots=6, sets=2, tiles=6) == first

    # the same documents, read in another order
    by = np.random.default_rng(1).permutation(len(texts))
    again = chained([about[k] for k in by], [texts[k] for k in by], portions=2, lots=5, sets=3, tiles=3)
    assert again == first

    whole, expected = locally(about, texts, Settings())
    a, b = (whole.by_age[[r[k] for r in first]] if first else np.zeros(0, np.int64) for k in (0, 1))
    told = directions(whole, a, b).tolist()
    mine = {
        (int(x), *r[6:8], int(y), *r[8:14], d) for r, x, y, d in zip(first, a, b, told, strict=True)
    }  # fmt: skip
    copied = {r for r in rows(expected) if whole.equal_to[r[0]] >= 0 or whole.equal_to[r[3]] >= 0}
    assert mine == set(rows(expected)) - copied
    assert mine or copied
