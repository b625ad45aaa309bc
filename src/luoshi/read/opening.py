"""The door: a path in, readings out, and a clear word about what cannot be read."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from luoshi.errors import EmptyFile, InputError, NotText, TooLarge, UnknownFormat, UsageError
from luoshi.model import Reading, Source
from luoshi.read.protocol import MIB, Limits, Reader
from luoshi.read.registry import choose, readers
from luoshi.text.lexicon import table

HEAD = 1 << 16
"""Bytes of a file that the readers see when they are asked for a score."""

_JSON = re.compile(rb'\A(?:\xef\xbb\xbf)?\s*(?:\[\s*)?\{\s*"(?:[^"\\]|\\.){1,80}"\s*:')
FLAT = frozenset({"text", "markdown", "html", "csv", "rows"})


def read(path: Path, *, name: str = "", limits: Limits | None = None) -> tuple[Reading, ...]:
    """Read a file with the reader that its content asks for.

    :param path: the file.
    :param name: how records call it (the path as given on the command line); the path itself when empty.
    :param limits: what is refused as too large.
    :raises luoshi.errors.UsageError: when there is no such file, or it is a folder.
    :raises luoshi.errors.InputError: when it is empty, too large, binary, damaged or of no known format.
    """
    limits = limits or Limits()
    name = name or path.as_posix()
    return read_bytes(_bytes(path, name, limits), name, path.name, limits)


def read_bytes(data: bytes, name: str, file_name: str, limits: Limits) -> tuple[Reading, ...]:
    """Read bytes with the reader that they ask for.

    :param name: how records call them.
    :param file_name: the last part of it, which readers see when they are asked for a score.
    :raises luoshi.errors.InputError: when they are too large, binary, damaged or of no known format.
    """
    head = data[:HEAD]
    reader = choose(head, file_name)
    if _JSON.match(head) and (reader is None or reader.name in FLAT - {"rows"}):
        raise UnknownFormat(
            f"{name} holds JSON, not a document.",
            hint="For rows of text that stand alone, call `luoshi extract`.",
        )
    if reader is None:
        raise _nobody(head, name)
    if reader.name in FLAT and len(data) > limits.text_bytes:
        raise _too_large(name, len(data), limits.text_bytes)
    return read_with(reader, data, name, limits)


def read_with(reader: Reader, data: bytes, name: str, limits: Limits) -> tuple[Reading, ...]:
    """Read bytes with a given reader.

    :raises luoshi.errors.InputError: also for what the reader did not foresee: never a bare exception.
    """
    source = Source(
        path=name,
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        media_type="",
        reader=reader.name,
    )
    try:
        return reader.read(data, source, limits)
    except (InputError, MemoryError):
        raise
    except RecursionError as failure:
        raise InputError(f"{name}: nested too deeply for the {reader.name} reader.") from failure
    except Exception as failure:
        raise InputError(
            f"{name}: the {reader.name} reader failed ({type(failure).__name__}: {failure}).",
            hint="This is a fault of the reader, not of the file: please report it with the file.",
        ) from failure


def _bytes(path: Path, name: str, limits: Limits) -> bytes:
    try:
        if path.is_dir():
            raise UsageError(f"{name} is a folder.", hint="Give the files in it, or build with the folder.")
        size = path.stat().st_size
        if size > max(limits.file_bytes, limits.text_bytes):
            raise _too_large(name, size, max(limits.file_bytes, limits.text_bytes))
        data = path.read_bytes()
    except FileNotFoundError:
        raise UsageError(f"{name} does not exist.", hint="Check the path.") from None
    except (OSError, ValueError) as failure:
        reason = getattr(failure, "strerror", None) or str(failure)
        raise InputError(f"{name} cannot be opened: {reason}.", hint="Check its permissions.") from failure
    if not data:
        raise EmptyFile(f"{name} is empty (0 bytes).", hint="Fetch the document again.")
    return data


def _too_large(name: str, size: int, limit: int) -> TooLarge:
    return TooLarge(
        f"{name} has {size / MIB:,.1f} MiB, the limit is {limit / MIB:,.0f} MiB.",
        hint="Split it, or raise the limit.",
    )


def _nobody(head: bytes, name: str) -> InputError:
    """Why no reader took the file, as exactly as its first bytes tell."""
    for prefix, what, hint in table("luoshi.read", "magic.tsv"):
        if head.startswith(bytes.fromhex(prefix)):
            return UnknownFormat(f"{name} is {what}, and no reader for it is installed.", hint=hint)
    failed = [f"{r.name} ({r.error})" for r in readers() if r.error]
    hint = "See `luoshi readers` for what can be read."
    if failed:
        hint += f" Not loaded: {'; '.join(failed)}."
    if not head.strip(b" \t\r\n\f\v\0"):
        return EmptyFile(f"{name} holds only white space or zero bytes.", hint="Fetch the document again.")
    return NotText(f"{name} is binary, or text in no encoding that we know.", hint=hint)
