"""The word lists of the reading room, each against a table of lines that anybody can extend."""

from __future__ import annotations

from pathlib import Path

import pytest

from luoshi.model import Mapped
from luoshi.read.lines import Line, width
from luoshi.read.metaline import chrome_line, metadata_pairs
from luoshi.read.normalise import tidy
from luoshi.read.trim import keep, trim

HERE = Path(__file__).parent


def rows(name: str) -> list[list[str]]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize(("text", "expected"), rows("normalise.tsv"))
def test_tidy(text: str, expected: str) -> None:
    source = text.replace("·", " ").replace("~", "\u3000")
    body = tidy(Mapped.of_source(source))
    assert body.text == expected.replace("·", " ").replace("~", "\u3000")
    assert len(body.offsets) == len(body.text)
    assert list(body.offsets) == sorted(body.offsets)


@pytest.mark.parametrize("row", rows("chrome-lines.tsv"), ids=lambda r: r[0])
def test_chrome_lines(row: list[str]) -> None:
    text, reason, weak = [*row, "", ""][:3]
    assert chrome_line(text) == (reason, weak == "weak")


@pytest.mark.parametrize("row", rows("metadata-lines.tsv"), ids=lambda r: r[0])
def test_metadata_lines(row: list[str]) -> None:
    text, expected = [*row, ""][:2]
    found = metadata_pairs(text)
    if expected == "-":
        assert found and not keep(found)
    else:
        assert "; ".join(f"{k}={v}" for k, v in keep(found)) == expected
        assert bool(found) == bool(expected)


@pytest.mark.parametrize(("text", "expected"), rows("captions.tsv"))
def test_captions(text: str, expected: str) -> None:
    body = "各级各部门要把会议精神传达到每一个支部，逐项研究落实的办法，确保件件有着落、事事有回音。"
    lines = [Line(Mapped.of_source(t), width=width(t)) for t in (body, text, body)]
    trimmed = trim(lines)
    assert [reason for reason, _ in trimmed.taken] == (["caption"] if expected == "yes" else [])
