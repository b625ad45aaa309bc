"""Pictures of an original's pages: rendered when somebody looks, kept on disk, made anew when missing."""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from PIL import Image

from luoshi.read import pages
from luoshi.read.formats.archive import INSIDE
from luoshi_web.library import mapping, storage
from luoshi_web.library.models import Candidate, Version

DPI = 110
MOST_BYTES = 2 << 30
"""Above this the pictures that were made longest ago go."""
KEEP = 0.8
"""The share of :data:`MOST_BYTES` that is kept then."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as PNG on disk, and its size in points, in which places on it are told."""

    path: Path
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Place:
    """A box on a page that a candidate stands in, or that an address asks to light."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    key: str = ""


def picture(version: Version, number: int) -> Picture:
    """The picture of a page of a version's original.

    :raises LuoshiError: when the original cannot be shown, or has no such page.
    :raises OSError: when the disk is full; nothing is left behind.
    """
    sha256 = version.file.sha256
    folder: Path = settings.LUOSHI.pictures / sha256[:2] / sha256
    inside = str(version.row.get("source", "")).partition(INSIDE)[2]
    page = f"{hashlib.sha256(inside.encode()).hexdigest()[:12]}_{number}" if inside else str(number)
    known = next(folder.glob(f"{page}-*.png"), None)
    if known is not None:
        _n, width, height = known.stem.split("-")
        return Picture(known, float(width) / 100, float(height) / 100)
    storage.opened(version.file).close()
    image, (width_, height_) = pages.shown(
        version.file.path, number, name=version.file.name, inside=inside, dpi=DPI
    )
    path = folder / f"{page}-{round(width_ * 100)}-{round(height_ * 100)}.png"
    _keep(image, path)
    if number == version.pages[0]:
        prune(settings.LUOSHI.pictures)
    return Picture(path, width_, height_)


def _keep(image: Image.Image, path: Path) -> None:
    """Written beside and renamed, so that nobody is sent half a picture."""
    path.parent.mkdir(parents=True, exist_ok=True)
    out = io.BytesIO()
    few = image.convert("L") if _grey(image) else image
    few.save(out, "PNG", compress_level=6)
    handle, name = tempfile.mkstemp(prefix=".new-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as f:
            f.write(out.getbuffer())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _grey(image: Image.Image) -> bool:
    """Whether a page has no colour: most have none, and are a third as large then."""
    small = np.asarray(image.convert("RGB").resize((96, 96)), dtype=np.int16)
    return int((small.max(axis=2) - small.min(axis=2)).max()) < 12


def prune(root: Path, most: int = MOST_BYTES) -> int:
    """Removes the oldest pictures where all together are too large; how many."""
    every = [(p.stat().st_mtime, p.stat().st_size, p) for p in root.glob("*/*/*.png")]
    total = sum(size for _t, size, _p in every)
    if total <= most:
        return 0
    gone = 0
    for _time, size, path in sorted(every):
        path.unlink(missing_ok=True)
        total, gone = total - size, gone + 1
        if total <= KEEP * most:
            break
    return gone


def places(version: Version, number: int, lit: list[tuple[int, int]]) -> list[Place]:
    """The boxes on a page: those of the version's candidates, and of spans of its text."""
    rows = Candidate.objects.filter(version=version, boxes__isnull=False).order_by("start", "pk")
    out = [
        _place(box, f"candidate {kind}", key)
        for key, kind, boxes in rows.values_list("key", "type", "boxes")
        for box in boxes or ()
        if box[0] == number
    ]
    return out + [_place(box, "lit") for box in span_boxes(version, lit) if box[0] == number]


def span_boxes(version: Version, spans: list[tuple[int, int]]) -> list[Any]:
    """Where spans of a version's text stand on the pages: ``(page, x0, y0, x1, y1)``, one per line."""
    if not spans:
        return []
    try:
        read, _found = mapping.load_reading(version)
    except OSError:
        return []  # its structure is gone until it is read again; the page itself can be shown
    found: list[Any] = []
    for start, end in spans:
        found += read.body.boxes(start, end) or ()
    return found


def page_of(version: Version, start: int) -> int | None:
    """The page that a place of a version's text stands on."""
    boxes = span_boxes(version, [(start, start + 1), (start + 1, start + 12)])
    return int(boxes[0][0]) if boxes else None


def _place(box: Any, kind: str, key: str = "") -> Place:
    _page, x0, y0, x1, y1 = box
    return Place(
        round(x0 - 1.5, 2), round(y0 - 1.5, 2), round(x1 - x0 + 3, 2), round(y1 - y0 + 3, 2), kind, key
    )
