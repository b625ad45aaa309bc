"""Commitments of a document: the actions of its sentences with everything that stands around them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from luoshi.extract import actions, responsibility, targets, wording
from luoshi.extract.actions import Action
from luoshi.extract.around import Around, Setting
from luoshi.extract.domains import domain
from luoshi.extract.strength import strength
from luoshi.extract.wording import pattern
from luoshi.model import (
    CommitmentRow,
    DateRow,
    Document,
    EntityRow,
    IdMaker,
    SentenceRow,
)
from luoshi.model.records import SentenceKind

_ONGOING = pattern("commitment-ongoing")
_LAID = frozenset(["应当", "必须", "不得"])
_RECURRING = pattern("commitment-recurring")


def make(
    document: Document, dates: Sequence[DateRow], entities: Sequence[EntityRow]
) -> tuple[list[CommitmentRow], list[SentenceRow]]:
    """The commitments of a document, and its sentences with kind and commitment ids."""
    around = Around(document, dates, entities)
    new_id = IdMaker(document.id)
    notes = _notes(document)
    rows: list[CommitmentRow] = []
    sentences: list[SentenceRow] = []
    for sentence, setting in zip(document.sentences, around.settings(), strict=True):
        if (
            sentence.id in notes
            or around.notes.holds(sentence.evidence.start, sentence.evidence.end)
            or (sentence.kind == "heading" and not around.is_whole_item(sentence))
        ):
            sentences.append(sentence)
            continue
        found, kind = _read(sentence, setting, around)
        mine = [_row(a, sentence, around, new_id) for a in found if not around.is_repeated(a)]
        rows += mine
        if not mine and sentence.kind == "heading":
            kind = "heading"
        sentences.append(replace(sentence, kind=kind, commitments=tuple(r.id for r in mine)))
    return rows, sentences


def _notes(document: Document) -> set[str]:
    """Ids of sentences that are no running text: addressees, lists of annexes, signatures, copies to."""
    starts = [p.start for p in document.paragraphs]
    return {
        s.id
        for s in document.sentences
        if (n := bisect_right(starts, s.evidence.start)) and document.paragraphs[n - 1].kind == "note"
    }


def _read(sentence: SentenceRow, setting: Setting, around: Around) -> tuple[tuple[Action, ...], SentenceKind]:
    text, at = sentence.evidence.quote, sentence.evidence.start
    tasks = around.tasks(sentence)
    if tasks is not None:
        return _of_cells(tasks, around)
    due = around.ahead(sentence) or sentence.kind == "heading" or around.is_charged(sentence)
    if setting.past or around.told_of_before(text):
        return actions.read(text, at, past=True)
    found, kind = actions.read(text, at, past=setting.past, ahead=setting.ahead or due, due=due)
    if setting.principle:
        found = tuple(a for a in found if _binds(a) or targets.find(text[a.start - at : a.end - at]))
        if not found:
            return (), "principle" if kind == "action" else kind
    return found, kind


def _binds(action: Action) -> bool:
    """Whether it holds even in a part about principles: a number, or a duty laid on somebody."""
    return action.type == "goal" or (action.modal in _LAID and action.actor is not None)


def _of_cells(tasks: Sequence[tuple[int, int]], around: Around) -> tuple[tuple[Action, ...], SentenceKind]:
    """What the cells of a ledger's row say that are to be done; its report of progress is none."""
    found: list[Action] = []
    for start, end in tasks:
        found += actions.read(around.document.text[start:end], start, ahead=True, due=True)[0]
    return tuple(found), "action" if found else "context"


def _row(action: Action, sentence: SentenceRow, around: Around, new_id: IdMaker) -> CommitmentRow:
    evidence = around.document.evidence(action.start, action.end)
    quote = evidence.quote
    deadline = around.deadline(action, sentence)
    goals = targets.find(quote)
    units = around.units(action.start, action.end)
    if not units and action.actor_span is not None and action.modal not in wording.group("negative"):
        units = responsibility.of_actor(around.document.text, action.actor_span)
    return CommitmentRow(
        id=new_id("commitment", quote),
        evidence=evidence,
        type="goal" if action.type == "goal" else "action",
        provision=sentence.provision,
        sentence=sentence.id,
        modifiers=action.modifiers,
        verb=action.verb,
        object=action.object,
        actor=action.actor,
        units=units,
        deadline=deadline,
        ongoing=deadline is None and (_is_ongoing(action, quote) or around.ongoing(action.start, sentence)),
        targets=goals,
        places=around.places(action.start, action.end),
        strength=strength(
            action.verb, action.modifiers, action.modal, number=bool(goals), deadline=deadline is not None
        ),
        domain=domain(quote, around.titles(sentence.provision)),
    )


def _is_ongoing(action: Action, quote: str) -> bool:
    if any(wording.modifier_class(m) == "ongoing" for m in action.modifiers):
        return True
    verb = quote.find(action.verb) if action.verb else -1
    return bool(_ONGOING.match(quote)) or (verb > 0 and _RECURRING.search(quote, 0, verb) is not None)
