"""YAML front matter: the block between two ``---`` lines at the head of a text, used as metadata."""

from __future__ import annotations

import re
from typing import Any

import yaml

from luoshi.text.lexicon import mapping

_BLOCK = re.compile(r"\A[\s\ufeff]*?---[ \t]*\r?\n(?P<body>.*?)(?:\r?\n)---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_KEY = re.compile(r"^[\w\-. ]{1,40}:(?:\s|$)", re.MULTILINE)
LONGEST = 20_000


def front_matter(text: str) -> tuple[int, dict[str, str]]:
    """End of the front matter (0 when there is none), and the metadata that we know in it."""
    found = _BLOCK.match(text[:LONGEST])
    if not found or not _KEY.search(found["body"]):
        return 0, {}
    try:
        data: Any = yaml.safe_load(found["body"])
    except (yaml.YAMLError, ValueError, RecursionError):
        data = dict(_plain_lines(found["body"]))
    if not isinstance(data, dict):
        return 0, {}
    keys = mapping("luoshi.read", "front-matter.tsv")
    out: dict[str, str] = {}
    for key, value in data.items():
        ours = keys.get(str(key).strip().lower())
        if ours and value is not None and not isinstance(value, dict | bool):
            words = [str(v) for v in value] if isinstance(value, list) else [str(value)]
            joined = "、".join(w.strip() for w in words if w.strip())
            if joined:
                out.setdefault(ours, joined)
    return found.end(), out


def _plain_lines(body: str) -> list[tuple[str, str]]:
    """Keys and values line by line, where the block is not valid YAML."""
    pairs = (
        line.partition(":") for line in body.splitlines() if ":" in line and not line.startswith((" ", "\t"))
    )
    return [(key.strip(), value.strip().strip("'\"")) for key, _, value in pairs]
