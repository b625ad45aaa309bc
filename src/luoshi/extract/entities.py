"""Mentions of named things in the sentences of a document.

Per sentence each kind of name is looked for on its own (`names`), then one is chosen among those that
overlap: quoted and titled names first, then bodies, projects and programmes, then places and figures.
"""

from __future__ import annotations

from collections.abc import Sequence

from luoshi.extract import places
from luoshi.extract.names import abbreviations, bodies, documents, figures, heads, known, quoted
from luoshi.extract.names.spans import Span, settle
from luoshi.model import Document, EntityRow, IdMaker, SentenceRow

_MARKS = "“”‘’\"'"


def spans(text: str, within: str | None = None) -> list[Span]:
    """The names in one sentence, one mention a name, in the order of the text.

    :param within: GB/T 2260 code of the document's region.
    """
    return _spans(text, places.find(text, within))


def _spans(text: str, where: list[places.PlaceMention]) -> list[Span]:
    found = [
        *quoted.find(text),
        *documents.find(text),
        *known.find(text),
        *heads.find(text, where),
        *bodies.find(text, where),
        *abbreviations.find(text),
        *(Span(m.start, m.end, "PLACE", 10) for m in where),
        *figures.quantities(text),
    ]
    dated = figures.dates(text)
    inner = [s for s in dated if s.weight >= 90]
    kept = settle([*found, *(s for s in dated if s.weight < 90)])
    return _once(text, sorted([*kept, *inner]))


def _once(text: str, found: list[Span]) -> list[Span]:
    seen: set[tuple[str, str]] = set()
    out = []
    for span in found:
        key = (span.type, text[span.start : span.end].strip(_MARKS))
        if key not in seen:
            seen.add(key)
            out.append(span)
    return out


def find(document: Document, sentences: Sequence[SentenceRow]) -> list[EntityRow]:
    """The entities of a document's sentences (see ``docs/reference/records.md``).

    ``canonical`` is the name without quotation marks, for a region its full name; ``code`` its GB/T 2260
    code.
    """
    new_id = IdMaker(document.id)
    within = document.row.region
    out: list[EntityRow] = []
    for sentence in sentences:
        text, base = sentence.evidence.quote, sentence.evidence.start
        where = places.find(text, within)
        coded = {(m.start, m.end): m for m in where}
        for span in _spans(text, where):
            evidence = document.evidence(base + span.start, base + span.end)
            place = coded.get((span.start, span.end)) if span.type == "PLACE" else None
            canonical = place.canonical if place else "".join(c for c in evidence.quote if c not in _MARKS)
            out.append(
                EntityRow(
                    id=new_id("entity", evidence.quote),
                    evidence=evidence,
                    type=span.type,
                    canonical=canonical,
                    code=place.code if place else None,
                )
            )
    return out
