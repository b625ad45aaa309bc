"""Bodies in English: Lead agency: A; Supporting agencies: B, C — led by A, with support from B."""

from __future__ import annotations

import re

from luoshi.model.records import Role

Found = tuple[int, int, Role]

_WORDS: tuple[tuple[str, Role], ...] = (
    (r"lead(?:ing)?|in\s+charge", "lead"),
    (r"support(?:ing)?|assist(?:ing)?|co-?operating|participating|with", "support"),
    (r"responsib(?:le|ility)|implementing|accountable", "responsible"),
)
_LABEL = re.compile(
    r"(?<![A-Za-z])(?P<word>lead(?:ing)?|in\s+charge|support(?:ing)?|assisting|co-?operating|participating"
    r"|responsib(?:le|ility)|implementing|accountable)"
    r"(?:\s+(?:agenc(?:y|ies)|departments?|units?|bod(?:y|ies)|part(?:y|ies)|organi[sz]ations?|ministr(?:y|ies)))?\s*[:：]\s*",
    re.IGNORECASE,
)
_LED = re.compile(
    r"\b(?P<word>led|coordinated|headed)\s+by\s+(?P<list>[^,;.()]{3,120})"
    r"(?:,?\s+(?:with\s+(?:the\s+)?(?:support|help|participation)\s+(?:from|of)|supported\s+by|assisted\s+by)\s+(?P<others>[^;.()]{3,160}))?",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?:the\s+)?(?P<name>[A-Z][\w&’'.\-]*(?:\s+(?:[A-Z][\w&’'.\-]*|of|and|for|the|in|on))*)")


def english_units(text: str, start: int = 0, end: int | None = None) -> list[Found]:
    """Spans of bodies with their part; empty for a text without such a label or phrase."""
    stop = len(text) if end is None else end
    out: list[Found] = []
    labels = list(_LABEL.finditer(text, start, stop))
    for i, m in enumerate(labels):
        upto = labels[i + 1].start() if i + 1 < len(labels) else stop
        cut = re.compile(r"[.\n)）]").search(text, m.end(), upto)
        out += _names(text, m.end(), cut.start() if cut else upto, _role(m["word"]))
    if labels:
        return out
    for m in _LED.finditer(text, start, stop):
        out += _names(text, *m.span("list"), "lead")
        if m["others"]:
            out += _names(text, *m.span("others"), "support")
    return out


def _role(word: str) -> Role:
    return next((role for pattern, role in _WORDS if re.match(pattern, word, re.IGNORECASE)), "responsible")


def _names(text: str, start: int, end: int, role: Role) -> list[Found]:
    """The names of a list; semicolons separate where there are any, else commas and a last “and”."""
    part = text[start:end].rstrip(" ;,")
    marks = r"\s*;\s*" if ";" in part else r"\s*,\s*(?:and\s+)?"
    out: list[Found] = []
    at = start
    for piece in re.split(f"({marks})", part):
        m = _NAME.fullmatch(piece.strip())
        if m is not None:
            begin = at + piece.index(m["name"])
            out.append((begin, begin + len(m["name"]), role))
        at += len(piece)
    return out
