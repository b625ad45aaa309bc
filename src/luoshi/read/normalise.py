"""Small repairs of characters, each with its origin kept.

Radicals and compatibility ideographs become the characters that they stand for. Nothing else is folded:
blanket NFKC would turn ① into 1 and full-width punctuation into half-width.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from luoshi.model import Mapped
from luoshi.text.lexicon import mapping

HAN = "㐀-䶿一-鿿豈-﫿\U00020000-\U0003fffd〇々"
_ODD = re.compile("[\u2e80-\u2fdf\uf900-\ufaff\U0002f800-\U0002fa1f]")
INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]+"
)
"""Characters that show nothing: controls, zero-width and direction marks, variation selectors."""
_PUNCT = "，。、；：！？（）《》〈〉“”‘’【】〔〕％—"
_PHANTOM = re.compile(
    f"(?<=[{HAN}{_PUNCT}])[ \xa0](?=[0-9０-９])|(?<=[0-9０-９%％])[ \xa0](?=[{HAN}{_PUNCT}])"
    f"|(?<=[，。、；：！？（《〈“‘【〔])[ \xa0](?=[{HAN}])"
    f"|(?<=[{HAN}])[ \xa0](?=[，。、；：！？）》〉”’】〕])"
)
_SPACED = re.compile(f"(?:(?<=\\s)|^)[{HAN}](?:[ \xa0\u2002\u2003\u3000]+[{HAN}])+$")
_RUN = re.compile("[ \t\xa0\u2000-\u200a\u202f\u205f\u3000]+")


@cache
def ideographs() -> dict[int, str]:
    """Radical or compatibility ideograph → the ideograph itself."""
    out: dict[int, str] = {}
    for start, end in ((0x2E80, 0x2FE0), (0xF900, 0xFB00), (0x2F800, 0x2FA20)):
        for code in range(start, end):
            plain = unicodedata.normalize("NFKC", chr(code))
            if len(plain) == 1 and plain != chr(code) and ord(plain) >= 0x3400:
                out[code] = plain
    for odd, plain in mapping("luoshi.read", "radicals.tsv").items():
        out[ord(odd)] = plain
    return out


def fold(text: str) -> str:
    """The text with radicals and compatibility ideographs mapped, one character for one."""
    return text.translate(ideographs()) if _ODD.search(text) else text


def shows(character: str) -> bool:
    """Whether a character is neither white space nor invisible, so that no clean-up takes it out."""
    return not character.isspace() and not INVISIBLE.fullmatch(character)


def tidy(body: Mapped) -> Mapped:
    """A block's text without invisible characters, phantom spaces and spaced-out titles.

    A single space between an ideograph and a digit is an artefact of typesetting; two or more keep columns
    apart and stay.
    """
    text = body.text
    if _ODD.search(text):
        body = body.replace_text(fold(text))
    if INVISIBLE.search(text):
        body = body.without(m.span() for m in INVISIBLE.finditer(text))
        text = body.text
    if " " in text or "\xa0" in text or "\u3000" in text or "\u2003" in text or "\u2002" in text:
        spans = [m.span() for m in _PHANTOM.finditer(text)]
        if len(text) <= 40 and (spaced := _SPACED.search(text)):
            spans += [
                (spaced.start() + m.start(), spaced.start() + m.end()) for m in _RUN.finditer(spaced.group())
            ]
        if spans:
            body = body.without(spans)
    return body.strip()
