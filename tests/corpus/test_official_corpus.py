"""Elements of real official documents, against marked text and against the metadata tables of their pages."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from luoshi.model import Document
from luoshi.read import read
from luoshi.structure import structure
from luoshi.structure.when import parse

pytestmark = pytest.mark.corpus

MARKED = {
    "发文机关标志": "mark",
    "发文字号": "number",
    "正文标题": "title",
    "主送机关": "addressees",
    "发文机关": "signature",
    "成文日期": "date",
}


def _document(path: Path) -> Document:
    (reading,) = read(path, name=path.name)
    (document,) = structure(reading)
    return document


def _bare(text: str) -> str:
    return "".join(c for c in text if c.isalnum() and c not in "曌錓")


def _truth(path: Path) -> Counter[tuple[str, str]]:
    """The marked elements of a text with a mark behind each character."""
    spans: list[tuple[str, str]] = []
    for line in path.read_text(encoding="utf-8-sig").splitlines():
        char, _, mark = line.rstrip().partition(" ")
        if mark.startswith("B_"):
            spans.append((mark[2:], char))
        elif mark.startswith("I_") and spans:
            spans[-1] = (spans[-1][0], spans[-1][1] + char)
    return Counter((MARKED[name], _bare(text)) for name, text in spans if name in MARKED)


@pytest.mark.parametrize("suffix", [".txt", ".pdf"])
def test_marked_document(shared: Path, suffix: str) -> None:
    for folder in sorted((shared / "corpus" / "layout-govdoc-cn").glob("*/*")):
        if not folder.is_dir():
            continue
        truth = _truth(folder / f"{folder.name}_a.txt")
        found = _document(folder / f"{folder.name}{suffix}").elements
        mine = Counter((e.element, _bare(e.evidence.quote)) for e in found if e.element in MARKED.values())
        # the issuing mark of several bodies stands on several lines
        marks = "".join(sorted("".join(v for k, v in truth if k == "mark")))
        assert marks == "".join(sorted("".join(v for k, v in mine if k == "mark")))
        assert {k: n for k, n in mine.items() if k[0] != "mark"} == {
            k: n for k, n in truth.items() if k[0] != "mark"
        }


def test_pages_of_the_state_council(shared: Path) -> None:
    """What the text alone says, against the page's own table: title, number, issuer, date."""
    files = sorted((shared / "corpus" / "statecouncil-html").iterdir())
    right: Counter[str] = Counter()
    for path in files:
        (reading,) = read(path, name=path.name)
        found: dict[str, list[str]] = {}
        for e in structure(reading)[0].elements:
            found.setdefault(e.element, []).append(e.value)
        table = reading.metadata
        ordered = "令" in table["number"]
        right["title"] += ordered or _bare(table["title"]) == _bare(found["title"][0])
        right["number"] += ordered or table["number"] in found["number"]
        right["date"] += [parse(table["date"])] == found["date"]
        signed = found.get("signature", [])
        right["signature"] += ordered or re.split("[\\s、]", table["issuer"])[0] in signed
        right["addressees"] += ordered or len(found.get("addressees", ())) == 1
        right["body"] += len(found["body"]) == 1
    for name in ("title", "number", "signature", "addressees", "body"):
        assert right[name] == len(files), (name, right)
    # some tables give the day of publication for that of the text
    assert right["date"] >= 0.95 * len(files), right
