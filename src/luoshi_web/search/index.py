"""The index kept true: made from documents, current versions and commitments, changed with them.

The audit tells which documents and commitments a service wrote; their entries change in its transaction.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from luoshi.text.segment import sentence_spans
from luoshi_web.library.models import Document, Provision, Version
from luoshi_web.register.models import Commitment, CommitmentState
from luoshi_web.search.engines import engine
from luoshi_web.search.models import Entry, Kind, State, number
from luoshi_web.search.words import PROGRAM, words
from luoshi_web.ui import labels

LONGEST = 1500
"""Characters of a stretch; longer ones are cut at a paragraph, a sentence, or anywhere."""


def head_entry(document: Document) -> Entry:
    """A document's head."""
    text = "\n".join(t for t in (document.title, document.number, "、".join(document.issuers)) if t)
    return Entry(
        id=number(document.pk, Kind.DOCUMENT, 0), document=document, kind=Kind.DOCUMENT, text=text,
        version_id=document.current_id,
    )  # fmt: skip


def text_entries(document: int, version: int, text: str) -> Iterator[Entry]:
    """The stretches of a version: each node's own words, without those of its children."""
    nodes = list(Provision.objects.filter(version=version).order_by("start", "depth"))
    at = {p.start: p for p in nodes}  # of nodes that begin together, the innermost
    parents = {p.pk: p for p in nodes}
    n = 0
    places = sorted({0, len(text), *(s for s in at if s < len(text))})
    label = ""
    for start, end in pairwise(places):
        label = _label(at[start], parents) if start in at else label
        for a, b in stretches(text, start, end):
            yield Entry(
                id=number(document, Kind.PROVISION, n), document_id=document, kind=Kind.PROVISION,
                version_id=version, start=a, end=b, label=label,
            )  # fmt: skip
            n += 1


def _label(node: Provision, parents: dict[int, Provision]) -> str:
    chain: list[Provision] = []
    it: Provision | None = node
    while it is not None:
        chain.append(it)
        it = parents.get(it.parent_id or 0)
    chain.reverse()
    return labels.joined((p.label for p in chain), node.title[:40])[:200]


