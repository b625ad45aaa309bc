"""A run of text reuse that is broken off anywhere goes on to the same bytes; a full disk is told."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import made_reuse as made
import numpy as np
import pytest

from luoshi.engines import reuse_local
from luoshi.engines.storage import Column, Storage
from luoshi.errors import OutputError
from luoshi.pipeline.progress import Progress
from luoshi.pipeline.reuse import ReuseOptions, reuse

TABLES = ("passages.jsonl", "clusters.jsonl", "documents.jsonl", "summary.html", "passages.csv")
OPTIONS = ReuseOptions(jsonl=True, memory=200_000, threads=2)


class Stop(Progress):
    """Breaks a run off at its ``at``-th sign of life."""

    def __init__(self, at: int) -> None:
        self.left = at
        self.stages: list[str] = []

    def stage(self, name: str, total: int) -> None:
        self.stages.append(name)
        self.step()

    def step(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise KeyboardInterrupt


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("resume") / "corpus.jsonl"
    rows = made.rows(11, number=30, copies=25)
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    """So small that every stage has many steps, and so few symbols a block that documents are many blocks."""
    monkeypatch.setattr(reuse_local, "BLOCK", 1 << 13)


def tables(out: Path) -> list[bytes]:
    return [(out / name).read_bytes() for name in TABLES]


@pytest.fixture
def expected(corpus: Path, tmp_path: Path, small_portions: None) -> list[bytes]:
    watch = Stop(-1)
    done = reuse([corpus], tmp_path / "whole", OPTIONS, watch)
    assert done.counts["passages"] > 15
    assert watch.stages == ["read", "count", "pairs", "passages", "write"]
    return tables(tmp_path / "whole")


def test_broken_off_anywhere_it_goes_on_to_the_same_bytes(
    corpus: Path, expected: list[bytes], tmp_path: Path
) -> None:
    count = Stop(-1)
    reuse([corpus], tmp_path / "count", OPTIONS, count)
    steps = -1 - count.left
    assert steps > 20
    for at in {*np.linspace(1, steps, 24).astype(int).tolist()}:
        out = tmp_path / f"out{at}"
        with pytest.raises(KeyboardInterrupt):
            reuse([corpus], out, OPTIONS, Stop(at))
        assert not any((out / name).exists() for name in TABLES)
        reuse([corpus], out, OPTIONS)
        assert tables(out) == expected, at
        assert not (out / ".luoshi" / "reuse").exists()


def full_at(monkeypatch: pytest.MonkeyPatch, method: str, at: int) -> Callable[[], int]:
    """Lets the ``at``-th write of a kind find the disk full; gives how many were tried."""
    real = getattr(Column, method)
    calls = 0

    def write(self: Column, *arguments: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == at:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(self, *arguments)

    monkeypatch.setattr(Column, method, write)
    return lambda: calls


@pytest.mark.parametrize("method", ["append", "put"])
def test_a_disk_that_is_full_anywhere_is_told(
    method: str, corpus: Path, expected: list[bytes], tmp_path: Path
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        tried = full_at(patch, method, -1)
        reuse([corpus], tmp_path / "count", OPTIONS)
        writes = tried()
    for at in {*np.linspace(1, writes, 8).astype(int).tolist()}:
        out = tmp_path / f"out{at}"
        with pytest.MonkeyPatch.context() as patch:
            full_at(patch, method, at)
            with pytest.raises(OutputError, match="No space left"):
                reuse([corpus], out, OPTIONS)
        reuse([corpus], out, OPTIONS)
        assert tables(out) == expected, at


@pytest.mark.parametrize("folder", [False, True])
def test_a_column_grows_and_what_was_read_stays(folder: bool, tmp_path: Path) -> None:
    column = Storage(tmp_path if folder else None).column("c", np.uint32)
    column.append(np.arange(10))
    before = column.array()
    for k in range(3):
        column.append(np.arange(1_500_000 * k, dtype=np.uint32), np.zeros(3))
    assert before.tolist() == list(range(10))
    assert len(column.array()) == 10 + 9 + 4_500_000
    assert column.array()[:13].tolist() == [*range(10), 0, 0, 0]
