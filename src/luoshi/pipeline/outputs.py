"""What is made of the records besides the tables."""

from __future__ import annotations

from pathlib import Path

from luoshi.model import Records
from luoshi.pipeline.progress import Progress


def write_reports(rows: Records, folder: Path, progress: Progress) -> None:
    """The one-file HTML report, the Excel workbook and the Word task book."""
    # Imported here: they bring Excel and Word writers, which a run without reports need not wait for.
    from luoshi.report import html, taskbook, workbook

    html.write(rows, folder / "report.html")
    progress.step()
    workbook.write(rows, folder / "taskbook.xlsx")
    progress.step()
    taskbook.write(rows, folder / "taskbook.docx")
    progress.step()