def stretches(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A place in pieces of at most :data:`LONGEST` characters; nothing of it is left out but blank pieces."""
    if end - start <= LONGEST:
        if text[start:end].strip():
            yield start, end
        return
    cuts = [m.end() for m in re.compile(r"\n+").finditer(text, start, end)]
    begin = start
    for piece in _pieces(text, start, [*cuts, end]):
        if piece[1] - begin > LONGEST and piece[0] > begin:
            yield from _kept(text, begin, piece[0])
            begin = piece[0]
    yield from _kept(text, begin, end)


def _pieces(text: str, start: int, cuts: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Paragraphs; of a long one its sentences; of a long sentence its parts."""
    for cut in cuts:
        if cut - start > LONGEST:
            inside = [start + e for _s, e in sentence_spans(text[start:cut])]
            for e in [*inside, cut]:
                while e - start > LONGEST:
                    yield start, start + LONGEST
                    start += LONGEST
                if e > start:
                    yield start, e
                    start = e
        elif cut > start:
            yield start, cut
        start = cut


def _kept(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    if text[start:end].strip():
        yield start, end


def commitment_entry(c: Commitment) -> Entry:
    """A commitment: its words, the source's where they differ, what it is measured by, who answers for it.

    A line each; what the first line says already is not said again.
    """
    quote = c.quote.rstrip("。；")
    measures = "；".join(m for m in c.criterion.split("；") if m not in c.text)
    parts = [
        c.text,
        quote if quote not in c.text else "",
        measures,
        "、".join(str(u.get("name", "")) for u in c.units),
    ]
    return Entry(
        id=number(c.document_id, Kind.COMMITMENT, c.pk), document_id=c.document_id, kind=Kind.COMMITMENT,
        version_id=c.version_id, start=c.start, end=c.end, label=c.place_label[:200],
        text="\n".join(p for p in parts if p),
    )  # fmt: skip


def texts(entries: Iterable[Entry]) -> dict[int, str]:
    """The words of entries; versions are read once."""
    out: dict[int, str] = {}
    by_version: dict[int, list[Entry]] = {}
    for e in entries:
        if e.kind == Kind.PROVISION and e.version_id is not None:
            by_version.setdefault(e.version_id, []).append(e)
        else:
            out[e.pk] = e.text
    for pk, text in Version.objects.filter(pk__in=by_version).values_list("pk", "text"):
        for e in by_version[pk]:
            out[e.pk] = text[e.start : e.end]
    return out


def _add(entries: list[Entry], known: dict[int, str] | None = None) -> None:
    if not entries:
        return
    said = known if known is not None else texts(entries)
    Entry.objects.bulk_create(entries, 500)
    engine().add((e.pk, words(said[e.pk])) for e in entries)


def _remove(entries: list[Entry]) -> None:
    if not entries:
        return
    said = texts(entries)
    engine().remove((e.pk, words(said[e.pk])) for e in entries)
    Entry.objects.filter(pk__in=[e.pk for e in entries]).delete()


def _documents() -> QuerySet[Document]:
    return Document.objects.only("title", "number", "issuers", "current_id")


def _add_text(document: Document) -> int:
    """Takes in the text of the current version; how many stretches it has."""
    if document.current_id is None:
        return 0
    text = Version.objects.values_list("text", flat=True).get(pk=document.current_id)
    some = list(text_entries(document.pk, document.current_id, text))
    _add(some, {e.pk: text[e.start : e.end] for e in some})
    return len(some)


def follow_documents(ids: Iterable[str]) -> None:
    """Documents were written: their heads, and the text where another version is current."""
    for document in _documents().filter(pk__in=list(ids)).select_for_update():
        old = {e.pk: e for e in Entry.objects.filter(document=document).exclude(kind=Kind.COMMITMENT)}
        head = head_entry(document)
        was = old.pop(head.pk, None)
        if was is None or was.text != head.text or was.version_id != head.version_id:
            _remove([was] if was else [])
            _add([head])
        if {e.version_id for e in old.values()} != {document.current_id} or not old:
            _remove(list(old.values()))
            _add_text(document)


def follow_commitments(ids: Iterable[str]) -> None:
    """Commitments were written: those confirmed are found, those withdrawn no more."""
    new: list[Entry] = []
    for c in Commitment.objects.filter(pk__in=list(ids)).order_by("pk").select_for_update():
        entry = commitment_entry(c) if c.state == CommitmentState.CONFIRMED else None
        was = Entry.objects.filter(pk=number(c.document_id, Kind.COMMITMENT, c.pk)).first()
        if was is not None and entry is not None and was.text == entry.text:
            entry.save()
            continue
        _remove([was] if was else [])
        new += [entry] if entry else []
    _add(new)


def rebuild() -> int:
    """Makes the whole index anew; how many entries it has. Until the end a search does not find all."""
    with transaction.atomic():
        State.objects.all().delete()
        engine().clear()
        Entry.objects.all().delete()
    refill()
    return Entry.objects.count()


def refill() -> None:
    """Takes in what is missing where the index is not whole (after a restore, after an interruption).

    Few documents in a transaction of their own, so that nobody who writes meanwhile waits long; what others'
    services take in at the same time stays.
    """
    if whole():
        return
    for ids in _batches(Document.objects.all(), 20):
        with transaction.atomic():
            follow_documents(ids)
    for ids in _batches(Commitment.objects.filter(state=CommitmentState.CONFIRMED), 500):
        with transaction.atomic():
            follow_commitments(ids)
    with transaction.atomic():
        engine().optimize()
        State.objects.update_or_create(pk=1, defaults={"program": PROGRAM})


def _batches(rows: QuerySet[Any], size: int) -> Iterator[list[str]]:
    """The numbers of rows, some at a time."""
    ids = [str(pk) for pk in rows.order_by("pk").values_list("pk", flat=True)]
    for at in range(0, len(ids), size):
        yield ids[at : at + size]


def whole() -> bool:
    """Whether the index was made to its end, by the rules of this program."""
    return State.objects.filter(program=PROGRAM).exists()


def ensure() -> None:
    """Makes the index anew where it was made by other rules; after each migration."""
    if not whole():
        rebuild()


def faults() -> list[str]:
    """What is wrong with the index: documents, texts or commitments that it lacks, or has too many."""
    out: list[str] = []
    state = State.objects.first()
    if state is None or state.program != PROGRAM:
        out.append("the index was made by another version of the program")
    heads = set(Entry.objects.filter(kind=Kind.DOCUMENT).values_list("document_id", "version_id"))
    if heads != set(Document.objects.values_list("pk", "current_id")):
        out.append("documents are missing, or stand in the index with an old version")
    read = set(Entry.objects.filter(kind=Kind.PROVISION).values_list("version_id", flat=True).distinct())
    current = Document.objects.exclude(current=None).exclude(current__characters=0)
    if read != set(current.values_list("current_id", flat=True)):
        out.append("texts of current versions are missing, or old ones stand in the index")
    confirmed = Commitment.objects.filter(state=CommitmentState.CONFIRMED)
    known = {
        pk & ((1 << 30) - 1) for pk in Entry.objects.filter(kind=Kind.COMMITMENT).values_list("pk", flat=True)
    }
    if known != set(confirmed.values_list("pk", flat=True)):
        out.append("commitments are missing, or withdrawn ones stand in the index")
    return out


def install(apps: Any, editor: Any) -> None:
    """Makes the engine's table (a migration)."""
    for statement in engine(editor.connection.vendor).create():
        editor.execute(statement)


def uninstall(apps: Any, editor: Any) -> None:
    """Removes it (a migration backwards)."""
    for statement in engine(editor.connection.vendor).drop():
        editor.execute(statement)


def reinstall(apps: Any, editor: Any) -> None:
    """Makes the engine's table and with it the index anew (a migration)."""
    it = engine(editor.connection.vendor)
    for statement in [*it.drop(), *it.create()]:
        editor.execute(statement)
    apps.get_model("search", "Entry").objects.all().delete()
    apps.get_model("search", "State").objects.all().delete()
