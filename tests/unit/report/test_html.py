from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

import made_records as made
import pytest

from luoshi.model import Records
from luoshi.report import html
from luoshi.report.payload import payload

ATTACK = "</script><script>window.hit=1</script><!--<img src=x onerror='window.hit=1'>&amp;\u2028]]>"


class Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def data_of(page: str) -> dict[str, object]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.S)
    assert found
    value: dict[str, object] = json.loads(found[1])
    return value


def attacked() -> Records:
    records = made.two()
    text = records.texts[made.LOWER]
    records.texts[made.LOWER] = text + "\n" + ATTACK
    records.documents[1] = replace(records.documents[1], title=ATTACK, source=ATTACK, number=ATTACK)
    return records


def test_hostile_text_stays_data() -> None:
    page = html.render(attacked())
    parser = Elements()
    parser.feed(page)
    tags = [tag for tag, _ in parser.tags]
    assert tags.count("script") == 2
    assert "img" not in tags
    texts = data_of(page)["texts"]
    assert isinstance(texts, list)
    assert texts[1].endswith(ATTACK)


def test_nothing_from_outside() -> None:
    page = html.render(made.two())
    parser = Elements()
    parser.feed(page)
    for tag, attributes in parser.tags:
        for name in ("src", "href", "action", "data"):
            assert (attributes.get(name) or "data:").startswith("data:"), (tag, attributes)
    style = page[page.index("<style>") : page.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style
    assert re.findall(r"https?://[^\s\"']+", page) == ["http://www.w3.org/2000/svg"]


def test_the_policy_names_our_script_and_style_and_nothing_else() -> None:
    page = html.render(made.two())
    policy = re.search(r'content="(default-src[^"]+)"', page)
    assert policy
    rules = policy[1].replace("&#39;", "'")
    script = re.search(r'<script type="module">(.*?)</script>', page, re.S)
    assert script
    digest = base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in rules
    assert "unsafe" not in rules


def test_offsets_are_those_of_a_browser() -> None:
    records = made.two()
    text = records.texts[made.LOWER]
    shift = "𠮷𠮷"
    records.texts[made.LOWER] = shift + text

    def moved(row):  # type: ignore[no-untyped-def]
        e = row.evidence
        if e.document != made.LOWER:
            return row
        return replace(row, evidence=replace(e, start=e.start + 2, end=e.end + 2))

    records.commitments = [moved(c) for c in records.commitments]
    rows = payload(records)["tasks"]
    for row, commitment in zip(rows, records.commitments, strict=True):
        document, start, end = row[1]
        encoded = records.texts[records.documents[document].id].encode("utf-16-le")
        assert encoded[2 * start : 2 * end].decode("utf-16-le") == commitment.evidence.quote


def test_a_quote_that_is_not_the_text_is_kept_as_it_is() -> None:
    records = made.two()
    first = records.commitments[0]
    records.commitments[0] = replace(first, evidence=replace(first.evidence, quote="别的话"))
    assert payload(records)["tasks"][0][1][3] == "别的话"


def test_same_records_give_the_same_page() -> None:
    assert html.render(made.two()) == html.render(made.two())


def test_lone_surrogates_do_not_stop_the_report(tmp_path: Path) -> None:
    records = made.two()
    records.texts[made.LOWER] += "\ud800"
    html.write(records, tmp_path / "a.html")
    assert (tmp_path / "a.html").read_text(encoding="utf-8")


def test_no_records(tmp_path: Path) -> None:
    html.write(Records(), tmp_path / "a.html")
    assert data_of((tmp_path / "a.html").read_text(encoding="utf-8"))["documents"] == []


def test_every_module_is_joined_and_small_enough() -> None:
    folder = files("luoshi.report").joinpath("templates")
    scripts = [f for f in folder.iterdir() if f.name.endswith(".js")]
    assert {f.name for f in scripts} == set(html.SCRIPTS)
    assert all(len(f.read_text(encoding="utf-8").splitlines()) <= 500 for f in scripts)


def test_the_script_is_well_formed(tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs node, which is not installed")
    path = tmp_path / "bundle.mjs"
    path.write_text(html.bundle(), encoding="utf-8")
    assert subprocess.run([node, "--check", str(path)], capture_output=True, check=False).returncode == 0
