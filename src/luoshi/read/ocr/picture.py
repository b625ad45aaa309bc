"""Pictures before recognition: size, skew, red stamps, rules. Runs in the child process."""

from __future__ import annotations

import math
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
LONGEST = 3400
"""Pixels of a picture's longer side beyond which it is made smaller."""
SKEWED = 1.5
"""Degrees from which on a picture is turned before it is recognised; below, its coordinates are."""
_STEPS = (0.5, 0.1)
_REACH = 6.0


def fit(image: Image) -> tuple[Image, float]:
    """A picture of bearable size, and by how much it was made smaller."""
    longest = max(image.shape[:2])
    if longest <= LONGEST:
        return image, 1.0
    scale = LONGEST / longest
    return _u8(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)), scale


def _u8(image: Any) -> Image:
    return np.asarray(image, dtype=np.uint8)


def skew(image: Image) -> float:
    """The angle of the text in degrees, counter-clockwise, by the sharpest profile of its lines."""
    gray = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    scale = 900 / max(gray.shape)
    small = cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else gray
    ink = cv2.threshold(small, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)[1]
    best = 0.0
    reach = _REACH
    for step in _STEPS:
        angles = [best + step * k for k in range(-round(reach / step), round(reach / step) + 1)]
        best = max(angles, key=lambda a: (_sharpness(_u8(ink), a), -abs(a)))
        reach = step
    return best


def _sharpness(ink: Image, angle: float) -> float:
    """How much the sums of the rows differ when the picture is turned back by an angle."""
    h, w = ink.shape
    matrix = cv2.getRotationMatrix2D((w / 2, h / 2), -angle, 1.0)
    profile = np.asarray(cv2.warpAffine(ink, matrix, (w, h), flags=cv2.INTER_NEAREST)).sum(axis=1) / 255.0
    return float(np.square(np.diff(profile)).sum())


def turn(image: Image, angle: float) -> Image:
    """The picture turned clockwise about its middle by an angle; what comes in from outside is white."""
    h, w = image.shape[:2]
    matrix = cv2.getRotationMatrix2D((w / 2, h / 2), -angle, 1.0)
    return _u8(cv2.warpAffine(image, matrix, (w, h), flags=cv2.INTER_LINEAR, borderValue=(255, 255, 255)))


def turn_points(points: NDArray[np.float64], angle: float, size: tuple[int, int]) -> NDArray[np.float64]:
    """Points ``[…, 2]`` turned clockwise about the middle of a picture of ``(height, width)``."""
    h, w = size
    a = math.radians(angle)
    x, y = points[..., 0] - w / 2, points[..., 1] - h / 2
    return np.stack(
        [w / 2 + x * math.cos(a) - y * math.sin(a), h / 2 + x * math.sin(a) + y * math.cos(a)], axis=-1
    )


def without_stamps(image: Image, dots: float) -> Image:
    """The picture with round red stamps made pale, so that the text under them can be read.

    Red lettering (the mark of the issuing body) stays: it is no larger than it is round.

    :param dots: pixels a point.
    """
    work = image.astype(np.int16)
    blue, green, red = work[..., 0], work[..., 1], work[..., 2]
    ruddy = (red - np.maximum(blue, green) > 40) & (red > 90)
    if ruddy.mean() < 0.0005:
        return image
    reach = max(3, round(2.0 * dots))
    mask = cv2.morphologyEx(ruddy.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    out = image
    for k in range(1, count):
        x, y, w, h, _ = (int(v) for v in stats[k])
        if not (60 * dots <= w <= 200 * dots and 0.6 <= w / max(1, h) <= 1.65 and h >= 50 * dots):
            continue
        if out is image:
            out = image.copy()
        part = out[y : y + h, x : x + w]
        tint = cv2.dilate(ruddy[y : y + h, x : x + w].astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
        # text under the stamp is dark in every channel, the stamp itself bright in red
        part[tint] = part[tint][:, 2:3]
    return out


def rules(image: Image, angle: float, dots: float) -> NDArray[np.float32]:
    """Straight rules of tables, ``float32[k, 4]`` in pixels of the levelled picture.

    :param dots: pixels a point.
    """
    gray = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    ink = cv2.adaptiveThreshold(gray, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 15)
    if abs(angle) > 0.05:
        h, w = ink.shape
        matrix = cv2.getRotationMatrix2D((w / 2, h / 2), -angle, 1.0)
        ink = cv2.warpAffine(ink, matrix, (w, h), flags=cv2.INTER_NEAREST)
    out: list[tuple[float, float, float, float]] = []
    long = round(40 * dots)
    for level in (True, False):
        bridge = np.ones((1, 5) if level else (5, 1), np.uint8)
        line = np.ones((1, long) if level else (long, 1), np.uint8)
        thick = np.ones((3, 1) if level else (1, 3), np.uint8)
        found = cv2.morphologyEx(cv2.dilate(ink, thick), cv2.MORPH_CLOSE, bridge)
        found = cv2.morphologyEx(found, cv2.MORPH_OPEN, line)
        count, _, stats, _ = cv2.connectedComponentsWithStats(found, connectivity=8)
        for k in range(1, min(count, 2000)):
            x, y, w, h, _ = (int(v) for v in stats[k])
            if min(w, h) > 5 * dots or not _bare(_u8(ink), x, y, w, h, level=level):
                continue
            if level:
                out.append((x, y + h / 2 - 0.5, x + w, y + h / 2 + 0.5))
            else:
                out.append((x + w / 2 - 0.5, y, x + w / 2 + 0.5, y + h))
    return np.array(out, np.float32).reshape(-1, 4)


def _bare(ink: Image, x: int, y: int, w: int, h: int, *, level: bool) -> bool:
    """Whether a line stands in white, as rules do and rows of strokes do not."""
    if not level:
        return _bare(_u8(ink.T), y, x, h, w, level=True)
    flanks = [ink[max(0, y - 7) : max(0, y - 3), x : x + w], ink[y + h + 3 : y + h + 7, x : x + w]]
    return all(part.size == 0 or float((part > 0).mean()) < 0.2 for part in flanks)
