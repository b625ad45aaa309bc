"""``luoshi page``."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from luoshi.cli.common import note
from luoshi.cli.show import find
from luoshi.errors import UsageError, WriteFailed
from luoshi.model import Box, DroppedRow, Evidence, Records
from luoshi.pipeline import load
from luoshi.read import pages

HELP = """
Write a picture of a page, with the evidence of a record lit on it.

FILE is a PDF, an OFD file or a scan. Without PAGE it is the record's first page there.

Example: luoshi page notice.pdf 3 --highlight c0a1b2c3d4e5f6a --out records/ -o page-3.png
"""


def run(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The document.", show_default=False)],
    number: Annotated[
        int | None, typer.Argument(metavar="PAGE", min=1, help="The page, from 1.", show_default=False)
    ] = None,
    highlight: Annotated[
        str, typer.Option("--highlight", metavar="ID", help="Id of a record to light.", show_default=False)
    ] = "",
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder of records that luoshi build wrote.", show_default=False),
    ] = None,
    picture: Annotated[
        Path | None,
        typer.Option("--picture", "-o", help="The picture to write (PNG).", show_default="FILE-page-N.png"),
    ] = None,
    dpi: Annotated[int, typer.Option("--dpi", min=20, max=600, help="Pixels an inch.")] = pages.DPI,
) -> int:
    """Writes the picture and tells where."""
    boxes: list[Box] = []
    if highlight:
        if out is None:
            raise UsageError(
                "--highlight needs the records.", hint="Name the folder that luoshi build wrote: --out DIR."
            )
        boxes = boxes_of(load(out), highlight, file)
        number = number or boxes[0][0]
        if not any(b[0] == number for b in boxes):
            where = ", ".join(str(n) for n in sorted({b[0] for b in boxes}))
            raise UsageError(
                f"{highlight} does not stand on page {number}.", hint=f"It stands on page {where}."
            )
    number = number or 1
    data = pages.picture(file, number, boxes=boxes, dpi=dpi)
    target = picture or Path(f"{file.stem}-page-{number}.png")
    try:
        target.write_bytes(data)
    except OSError as failure:
        raise WriteFailed(
            f"{target} cannot be written: {failure.strerror}.", hint="Check the folder and its permissions."
        ) from failure
    note(f"Page {number} of {file.name}, {highlight} lit" if highlight else f"Page {number} of {file.name}")
    print(target)
    return 0


def boxes_of(rows: Records, wanted: str, file: Path) -> list[Box]:
    """The places of a record in a file.

    :raises UsageError: when there is no such record, or it stands in another file or in one without pages.
    """
    _, row = find(rows, wanted)
    try:
        sha = hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        raise UsageError(f"{file} does not exist.", hint="Check the path.") from None
    own = {d.id for d in rows.documents if d.id.startswith(f"d{sha[:12]}-")}
    found = list(_evidence(row))
    here = [e for e in found if e.document in own]
    if not here:
        names = sorted({d.source for d in rows.documents if any(d.id == e.document for e in found)})
        hint = f"It stands in {', '.join(names)}." if names else "Build the records from this file first."
        raise UsageError(f"{wanted} does not stand in {file.name}.", hint=hint)
    boxes = [box for e in here for box in e.boxes or ()]
    if not boxes:
        raise UsageError(f"{file.name} has no pages.", hint=f"See it with `luoshi show {wanted}`.")
    return boxes


def _evidence(row: Any) -> Iterator[Evidence]:
    if isinstance(row, DroppedRow) and row.document:
        yield Evidence(row.document, 0, 0, row.quote, boxes=row.boxes)
    for name in ("evidence", "lower", "upper"):
        value = getattr(row, name, None)
        if isinstance(value, Evidence):
            yield value
