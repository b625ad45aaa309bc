"""The two indexes of words, SQLite's FTS5 and PostgreSQL's tsvector: other means, the same results.

FTS5 keeps one token per Han character with its place, contentless (the words stand in the entries already).
PostgreSQL's index knows no places, and to look for them in each row's tsvector is slow for frequent words: it
keeps neighbouring tokens as pairs too, so that a word of two characters is one look-up, and a longer phrase
is looked for in the line of tokens, only where all its pairs stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from django.db import connection

from luoshi_web.search.models import DOCUMENT_SHIFT, KIND_SHIFT, number
from luoshi_web.search.query import Query, Term
from luoshi_web.search.words import STOP, pairs

BATCH = 500
Row = tuple[int, list[str]]
"""An entry's number and its tokens."""


class Engine(Protocol):
    """What an index can do."""

    def create(self) -> list[str]:
        """The statements that make its table."""

    def drop(self) -> list[str]:
        """The statements that remove it."""

    def add(self, rows: Iterable[Row]) -> None:
        """Takes entries in; none of them may be there already."""

    def remove(self, rows: Iterable[Row]) -> None:
        """Forgets entries; the tokens must be those they were taken in with."""

    def clear(self) -> None:
        """Forgets all."""

    def optimize(self) -> None:
        """After much was taken in."""

    def where(self, query: Query) -> tuple[str, list[str]]:
        """The condition that an entry matches, and its parameters."""


