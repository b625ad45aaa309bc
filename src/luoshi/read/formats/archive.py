"""ZIP archives: each member is read by its content, nothing is ever written to the disk."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from luoshi.errors import Damaged, EmptyFile, InputError, NotText, TooLarge, UnknownFormat, UsageError
from luoshi.model import Problem, Reading, Source
from luoshi.model.reading import Severity
from luoshi.read import opening
from luoshi.read.formats import container
from luoshi.read.protocol import MIB, Limits
from luoshi.read.registry import readers

INSIDE = "!/"
"""Between the name of an archive and that of a member."""
DEEPEST = 5
"""Archives in archives."""
RATIO = 1000
"""No document is packed to a thousandth of its size."""
SMALL = 8 * MIB
TOGETHER = 128 * MIB
"""Archives up to this size are unpacked as a whole, so that what is slow to start is started once."""
_NOISE = re.compile(r"(?:^|/)(?:__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|~\$|\._)|/$", re.I)
_ENCRYPTED, _UTF8 = 0x1, 0x800


@dataclass(slots=True)
class Budget:
    """What the outermost archive may still unpack to, all archives in it together."""

    bytes: int
    members: int


_BUDGET: ContextVar[Budget | None] = ContextVar("budget", default=None)


@dataclass(slots=True)
class Gathered:
    """Readings of members, and what could not be read of them."""

    readings: list[Reading] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    seen: dict[str, str] = field(default_factory=dict)

    def add(self, data: bytes, path: str, limits: Limits) -> None:
        """Read a member with the reader that its content asks for; a failure is a problem."""
        digest = hashlib.sha256(data).hexdigest()
        if digest in self.seen:
            self.problems.append(
                Problem(
                    path, "info", "duplicate-file", f"{path} has the same content as {self.seen[digest]}.",
                    "It is read once.",
                )
            )  # fmt: skip
            return
        self.seen[digest] = path
        try:
            self.readings += read_member(data, path, limits)
        except InputError as error:
            self.fail(path, error)

    def fail(self, path: str, error: InputError) -> None:
        """Notes why a member could not be read; one that is no document at all is only a warning."""
        severity: Severity = "warning" if isinstance(error, UnknownFormat | NotText) else "error"
        self.problems.append(Problem(path, severity, error.code, error.message, error.hint))

    def finish(self, source: Source, what: str) -> tuple[Reading, ...]:
        """The readings, the problems with the first of them.

        :raises InputError: when there is no reading at all.
        """
        if self.readings:
            first = self.readings[0]
            self.readings[0] = replace(first, problems=(*self.problems, *first.problems))
            return tuple(self.readings)
        errors = [p for p in self.problems if p.severity != "info"]
        if not errors:
            raise EmptyFile(f"{source.path} is {what} without any document.", hint="Fetch it again.")
        more = f" (and {len(errors) - 3} more)" if len(errors) > 3 else ""
        raise InputError(
            f"{source.path}: nothing in it can be read. " + " ".join(p.message for p in errors[:3]) + more,
            hint=errors[0].hint,
        )


def read_member(data: bytes, path: str, limits: Limits) -> tuple[Reading, ...]:
    """Read what lies in an archive or hangs on a letter.

    :raises InputError: as :func:`luoshi.read.read`, also where archives are nested too deeply.
    """
    if path.count(INSIDE) > min(DEEPEST, limits.nesting):
        raise TooLarge(f"{path}: nested too deeply.", hint="Unpack it first.")
    return opening.read_bytes(data, path, PurePosixPath(path).name, limits)


class ZipReader:
    """Reads the documents in a ZIP archive."""

    name = "zip"
    extensions: tuple[str, ...] = (".zip",)

    def score(self, head: bytes, name: str) -> float:
        """0.3 for any ZIP: the formats that only use one as a container outbid it."""
        return 0.3 if head.startswith((container.LOCAL, container.EMPTY)) else 0.0

    def read(self, data: bytes, source: Source, limits: Limits) -> tuple[Reading, ...]:
        """The readings of all members, in the order of their names.

        :raises Damaged: when its directory cannot be read.
        :raises TooLarge: when it holds more than the limits allow.
        :raises InputError: when nothing in it can be read.
        """
        try:
            archive = zipfile.ZipFile(io.BytesIO(data))
            infos = archive.infolist()
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
            raise Damaged(f"{source.path} is a damaged archive: {error}.", hint="Fetch it again.") from error
        found = Gathered()
        with _budget(limits) as budget:
            _check(infos, source.path, budget)
            members: Iterable[tuple[str, bytes]] = _unpacked(archive, source, limits, found)
            if sum(i.file_size for i in infos) <= TOGETHER:
                members = list(members)
                _prepare(members)
            for path, member in members:
                found.add(member, path, limits)
        return found.finish(source, "an archive")


def _unpacked(
    archive: zipfile.ZipFile, source: Source, limits: Limits, found: Gathered
) -> Iterator[tuple[str, bytes]]:
    """The members that are not empty; those that cannot be unpacked are noted."""
    for name, info in _members(archive.infolist()):
        path = f"{source.path}{INSIDE}{name}"
        try:
            member = _unpack(archive, info, path, limits)
        except InputError as error:
            found.fail(path, error)
            continue
        if member:
            yield path, member


def member(data: bytes, name: str, inside_: str, limits: Limits) -> bytes:
    """What lies at a place in an archive, archives in it gone through: ``a/b.zip!/c.pdf``.

    :param name: of the archive, for messages.
    :raises UsageError: when nothing of that name lies there, or what holds it is no archive.
    :raises InputError: when it cannot be unpacked.
    """
    with _budget(limits) as budget:
        for step in inside_.split(INSIDE)[: DEEPEST + 1]:
            try:
                held = zipfile.ZipFile(io.BytesIO(data))
                infos = held.infolist()
            except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError):
                raise UsageError(f"{name} has no pages.", hint="It is no archive.") from None
            _check(infos, name, budget)
            found = dict(_members(infos)).get(step)
            if found is None:
                raise UsageError(f"{name} holds no {step}.", hint="Its directory names what it holds.")
            name = f"{name}{INSIDE}{step}"
            data = _unpack(held, found, name, limits)
    return data


def _prepare(members: Sequence[tuple[str, bytes]]) -> None:
    """Lets readers that are slow to start do so once for all of their files."""
    for info in readers():
        prepare = getattr(info.reader, "prepare", None)
        if prepare is not None and len(members) > 1:
            prepare(members)


@contextmanager
def _budget(limits: Limits) -> Iterator[Budget]:
    """The budget of the outermost archive, which those inside share."""
    current = _BUDGET.get()
    if current is not None:
        yield current
        return
    budget = Budget(limits.unpacked_bytes, limits.members)
    token = _BUDGET.set(budget)
    try:
        yield budget
    finally:
        _BUDGET.reset(token)


def _check(infos: list[zipfile.ZipInfo], path: str, budget: Budget) -> None:
    budget.members -= len(infos)
    total = sum(i.file_size for i in infos)
    if budget.members < 0 or total > budget.bytes:
        raise TooLarge(
            f"{path} unpacks to {total / MIB:,.0f} MiB in {len(infos)} files, more than the limits allow.",
            hint="Unpack it and give the documents themselves, or raise the limit.",
        )
    budget.bytes -= total


def _members(infos: list[zipfile.ZipInfo]) -> list[tuple[str, zipfile.ZipInfo]]:
    """Documents by their cleaned name, in its order; two of one name are told apart."""
    out: list[tuple[str, zipfile.ZipInfo]] = []
    taken: dict[str, int] = {}
    for info in infos:
        raw = _decoded(info)
        if _NOISE.search(raw):
            continue
        name = inside(raw)
        taken[name] = taken.get(name, 0) + 1
        if taken[name] > 1:
            stem = PurePosixPath(name)
            name = str(stem.with_name(f"{stem.stem} ({taken[name]}){stem.suffix}"))
        out.append((name, info))
    return sorted(out, key=lambda x: (x[0], x[1].header_offset))


def _decoded(info: zipfile.ZipInfo) -> str:
    """A member's name; without the mark for UTF-8 it is as a rule in the code page of a Chinese Windows."""
    if info.flag_bits & _UTF8:
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def inside(name: str) -> str:
    """A name that stays inside the archive: no root, no drive, no way up, nothing that does not show."""
    shown = "".join(c if c.isprintable() else "_" for c in name.replace("\\", "/"))
    parts = [p for p in re.sub(r"^[A-Za-z]:", "", shown).split("/") if p not in ("", ".", "..")]
    return "/".join(parts).replace(INSIDE, "!_") or "unnamed"


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: str, limits: Limits) -> bytes:
    """A member's bytes; no more than its entry says, which the checks went by."""
    if info.flag_bits & _ENCRYPTED:
        raise Damaged(f"{path} is encrypted with a password.", hint="Unpack it with the password first.")
    if info.file_size > max(limits.file_bytes, limits.text_bytes):
        raise TooLarge(f"{path} has {info.file_size / MIB:,.0f} MiB.", hint="Unpack it first.")
    if info.file_size > SMALL and info.file_size > RATIO * max(1, info.compress_size):
        raise TooLarge(f"{path} unpacks to {info.file_size / MIB:,.0f} MiB: refused as a bomb.")
    try:
        return archive.read(info)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
        raise Damaged(f"{path} cannot be unpacked: {error}.", hint="Fetch the archive again.") from error
