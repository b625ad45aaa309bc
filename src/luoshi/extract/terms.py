"""Numeral abbreviations and labels of a set of documents, with what they stand for.

A label may be spelled out in another document than the one that uses it, so the whole set is read: first
every use, then every place that gives as many members as the label announces.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from luoshi.extract.names import labels, members
from luoshi.extract.names.labels import Label
from luoshi.extract.names.members import Members
from luoshi.model import Document, Evidence, IdMaker, TermRow

_LEVELS = {"central": 0, "province": 1, "city": 2, "county": 3, "township": 4}
_MARKS = str.maketrans("", "", "“”‘’\"'")


@dataclass(slots=True)
class _Use:
    document: Document
    label: Label
    modifier: str
    members: Members | None = None


@dataclass(slots=True)
class _Sense:
    """One meaning of a term: its uses, and the place that spells it out, where there is one."""

    uses: list[_Use]
    modifier: str = ""
    members: Members | None = None
    where: Document | None = None


def collect(documents: Sequence[Document]) -> tuple[TermRow, ...]:
    """The terms of all documents, one row a sense, in the order of their first use.

    ``count`` is the number that the label announces (五大安全: 5), ``members`` what it stands for, in order
    and as written, ``()`` where nothing in the set spells it out; the evidence is the definition, else the
    first use.
    """
    uses: dict[str, list[_Use]] = defaultdict(list)
    for document in documents:
        for label in labels.find(document.text):
            term = label.term.translate(_MARKS) if not label.term.startswith("“") else label.term
            uses[term].append(_Use(document, label, _modifier(document.text, label)))
    makers = {d.id: IdMaker(d.id) for d in documents}
    ordered = sorted(documents, key=lambda d: (_LEVELS.get(d.row.level or "", 5), d.row.date or "9999", d.id))
    rows: list[TermRow] = []
    for term, mentions in uses.items():
        rows.extend(_row(term, sense, makers) for sense in _senses(term, mentions, ordered, uses))
    return tuple(rows)


def _modifier(text: str, label: Label) -> str:
    """The word right before a quoted label that may set one sense apart (新时代“六地”, 红色“六地”)."""
    if not label.quoted or text[label.start - 1 : label.start] != "“":
        return ""
    m = re.search(r"(新时代|红色|[\u4e00-\u9fff]{2})“$", text[max(0, label.start - 4) : label.start])
    return m[1] if m else ""


def _senses(
    term: str, mentions: list[_Use], ordered: Sequence[Document], uses: dict[str, list[_Use]]
) -> list[_Sense]:
    for use in mentions:
        text = use.document.text
        use.members = members.explicit(text, use.label) or members.two_names(text, use.label)
    groups = _contrasted(mentions)
    out: list[_Sense] = []
    for modifier, group in groups:
        defined: dict[tuple[str, ...], list[_Use]] = {}
        for use in group:
            if use.members:
                defined.setdefault(use.members.items, []).append(use)
        if not defined:
            out.append(_Sense(group, modifier))
        elif len(defined) == 1 or not _apart(group):
            best = max(defined.values(), key=len)[0]
            out.append(_Sense(group, modifier, best.members, best.document))
        else:
            out += [_Sense(u, "", u[0].members, u[0].document) for u in defined.values()]
    if all(s.members is None for s in out):
        _elsewhere(term, out[0], ordered, uses)
    return out


def _apart(group: list[_Use]) -> bool:
    """Whether every use comes with its own list (两手抓): then each list is a sense of its own."""
    return all(u.members for u in group)


def _contrasted(mentions: list[_Use]) -> list[tuple[str, list[_Use]]]:
    """Uses by modifier, where one sentence sets two modifiers of the label against each other."""
    opposed: set[str] = set()
    for a, b in pairwise(mentions):
        if a.document is b.document and a.modifier and b.modifier and a.modifier != b.modifier:
            between = a.document.text[a.label.end : b.label.start]
            if not re.search(r"[。！？\n]", between):
                opposed |= {a.modifier, b.modifier}
    if not opposed:
        return [("", mentions)]
    most = max(opposed, key=lambda m: (sum(u.modifier == m for u in mentions), m))
    rest = [m for m in sorted(opposed) if m != most]
    out = [(most, [u for u in mentions if u.modifier not in rest])]
    out += [(m, [u for u in mentions if u.modifier == m]) for m in rest]
    return out


def _elsewhere(term: str, sense: _Sense, ordered: Sequence[Document], uses: dict[str, list[_Use]]) -> None:
    """Look for what the label stands for away from it."""
    wanted = labels.parts(term) or _bare_parts(term)
    if term.startswith("新") and (base := uses.get(term[1:])):
        for use in base:
            use.members = (
                use.members
                or members.explicit(use.document.text, use.label)
                or members.two_names(use.document.text, use.label)
            )
            if use.members:
                sense.members, sense.where = use.members, use.document
                return
    if len(wanted) > 1:
        for use in sense.uses:
            start, end = _section(use)
            if got := members.of_section(use.document.text, start, end, wanted):
                sense.members, sense.where = got, use.document
                return
        return
    for document in ordered if members.shared_head(term) else ():
        if got := members.implicit(document.text, term):
            sense.members, sense.where = got, document
            return
    _of_speech(term, sense, ordered)


_TASKS = re.compile(
    r"^(?:[两三四五六七八九十]|\d+)[项个大条]?(?:方面)?(?:重要|重点|主要)?(?:任务|要求|举措|工作)$"
)


def _of_speech(term: str, sense: _Sense, ordered: Sequence[Document]) -> None:
    """Tasks of a speech that another document counts: the paragraphs that open with 强调，要…"""
    number = labels.count(term)
    use = sense.uses[0]
    text = use.document.text
    sentence = text[max(text.rfind(c, 0, use.label.start) for c in "。！？\n") + 1 : use.label.start]
    if not number or not _TASKS.match(term) or not re.search("讲话|会议|座谈会", sentence):
        return
    for document in ordered:
        if document is use.document or document.row.kind not in ("speech-report", "meeting"):
            continue
        if got := members.of_speech(document.text, number):
            sense.members, sense.where = got, document
            return


def _bare_parts(term: str) -> tuple[labels.Part, ...]:
    """“圈”“带”: each stands for one name that ends with it."""
    found = re.findall(r"“([\u4e00-\u9fff])”", term)
    return tuple(labels.Part(1, c) for c in found) if len(found) > 1 else ()


def _section(use: _Use) -> tuple[int, int]:
    """From the label to the end of the innermost provision that holds it, or of its paragraph."""
    at = use.label.end
    inside = [
        p.evidence
        for p in use.document.provisions
        if p.evidence.start <= use.label.start < p.evidence.end
        and p.kind in ("article", "item", "section", "paragraph")
    ]
    if inside:
        return at, min(inside, key=lambda e: e.end - e.start).end
    end = use.document.text.find("\n", at)
    return at, end if end >= 0 else len(use.document.text)


def _short_for(sense: _Sense) -> str:
    """The full form of an abbreviation, where one of its uses gives it."""
    forms = (labels.full_form(u.document.text, u.label) for u in sense.uses)
    return next((f for f in forms if f), "")


def _row(term: str, sense: _Sense, makers: dict[str, IdMaker]) -> TermRow:
    first = sense.uses[0]
    if sense.members and sense.where:
        evidence = sense.where.evidence(sense.members.start, sense.members.end)
    else:
        evidence = first.document.evidence(first.label.start, first.label.end)
    spans: list[Evidence] = [u.document.evidence(u.label.start, u.label.end) for u in sense.uses]
    return TermRow(
        id=makers[evidence.document]("term", evidence.quote),
        evidence=evidence,
        term=term,
        sense=f"{sense.modifier}“{term}”" if sense.modifier else _short_for(sense),
        count=labels.count(term),
        members=sense.members.items if sense.members else (),
        uses=tuple(spans),
    )
