"""Breaks files as transport, bad programs and bad people break them; by a seed, to be had again."""

from __future__ import annotations

import io
import random
import re
import struct
import warnings
import zipfile

ODD = [
    b"", b"-1", b"0", b"99999999999", b"1e308", b"nan", b"\xff\xfe", b"&a;", b"<", b"\x00", b"%1%2%3%9",
    b"../../x", b"\xef\xbf\xbd", b"]]>", b"A" * 5000,
]  # fmt: skip
_TAG = re.compile(rb"<[^<>]{1,400}>")
_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?")


def mutate(data: bytes, other: bytes, rng: random.Random) -> bytes:
    """A broken copy; of a ZIP as often inside its parts as in its bytes."""
    if data.startswith(b"PK") and rng.random() < 0.6:
        inside = _inside(data, rng)
        if inside is not None:
            return inside
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 5, 20))):
        out = _bytes(out, other, rng)
    return bytes(out)


def _bytes(out: bytearray, other: bytes, rng: random.Random) -> bytearray:
    n = len(out)
    at = rng.randrange(n + 1)
    size = min(n - at, rng.choice((1, 2, 4, 16, 256, 4096)))
    kind = rng.randrange(8)
    if kind == 0:
        return out[:at]
    if kind == 1:
        out[at : at + size] = rng.randbytes(size)
    elif kind == 2:
        del out[at : at + size]
    elif kind == 3:
        out[at:at] = out[at : at + size] * rng.choice((1, 2, 50))
    elif kind == 4:
        out[at:at] = rng.choice(ODD)
    elif kind == 5 and n >= 4:
        at = rng.randrange(n - 3)
        struct.pack_into("<I", out, at, rng.choice((0, 1, 0x7FFFFFFF, 0xFFFFFFFF, n, rng.getrandbits(32))))
    elif kind == 6:
        start = rng.randrange(len(other) + 1)
        out[at : at + size] = other[start : start + size]
    elif n:
        out[rng.randrange(n)] ^= 1 << rng.randrange(8)
    return out


def _inside(data: bytes, rng: random.Random) -> bytes | None:
    """The ZIP with some of its parts broken, its directory whole."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as z:
            parts = [(i.filename, z.read(i)) for i in z.infolist()]
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError):
        return None
    if not parts:
        return None
    for _ in range(rng.choice((1, 1, 3))):
        k = rng.randrange(len(parts))
        name, part = parts[k]
        kind = rng.randrange(7)
        if kind == 0:
            parts[k] = (rng.choice(("../" + name, "/" + name, name.upper(), name * 30, "x")), part)
        elif kind == 1:
            parts.append(parts[k])
        elif kind == 2:
            del parts[k]
            if not parts:
                return None
        elif kind == 3:
            parts[k] = (name, bytes(_bytes(bytearray(part), parts[rng.randrange(len(parts))][1], rng)))
        else:
            parts[k] = (name, _markup(part, rng))
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        warnings.simplefilter("ignore", UserWarning)  # two parts of one name
        for name, part in parts:
            z.writestr(zipfile.ZipInfo(name), part)
    return out.getvalue()


def _markup(part: bytes, rng: random.Random) -> bytes:
    """XML that is as a rule still well-formed: other numbers, elements that are gone or there many times."""
    pattern = _NUMBER if rng.random() < 0.6 else _TAG
    found = list(pattern.finditer(part))
    if not found:
        return part
    for m in sorted(rng.sample(found, min(len(found), rng.choice((1, 3, 30)))), key=lambda m: -m.start()):
        new = rng.choice(ODD[:6]) if pattern is _NUMBER else rng.choice((b"", m.group() * 2, m.group() * 300))
        part = part[: m.start()] + new + part[m.end() :]
    return part
