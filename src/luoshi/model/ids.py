"""Stable identifiers: hashes of content, never of paths, times or versions."""

from __future__ import annotations

import hashlib

PREFIX = {
    "element": "g",
    "provision": "p",
    "sentence": "s",
    "dropped": "x",
    "commitment": "c",
    "entity": "e",
    "date": "t",
    "term": "w",
    "link": "l",
    "coverage": "v",
    "unsourced": "u",
    "source": "q",
    "problem": "b",
}


def document_id(sha256: str, ordinal: int) -> str:
    """Id of the ``ordinal``-th document (from 0) of a file."""
    return f"d{sha256[:12]}-{ordinal + 1}"


def row_id(document: str, kind: str, quote: str, ordinal: int = 0) -> str:
    """Id of a row: the kind's letter and 14 hexadecimal digits.

    For rows about two documents (links, coverage) ``document`` and ``quote`` are both parts joined by a tab.
    """
    key = f"{document}\x1f{kind}\x1f{quote}\x1f{ordinal}".encode("utf-8", "surrogatepass")
    return PREFIX[kind] + hashlib.blake2b(key, digest_size=7).hexdigest()
