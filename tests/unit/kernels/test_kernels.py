"""What the kernels give on cases that can be reckoned by hand, and where compiled code is kept."""

from __future__ import annotations

import json
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


def unit(codes: list[int], starts: list[int], weights: list[float]) -> tuple[np.ndarray, ...]:
    return np.array(codes, np.int64), np.array(starts, np.int32), np.array(weights, np.float32)


def test_cross_weighs_each_side_for_itself() -> None:
    one = unit([1, 2, 3], [0, 2, 3], [1, 2, 4])
    other = unit([2, 3, 3], [0, 2, 3], [10, 20, 30])
    mine, theirs = kernels.cross(0, 2, *one, 0, 2, *other)
    assert mine.tolist() == [[2, 0], [4, 4]]
    assert theirs.tolist() == [[10, 0], [20, 30]]


@pytest.mark.parametrize(
    ("budget", "top", "expected"),
    [(9, 9, [0, 1, 2]), (1, 9, [0]), (9, 1, [0]), (9, 2, [0, 1])],
)
def test_join_begins_with_the_rarest(budget: int, top: int, expected: list[int]) -> None:
    """Code 7 stands in one unit of the other text, code 5 in three; where they tie the first met is kept."""
    codes, starts, weights = unit([5, 7], [0, 2], [1, 2])
    other = np.array([5, 5, 5, 7]), np.array([0, 1, 2, 0], np.int32), np.ones(4, np.float32)
    rows, columns, _ = kernels.join(codes, starts, weights, *other, 3, budget, top, np.float32(0.5))
    assert (rows.tolist(), columns.tolist()) == ([0] * len(expected), expected)


def test_the_heaviest_run_wins_not_the_longest() -> None:
    a, b = codes("甲乙丙丁戊己"), codes("丁戊己甲乙")
    weights = np.array([9, 9, 1, 1, 1, 1], dtype=np.float32)
    whole = np.array([[0, 6]], dtype=np.int32), np.array([[0, 5]], dtype=np.int32)
    place, weight = kernels.runs(a, weights, b, *whole, 2)
    assert place.tolist() == [[0, 3, 2]]
    assert weight.tolist() == [18]


READ_ONLY = """
import os, sys
real = os.access
# an install folder that must not be written: root may write anywhere, so the answer is given here
os.access = lambda p, mode, **k: real(p, mode, **k) and not (str(p).endswith("kernels") and mode == os.W_OK)
"""
COMPILED = """
import numba
from luoshi import kernels
made = [
    v for name, m in sys.modules.items() if name.startswith("luoshi.kernels") for v in vars(m).values()
    if isinstance(v, numba.core.dispatcher.Dispatcher)
]
print(sum(sum(v.stats.cache_misses.values()) for v in made), sum(len(v.overloads) for v in made))
"""


def test_kernels_are_compiled_once_into_the_users_cache(tmp_path: Path) -> None:
    """Where the install folder is not writable; a command then finds every one of its kernels compiled."""
    environment = {k: v for k, v in os.environ.items() if k != "NUMBA_CACHE_DIR"}
    environment["XDG_CACHE_HOME"] = str(tmp_path)

    def run(code: str) -> str:
        call = [sys.executable, "-c", READ_ONLY + code]
        done = subprocess.run(call, env=environment, check=True, capture_output=True, text=True)
        assert not done.stderr
        return done.stdout

    run("from luoshi import kernels; kernels.warm()")
    assert list((tmp_path / "luoshi" / "numba").rglob("*.nbc"))
    text = "各乡镇要在秋收以前修好通往果园的道路，疏通水渠，补种防护林。"
    rows = [{"id": k, "text": text * k + "其他事项另行安排。"} for k in (1, 2, 3)]
    (tmp_path / "rows.jsonl").write_text("\n".join(json.dumps(r) for r in rows), encoding="utf-8")
    (tmp_path / "new.txt").write_text("近日通知。" + text, encoding="utf-8")
    index = f"'--index', '{tmp_path}/index'"
    calls = (
        f"'reuse', '{tmp_path}/rows.jsonl', '--out', '{tmp_path}/out'",
        f"'reuse', '{tmp_path}/rows.jsonl', '--out', '{tmp_path}/out', '--memory', '1K'",
        f"'index', 'add', '{tmp_path}/rows.jsonl', {index}",
        f"'index', 'query', '{tmp_path}/new.txt', {index}",
    )
    for call in calls:
        told = run(
            f"""
sys.argv = ["luoshi", {call}]
from luoshi.cli.app import main
try:
    main()
except SystemExit as end:
    assert not end.code
"""
            + COMPILED
        )
        missed, used = map(int, told.split()[-2:])
        assert missed == 0 and used > 5, told


def test_no_writable_folder_is_no_obstacle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    monkeypatch.setattr(kernels.os, "access", lambda path, mode: Path(path) != Path(kernels.__file__).parent)
    monkeypatch.setattr(kernels.tempfile, "gettempdir", lambda: str(tmp_path))
    kernels._cache_folder()
    assert Path(os.environ["NUMBA_CACHE_DIR"]).parent == tmp_path
    monkeypatch.delenv("NUMBA_CACHE_DIR")
