"""Requirement clauses: an upper document split as an office that must answer it would split it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from luoshi.cover.clauses import (
    PACKAGE,
    SHORT,
    Clause,
    announces_goals,
    clauses,
    head,
    is_note,
    is_pivot,
    is_purpose,
    is_retrospect,
    is_target,
    is_to_come,
    pieces,
    tagged,
)
from luoshi.cover.objects import conjuncts
from luoshi.model import Document, Evidence, Paragraph, SentenceRow
from luoshi.text.lexicon import words

Span = tuple[int, int]

ORDERING = frozenset({"opinion", "plan", "measures", "notice", "law", "regulation"})
"""Kinds of text that order things throughout: in them a clause with a subject needs no modal word."""


BEFORE = 0.4
"""Share of a document before its first part beyond which it is not one with an opening and parts."""
TITLE = 8
"""Characters of the longest clause from which a run-in title is more than a slogan of two halves."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """A clause of the upper document that asks for something; ``start`` and ``end`` in its clean text."""

    start: int
    end: int
    sentence: SentenceRow


def in_sentence(text: str, *, ordering: bool = False, goals: bool = False) -> list[Span]:
    """Spans of the requirement clauses of one sentence.

    :param ordering: the text is of a kind that orders things throughout (:data:`ORDERING`).
    :param goals: it stands under a title that announces goals: what sounds like a report is to come about.
    """
    if is_note(text) or is_purpose(text):
        return []
    found = clauses(text)
    goals = ordering and (goals or is_to_come(text))
    spans = _joined(text, _as_aims(found) if goals else _settled(text, found, ordering))
    return [part for span in _merged(text, spans) for part in conjuncts(text, *span)]


def _as_aims(found: list[Clause]) -> list[Clause]:
    """Clauses of a goal: states to be reached, told as if they were so (到…年，…明显改善)."""
    told = ("fact", "topic", "consequence", "demand")
    return [Clause(c.start, c.end, "aim" if c.kind in told else c.kind, c.modal) for c in found]


def _settled(text: str, found: list[Clause], ordering: bool) -> list[Clause]:
    """Kinds corrected by the neighbours: a statement that draws a conclusion, a topic before its demands."""
    kinds = [c.kind for c in found]
    if ordering:
        for i, c in enumerate(found):
            if c.kind == "topic" and c.end - c.start > 8 and _says(text, c):
                kinds[i] = "demand"
            if c.kind in ("topic", "fact") and is_target(text[c.start : c.end]):
                kinds[i] = "aim"
    for i, kind in enumerate(kinds):
        if kind == "consequence":  # what it is good for: all that it is said of was a statement
            for j in range(i - 1, -1, -1):
                if kinds[j] not in ("demand", "scope", "topic") or _modal(text, found[j]):
                    break
                kinds[j] = "fact"
    if not ordering and _narrates(text, found):
        kinds = ["fact" if k in ("demand", "topic") else k for k in kinds]
    for i in range(1, len(kinds)):  # the subject of a statement is that of the clauses behind it too
        if kinds[i - 1] == "fact" and kinds[i] in ("demand", "topic") and not _modal(text, found[i]):
            kinds[i] = "fact"
    first = next((i for i, k in enumerate(kinds) if k != "lead"), len(kinds))
    if first + 1 < len(kinds) and kinds[first] == "demand" and not found[first].modal:
        after = first + 1
        if is_pivot(text[found[after].start : found[after].end]) or (
            found[after].modal and text[found[after].start - 1] == "要"
        ):
            kinds[first] = "topic"
    return [Clause(c.start, c.end, k, c.modal) for c, k in zip(found, kinds, strict=True)]


def _narrates(text: str, found: list[Clause]) -> bool:
    """Whether a sentence tells what somebody did: it begins with subject and verb, and demands nothing."""
    first = next((c for c in found if c.kind != "lead"), None)
    if first is None or first.kind != "topic" or not _says(text, first):
        return False
    return not any(c.kind in ("aim", "judgement") or _modal(text, c) for c in found)


def _modal(text: str, clause: Clause) -> bool:
    return clause.modal or head(text, clause.start, clause.end).modal


def _says(text: str, clause: Clause) -> bool:
    """Whether a clause that begins with a noun goes on with a verb (市教育局负责…)."""
    return any(t.tag == "v" for t in tagged(text[clause.start : clause.end])[1:14])


def _joined(text: str, found: list[Clause]) -> list[Span]:
    """Demands with the scope before them and the trailing pieces behind them."""
    out: list[Span] = []
    scope: int | None = None
    for i, c in enumerate(found):
        if c.kind in ("demand", "aim"):
            out.append((c.start if scope is None else scope, c.end))
            scope = None
        elif c.kind == "judgement" and i and found[i - 1].kind in ("demand", "topic"):
            start = found[i - 1].start
            if out and out[-1][0] <= start < out[-1][1]:
                start = out.pop()[0]
            out.append((start, c.end))
        elif c.kind in ("topic", "gloss") and out and found[i - 1].end == out[-1][1]:
            out[-1] = (out[-1][0], c.end)
        elif c.kind == "scope":
            scope = c.start if scope is None else scope
        else:
            scope = None
    return out


def _merged(text: str, spans: list[Span]) -> list[Span]:
    """A clause too short to mean anything alone goes with the next one, the last with the one before."""
    out: list[Span] = []
    held: int | None = None
    for start, end in spans:
        if held is not None:
            start, held = held, None
        if end - start <= SHORT and (start, end) != spans[-1]:
            held = start
        elif end - start <= SHORT and out:
            out[-1] = (out[-1][0], end)
        else:
            out.append((start, end))
    return out


def speakers(paragraphs: Iterable[Paragraph]) -> Counter[str]:
    """Characters said by each speaker."""
    out: Counter[str] = Counter()
    for p in paragraphs:
        if p.speaker:
            out[p.speaker] += p.end - p.start
    return out


def _heard(document: Document) -> list[Paragraph]:
    """Paragraphs of the body whose demands are the document's (in a report of a speech: the speaker's)."""
    paragraphs = [p for p in document.paragraphs if p.kind in ("body", "table-row")]
    if document.row.kind == "speech-report" and (said := speakers(paragraphs)):
        main = max(said, key=lambda name: (said[name], name))
        paragraphs = [p for p in paragraphs if p.speaker in (None, main)]
    left_out = [document.box] if document.box else []
    left_out += [(p.evidence.start, p.evidence.end) for p in document.provisions if is_retrospect(p.title)]
    return [p for p in paragraphs if not any(start <= p.start < end for start, end in left_out)]


def _opening(document: Document) -> int:
    """Where the parts of an ordering document begin; what stands before them tells why it was made."""
    starts = [p.evidence.start for p in document.provisions if p.kind != "part"]
    first = min(starts, default=0)
    return first if first < BEFORE * len(document.text) else 0


def _asks(document: Document, sentence: SentenceRow, paragraph: Paragraph) -> bool:
    """Whether a sentence may ask for something; a title does where it is run in and says two things, or
    where nothing stands under it."""
    if sentence.kind != "heading":
        return True
    quote = sentence.evidence.quote
    if paragraph.kind != "body":
        return False
    if paragraph.end <= sentence.evidence.end:
        return document.row.kind in ORDERING and _nothing_under(document, sentence)
    return max((b - a for a, b in pieces(quote)), default=0) >= TITLE and len(pieces(quote)) > 1


def _nothing_under(document: Document, sentence: SentenceRow) -> bool:
    return any(
        p.id == sentence.provision and p.evidence.end <= sentence.evidence.end for p in document.provisions
    )


def requirements(document: Document) -> tuple[Requirement, ...]:
    """The requirement clauses of a document in order.

    Demands and aims of the body; no statements of fact, no reports of attendance, no retrospect, nothing of
    the boxed summary and, in the report of a speech, nothing that another person said. Of what stands before
    the first part of an ordering document only what demands with a modal word.
    """
    ordering = document.row.kind in ORDERING
    paragraphs = _heard(document)
    opening = _opening(document) if ordering else 0
    announced = [(p.evidence.start, p.evidence.end) for p in document.provisions if announces_goals(p.title)]
    out: list[Requirement] = []
    at = 0
    for sentence in document.sentences:
        start, end = sentence.evidence.start, sentence.evidence.end
        while at < len(paragraphs) and paragraphs[at].end <= start:
            at += 1
        if at == len(paragraphs) or start < paragraphs[at].start:
            continue
        if not _asks(document, sentence, paragraphs[at]):
            continue
        before = start < opening
        goals = any(a <= start < b for a, b in announced)
        for a, b in in_sentence(sentence.evidence.quote, ordering=ordering and not before, goals=goals):
            a, b = start + a, min(end, start + b)
            if not (ordering and before) or head(document.text, a, b).modal or _stripped(document.text, a):
                out.append(Requirement(a, b, sentence))
    return tuple(out)


def _stripped(text: str, start: int) -> bool:
    """Whether a modal word was left out before a requirement."""
    return text[:start].endswith(tuple(words(PACKAGE, "stripped.tsv")))


def evidence(document: Document, requirement: Requirement) -> Evidence:
    """The anchor of a requirement."""
    return document.evidence(requirement.start, requirement.end)
