"""The output folder: whose it is, who writes into it, and that what stands there is whole.

Everything is written beside first (``DIR/.luoshi/new``) and renamed at the end. While the renames run the
manifest says ``complete: false``; a reader that finds this, or a file whose hash is not the manifest's,
knows that the folder is not whole.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from filelock import FileLock, Timeout

from luoshi import SCHEMA_VERSION, __version__
from luoshi.errors import FolderBusy, ForeignFolder, NothingToDo, OutputError, UsageError, WriteFailed
from luoshi.model import ProblemRow, Records, records, to_row
from luoshi.model.codec import from_row
from luoshi.pipeline.discover import MANIFEST

WORK = ".luoshi"
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
MARK = "this folder was made by luoshi\n"

ROWS: dict[str, type[Any]] = {
    "documents": records.DocumentRow,
    "elements": records.ElementRow,
    "provisions": records.ProvisionRow,
    "sentences": records.SentenceRow,
    "dropped": records.DroppedRow,
    "commitments": records.CommitmentRow,
    "entities": records.EntityRow,
    "dates": records.DateRow,
    "terms": records.TermRow,
    "links": records.LinkRow,
    "coverage": records.CoverageRow,
    "unsourced": records.UnsourcedRow,
    "sources": records.SourceShareRow,
    "problems": records.ProblemRow,
}


MADE_BY = {"records": "the records of luoshi build", "reuse": "the tables of luoshi reuse"}
"""What a folder of each kind is called in a refusal."""

REFUSALS = {
    errno.ENOSPC: "The disk is full: free some room and run the command again.",
    errno.EDQUOT: "Your disk quota is used up: free some room and run the command again.",
    errno.EFBIG: "The file system takes no file of this size: choose another folder with --out.",
    errno.EACCES: "Choose another folder with --out, or ask for permission to write there.",
    errno.EPERM: "Choose another folder with --out, or ask for permission to write there.",
    errno.EROFS: "The disk is read-only: choose another folder with --out.",
    errno.ENOTDIR: "A part of the path is a file: choose another folder with --out.",
    errno.EISDIR: "That is a folder: name a file.",
    errno.ENOENT: "A part of the path does not exist: choose another folder with --out.",
    errno.EEXIST: "A link that leads nowhere stands there: choose another folder with --out.",
    errno.ELOOP: "A link leads to itself there: choose another folder with --out.",
    errno.ENAMETOOLONG: "The name is too long: choose another folder with --out.",
    errno.EIO: "The disk reports a fault: look at it before anything else.",
}
"""What an operating system may refuse, and what the user can do about it."""


@contextmanager
def writing(what: Path) -> Iterator[None]:
    """Turns an operating system's refusal into :class:`WriteFailed` with what to do."""
    try:
        yield
    except OSError as error:
        if error.errno not in REFUSALS:
            raise
        raise WriteFailed(
            f"{what} cannot be written: {error.strerror}.", hint=REFUSALS[error.errno]
        ) from error


