"""What the verbs share: progress bars, messages, JSON for programs."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from luoshi.model import ProblemRow
from luoshi.pipeline.options import SECRECY
from luoshi.pipeline.progress import Progress, Silent
from luoshi.text.messages import language, say

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID

STAGES = {
    "find": "Finding files",
    "read": "Reading",
    "extract": "Extracting",
    "terms": "Terms",
    "align": "Comparing pairs",
    "cover": "Coverage",
    "count": "Counting",
    "pairs": "Pairing",
    "passages": "Passages",
    "spark": "Spark jobs",
    "write": "Writing",
}


def known_level(level: str) -> str:
    """A level of secrecy as it is written on documents.

    :raises typer.BadParameter: for any other word.
    """
    if level and level not in SECRECY:
        raise typer.BadParameter(f"{level!r} is none of {', '.join(SECRECY)}.")
    return level


AllowSecrecy = Annotated[
    str,
    typer.Option(
        "--allow-secrecy",
        metavar="LEVEL",
        callback=known_level,
        help="Read documents marked 秘密, 机密 or 绝密 up to this level; without it they are refused.",
        show_default=False,
    ),
]
"""The option of every verb that reads documents."""


def note(text: str) -> None:
    """A remark for the person in the person's language, on standard error."""
    print(say(text), file=sys.stderr)


def tell(text: str) -> None:
    """What came of a command in the person's language, on standard output."""
    print(say(text))


def remarks(problems: Sequence[ProblemRow], where: str = "") -> None:
    """The first problems of a run other than mere information, and how many more there are and where.

    Of one kind in one file three are told: a table with a wrong column has a problem a row.
    """
    shown = [p for p in problems if p.severity != "info"]
    colon = "：" if language() == "zh" else ": "
    kinds: Counter[tuple[str, str]] = Counter()
    told = 0
    for p in shown:
        kinds[p.source, p.code] += 1
        if told == 20 or kinds[p.source, p.code] > 3:
            continue
        told += 1
        name = p.source.rsplit("/", 1)[-1]
        file = f"{name}{colon}" if name and name not in p.message else ""
        print(f"{say(p.severity)}{colon}{file}{_sentences(p.message, p.hint)}", file=sys.stderr)
    if more := len(shown) - told:
        note(f"… and {more} more; all stand in {where}" if where else f"… and {more} more")


def _sentences(message: str, hint: str) -> str:
    """What is wrong and what to do, one after the other."""
    stop, gap = ("。", "") if language() == "zh" else (".", " ")
    told = say(message)
    if not hint:
        return told
    if told[-1] in ".…":
        gap = " "
    return f"{told}{gap if told[-1] in '.。…' else stop + gap}{say(hint)}"


def complain(message: str, hint: str = "") -> None:
    """What went wrong, and on the next line what to do."""
    print(f"luoshi: {say(message)}", file=sys.stderr)
    for line in hint.splitlines():
        print(f"        {say(line)}", file=sys.stderr)


def as_json(value: Any) -> None:
    """A value on standard output, for a program."""
    json.dump(value, sys.stdout, ensure_ascii="utf" not in sys.stdout.encoding.lower(), indent=1)
    print()


class _Bars:
    def __init__(self, bars: RichProgress) -> None:
        self._bars = bars
        self._task: TaskID | None = None

    def stage(self, name: str, total: int) -> None:
        self._finish()
        self._task = self._bars.add_task(say(STAGES.get(name, name)), total=total)

    def step(self) -> None:
        if self._task is not None:
            self._bars.advance(self._task)

    def _finish(self) -> None:
        if self._task is not None:
            self._bars.update(self._task, visible=False)


@contextmanager
def interruptible(message: str) -> Iterator[None]:
    """Tells in one line what stays when the person interrupts, and how to go on; ends with exit code 130."""
    try:
        yield
    except KeyboardInterrupt:
        note(message)
        raise typer.Exit(130) from None


@contextmanager
def progress(quiet: bool = False) -> Iterator[Progress]:
    """A progress bar on a terminal, nothing otherwise."""
    if quiet or not sys.stderr.isatty():
        yield Silent()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as RichProgress

    columns = (TextColumn("{task.description:16}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with RichProgress(*columns, console=Console(stderr=True), transient=True) as bars:
        yield _Bars(bars)
