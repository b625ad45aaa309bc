"""The command's entry: its verbs, and how errors are told.

Exit codes: 0 done; 2 the call does not fit; 3 the output folder cannot be used; 4 done, but some of the
input could not be read (each is a row of ``problems``); 5 no document at all; 6 an optional part is missing;
130 interrupted; 1 a fault of the program itself.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from io import TextIOWrapper
from typing import Annotated, Any

import typer
from typer.main import get_command

from luoshi import __version__
from luoshi.cli.common import complain, note
from luoshi.cli.help import ready, wrong_call
from luoshi.errors import LuoshiError

HELP = """
From policy documents to a register of commitments, with the evidence for each. 落实

Example: luoshi build documents/ --out records/

Exit codes: 0 done, 2 wrong call, 3 output folder cannot be used, 4 some input could not be read,
5 no document found, 6 an optional part is missing, 130 interrupted.
"""

CallError: type[typer.BadParameter] = next(
    c for c in typer.BadParameter.__mro__ if c.__name__ == "ClickException"
)
"""What a wrong call raises: click's own class, or that of the click which newer typers bring along."""

app = typer.Typer(
    name="luoshi",
    help=HELP,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"luoshi {__version__}")
        raise typer.Exit


@app.callback()
def _top(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and stop.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Common options."""


VERBS = ("build", "compare", "show", "page", "extract", "readers", "reuse", "index")
"""Our own verbs, in the order of the help; each is a module of this package."""


def _join_verbs(wanted: Sequence[str]) -> None:
    """Registers verbs; a verb's module brings half of the program along, so only those that are wanted."""
    for name in wanted:
        verb = import_module(f"luoshi.cli.{name}")
        if hasattr(verb, "app"):
            app.add_typer(verb.app, name=name)
        else:
            app.command(name, help=verb.HELP)(verb.run)


def _join_other_verbs() -> None:
    """Verbs of other packages (the web's) join through the entry-point group ``luoshi.commands``."""
    from importlib.metadata import entry_points

    for point in sorted(entry_points(group="luoshi.commands"), key=lambda p: p.name):
        try:
            verb = point.load()
            if isinstance(verb, typer.Typer):
                app.add_typer(verb, name=point.name)
            else:
                app.command(point.name)(verb)
        except (ImportError, AttributeError) as error:
            note(f"The command {point.name} could not be loaded: {error}")


def whole() -> Any:
    """The command with all its verbs, as its reference and its tests look at it."""
    if not app.registered_commands:
        _join_verbs(VERBS)
        _join_other_verbs()
    return ready(get_command(app))


def main() -> None:
    """Runs the command; ends the process with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that cannot show a character is no fault
    try:
        called = sys.argv[1:2]
        if called and called[0] in VERBS:
            _join_verbs(called)
            # With one verb alone the command would have no verbs.
            app.command("version", hidden=True)(lambda: _version(True))
        else:
            _join_verbs(VERBS)
            _join_other_verbs()
        code = ready(get_command(app))(prog_name="luoshi", standalone_mode=False)
    except LuoshiError as error:
        complain(error.message, error.hint)
        sys.exit(error.exit_code)
    except CallError as error:
        wrong_call(error)
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        note("Interrupted. What stood in the output folder before is unchanged; run the command again.")
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our output went away (head, less): nothing to tell it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    sys.exit(code if isinstance(code, int) else 0)
