"""What the kernels give on cases that can be reckoned by hand, and where compiled code is kept."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from luoshi import kernels


def codes(text: str) -> np.ndarray:
    return np.array([ord(c) for c in text], dtype=np.int32)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("", "", (0, 0, 0)),
        ("甲乙丙", "丁戊", (0, 0, 0)),
        ("推动乡村振兴", "全面推进乡村振兴", (2, 4, 4)),
        ("甲乙甲乙", "甲乙", (0, 0, 2)),
        ("同文同文", "同文同文", (0, 0, 4)),
    ],
)
def test_longest(a: str, b: str, expected: tuple[int, int, int]) -> None:
    assert kernels.longest(codes(a), codes(b)) == expected


def test_overlap_weighs_each_side_for_itself() -> None:
    mine, theirs = kernels.overlap(
        np.array([1, 2, 3], dtype=np.int64),
        np.array([0, 2, 3], dtype=np.int32),
        np.array([1, 2, 4], dtype=np.float32),
        np.array([2, 3, 3], dtype=np.int64),
        np.array([0, 0, 1], dtype=np.int32),
        np.array([10, 20, 30], dtype=np.float32),
        2,
    )
    assert mine.tolist() == [[2, 0], [4, 4]]
    assert theirs.tolist() == [[10, 0], [20, 30]]


def test_the_heaviest_run_wins_not_the_longest() -> None:
    a, b = codes("甲乙丙丁戊己"), codes("丁戊己甲乙")
    weights = np.array([9, 9, 1, 1, 1, 1], dtype=np.float32)
    whole = np.array([[0, 6]], dtype=np.int32), np.array([[0, 5]], dtype=np.int32)
    place, weight = kernels.runs(a, weights, b, *whole, 2)
    assert place.tolist() == [[0, 3, 2]]
    assert weight.tolist() == [18]


def test_warm_leaves_compiled_code_where_it_is_told(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from luoshi import kernels; kernels.warm()"],
        env={**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)},
        check=True,
        capture_output=True,
    )
    assert not done.stderr
    assert list(tmp_path.rglob("*.nbc"))


def test_no_writable_folder_is_no_obstacle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    monkeypatch.setattr(kernels.os, "access", lambda path, mode: Path(path) != Path(kernels.__file__).parent)
    monkeypatch.setattr(kernels.tempfile, "gettempdir", lambda: str(tmp_path))
    kernels._cache_folder()
    assert Path(os.environ["NUMBA_CACHE_DIR"]).parent == tmp_path
    monkeypatch.delenv("NUMBA_CACHE_DIR")
