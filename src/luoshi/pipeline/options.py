"""What a run may be told, read once into a frozen object."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from luoshi.text.secrecy import LEVELS as SECRECY

__all__ = ["SECRECY", "Options"]


@dataclass(frozen=True, slots=True)
class Options:
    """Options of a run.

    :param lineage: also links, sources, coverage and unsourced commitments (every pair of documents).
    :param reports: also the workbook, the Word task book and the HTML report.
    :param parquet: also every table as Parquet.
    :param max_bytes: files of more bytes than this are refused by name.
    :param allow_secrecy: the highest level of secrecy (秘密, 机密 or 绝密) that may be read, empty for none;
        files that bear a mark above it are refused.
    :param workers: processes, 0 for one per core; never changes a result.
    """

    lineage: bool = True
    reports: bool = True
    parquet: bool = False
    max_bytes: int = 64 * 1024 * 1024
    allow_secrecy: str = ""
    workers: int = 0

    def that_matter(self) -> dict[str, Any]:
        """The options that change what is written."""
        row = asdict(self)
        del row["workers"]
        return row
