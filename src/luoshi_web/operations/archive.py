"""The archive of a backup: one zip file that any installation can restore, on either database.

``manifest.json`` names program, migrations, each table with its columns, number of rows and digest (see
:mod:`luoshi_web.operations.tables`), each file with its size and sha256, and the head of the audit chain.
``tables/NAME.jsonl`` has a row per line; ``files/SHA256`` are the originals, ``readings/NAME`` what
comparisons need, ``audit-heads.tsv`` the heads exported so far. The secret key and ``luoshi.toml`` stay out.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from luoshi.errors import LuoshiError, WriteFailed
from luoshi_web.operations.tables import Column, Digest, Table, line

FORMAT = 1
MANIFEST = "manifest.json"
HEADS = "audit-heads.tsv"
_STORED = re.compile(r"(files/[0-9a-f]{64}|readings/[A-Za-z0-9_.-]{1,120}|audit-heads\.tsv)")
_CHUNK = 1 << 20
_DATE = (2000, 1, 1, 0, 0, 0)


class BadArchive(LuoshiError):
    """An archive that must not be restored: no archive, cut, altered, or of a newer program."""

    exit_code = 4
    code = "bad-archive"


def _sha256(source: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while chunk := source.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


class Writer:
    """Writes an archive beside its place; it comes there only when it is whole and was read back."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.part = path.with_name(path.name + ".part")
        self.manifest: dict[str, Any] = {"format": FORMAT, "tables": {}, "files": {}}
        self.stored: set[str] = set()
        try:
            handle = os.open(self.part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        except OSError as error:
            raise WriteFailed(
                f"{self.part} cannot be written: {error.strerror}.", hint="Name another place."
            ) from None
        self._raw = os.fdopen(handle, "wb")
        self._zip = zipfile.ZipFile(self._raw, "w", zipfile.ZIP_DEFLATED, compresslevel=1)

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: Any) -> None:
        with suppress(ValueError, OSError):  # a part that was being written when an error came
            self._zip.close()
        with suppress(OSError):  # the disk is full
            self._raw.close()
        self.part.unlink(missing_ok=True)

    def table(self, table: Table, rows: Iterator[list[Any]]) -> int:
        """Writes a table; its number of rows."""
        digest, whole = Digest(), hashlib.sha256()
        some: list[bytes] = []
        with self._open(f"tables/{table.name}.jsonl") as out:

            def put() -> None:
                block = b"".join(some)
                whole.update(block)
                out.write(block)
                some.clear()

            for row in rows:
                told = line(row)
                digest.add(told)
                some += (told, b"\n")
                if len(some) >= 4000:
                    put()
            put()
        self.manifest["tables"][table.name] = {
            "columns": [[c.name, c.kind] for c in table.columns],
            "rows": digest.rows,
            "digest": digest.value,
            "sha256": whole.hexdigest(),
        }
        return digest.rows

    def file(self, name: str, source: IO[bytes], sha256: str = "") -> bool:
        """Writes a file, unless its bytes are not those of ``sha256``; whether they are."""
        if sha256 and _sha256(source) != sha256:
            return False
        source.seek(0)
        digest, size = hashlib.sha256(), 0
        with self._open(name, packed=not name.startswith("readings/")) as out:
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
                out.write(chunk)
        self.manifest["files"][name] = [size, digest.hexdigest()]
        return True

    def _open(self, name: str, *, packed: bool = True) -> IO[bytes]:
        info = zipfile.ZipInfo(name, _DATE)
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        info.external_attr = 0o600 << 16
        return self._zip.open(info, "w", force_zip64=True)

    def finish(self) -> Reader:
        """Writes the manifest, reads all back, puts the archive in its place; a reader of it."""
        with self._open(MANIFEST) as out:
            out.write(json.dumps(self.manifest, ensure_ascii=False, indent=1).encode())
        self._zip.close()
        self._raw.flush()
        os.fsync(self._raw.fileno())
        with Reader(self.part) as written:
            written.reread()
        self.part.replace(self.path)
        return Reader(self.path)


