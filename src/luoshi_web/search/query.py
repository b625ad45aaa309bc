"""What a visitor typed, as a query: never an error, whatever it is.

Words apart are all wanted, in one entry; “…” keeps words and stops together as they stand; ``-`` before a
word excludes it. A word of Latin letters finds those that begin with it; in “…” only itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from luoshi_web.search.words import HAN, STOP, folded, words

LONGEST = 400
"""Characters of a query that are read."""
MOST = 24
"""Terms that are read."""
_OPEN = {"“": "”", '"': '"', "「": "」", "『": "』", "＂": "＂", "„": "”", "«": "»"}
_STOPS = re.compile(r"[，。；：、！？;:!?…]+|(?<!\d)[.,]|[.,](?!\d)")


@dataclass(frozen=True, slots=True)
class Term:
    """Tokens that must follow one another; ``prefix``: the last may go on; ``exact``: it stood in quotes."""

    words: tuple[str, ...]
    prefix: bool = False
    exact: bool = False

    def __str__(self) -> str:
        return re.sub(rf"(?<=[{HAN}]) (?=[{HAN}])", "", " ".join(w for w in self.words if w != STOP))


@dataclass(slots=True)
class Query:
    """The terms wanted, those excluded, and whether something typed was left out because it was too much."""

    wanted: list[Term] = field(default_factory=list)
    unwanted: list[Term] = field(default_factory=list)
    cut: bool = False

    def __bool__(self) -> bool:
        return bool(self.wanted)


def parse(text: str) -> Query:
    """The query of a text."""
    text = " ".join(text.replace("\x00", " ").split())
    out = Query(cut=len(text) > LONGEST)
    for part, exact, minus in _parts(text[:LONGEST]):
        pieces = [part] if exact else _STOPS.split(part)
        for piece in pieces:
            term = _term(piece, exact)
            if term is None:
                continue
            side = out.unwanted if minus else out.wanted
            if term in side:
                continue
            if len(out.wanted) + len(out.unwanted) >= MOST:
                out.cut = True
                return out
            side.append(term)
    return out


def _parts(text: str) -> list[tuple[str, bool, bool]]:
    """Pieces between spaces, quoted ones whole: text, whether quoted, whether a minus stood before it."""
    out = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        minus = text[at] in "-－−" and at + 1 < len(text) and not text[at + 1].isspace()
        at += minus
        close = _OPEN.get(text[at])
        end = text.find(close, at + 1) if close else -1
        if close and end > 0:
            out.append((text[at + 1 : end], True, minus))
            at = end + 1
            continue
        end = at
        while end < len(text) and not text[end].isspace():
            end += 1
        out.append((text[at:end], False, minus))
        at = end
    return out


def _term(piece: str, exact: bool) -> Term | None:
    found = tuple(words(piece))
    if not found or set(found) == {STOP}:
        return None
    last = found[-1]
    prefix = not exact and len(last) >= 3 and last.isalpha() and not re.match(f"[{HAN}]", last)
    return Term(found, prefix and bool(re.search(r"\w$", folded(piece))), exact)


def relaxed(query: Query) -> Query:
    """The same with long unquoted terms taken apart into words, for when nothing holds them together."""
    from luoshi.text.tokens import cut

    out = Query(unwanted=query.unwanted, cut=query.cut)
    for term in query.wanted:
        if term.exact or len(term.words) < 4:
            some = [term]
        else:
            parts = (_term(t, exact=True) for t in cut(str(term)))
            some = [Term(p.words) for p in parts if p is not None]
        out.wanted += [t for t in some if t not in out.wanted]
    out.wanted = out.wanted[:MOST]
    return out
