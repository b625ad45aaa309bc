"""Bytes to text by what the bytes say, not by what a label claims.

Order: byte order mark; strict UTF-8; UTF-16 without a mark; UTF-8 with a few broken bytes; GB18030 against
Big5 by how many of the two-byte characters lie in the first level of the set (level 1 holds the common
characters in both standards, and text read in the wrong one falls outside it); last, charset-normalizer.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from charset_normalizer import from_bytes

from luoshi.errors import EmptyFile, NotText

SAMPLE = 1 << 18
REPLACEMENT = "\ufffd"
_BROKEN_SHARE = 0.02
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OTHERS = [
    "gb18030",
    "big5",
    "big5hkscs",
    "shift_jis",
    "euc_jp",
    "euc_kr",
    "cp1252",
    "latin_1",
    "koi8_r",
    "cp1251",
]
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A decoded file: ``data.decode(encoding, "replace")`` is ``text``.

    :param broken: how many replacement characters stand for bytes that could not be read.
    :param truncated: the last character is cut in two.
    :param declared: the encoding that a label in the text names, where it is another.
    """

    text: str
    encoding: str
    broken: int = 0
    truncated: bool = False


def decode(data: bytes, name: str) -> Decoded:
    """The text of a flat source.

    :raises EmptyFile: when there is nothing but white space.
    :raises NotText: when the bytes are no text in any encoding that we know.
    """
    encoding = sniff(data)
    if encoding is None:
        raise NotText(
            f"{name} is binary, or text in no encoding that we know.",
            hint="Save it as UTF-8, or convert it to a document format.",
        )
    text = data.decode(encoding, "replace")
    if not text.strip("\ufeff\u200b\x00 \t\r\n\f\v\u3000\xa0"):
        raise EmptyFile(f"{name} holds only white space.", hint="Fetch the document again.")
    broken = text.count(REPLACEMENT) - data.count(REPLACEMENT.encode()) * (encoding.startswith("utf-8"))
    return Decoded(text, encoding, max(0, broken), broken > 0 and text.endswith(REPLACEMENT))


@lru_cache(maxsize=4)
def peek(head: bytes) -> str:
    """The text at the head of a file, for a reader's score; empty when it is not text."""
    encoding = sniff(head, partial=True)
    return "" if encoding is None else head.decode(encoding, "replace")


def sniff(data: bytes, *, partial: bool = False) -> str | None:
    """Name of the codec of a text, ``None`` when it is none.

    :param partial: the bytes are the head of a longer file: a character cut at their end proves nothing.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return encoding
    head = data[:SAMPLE]
    controls = len(_CONTROL.findall(head))
    few = controls <= 0.01 * len(head) or (controls <= 4 and b"\0" not in head and controls < 0.1 * len(head))
    if few:
        found = _utf8(data, partial)
        if found:
            return found
    wide = _utf16(head)
    if wide:
        return wide
    if not few:
        return None
    return _multibyte(data, head)


def _utf8(data: bytes, partial: bool) -> str | None:
    """UTF-8, also with a few broken bytes."""
    try:
        data.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError as failure:
        if failure.end == len(data) and len(data) - failure.start < 4 and (partial or failure.start > 0):
            if data[: failure.start].isascii() and not partial:
                return None  # plain letters and one odd byte: let the others look at it
            return "utf-8"
    text = data[:SAMPLE].decode("utf-8", "replace")
    broken = text.count(REPLACEMENT)
    wide = sum(1 for c in text if c > "\x7f") - broken
    return "utf-8" if broken and wide >= 10 * broken else None


def _utf16(head: bytes) -> str | None:
    """UTF-16 without a mark: one byte of each pair is the Han planes, the general ones or zero."""
    if len(head) < 4:
        return None
    pairs = np.frombuffer(head[: len(head) // 2 * 2], dtype=np.uint8).reshape(-1, 2)
    best: tuple[float, str] | None = None
    for high, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        plane, low = pairs[:, high], pairs[:, 1 - high]
        ascii_ = (plane == 0) & (low >= 9) & (low < 127)
        han = (plane >= 0x4E) & (plane <= 0x9F)
        mark = (plane == 0x30) & (low <= 0x20) | (plane == 0xFF) & (low < 0x60) | (plane == 0x20)
        share = float((ascii_ | han | mark).mean())
        certain = float((ascii_ | mark).mean())
        if share > 0.97 and certain > 0.02 and (best is None or certain > best[0]):
            best = (certain, encoding)
    if best is None:
        return None
    # two-byte encodings of Chinese look like Han planes too: only zero bytes or wide marks tell them apart
    return best[1] if b"\x00" in head or (best[0] > 0.05 and _multibyte(head, head) is None) else None


def _multibyte(data: bytes, head: bytes) -> str | None:
    """GB18030, Big5 or another encoding of the last century."""
    scores = {
        "gb18030": _level_one(head, "gb18030", (0xB0, 0xD7), second_low=False),
        "big5": _level_one(head, "big5", (0xA4, 0xC6), second_low=True),
    }
    ranked = sorted(scores, key=lambda e: -scores[e])
    if scores[ranked[0]] >= 0.6 and scores[ranked[0]] > scores[ranked[1]] + 0.05:
        return ranked[0]
    match = from_bytes(head, cp_isolation=_OTHERS).best()
    if match is None:
        return ranked[0] if scores[ranked[0]] >= 0.5 else None
    text = data.decode(match.encoding, "replace")
    bad = sum(1 for c in text[:SAMPLE] if c == REPLACEMENT or 0x80 <= ord(c) < 0xA0)
    return match.encoding if bad <= _BROKEN_SHARE * max(1, len(text[:SAMPLE])) else None


def _level_one(head: bytes, encoding: str, lead: tuple[int, int], *, second_low: bool) -> float:
    """Share of the wide characters that lie in the first level of a set, less what cannot be read."""
    text = head.decode(encoding, "replace")
    wide = [c for c in text[:20_000] if c > "\x7f"]
    if not wide:
        return 0.0
    good = 0
    for c in wide:
        if c == REPLACEMENT:
            continue
        raw = c.encode(encoding, "replace")
        if len(raw) == 2 and (lead[0] <= raw[0] <= lead[1] or raw[0] in (0xA1, 0xA3)):
            good += second_low or raw[1] >= 0xA1
    return good / len(wide)
