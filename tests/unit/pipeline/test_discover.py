"""Which files are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from luoshi.errors import UsageError
from luoshi.pipeline.discover import discover

LIMIT = 1000


def put(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def names(found: list[object], root: Path) -> list[str]:
    return [f.path.relative_to(root).as_posix() for f in found]  # type: ignore[attr-defined]


def test_folders_are_walked_in_order_and_hidden_files_passed_over(tmp_path: Path) -> None:
    put(tmp_path, b_dot_txt="b", a__c_dot_md="c", _dot_hidden="h", _dot_git__x_dot_txt="x")
    (tmp_path / "~$lock.docx").write_text("w", encoding="utf-8")
    found, problems = discover([tmp_path], max_bytes=LIMIT)
    assert names(found, tmp_path) == ["a/c.md", "b.txt"]
    assert not problems


def test_the_same_content_is_read_once_and_said(tmp_path: Path) -> None:
    put(tmp_path, a_dot_txt="same", b_dot_txt="same")
    found, problems = discover([tmp_path], max_bytes=LIMIT)
    assert names(found, tmp_path) == ["a.txt"]
    assert [(p.code, p.severity) for p in problems] == [("duplicate-file", "info")]


def test_a_missing_path_is_a_problem_and_the_others_are_read(tmp_path: Path) -> None:
    put(tmp_path, a_dot_txt="a")
    found, problems = discover([tmp_path / "a.txt", tmp_path / "gone.txt"], max_bytes=LIMIT)
    assert names(found, tmp_path) == ["a.txt"]
    assert problems[0].code == "no-such-path"
    assert "gone.txt" in problems[0].message


def test_only_missing_paths_are_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="gone"):
        discover([tmp_path / "gone"], max_bytes=LIMIT)


def test_a_large_file_is_refused_by_name(tmp_path: Path) -> None:
    put(tmp_path, a_dot_txt="a" * 2000)
    found, problems = discover([tmp_path], max_bytes=LIMIT)
    assert not found
    assert problems[0].code == "too-large"
    assert "a.txt" in problems[0].message and "--max-mb" in problems[0].hint


def test_output_folders_of_ours_are_passed_over(tmp_path: Path) -> None:
    put(
        tmp_path,
        a_dot_txt="a",
        out__manifest_dot_json="{}",
        out___dot_luoshi__mark="m",
        out__texts__x_dot_txt="x",
    )
    found, _ = discover([tmp_path], max_bytes=LIMIT)
    assert names(found, tmp_path) == ["a.txt"]
