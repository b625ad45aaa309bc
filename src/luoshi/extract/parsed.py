"""The parts of a clause."""

from __future__ import annotations

from dataclasses import dataclass, field

Span = tuple[int, int]


@dataclass(slots=True)
class Parsed:
    """The parts of a clause; spans are ``(start, end)`` in it.

    ``start``: where its own words begin, behind a conjunction; ``body``: behind actor and modal too.
    ``preposition``: what fronts the verb. ``how``: ``list`` where the verb is on the list, ``tag`` where only
    the cutter says so, ``none`` where there is none. ``shape``: ``plain``, ``ba`` (把 A 建成 B), ``toward``
    (A 向 B 倾斜), ``subject`` (something is said about it), ``purpose`` (为 + verb), ``topic`` (a thing
    stands first and then what shall be done with it); ``topic`` is that thing.
    """

    start: int = 0
    body: int = 0
    actor: Span | None = None
    modal: str = ""
    modifiers: list[Span] = field(default_factory=list)
    preposition: str = ""
    verb: Span | None = None
    object: Span | None = None
    how: str = "none"
    shape: str = "plain"
    topic: Span | None = None


def shifted(parsed: Parsed, by: int) -> Parsed:
    """The same parts, ``by`` characters further on."""

    def move(span: Span | None) -> Span | None:
        return None if span is None else (span[0] + by, span[1] + by)

    return Parsed(
        start=parsed.start + by,
        body=parsed.body + by,
        actor=move(parsed.actor),
        modal=parsed.modal,
        modifiers=[(a + by, b + by) for a, b in parsed.modifiers],
        preposition=parsed.preposition,
        verb=move(parsed.verb),
        object=move(parsed.object),
        how=parsed.how,
        shape=parsed.shape,
        topic=move(parsed.topic),
    )
