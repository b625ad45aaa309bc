"""Word lists and rule tables: tab-separated data files that lie beside the code that uses them.

A line that begins with ``#`` is a comment, an empty line is skipped. So an official can read and extend
a table without reading code.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def table(package: str, name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of ``data/NAME`` in a package, each a tuple of its tab-separated fields.

    :param package: import name of the package that holds the ``data`` folder, ``luoshi.extract``.
    :raises FileNotFoundError: when the package lacks the file (a broken installation).
    """
    text = files(package).joinpath("data", name).read_text(encoding="utf-8")
    return tuple(
        tuple(field.strip() for field in line.split("\t"))
        for line in text.splitlines()
        if line.strip() and not line.startswith("#")
    )


@cache
def words(package: str, name: str) -> frozenset[str]:
    """The first fields of :func:`table`, as a set."""
    return frozenset(row[0] for row in table(package, name))


@cache
def mapping(package: str, name: str) -> dict[str, str]:
    """First field → second field of :func:`table`."""
    return {row[0]: row[1] for row in table(package, name)}
