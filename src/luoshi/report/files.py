"""Writing whole files: beside the target, then renamed, so that no half-written output is taken for whole."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

from luoshi.errors import WriteFailed

FIXED_TIME = (1980, 1, 1, 0, 0, 0)


def replace_file(path: Path, data: bytes) -> None:
    """Write ``data`` to ``path``; the folder must exist.

    :raises WriteFailed: no permission, disk full, folder missing.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True) if part.parent.is_dir() else None
        raise WriteFailed(
            f"{path}: cannot be written ({error.strerror or error}).",
            hint="Check free space and permissions; an earlier version of the file was kept.",
        ) from error


def settle_zip(data: bytes) -> bytes:
    """A zip (docx, xlsx) with the same members in the same order, all dated alike."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            member = zipfile.ZipInfo(info.filename, FIXED_TIME)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o600 << 16
            new.writestr(member, old.read(info))
    return out.getvalue()


def printable(text: str) -> str:
    """Text that XML 1.0 can hold: control characters and lone surrogates become U+FFFD, newlines stay."""
    if text.isprintable():
        return text
    return "".join(c if c in "\n\t" or _allowed(ord(c)) else "\ufffd" for c in text)


def _allowed(code: int) -> bool:
    return 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF
