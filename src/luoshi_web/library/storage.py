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
        if target.exists():
            Path(name).unlink()
        else:
            Path(name).replace(target)
            target.chmod(0o440)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return sha256, size
