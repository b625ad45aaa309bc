"""OLE compound files (MS-CFB), the container of old Office files: only the names of their streams."""

from __future__ import annotations

import struct

from luoshi.errors import Damaged

MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
_ENTRY = 128
_END = 0xFFFFFFFA


def utf16(name: str) -> bytes:
    """A stream's name as it stands in the directory."""
    return name.encode("utf-16-le")


def streams(data: bytes) -> frozenset[str]:
    """Names of the streams and folders; empty where the directory cannot be read."""
    try:
        return frozenset(_names(data))
    except (struct.error, ValueError, IndexError):
        return frozenset()


def refuse_encrypted(data: bytes, name: str) -> None:
    """Say so where a file is encrypted.

    :raises Damaged: when it is.
    """
    if {"EncryptedPackage", "EncryptionInfo"} & streams(data):
        raise Damaged(f"{name} is encrypted with a password.", hint="Save it without the password.")


def _names(data: bytes) -> list[str]:
    shift = struct.unpack_from("<H", data, 30)[0]
    if shift not in (9, 12):
        raise ValueError("sector size")
    size = 1 << shift
    table = _allocation(data, size)
    sector = struct.unpack_from("<I", data, 48)[0]
    out = []
    for _ in range(len(table) + 1):
        if sector >= _END or (sector + 1) * size >= len(data):
            break
        block = data[(sector + 1) * size : (sector + 2) * size]
        for at in range(0, len(block) - _ENTRY + 1, _ENTRY):
            length = struct.unpack_from("<H", block, at + 64)[0]
            if 2 <= length <= 64:
                out.append(block[at : at + length - 2].decode("utf-16-le", "replace"))
        if len(out) > 4096 or sector >= len(table):
            break
        sector = table[sector]
    return out


def _allocation(data: bytes, size: int) -> list[int]:
    """The chain of sectors, as far as the header names its parts (109 of them, enough for names)."""
    out: list[int] = []
    for k in range(109):
        sector = struct.unpack_from("<I", data, 76 + 4 * k)[0]
        if sector >= _END:
            break
        block = data[(sector + 1) * size : (sector + 2) * size]
        out += struct.unpack(f"<{len(block) // 4}I", block[: len(block) // 4 * 4])
    return out
