"""``luoshi page``: the picture of a record's page, from the records of a run."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import made_pages as made
import pytest


def luoshi(*words: object, **options: object) -> subprocess.CompletedProcess[str]:
    call = [sys.executable, "-m", "luoshi", *map(str, words)]
    return subprocess.run(call, capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload,no-any-return]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("page")
    for name, stem in (("upper.pdf", "01"), ("lower.pdf", "03")):
        (folder / name).write_bytes(made.pdf(made.source(made.demo(stem))))
    done = luoshi("build", "upper.pdf", "lower.pdf", "--out", "records", "--no-reports", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


def rows(folder: Path, table: str) -> list[dict[str, object]]:
    text = (folder / "records" / f"{table}.jsonl").read_text(encoding="utf-8")
    return [json.loads(x) for x in text.splitlines()]


def of(folder: Path, name: str) -> list[dict[str, object]]:
    document = next(d["id"] for d in rows(folder, "documents") if d["source"] == name)
    return [c for c in rows(folder, "commitments") if c["document"] == document]


def test_evidence_has_pages_and_boxes(built: Path) -> None:
    for table in ("sentences", "commitments", "provisions"):
        for row in rows(built, table):
            boxes = row["boxes"]
            assert isinstance(boxes, list) and boxes, row
            assert all(page >= 1 and x0 < x1 and y0 < y1 for page, x0, y0, x1, y1 in boxes)


def test_a_record_is_lit_on_its_page(built: Path) -> None:
    row = of(built, "lower.pdf")[-1]
    done = luoshi(
        "page", "lower.pdf", "--highlight", row["id"], "--out", "records", "-o", "lit.png", cwd=built
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "lit.png"
    assert f"Page {row['boxes'][0][0]} of lower.pdf" in done.stderr  # type: ignore[index]
    lit = (built / "lit.png").read_bytes()
    number = row["boxes"][0][0]  # type: ignore[index]
    assert luoshi("page", "lower.pdf", number, cwd=built).returncode == 0
    plain = (built / f"lower-page-{number}.png").read_bytes()
    assert lit.startswith(b"\x89PNG") and plain.startswith(b"\x89PNG") and lit != plain


def test_both_ends_of_a_link_can_be_lit(built: Path) -> None:
    link = rows(built, "links")[0]
    for name in ("upper.pdf", "lower.pdf"):
        done = luoshi("page", name, "--highlight", link["id"], "--out", "records", "-o", "x.png", cwd=built)
        assert done.returncode == 0, done.stderr


def test_what_was_left_out_can_be_lit(built: Path) -> None:
    drop = next(d for d in rows(built, "dropped") if d["reason"] == "page number")
    source = drop["source"]
    done = luoshi("page", source, "--highlight", drop["id"], "--out", "records", "-o", "x.png", cwd=built)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("lower.pdf", "99"), "no page 99"),
        (("none.pdf", "1"), "does not exist"),
        (("lower.pdf", "--highlight", "c0"), "--out DIR"),
        (("lower.pdf", "--highlight", "nothing", "--out", "records"), "No record has the id"),
    ],
)
def test_wrong_calls_say_what_to_do(built: Path, words: tuple[str, ...], says: str) -> None:
    done = luoshi("page", *words, cwd=built)
    assert done.returncode == 2
    assert says in done.stderr and "Traceback" not in done.stderr


def test_a_record_of_another_file(built: Path) -> None:
    row = of(built, "upper.pdf")[0]
    done = luoshi("page", "lower.pdf", "--highlight", row["id"], "--out", "records", cwd=built)
    assert done.returncode == 2 and "It stands in upper.pdf" in done.stderr
    page = row["boxes"][0][0]  # type: ignore[index]
    done = luoshi("page", "upper.pdf", 9 - page, "--highlight", row["id"], "--out", "records", cwd=built)
    assert done.returncode == 2 and f"It stands on page {page}" in done.stderr
