"""The help of the verbs and wrong calls, in the user's language and in columns that count Chinese as two."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator, Sequence
from typing import Any
from unicodedata import east_asian_width

import typer

from luoshi.text.messages import language, say

KINDS = {"int": "N", "int range": "N", "path": "PATH", "list[path]": "PATH", "str": "TEXT"}
"""What an option takes, in words for people, by the name that typer has for it."""
_CLOSING = "，。、；：！？）》”’」』"
_OPENING = "（《“‘「『"
_WIDE = r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60“”‘’…—]"
_PIECES = re.compile(rf" +|[{_OPENING}]*{_WIDE}[{_CLOSING}]*|(?:(?!{_WIDE})\S)+[{_CLOSING}]*")


_CALL = re.compile(r" +|\S+")


def width(text: str) -> int:
    """Columns of a terminal that a text takes: a Chinese character is two wide.

    What is as wide as the font likes (quotation marks, dashes) counts as the language of the text has it.
    """
    wide = "WFA" if language() == "zh" else "WF"
    return sum(2 if east_asian_width(c) in wide else 1 for c in text)


def wrap(text: str, columns: int) -> list[str]:
    """Lines of at most so many columns: Chinese breaks but before a closing mark, words and calls do not."""
    lines, line = [], ""
    for piece in (_CALL if re.match(r"\w+[:：] ?luoshi ", text) else _PIECES).findall(text):
        if line and width(line + piece.rstrip()) > columns:
            lines.append(line.rstrip())
            line = ""
        line = line + piece if line else piece.lstrip()
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a help text in the user's language, each on one line."""
    some = re.split(r"\n\s*\n", inspect.cleandoc(text))
    return [say(" ".join(part.split())) for part in some if part.strip()]


_Base: Any = typer.Context.formatter_class


class Formatter(_Base):  # type: ignore[misc]
    """Writes what click gathered for a help page."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """One line: the command with what it takes."""
        words = " ".join(_taken(word) for word in re.sub(r"\{([^}]*)\}", r"\1", args).split())
        gap = "" if language() == "zh" else " "
        self._lines(f"{say('Usage:')}{gap}{prog} {words}".rstrip(), hanging=4)

    def write_heading(self, heading: str) -> None:
        """A heading of a section."""
        self.write(f"{say(heading + ':')}\n")

    def write_text(self, text: str) -> None:
        """Paragraphs."""
        for n, part in enumerate(paragraphs(text)):
            self.write("\n" * bool(n))
            self._lines(part)

    def write_dl(self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Arguments, options or commands with what is said of each."""
        told = [(_name(first), _about(first, second)) for first, second in rows]
        column = min(max(width(first) for first, _ in told), col_max) + col_spacing
        margin = " " * self.current_indent
        for first, second in told:
            gap = column - width(first)
            self.write(margin + first)
            if gap < col_spacing:
                self.write("\n" + margin)
                gap = column
            for line in wrap(second, max(self.width - column - self.current_indent, 20)):
                self.write(" " * gap + line + "\n")
                gap = column + self.current_indent

    def _lines(self, text: str, hanging: int = 0) -> None:
        margin = " " * self.current_indent
        for n, line in enumerate(wrap(text, self.width - self.current_indent - hanging)):
            self.write(margin + " " * (hanging if n else 0) + line + "\n")


def _taken(word: str) -> str:
    """The name of an argument as a call shows it, ``[FILE]...``; names of verbs stay."""
    if word.startswith(("[OPTIONS", "[ARGS")):
        return say(word)
    return re.sub(r"[A-Z]{1,}(?![\w.]*[a-z])", lambda m: say(m[0]), word)


def _name(first: str) -> str:
    """An argument or option with what it takes: ``--port N``; of an argument the name says it."""
    if not first.startswith("-"):
        return _taken(re.sub(r" <[^>]+>$", "", first))
    name, kind = m.groups() if (m := re.fullmatch(r"(.*) <([^>]+)>", first)) else (first, "")
    if kind:
        return f"{name} {say(KINDS.get(kind.lower(), kind))}"
    name, _, kind = first.rpartition(" ")
    return f"{name} {say(kind)}" if name and not kind.startswith("-") else first


def _about(first: str, second: str) -> str:
    """What is said of an option, with its default and limits."""
    text, _, more = second.rpartition("  [") if second.endswith("]") else (second, "", "")
    if not more:
        return say(text)
    if " / --no-" in first:
        more = re.sub(r"default: (no-)?[a-z-]+", lambda m: f"default: {'no' if m[1] else 'yes'}", more)
    extras = [_extra(x) for x in more[:-1].split("; ") if x != "x>=0"]
    if language() == "zh":
        return f"{say(text)}（{'；'.join(extras)}）"
    return f"{text} [{'; '.join(extras)}]"


def _extra(text: str) -> str:
    text = re.sub(r"^x>=(\S+)$", r"at least \1", text)
    text = re.sub(r"^(\S+)<=x<=(\S+)$", r"\1–\2", text)
    return say(re.sub(r"^default: \((.*)\)$", r"default: \1", text))


def ready(command: Any) -> Any:
    """Lets a command and those below it write their help so; the command."""
    context = type("Context", (command.context_class,), {"formatter_class": Formatter})
    for one in _tree(command):
        one.context_class = context
        if one.help and not one.short_help:
            one.short_help = " ".join(re.split(r"\n\s*\n", inspect.cleandoc(one.help))[0].split())
        for param in one.params:
            if param.param_type_name == "argument":
                param.metavar = param.metavar or param.name.upper()
    return command


def _tree(command: Any) -> Iterator[Any]:
    yield command
    for below in getattr(command, "commands", {}).values():
        yield from _tree(below)


def wrong_call(error: Any) -> None:
    """Says on standard error what does not fit in a call, how it is made, and where its help is."""
    context = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        print(error.format_message().rstrip(), file=sys.stderr)
        return
    print(f"luoshi: {say(error.format_message())}", file=sys.stderr)
    if context is not None:
        print(context.get_usage().rstrip(), file=sys.stderr)
        print(say(f"Help: {context.command_path} --help"), file=sys.stderr)
