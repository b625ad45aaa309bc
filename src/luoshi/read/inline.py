"""Inline markup of Markdown: which characters of a line are text, and which are marks."""

from __future__ import annotations

import re
from html import unescape

from luoshi.model import Mapped, concat
from luoshi.read.account import CONTROL, MARKUP, WHITE
from luoshi.read.normalise import shows

_TARGET = r"\((?:[^()\n]|\([^()\n]{0,500}\)){0,5000}+\)"
_IMAGE = re.compile(rf"!\[(?P<alt>[^\[\]\n]{{0,500}}+)\]{_TARGET}")
_LINK = re.compile(rf"(?<!!)\[(?P<text>(?:[^\[\]\n]|\[[^\[\]\n]{{0,200}}+\]){{0,1000}}+)\]{_TARGET}")
_REFERENCE = re.compile(r"^\[[^\]\n^]+\]:\s+\S+.*$")
_STRONG = re.compile(r"\*{2,}|(?<!\w)__(?=\S)|(?<=\S)__(?!\w)|~~")
_EM = re.compile(r"(?<![*\w\\])\*(?=[^\s*])(?P<text>[^*\n]+?)(?<=[^\s*])\*(?![*\w])")
_CODE = re.compile(r"(`+)(?P<text>[^`\n]+)\1")
_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9-]*(?:\s[^<>\n]{0,5000}+)?>|<!--(?:[^-]|-(?!->)){0,5000}+-->")
_AUTO = re.compile(r"<(?P<text>(?:https?|ftp|mailto):[^<>\s]+|[\w.+-]+@[\w.-]+)>")
_ESCAPE = re.compile(r"\\(?=[\\`*_{}\[\]()#+\-.!|<>~])")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_ANY = re.compile(r"[*_~`\[\]<>\\&!]")
BARE_IMAGE = "image"


def strip_inline(body: Mapped) -> tuple[Mapped, list[tuple[str, Mapped]], bool]:
    """The text of a line, what was taken from it, and whether all of it is bold.

    Marks go, the words of links stay, pictures go with their alternative text; entities become their
    character, which stands at the place of the ``&``.
    """
    text = body.text
    if not _ANY.search(text):
        return body, [], False
    if _REFERENCE.match(text):
        return body[:0], [(MARKUP, body)], False
    bold = bool(re.fullmatch(r"(?:\*\*|__)(?=\S).+(?:\*\*|__)", text))
    cuts: list[tuple[int, int]] = []
    linked = "](" in text
    pictures = [m.span() for m in _IMAGE.finditer(text)] if linked else []
    for m in _LINK.finditer(text) if linked else ():
        cuts += [(m.start(), m.start("text")), (m.end("text"), m.end())]
    for pattern in (_CODE, _EM, _AUTO):
        for m in pattern.finditer(text):
            cuts += [(m.start(), m.start("text")), (m.end("text"), m.end())]
    auto = [m.span() for m in _AUTO.finditer(text)]
    for pattern in (_STRONG, _TAG, _ESCAPE):
        cuts += [m.span() for m in pattern.finditer(text) if not any(a <= m.start() < b for a, b in auto)]
    return _cut(body, cuts, pictures, bold)


def _cut(
    body: Mapped, cuts: list[tuple[int, int]], pictures: list[tuple[int, int]], bold: bool
) -> tuple[Mapped, list[tuple[str, Mapped]], bool]:
    """Take the spans out, one reason each, and turn entities into characters."""
    gone = bytearray(len(body))
    for start, end in cuts:
        gone[start:end] = b"\1" * (end - start)
    for start, end in pictures:
        gone[start:end] = b"\2" * (end - start)
    parts: list[Mapped] = []
    dropped: list[tuple[str, Mapped]] = []
    start = 0
    for end in range(1, len(body) + 1):
        if end < len(body) and gone[end] == gone[start]:
            continue
        piece = body[start:end]
        if gone[start] == 0:
            parts.append(_entities(piece, dropped))
        else:
            dropped.append((MARKUP if gone[start] == 1 else BARE_IMAGE, piece))
        start = end
    return concat(parts), dropped, bold


def _entities(body: Mapped, dropped: list[tuple[str, Mapped]]) -> Mapped:
    if "&" not in body.text:
        return body
    parts: list[Mapped] = []
    last = 0
    for m in _ENTITY.finditer(body.text):
        plain = unescape(m.group())
        if plain == m.group() or len(plain) != 1:
            continue
        parts += [body[last : m.start()], body[m.start() : m.start() + 1].replace_text(plain)]
        if shows(plain):
            dropped.append((MARKUP, body[m.start() + 1 : m.end()]))
        else:  # a blank or an invisible character may be left out later, then all of it goes
            dropped.append((WHITE if plain.isspace() else CONTROL, body[m.start() : m.end()]))
        last = m.end()
    return concat([*parts, body[last:]])
