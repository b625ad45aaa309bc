"""PDF files written by hand, object by object: what no typesetter would write."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence

LATIN = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
HAN = (
    b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[<</Type/Font"
    b"/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)"
    b"/Supplement 4>>/DW 1000/FontDescriptor<</Type/FontDescriptor/FontName/STSong-Light/Flags 6"
    b"/FontBBox[0 -120 1000 880]"
    b"/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 93>>>>]>>"
)
NAMELESS = (
    b"<</Type/Font/Subtype/Type0/BaseFont/ABCDEF+Secret/Encoding/Identity-H/DescendantFonts[<</Type/Font"
    b"/Subtype/CIDFontType2/BaseFont/ABCDEF+Secret/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
    b"/Supplement 0>>/DW 1000/FontDescriptor<</Type/FontDescriptor/FontName/ABCDEF+Secret/Flags 4"
    b"/FontBBox[0 -120 1000 880]/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 93>>>>]>>"
)
Line = tuple[float, float, float, str]
"""``(x, y, size, text)``, the origin in points from the bottom left."""


def stream(data: bytes, extra: bytes = b"") -> bytes:
    """A stream object."""
    return b"<</Length %d%s>>\nstream\n" % (len(data), extra) + data + b"\nendstream"


def write(objects: Sequence[bytes], *, trailer: bytes = b"") -> bytes:
    """A file of objects numbered from 1; the first is the catalogue."""
    out = io.BytesIO()
    out.write(b"%PDF-1.7\n")
    places = []
    for number, item in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n" % number + item + b"\nendobj\n")
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    for place in places:
        out.write(b"%010d 00000 n \n" % place)
    size = len(objects) + 1
    out.write(b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start))
    return out.getvalue()


def text(lines: Sequence[Line], font: bytes = b"H") -> bytes:
    """The operators that show lines of Han text (``H``) or Latin (``L``)."""
    out = []
    for x, y, size, words in lines:
        shown = b"<" + words.encode("utf-16-be").hex().encode() + b">"
        if font == b"L":
            shown = b"(" + words.encode("latin-1") + b")"
        out.append(b"BT /%s %g Tf %g %g Td %s Tj ET\n" % (font, size, x, y, shown))
    return b"".join(out)


def document(
    contents: Sequence[bytes],
    *,
    box: str = "0 0 595 842",
    page: bytes = b"",
    form: bytes = b"",
    trailer: bytes = b"",
    more: Sequence[bytes] = (),
) -> bytes:
    """A document of a page for each content stream.

    :param page: more entries of each page's dictionary, ``/Rotate 90``.
    :param form: content of the form ``X``, which may draw itself.
    """  # fmt: skip
    first = 7
    kids = b" ".join(b"%d 0 R" % (first + 2 * k) for k in range(len(contents)))
    resources = b"/Resources<</Font<</L 3 0 R/H 4 0 R/N 5 0 R>>/XObject<</X 6 0 R>>>>"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, len(contents)),
        LATIN,
        HAN,
        NAMELESS,
        stream(form, b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]" + resources),
    ]
    for k, content in enumerate(contents):
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[%s]%s/Contents %d 0 R%s>>"
            % (box.encode(), resources, first + 2 * k + 1, page)
        )
        objects.append(stream(content))
    return write([*objects, *more], trailer=trailer)


_PAD = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


def _rc4(key: bytes, data: bytes) -> bytes:
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out = bytearray()
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def encrypted(password: str) -> bytes:
    """A file that opens with a password only (standard handler, 40 bits)."""
    user = (password.encode() + _PAD)[:32]
    owner = _rc4(hashlib.md5(user).digest()[:5], user)
    rights, name = (-44).to_bytes(4, "little", signed=True), b"0123456789abcdef"
    key = hashlib.md5(user + owner + rights + name).digest()[:5]
    entries = b"/Encrypt 9 0 R/ID[<%s><%s>]" % (name.hex().encode(), name.hex().encode())
    handler = b"<</Filter/Standard/V 1/R 2/O<%s>/U<%s>/P -44>>" % (
        owner.hex().encode(),
        _rc4(key, _PAD).hex().encode(),
    )
    return document([text([(72, 700, 12, "hello")], b"L")], trailer=entries, more=[handler])
