"""The child process that recognises: ``python -m luoshi.read.ocr.worker FD FD``."""

from __future__ import annotations

import io
import os
import signal
import sys
from multiprocessing.connection import Connection
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import cv2
import numpy as np
from PIL import Image, ImageOps

from luoshi.read.ocr.engine import Engine
from luoshi.read.wire import pack, receive, send

Image.MAX_IMAGE_PIXELS = None  # the parent has looked at the size


IDLE_SECONDS = 30.0
"""Without work for so long the process ends and gives its memory back; the parent starts another."""


def pixels(head: dict[str, Any], body: bytes) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """The picture of a request as rows of blue, green, red."""
    if "frame" not in head:
        return np.frombuffer(body, np.uint8).reshape(head["height"], head["width"], 3)
    with Image.open(io.BytesIO(body)) as image:
        image.seek(head["frame"])
        image.draft("RGB", (head["longest"], head["longest"]))
        upright = ImageOps.exif_transpose(image)
        if "A" in upright.getbands() or "transparency" in upright.info:
            rgba = upright.convert("RGBA")
            upright = Image.new("RGBA", rgba.size, "white")
            upright.alpha_composite(rgba)
        return np.ascontiguousarray(np.asarray(upright.convert("RGB"))[..., ::-1])


def main() -> None:
    """Serves the two pipes whose numbers stand on the command line."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    cv2.setNumThreads(1)
    requests, answers = Connection(int(sys.argv[1])), Connection(int(sys.argv[2]))
    engine = Engine()
    while requests.poll(IDLE_SECONDS):
        try:
            head, body = receive(requests)
        except (EOFError, OSError):
            return
        try:
            image = pixels(head, body)
            page = engine.page(image, head["number"], head["points"][0], head["points"][1])
        except Exception as failure:  # noqa: BLE001 - decoders and models fail in many ways; the parent tells
            send(answers, {"number": head["number"], "error": f"{type(failure).__name__}: {failure}"})
            continue
        send(answers, *pack(page))


if __name__ == "__main__":
    main()