@dataclass(frozen=True, slots=True)
class Folder:
    """An output folder under our lock."""

    path: Path

    @property
    def work(self) -> Path:
        """Our own corner of it."""
        return self.path / WORK

    def manifest(self) -> dict[str, Any] | None:
        """The manifest of the last complete run, ``None`` where there is none."""
        try:
            value = json.loads((self.path / MANIFEST).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        ours = isinstance(value, dict) and value.get("program") == "luoshi"
        return value if ours and value.get("complete") else None

    def intact(self, manifest: dict[str, Any]) -> bool:
        """Whether every file that the manifest names stands there with its hash."""
        try:
            return all(_sha256(self.path / name) == digest for name, digest in manifest["files"].items())
        except (OSError, KeyError, TypeError):
            return False

    def publish(self, manifest: dict[str, Any]) -> None:
        """Moves everything from ``work/new`` into the folder, the manifest last."""
        new = self.work / "new"
        files = sorted(p.relative_to(new).as_posix() for p in new.rglob("*") if p.is_file())
        manifest = {**manifest, "files": {name: _sha256(new / name) for name in files}}
        old = self._named_before()
        with writing(self.path):
            self._write_manifest({**manifest, "complete": False})
            for name in files:
                target = self.path / name
                target.parent.mkdir(exist_ok=True)
                (new / name).replace(target)
            for name in sorted(old - set(files)):
                (self.path / name).unlink(missing_ok=True)
            self._write_manifest({**manifest, "complete": True})
            shutil.rmtree(new)

    def _named_before(self) -> set[str]:
        """Files that an earlier run wrote (complete or not), and only names that we can have written."""
        try:
            names = json.loads((self.path / MANIFEST).read_text(encoding="utf-8")).get("files", {})
        except (OSError, ValueError, AttributeError):
            return set()
        known = {f"{t}.{e}" for t in Records.TABLES for e in ("jsonl", "parquet")}
        known |= {f"{t}.{e}" for t in ("passages", "clusters") for e in ("jsonl", "parquet", "csv")}
        known |= {"report.html", "taskbook.xlsx", "taskbook.docx", "summary.html"}
        return {n for n in names if n in known or (n.startswith("texts/d") and n.count("/") == 1)}

    def _write_manifest(self, manifest: dict[str, Any]) -> None:
        beside = self.work / MANIFEST
        text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
        with beside.open("w", encoding="utf-8") as f:
            f.write(text + "\n")
            f.flush()
            os.fsync(f.fileno())
        beside.replace(self.path / MANIFEST)


def _sha256(path: Path) -> str:
    with path.open("rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()


@contextmanager
def opened(path: Path, kind: str = "records") -> Iterator[Folder]:
    """The output folder, made where it is missing, locked while it is used.

    :param kind: what is to be written: ``records`` or ``reuse``. Neither may replace the other.
    :raises ForeignFolder: when it holds something that we did not write, or output of the other kind.
    :raises FolderBusy: when another run is writing into it.
    :raises WriteFailed: when it cannot be written to.
    """
    if path.exists() and not path.is_dir():
        raise OutputError(f"{path} is a file, not a folder.", hint="Choose another name with --out.")
    if path.is_dir() and not _ours(path):
        raise ForeignFolder(
            f"{path} is not empty and was not made by luoshi, so nothing is written there.",
            hint="Choose an empty or new folder with --out.",
        )
    held = _kind(path)
    if held is not None and held != kind:
        raise ForeignFolder(
            f"{path} holds {MADE_BY.get(held, 'something else')}, so nothing is written there.",
            hint="Choose an empty or new folder with --out.",
        )
    with writing(path):
        (path / WORK).mkdir(parents=True, exist_ok=True)
        (path / WORK / "mark").write_text(MARK, encoding="utf-8")
        lock = FileLock(path / WORK / "lock", timeout=0)
        try:
            lock.acquire()
        except Timeout:
            raise FolderBusy(
                f"Another run is writing into {path}.", hint="Wait until it ends, or choose another folder."
            ) from None
    try:
        shutil.rmtree(path / WORK / "new", ignore_errors=True)
        yield Folder(path)
    finally:
        shutil.rmtree(path / WORK / "new", ignore_errors=True)
        lock.release()


def _kind(path: Path) -> str | None:
    """What kind of output a folder of ours holds, ``None`` where there is none yet."""
    try:
        return str(json.loads((path / MANIFEST).read_text(encoding="utf-8")).get("kind", "records"))
    except (OSError, ValueError, AttributeError):
        return None


def _ours(path: Path) -> bool:
    try:
        names = {p.name for p in path.iterdir()}
        if not names:
            return True
        if (path / WORK / "mark").read_text(encoding="utf-8") != MARK:
            return False
        manifest = path / MANIFEST
        # An interrupted first run leaves only our own corner.
        return names == {WORK} or json.loads(manifest.read_text(encoding="utf-8"))["program"] == "luoshi"
    except (OSError, ValueError, KeyError, TypeError):
        return False


def write_records(rows: Records, folder: Folder, *, parquet: bool) -> Path:
    """Writes all tables and clean texts into ``work/new`` and returns that folder."""
    new = folder.work / "new"
    with writing(folder.path):
        (new / "texts").mkdir(parents=True)
        for table in Records.TABLES:
            with (new / f"{table}.jsonl").open("w", encoding="utf-8", newline="\n") as f:
                for row in getattr(rows, table):
                    f.write(_JSON(to_row(row)) + "\n")
        for document, text in sorted(rows.texts.items()):
            (new / "texts" / f"{document}.txt").write_bytes(text.encode("utf-8", "surrogatepass"))
        if parquet:
            from luoshi.pipeline.parquet import write_parquet

            write_parquet(rows, new)
    return new


def head() -> dict[str, Any]:
    """The fields with which every manifest begins."""
    return {"program": "luoshi", "version": __version__, "schema": SCHEMA_VERSION}


def load(path: Path) -> Records:
    """The records of an output folder.

    :raises UsageError: when the folder holds none, or an update of it was interrupted.
    """
    hint = "Make it with: luoshi build PATH… --out " + str(path)
    try:
        manifest = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
        if manifest["program"] != "luoshi" or manifest.get("kind", "records") != "records":
            raise KeyError
    except (OSError, ValueError, KeyError, TypeError):
        raise UsageError(f"{path} holds no records of luoshi.", hint=hint) from None
    if not manifest.get("complete"):
        raise UsageError(f"The last run into {path} was interrupted.", hint="Run luoshi build again.")
    if manifest.get("schema") != SCHEMA_VERSION:
        raise UsageError(
            f"{path} was made with version {manifest.get('schema')} of the records, this program"
            f" reads version {SCHEMA_VERSION}.",
            hint="Run luoshi build again.",
        )
    out = Records()
    try:
        for table, kind in ROWS.items():
            with (path / f"{table}.jsonl").open(encoding="utf-8") as f:
                getattr(out, table).extend(from_row(kind, json.loads(line)) for line in f)
        for document in out.documents:
            out.texts[document.id] = (path / "texts" / f"{document.id}.txt").read_bytes().decode("utf-8")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f"The records in {path} are damaged: {error}.", hint="Run luoshi build again."
        ) from error
    return out


def explain_nothing(problems: Sequence[ProblemRow], paths: Sequence[Path]) -> NoReturn:
    """Says why no document came out.

    :raises NothingToDo: always.
    """
    some = [f"{p.message} {p.hint}".strip() for p in problems if p.severity == "error"][:5]
    raise NothingToDo(
        f"No document could be read from {', '.join(map(str, paths))}.",
        hint="\n".join(some) or "They hold no text.",
    )
