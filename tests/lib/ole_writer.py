"""Writes OLE compound files (MS-CFB) for tests: a directory that names streams, nothing in them."""

from __future__ import annotations

import struct
from collections.abc import Sequence

_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def compound(streams: Sequence[str], padding: int = 0) -> bytes:
    """A file with these streams; ``padding`` sectors lie before its directory."""
    entries = [_entry("Root Entry", 5), *(_entry(s, 2) for s in streams)]
    while len(entries) % 4:
        entries.append(b"\0" * 128)
    count = len(entries) // 4
    table = [_FAT, *[_FREE] * padding, *(1 + padding + k + 1 for k in range(count - 1)), _END]
    table += [_FREE] * (128 - len(table))
    head = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 16
    head += struct.pack("<HHHHH6xIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1 + padding)
    head += struct.pack("<IIIIII", 0, 4096, _END, 0, _END, 0)
    head += struct.pack("<109I", 0, *[_FREE] * 108)
    return head + struct.pack("<128I", *table) + b"\0" * 512 * padding + b"".join(entries)


def _entry(name: str, kind: int) -> bytes:
    raw = name.encode("utf-16-le") + b"\0\0"
    return raw.ljust(64, b"\0") + struct.pack("<HBB", len(raw), kind, 1) + b"\xff" * 12 + b"\0" * 48
