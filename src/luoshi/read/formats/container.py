"""What a ZIP holds by its first bytes: the names of its first entries, walked, not searched for.

A search would also find the entries of a document that lies in an archive unpacked.
"""

from __future__ import annotations

import struct
from functools import lru_cache

LOCAL = b"PK\x03\x04"
EMPTY = b"PK\x05\x06"
_DESCRIPTOR = 0x08
_OFFICE = ("[Content_Types].xml", "_rels/.rels")
_FOLDERS = ("docProps/", "customXml/", "_rels/")


@lru_cache(maxsize=8)
def names(head: bytes) -> tuple[str, ...]:
    """Names of the entries that begin in the first bytes of a ZIP; at least the first."""
    out = []
    at = 0
    while head.startswith(LOCAL, at) and at + 30 <= len(head):
        flags, packed, length, extra = (
            struct.unpack_from("<H", head, at + 6)[0],
            struct.unpack_from("<I", head, at + 18)[0],
            *struct.unpack_from("<HH", head, at + 26),
        )
        name = head[at + 30 : at + 30 + length].decode("utf-8", "replace")
        out.append(name.replace("\\", "/").lstrip("/"))
        start = at + 30 + length + extra
        if flags & _DESCRIPTOR and not packed:
            # the size stands behind the data: what follows is deflated, so that the next mark is an entry's
            at = head.find(LOCAL, start)
            if at < 0:
                break
        else:
            at = start + packed
    return tuple(out)


def holds(head: bytes, folder: str) -> bool:
    """Whether this is an Office file whose document lies in a folder (``word/``, ``xl/``, ``ppt/``).

    An archive may hold a folder of that name too, but no ``[Content_Types].xml`` beside it.
    """
    found = names(head)
    inside = [n for n in found if n.startswith(folder)]
    if not inside:
        return False
    first = found[0]
    return any(n in _OFFICE or n.startswith(_FOLDERS) for n in found) or (
        first.startswith(folder) and first.endswith((".xml", ".rels"))
    )


def office(head: bytes) -> bool:
    """Whether the first entries are those of an Office file, of whichever program."""
    return any(n in _OFFICE or n.startswith("docProps/") for n in names(head))


def media_type(head: bytes) -> str:
    """What an OpenDocument (or EPUB) package says it is in its first entry, empty for others."""
    if not head.startswith(LOCAL) or names(head)[:1] != ("mimetype",):
        return ""
    size = struct.unpack_from("<I", head, 18)[0]
    length, extra = struct.unpack_from("<HH", head, 26)
    start = 30 + length + extra
    return head[start : start + min(size, 100)].decode("ascii", "replace")