class Sqlite:
    """FTS5."""

    def create(self) -> list[str]:
        """See :class:`Engine`."""
        return [
            "CREATE VIRTUAL TABLE search_words USING fts5"
            f"(words, content='', columnsize=0, tokenize=\"ascii tokenchars '.{STOP}'\")"
        ]

    def drop(self) -> list[str]:
        """See :class:`Engine`."""
        return ["DROP TABLE IF EXISTS search_words"]

    def add(self, rows: Iterable[Row]) -> None:
        """See :class:`Engine`."""
        with connection.cursor() as cursor:
            sql = "INSERT INTO search_words(rowid, words) VALUES (%s, %s)"
            for some in batches(rows):
                cursor.executemany(sql, [(n, " ".join(t)) for n, t in some])

    def remove(self, rows: Iterable[Row]) -> None:
        """See :class:`Engine`."""
        with connection.cursor() as cursor:
            sql = "INSERT INTO search_words(search_words, rowid, words) VALUES ('delete', %s, %s)"
            for some in batches(rows):
                cursor.executemany(sql, [(n, " ".join(t)) for n, t in some])

    def clear(self) -> None:
        """See :class:`Engine`."""
        self._command("delete-all")

    def optimize(self) -> None:
        """See :class:`Engine`."""
        self._command("optimize")

    @staticmethod
    def _command(what: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO search_words(search_words) VALUES (%s)", [what])

    def where(self, query: Query) -> tuple[str, list[str]]:
        """See :class:`Engine`."""
        wanted = " AND ".join(self._term(t) for t in query.wanted)
        asked = f"({wanted})" + "".join(f" NOT {self._term(t)}" for t in query.unwanted)
        return "search_words MATCH %s", [asked]

    @staticmethod
    def _term(term: Term) -> str:
        return '"' + " ".join(term.words) + '"' + ("*" if term.prefix else "")


class Postgres:
    """tsvector with a GIN index."""

    INDEX = "CREATE INDEX IF NOT EXISTS search_words_index ON search_words USING gin (words)"

    def create(self) -> list[str]:
        """See :class:`Engine`."""
        return [
            "CREATE TABLE search_words"
            " (rowid bigint PRIMARY KEY, words tsvector NOT NULL, line text NOT NULL)",
            self.INDEX,
        ]

    def drop(self) -> list[str]:
        """See :class:`Engine`."""
        return ["DROP TABLE IF EXISTS search_words"]

    def add(self, rows: Iterable[Row]) -> None:
        """See :class:`Engine`."""
        with connection.cursor() as cursor:
            for some in batches(rows):
                marks = ",".join(["(%s,%s::tsvector,%s)"] * len(some))
                values = [x for n, t in some for x in (n, self.vector(t), f" {' '.join(t)} ")]
                cursor.execute(f"INSERT INTO search_words(rowid, words, line) VALUES {marks}", values)  # noqa: S608

    @staticmethod
    def vector(tokens: Sequence[str]) -> str:
        """A tsvector's text: tokens and pairs of neighbours, without places."""
        some = list(tokens)
        return " ".join(f"'{t}'" for t in dict.fromkeys([*some, *pairs(some)]) if t != STOP)

    def remove(self, rows: Iterable[Row]) -> None:
        """See :class:`Engine`."""
        with connection.cursor() as cursor:
            for some in batches(rows):
                cursor.execute("DELETE FROM search_words WHERE rowid = ANY(%s)", [[n for n, _t in some]])

    def clear(self) -> None:
        """See :class:`Engine`."""
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM search_words")  # not TRUNCATE: nobody who searches waits
            cursor.execute(
                "DROP INDEX IF EXISTS search_words_index"
            )  # to fill it row by row takes ten times longer

    def optimize(self) -> None:
        """See :class:`Engine`."""
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
            cursor.execute(self.INDEX)
            cursor.execute("ANALYZE search_words")

    def where(self, query: Query) -> tuple[str, list[str]]:
        """See :class:`Engine`."""
        # all look-ups in one, so that the index alone finds the rows: to read their vectors is slow
        short = [t for t in query.unwanted if len(t.words) <= 2]
        asked = [self._pairs(t) for t in query.wanted] + [f"!{self._pairs(t)}" for t in short]
        parts, values = ["words @@ %s::tsquery"], [" & ".join(asked)]
        for terms, found in ((query.wanted, "> 0"), (query.unwanted, "= 0")):
            for term in terms:
                if len(term.words) > 2:
                    parts.append(f"position(%s in line) {found}")
                    values.append(self._line(term))
        return " AND ".join(parts), values

    @staticmethod
    def _pairs(term: Term) -> str:
        """What stands in the vector where the term stands: its only token, or all its pairs."""
        words = list(term.words)
        quoted = [f"'{p}'" for p in (words if len(words) == 1 else pairs(words))]
        if term.prefix:
            quoted[-1] += ":*"
        return " & ".join(quoted)

    @staticmethod
    def _line(term: Term) -> str:
        return " " + " ".join(term.words) + ("" if term.prefix else " ")


ENGINES: dict[str, Engine] = {"sqlite": Sqlite(), "postgresql": Postgres()}


def engine(vendor: str = "") -> Engine:
    """That of the database."""
    return ENGINES[vendor or connection.vendor]


def batches(rows: Iterable[Row]) -> Iterable[list[Row]]:
    """A few hundred at a time."""
    some: list[Row] = []
    for row in rows:
        some.append(row)
        if len(some) == BATCH:
            yield some
            some = []
    if some:
        yield some


def counts(query: Query) -> dict[tuple[int, int], int]:
    """How many entries match, by document and kind."""
    where, values = engine().where(query)
    sql = f"SELECT rowid >> {KIND_SHIFT} AS part, count(*) FROM search_words WHERE {where} GROUP BY part"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows: list[Any] = cursor.fetchall()
    bits = DOCUMENT_SHIFT - KIND_SHIFT
    return {(part >> bits, part & ((1 << bits) - 1)): n for part, n in rows}


def hits(query: Query, document: int, kind: int, offset: int, limit: int) -> list[int]:
    """The numbers of the entries of one document and kind that match, in their order."""
    where, values = engine().where(query)
    sql = (
        f"SELECT rowid FROM search_words WHERE {where} AND rowid >= %s AND rowid < %s"  # noqa: S608
        " ORDER BY rowid LIMIT %s OFFSET %s"
    )
    first, after = number(document, kind, 0), number(document, kind + 1, 0)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, first, after, limit, offset])
        return [r[0] for r in cursor.fetchall()]
