#!/usr/bin/env python3
"""Writes docs/reference/cli.md from the command's own help; `--check` says whether it is up to date."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reference" / "cli.md"
VERBS = (
    "build", "compare", "show", "page", "extract", "readers",
    "reuse", "index", "index add", "index query",
    "init", "serve", "demo", "audit", "audit verify", "audit head",
)  # fmt: skip

INTRO = """# The command

Written by `make docs` from `luoshi --help`; do not edit.

Exit codes: 0 done; 2 the call does not fit; 3 the output folder cannot be used; 4 done, but some of the input
could not be read (each is a row of `problems`); 5 no document found; 6 an optional part is not installed;
130 interrupted; 1 a fault of the program itself.
"""


def help_of(*words: str) -> str:
    call = [sys.executable, "-m", "luoshi", *words, "--help"]
    env = {"COLUMNS": "100", "PATH": "", "LC_ALL": "C.UTF-8", "TERM": "dumb"}
    done = subprocess.run(call, capture_output=True, text=True, check=True, env=env)
    return done.stdout.strip()


def page() -> str:
    return "\n".join([INTRO, *(part(*words) for words in ((), *(v.split() for v in VERBS)))])


def part(*words: str) -> str:
    return f"## luoshi {' '.join(words)}".rstrip() + f"\n\n```text\n{help_of(*words)}\n```\n"


if __name__ == "__main__":
    text = page()
    if "--check" in sys.argv:
        same = PAGE.read_text(encoding="utf-8") == text
        sys.exit(0 if same else "docs/reference/cli.md is old: run make docs")
    PAGE.write_text(text, encoding="utf-8")
