"""Whether recognition is installed, and how many processes it may use."""

from __future__ import annotations

import multiprocessing
import os
from functools import cache
from importlib.util import find_spec

INSTALL = "Install the recogniser: pip install 'luoshi[ocr]'."
VARIABLE = "LUOSHI_OCR_PROCESSES"
DPI = 200.0
SECONDS = 120.0
"""A page that takes longer is given up."""


@cache
def installed() -> bool:
    """Whether the parts of the extra ``ocr`` are there."""
    return all(find_spec(name) is not None for name in ("rapidocr", "onnxruntime", "cv2"))


def processes() -> int:
    """Recognising processes beside this one: two, or one where this process is itself one of several.

    Each takes up to 1.2 GB. The environment variable ``LUOSHI_OCR_PROCESSES`` sets another number.
    """
    wanted = os.environ.get(VARIABLE, "")
    if wanted.isdigit() and int(wanted) > 0:
        return min(int(wanted), 64)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)
    return 1 if multiprocessing.parent_process() is not None else min(2, cores)
