"""``luoshi index add`` and ``luoshi index query``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from luoshi.cli.common import as_json, interruptible, progress, remarks, tell

HELP = """
Keep an index of documents that new ones are compared with.

Example: luoshi index add corpus.jsonl --index index/
"""
ADD_HELP = """
Add documents to an index and compare them with all that are there.

INPUT is as for luoshi reuse. The passages are written to the folder passages of the index, a file each time.

Example: luoshi index add corpus.jsonl --index index/
"""
QUERY_HELP = """
Find the passages that a file shares with the documents of an index.

Of a file of rows (.jsonl, .parquet) each row is looked up as a document of its own.
Nothing is written, unless --out names a file.

Example: luoshi index query draft.txt --index index/
"""

STAYS = "Interrupted. The index is as it was before; run the same command again."

app = typer.Typer(help=HELP, no_args_is_help=True, rich_markup_mode=None)
Folder = Annotated[Path, typer.Option("--index", "-i", help="Folder of the index.", show_default=False)]


@app.command("add", help=ADD_HELP)
def add(
    paths: Annotated[list[Path], typer.Argument(metavar="INPUT", help="Files of rows, documents, folders.")],
    index: Folder,
    preset: Annotated[
        str | None, typer.Option(help="thorough or fast, for a new index; it is settled with the index.")
    ] = None,
    compare: Annotated[bool, typer.Option("--compare/--no-compare", help="Look for passages.")] = True,
    id_field: Annotated[str, typer.Option("--id-field", help="Field with the id of a row.")] = "id",
    text_field: Annotated[str, typer.Option("--text-field", help="Field with the text of a row.")] = "text",
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Write JSON Lines instead of Parquet.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> int:
    """Runs :func:`luoshi.pipeline.index.add` and tells what came of it."""
    from luoshi.kernels import lean

    lean()
    from luoshi.model import to_row
    from luoshi.pipeline.index import add as run
    from luoshi.reuse.settings import LARGE
    from luoshi.reuse.settings import preset as settings_of

    settings = settings_of(preset).for_size(LARGE) if preset else None
    with interruptible(STAYS), progress(json) as show:
        done = run(
            paths, index, settings, compare=compare, jsonl=jsonl,
            id_field=id_field, text_field=text_field, progress=show,
        )  # fmt: skip
    if json:
        as_json({
            "documents": done.documents, "passages": done.passages, "file": str(done.file or ""),
            "timings": done.timings, "problems": [to_row(p) for p in done.problems],
        })  # fmt: skip
    else:
        remarks(done.problems)
        tell(f"{done.documents} documents added, {done.passages} passages found")
        if done.file:
            tell(f"  {done.file}")
    return 4 if any(p.severity == "error" for p in done.problems) else 0


@app.command("query", help=QUERY_HELP)
def query(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A document, or a file of rows.")],
    index: Folder,
    limit: Annotated[int, typer.Option("--limit", min=0, help="So many passages at most; 0 is all.")] = 0,
    id_field: Annotated[str, typer.Option("--id-field", help="Field with the id of a row.")] = "id",
    text_field: Annotated[str, typer.Option("--text-field", help="Field with the text of a row.")] = "text",
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write the rows to this file.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the rows as JSON.")] = False,
) -> int:
    """Runs :func:`luoshi.pipeline.index.query` and prints the passages."""
    from luoshi.kernels import lean

    lean()
    from luoshi.pipeline.index import query as run

    done = run(file, index, limit=limit, id_field=id_field, text_field=text_field)
    rows = done.rows
    code = 4 if any(p.severity == "error" for p in done.problems) else 0
    if out:
        from luoshi.pipeline.reuse_tables import write_problems
        from luoshi.pipeline.store import writing

        with writing(out):
            write_problems(rows, out)
    if json:
        as_json(rows)
        return code
    remarks(done.problems)
    several = len(done.texts) > 1
    for r in rows[:200]:
        quote = " ".join(done.texts[r["file_document"]][r["file_start"] : r["file_end"]].split())
        quote = quote if len(quote) <= 60 else quote[:59] + "…"
        where = f"{r['document']} {r['start']}–{r['end']}"
        where = f"{r['file_document']}  {where}" if several else where
        print(f"{r['relation']:8} {r['similarity']:.2f} {r['matches']:5}  {where}  {quote}")
    documents = len({r["document"] for r in rows})
    tell(f"{len(rows)} passages shared with {documents} documents")
    return code