class Reader:
    """Reads an archive; nothing in it is believed before its digest was seen."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._zip = zipfile.ZipFile(path)
        except FileNotFoundError:
            raise BadArchive(f"{path} does not exist.", hint="Name the archive that was written.") from None
        except (zipfile.BadZipFile, OSError, EOFError) as error:
            raise BadArchive(
                f"{path} is no whole archive ({error}).",
                hint="It was cut, or is something else: copy it again, or take another.",
            ) from None
        self.manifest = self._manifest()
        self.tables = {name: self._table(name, told) for name, told in self.manifest["tables"].items()}
        self.files: dict[str, Any] = self.manifest["files"]
        self._names()

    def __enter__(self) -> Reader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file."""
        self._zip.close()

    def _bad(self, what: str) -> BadArchive:
        return BadArchive(
            f"{self.path} was altered or damaged: {what}.", hint="Nothing was restored; take another."
        )

    def _manifest(self) -> dict[str, Any]:
        try:
            if self._zip.getinfo(MANIFEST).file_size > 1 << 28:
                raise self._bad("its manifest is too large")
            out = json.loads(self._zip.read(MANIFEST))
            if out["format"] > FORMAT:
                raise BadArchive(
                    f"{self.path} was made by a newer program.", hint="Update the program first."
                )
            if not all(isinstance(out[k], dict) for k in ("tables", "files", "head")):
                raise self._bad("its manifest is incomplete")
        except KeyError:
            raise BadArchive(f"{self.path} is no archive of Luoshi.", hint="See luoshi backup.") from None
        except (ValueError, TypeError, zipfile.BadZipFile, OSError, EOFError) as error:
            raise self._bad(f"its manifest cannot be read ({error})") from None
        return dict(out)

    def _table(self, name: str, told: Any) -> Table:
        try:
            columns = tuple(Column(str(c), str(k)) for c, k in told["columns"])
            if re.fullmatch(r"[a-z][a-z0-9_]*", name) and all(
                re.fullmatch(r"[a-z0-9_]+", c.name) for c in columns
            ):
                int(told["rows"]), str(told["digest"])
                return Table(name, columns)
        except (KeyError, TypeError, ValueError):
            pass
        raise self._bad(f"its manifest describes the table {name[:60]!r} wrongly")

    def _names(self) -> None:
        """Each member is named by the manifest, and the other way round."""
        there = self._zip.namelist()
        wanted = {MANIFEST, *(f"tables/{t}.jsonl" for t in self.tables), *self.files}
        if len(there) != len(set(there)) or set(there) != wanted:
            raise self._bad("its parts are not those of its manifest")
        if strange := [f for f in self.files if not _STORED.fullmatch(f)]:
            raise self._bad(f"it holds {strange[0][:60]!r}")

    def rows(self, name: str) -> Iterator[list[Any]]:
        """The rows of a table; at the end their number and digest are compared.

        :raises BadArchive: when they are not those of the manifest.
        """
        table, told = self.tables[name], self.manifest["tables"][name]
        digest, width = Digest(), len(table.columns)
        try:
            with self._zip.open(f"tables/{name}.jsonl") as source:
                for raw in source:
                    row = json.loads(raw.decode("utf-8", "surrogatepass"))
                    if row.__class__ is not list or len(row) != width:
                        raise self._bad(f"row {digest.rows + 1} of {name} has another form")
                    digest.add(raw.removesuffix(b"\n"))
                    yield row
        except (ValueError, zipfile.BadZipFile, OSError, EOFError) as error:
            raise self._bad(f"row {digest.rows + 1} of {name} cannot be read ({error})") from None
        if (digest.rows, digest.value) != (told["rows"], told["digest"]):
            raise self._bad(f"the rows of {name} are not those that were backed up")

    def file(self, name: str) -> Iterator[bytes]:
        """A file's bytes; at the end their sha256 is compared.

        :raises BadArchive: when they are not those of the manifest.
        """
        size, sha256 = self.files[name]
        digest, seen = hashlib.sha256(), 0
        try:
            with self._zip.open(name) as source:
                while chunk := source.read(_CHUNK):
                    digest.update(chunk)
                    seen += len(chunk)
                    if seen > size:
                        raise self._bad(f"{name} is longer than its manifest says")
                    yield chunk
        except (zipfile.BadZipFile, OSError, EOFError) as error:
            raise self._bad(f"{name} cannot be read ({error})") from None
        if digest.hexdigest() != sha256 or (name.startswith("files/") and name[6:] != sha256):
            raise self._bad(f"{name} does not have its sha256")

    def reread(self) -> None:
        """Reads every byte again, right after they were written.

        :raises BadArchive: when the disk gives others back.
        """
        for name, told in self.manifest["tables"].items():
            with self._zip.open(f"tables/{name}.jsonl") as source:
                found = _sha256(source)
            if found != told["sha256"]:
                raise self._bad(f"the rows of {name} were written wrongly")
        for name in self.files:
            for _chunk in self.file(name):
                pass

    def check(self) -> None:
        """Reads everything.

        :raises BadArchive: at the first thing that is not as the manifest says.
        """
        for name in self.tables:
            for _row in self.rows(name):
                pass
        for name in self.files:
            for _chunk in self.file(name):
                pass
