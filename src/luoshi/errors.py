"""Every error that Luoshi raises on purpose.

::

    LuoshiError                      anything below; ``exit_code`` is what the command ends with
    ├── UsageError            (2)    the call itself does not fit: a path that does not exist, an option
    ├── OutputError           (3)    the output folder cannot be used
    │   ├── ForeignFolder            it holds something that we did not write
    │   ├── FolderBusy               another run is writing into it
    │   └── WriteFailed              disk full, no permission …
    ├── InputError            (4)    one source file cannot be read; a run reports it and goes on
    │   ├── EmptyFile
    │   ├── NotText                  binary, or bytes that are no text in any encoding
    │   ├── TooLarge
    │   ├── Damaged                  truncated, encrypted, malformed beyond repair
    │   └── UnknownFormat
    ├── NothingToDo           (5)    no document at all among the given paths
    └── MissingExtra          (6)    an optional part is not installed

Each carries what was wrong, where, and what to do about it (``hint``); the command prints the two
and no traceback.
"""

from __future__ import annotations


class LuoshiError(Exception):
    """Base of all errors raised on purpose.

    :param message: what was wrong, and where.
    :param hint: what the user can do; may be empty.
    """

    exit_code = 1
    code = "error"

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.message, self.hint))


def _rebuild(kind: type[LuoshiError], message: str, hint: str) -> LuoshiError:
    return kind(message, hint=hint)


class UsageError(LuoshiError):
    """The call does not fit: a path that does not exist, options that exclude each other."""

    exit_code = 2
    code = "usage"


class OutputError(LuoshiError):
    """The output folder cannot be used."""

    exit_code = 3
    code = "output"


class ForeignFolder(OutputError):
    """The output folder holds files that Luoshi did not write."""

    code = "foreign-folder"


class FolderBusy(OutputError):
    """Another run holds the lock of the output folder."""

    code = "folder-busy"


class WriteFailed(OutputError):
    """A file could not be written: disk full, no permission."""

    code = "write-failed"


class InputError(LuoshiError):
    """One source file cannot be read; the run reports it and goes on with the others."""

    exit_code = 4
    code = "input"


class EmptyFile(InputError):
    """The file holds no text."""

    code = "empty-file"


class NotText(InputError):
    """The bytes are binary, or no text in any encoding that we know."""

    code = "not-text"


class TooLarge(InputError):
    """The file is above the limit."""

    code = "too-large"


class Damaged(InputError):
    """The file is truncated, encrypted or malformed beyond repair."""

    code = "damaged"


class UnknownFormat(InputError):
    """No reader takes this file."""

    code = "unknown-format"


class NothingToDo(LuoshiError):
    """No document at all was found among the given paths."""

    exit_code = 5
    code = "nothing-to-do"


class MissingExtra(LuoshiError):
    """An optional part is not installed."""

    exit_code = 6
    code = "missing-extra"
