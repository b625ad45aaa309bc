"""Originals on disk, under their hash: written beside, synced, renamed, never changed."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _

from luoshi_web.audit.services import Refused
from luoshi_web.library.models import File


def opened(file: File) -> IO[bytes]:
    """An original's bytes.

    :raises Refused: when they are gone from the disk, with what to do.
    """
    try:
        return file.path.open("rb")
    except FileNotFoundError:
        raise Refused(
            _("服务器上找不到“%s”的原件；文字和登记的内容不受影响。请告知系统管理员，从备份中恢复。")
            % file.name
        ) from None


def _whole(path: Path, sha256: str, size: int) -> bool:
    """Whether an original that is there is what its name says; else the same file, sent again, mends it."""
    if path.stat().st_size != size:
        return False
    with path.open("rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest() == sha256


def keep(chunks: Iterable[bytes]) -> tuple[str, int]:
    """Stores bytes; their sha256 and count. What is there already stays.

    :raises OSError: when the disk is full; nothing is left behind.
    """
    root: Path = settings.LUOSHI.files
    root.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    handle, name = tempfile.mkstemp(prefix=".new-", dir=root)
    try:
        with os.fdopen(handle, "wb") as f:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                f.write(chunk)
            f.flush()
            os.fsync(f.fileno())
        sha256 = digest.hexdigest()
        target = root / sha256[:2] / sha256
        target.parent.mkdir(exist_ok=True)
        if target.exists() and _whole(target, sha256, size):
            Path(name).unlink()
        else:
            Path(name).replace(target)
            target.chmod(0o440)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return sha256, size
