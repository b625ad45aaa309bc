"""The same results in one process or in several."""

from __future__ import annotations

import pytest

from luoshi.engines.local import CHEAP, LocalEngine


def square(n: int) -> int:
    if n < 0:
        raise ValueError("negative")
    return n * n


@pytest.mark.parametrize(("workers", "work"), [(1, CHEAP), (2, CHEAP), (0, 1)])
def test_results_keep_their_order(workers: int, work: int) -> None:
    steps: list[int] = []
    out = LocalEngine(workers).map(square, list(range(20)), work=work, done=lambda: steps.append(1))
    assert out == [n * n for n in range(20)]
    assert len(steps) == 20


@pytest.mark.parametrize("workers", [1, 2])
def test_an_exception_reaches_the_caller(workers: int) -> None:
    with pytest.raises(ValueError, match="negative"):
        LocalEngine(workers).map(square, [1, -1, 2], work=CHEAP)


def test_no_items() -> None:
    assert LocalEngine(2).map(square, []) == []
