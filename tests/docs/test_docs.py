"""The documents say what the program does: help, records, commands of the README."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from luoshi.model import Records
from luoshi.pipeline.store import ROWS

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("demo/*.md")])


def test_the_command_reference_is_the_help() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "reference.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("table", Records.TABLES)
def test_every_field_of_every_table_is_described(table: str) -> None:
    text = (ROOT / "docs" / "reference" / "records.md").read_text(encoding="utf-8")
    part = re.search(rf"^\*\*{table}\*\*.*?(?=^\*\*|\Z)", text, re.MULTILINE | re.DOTALL)
    assert part, f"docs/reference/records.md does not describe {table}"
    for f in fields(ROWS[table]):
        if f.name not in ("id", "evidence"):
            assert f"`{f.name.rstrip('_')}`" in part.group(), f"{table}.{f.name} is not described"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_readme_names_make_targets_that_exist(name: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    used = set(re.findall(r"make ([a-z-]+)\b", (ROOT / name).read_text(encoding="utf-8")))
    assert {"demo", "test"} <= used & targets


def test_the_readme_s_python_runs(tmp_path: Path) -> None:
    code = re.search(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert code
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "a.txt").write_text(
        "关于果园的意见\n\n一、加快建设山地果园。\n", encoding="utf-8"
    )
    done = subprocess.run(
        [sys.executable, "-c", code.group(1)], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "果园" in done.stdout


def test_no_page_names_a_host_that_a_closed_network_lacks() -> None:
    for path in [*ROOT.glob("src/**/*.html"), *ROOT.glob("src/**/*.js"), *ROOT.glob("src/**/*.css")]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(src|href)=[\"']?https?://|@import[^;]*https?:", text), path
