"""What the flat formats share: decoding with its problems, the ledger, the finished reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from luoshi.errors import EmptyFile, TooLarge
from luoshi.model import Block, Drop, Problem, Reading, Source
from luoshi.read.account import UNASSIGNED, Ledger
from luoshi.read.decode import Decoded, decode
from luoshi.read.protocol import MIB, Limits


def decoded(data: bytes, source: Source, limits: Limits) -> Decoded:
    """The text of a flat source within the limits.

    :raises luoshi.errors.InputError: too large, empty, or no text.
    """
    if len(data) > limits.text_bytes:
        raise TooLarge(
            f"{source.path} has {len(data) / MIB:,.1f} MiB, "
            f"the limit for text is {limits.text_bytes / MIB:,.0f} MiB.",
            hint="Split it, or raise the limit.",
        )
    return decode(data, source.path)


def reading(
    text: Decoded,
    source: Source,
    media_type: str,
    blocks: Sequence[Block],
    ledger: Ledger,
    *,
    metadata: Mapping[str, str] | None = None,
    problems: Sequence[Problem] = (),
) -> Reading:
    """The finished reading of a flat source.

    :raises EmptyFile: when no block is left.
    """
    if not blocks:
        raise EmptyFile(
            f"{source.path} holds no text besides markup and page furniture.",
            hint="Check that the page was saved with its content.",
        )
    dropped = ledger.close(blocks)
    return Reading(
        source=replace(source, media_type=media_type, encoding=text.encoding, length=len(text.text)),
        blocks=tuple(blocks),
        dropped=dropped,
        metadata=dict(metadata or {}),
        problems=(*decoding_problems(text, source), *problems, *_unassigned(dropped, source)),
    )


def _unassigned(dropped: Sequence[Drop], source: Source) -> tuple[Problem, ...]:
    """A word about text that the reader lost without a reason: never, unless the reader is at fault."""
    lost = [d for d in dropped if d.reason == UNASSIGNED]
    if not lost:
        return ()
    count, first = sum(len(d.quote) for d in lost), lost[0].quote[:40]
    message = f"{count} characters were left out for no known reason: {first!r}."
    return (Problem(source.path, "error", "unassigned", message, "Please report it with the file."),)


def decoding_problems(text: Decoded, source: Source) -> tuple[Problem, ...]:
    """What went wrong on the way from bytes to characters."""
    out = []
    if text.broken:
        out.append(
            Problem(
                source.path,
                "warning",
                "broken-encoding",
                f"{text.broken} places hold bytes that are no {text.encoding} text; they stand as U+FFFD.",
                "Compare these places with the original, or save the file again as UTF-8.",
            )
        )
    if text.truncated:
        out.append(
            Problem(
                source.path,
                "warning",
                "truncated",
                "The file ends in the middle of a character: its end may be missing.",
                "Fetch the document again.",
            )
        )
    return tuple(out)
