"""How a child process and its parent talk: a JSON head, then raw arrays. Nothing that is sent is run."""

from __future__ import annotations

import json
from multiprocessing.connection import Connection
from typing import Any

import numpy as np

from luoshi.read.layout.page import Page

_ARRAYS = ("boxes", "sizes", "bits", "rules", "images", "confidence", "level")
_TYPES = {"bits": np.uint8}
_WIDE = frozenset({"boxes", "rules", "images", "level"})
_NONE = np.zeros(0, np.float32)


def send(pipe: Connection, head: dict[str, Any], body: bytes | bytearray | memoryview = b"") -> None:
    """A message: a small object, and bytes."""
    pipe.send_bytes(json.dumps(head).encode())
    pipe.send_bytes(body)


def receive(pipe: Connection) -> tuple[dict[str, Any], bytes]:
    """The next message.

    :raises EOFError: when the other side is gone.
    """
    head = json.loads(pipe.recv_bytes())
    return head, pipe.recv_bytes()


def pack(page: Page) -> tuple[dict[str, Any], bytes]:
    """A page as a message."""
    given = [getattr(page, name) for name in _ARRAYS]
    arrays = [_NONE if a is None else np.ascontiguousarray(a) for a in given]
    text = page.text.encode("utf-8", "surrogatepass")
    head = {
        "number": page.number,
        "width": page.width,
        "height": page.height,
        "shapes": page.shapes,
        "level_size": page.level_size,
        "text": len(text),
        "arrays": [-1 if a is None else len(a) for a in given],
    }
    return head, b"".join([text, *(a.tobytes() for a in arrays)])


def unpack(head: dict[str, Any], body: bytes) -> Page:
    """The page that :func:`pack` made a message of."""
    at = int(head["text"])
    text = body[:at].decode("utf-8", "surrogatepass")
    parts: dict[str, Any] = {}
    for name, length in zip(_ARRAYS, head["arrays"], strict=True):
        if length < 0:
            parts[name] = None
            continue
        kind = np.dtype(_TYPES.get(name, np.float32))
        count = length * (4 if name in _WIDE else 1)
        array = np.frombuffer(body, dtype=kind, count=count, offset=at)
        parts[name] = array.reshape(-1, 4) if name in _WIDE else array
        at += count * kind.itemsize
    return Page(
        number=int(head["number"]),
        width=float(head["width"]),
        height=float(head["height"]),
        text=text,
        shapes=int(head["shapes"]),
        level_size=(head["level_size"][0], head["level_size"][1]) if head["level_size"] else None,
        **parts,
    )
