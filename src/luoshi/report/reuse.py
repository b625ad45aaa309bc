"""What a search for text reuse found, for people: a page that opens anywhere and a list for a spreadsheet.

The page is one file without a script: a content security policy with the hash of its style forbids anything
to run or load, and both languages stand in it, told apart by its style. So what stands in a document stays
text.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from markupsafe import Markup, escape

from luoshi.report.files import printable
from luoshi.report.labels import NONE, Language, label
from luoshi.text.lexicon import table

BRIDGE = 1
"""Words that may stay the same inside one change."""
FORMULA = "=+-@＝＋－＠"
"""With these a spreadsheet may take a text for a formula."""
NUMBER = re.compile(r"0\d+|\d{12,}|\d+[eE]\d+")
"""Ids of which a spreadsheet would change the digits."""
TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Marks that turn the direction of what follows."""


@dataclass(frozen=True, slots=True)
class Named:
    """A document: ``title`` where one is known; ``level`` as in the labels, or as it was given."""

    id: str
    title: str = ""
    date: str | None = None
    level: str | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a document in code points; ``text`` may be clipped, and is empty where it is not known."""

    document: Named
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Shared:
    """A passage."""

    a: Stretch
    b: Stretch
    matches: int
    similarity: float
    rarity: float
    relation: str
    direction: str
    documents: int


@dataclass(frozen=True, slots=True)
class Pair:
    """Two documents and what they share."""

    a: Named
    b: Named
    passages: int
    a_characters: int
    b_characters: int
    a_share: float
    b_share: float
    upper: Literal["a", "b"]


@dataclass(frozen=True, slots=True)
class Family:
    """Stretches that belong together, their earliest and some of the other documents."""

    number: int
    first: Stretch
    documents: int
    members: int
    stock: bool
    others: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """What the page says.

    :param files: names and bytes of the files of the corpus.
    :param settings: the settings as they were settled.
    :param counts: by the keys ``reuse.count.*`` of the labels.
    :param rows: passages in the list for a spreadsheet.
    """

    files: Sequence[tuple[str, int]]
    settings: dict[str, Any]
    counts: dict[str, int]
    pairs: Sequence[Pair]
    families: Sequence[Family]
    longest: Sequence[Shared]
    tables: Sequence[str]
    rows: int


@cache
def _words() -> dict[str, tuple[str, str]]:
    return {row[0]: (row[1], row[2]) for row in table("luoshi.report", "reuse.tsv")}


def word(key: str, language: Language, **values: object) -> str:
    """A word of the page, or of all reports."""
    pair = _words().get(key)
    text = pair[0 if language == "zh" else 1] if pair else label(key, language)
    for name, value in values.items():
        text = text.replace("{" + name + "}", str(value))
    return text


def both(key: str, **values: object) -> Markup:
    """A word in both languages; the page's style shows one."""
    zh, en = word(key, "zh", **values), word(key, "en", **values)
    if zh == en:
        return escape(zh)
    return Markup('<span class="zh">{}</span><span class="en" lang="en">{}</span>').format(zh, en)


def level_of(given: str | None, language: Language) -> str:
    """A level as it is called, or as it was given."""
    told = label(f"level.{given}", language) if given else NONE
    return told or NONE


def _level(given: str | None) -> Markup:
    zh, en = level_of(given, "zh"), level_of(given, "en")
    if zh == en:
        return escape(zh)
    return Markup('<span class="zh">{}</span><span class="en" lang="en">{}</span>').format(zh, en)


def plain(text: str) -> str:
    """Text for one line: space made one, marks that no eye sees or that turn text round replaced."""
    text = " ".join(text.split())
    return text if text.isprintable() else TURNS.sub("\ufffd", printable(text))


def render(summary: Summary, language: Language = "zh") -> str:
    """The page; the language is the one that it opens with."""
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

    from luoshi.report.html import style_policy

    folder = files("luoshi.report").joinpath("templates")
    style = "".join(folder.joinpath(n).read_text(encoding="utf-8") for n in ("report.css", "reuse.css"))
    environment = Environment(
        loader=PackageLoader("luoshi.report", "templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    return environment.get_template("reuse.html").render(
        t=both, word=word, level=_level, plain=plain, compared=compared, percent=percent, language=language,
        policy=style_policy(style), style=Markup(style), s=summary, size=size, opens=OPENS, brief=BRIEF,
    )  # fmt: skip


OPENS = 5
"""Longest passages that stand open when the page is opened."""
BRIEF = 200
"""Characters that are shown of a family's wording."""


def percent(share: float) -> str:
    """A share as a person reads it: never 100 or 0 where it is not."""
    value = 100 * share
    if 0 < value < 0.1:
        return "<0.1%"
    return f"{min(value, 99.9) if share < 1 else value:.1f}%".replace("100.0%", "100%")


def size(count: int) -> str:
    """Bytes as a person reads them."""
    for unit, factor in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= factor:
            return f"{count / factor:.1f} {unit}"
    return f"{count} B"


def compared(one: str, other: str, *, whole: bool = True) -> tuple[Markup, Markup]:
    """Both wordings, with what differs marked; marks and spaces do not count as differences.

    :param whole: whether neither was cut off; a difference at the end of cut ones is none.
    """
    from rapidfuzz.distance import Indel

    old, new = _tokens(one), _tokens(other)
    hunks: list[list[int]] = []
    for op in Indel.opcodes(old, new):
        if op.tag == "equal":
            continue
        at = [op.src_start, op.src_end, op.dest_start, op.dest_end]
        if not any(c.isalnum() for w in (*old[at[0] : at[1]], *new[at[2] : at[3]]) for c in w):
            continue
        if hunks and at[0] - hunks[-1][1] <= BRIDGE and at[2] - hunks[-1][3] <= BRIDGE:
            hunks[-1][1], hunks[-1][3] = at[1], at[3]
        else:
            hunks.append(at)
    for h in hunks:
        _trim(h, old, new)
    if not whole and hunks and (hunks[-1][1] == len(old) or hunks[-1][3] == len(new)):
        hunks.pop()
    return _marked(old, [(h[0], h[1]) for h in hunks]), _marked(new, [(h[2], h[3]) for h in hunks])


def _trim(hunk: list[int], old: list[str], new: list[str]) -> None:
    """Takes off a change what both sides begin or end with."""
    while hunk[0] < hunk[1] and hunk[2] < hunk[3] and old[hunk[0]] == new[hunk[2]]:
        hunk[0] += 1
        hunk[2] += 1
    while hunk[0] < hunk[1] and hunk[2] < hunk[3] and old[hunk[1] - 1] == new[hunk[3] - 1]:
        hunk[1] -= 1
        hunk[3] -= 1


def _tokens(text: str) -> list[str]:
    """Words of scripts that write words, otherwise characters."""
    return re.findall(r"[A-Za-z0-9\u00c0-\u024f\u0370-\u052f]+|.", text, re.DOTALL)


def _marked(tokens: list[str], spans: Iterable[tuple[int, int]]) -> Markup:
    out, at = [], 0
    for start, end in spans:
        out.append(escape("".join(tokens[at:start])))
        if start < end:
            out.append(Markup("<mark>{}</mark>").format("".join(tokens[start:end])))
        at = end
    out.append(escape("".join(tokens[at:])))
    return Markup("").join(out)


SIDE = ("title", "id", "date", "level", "start", "end", "text")
COLUMNS = (
    "number", *(f"a_{name}" for name in SIDE), *(f"b_{name}" for name in SIDE),
    "matches", "similarity", "rarity", "relation", "direction", "stock",
)  # fmt: skip


def spreadsheet(rows: Iterable[Shared], language: Language = "zh") -> str:
    """Passages as comma-separated values that Excel opens: to be written as UTF-8 with a byte order mark.

    A text that a spreadsheet would take for a formula, or an id whose digits it would change, has an
    apostrophe before it.
    """
    out = io.StringIO()
    sheet = csv.writer(out)
    sheet.writerow([word(f"reuse.col.{name}", language) for name in COLUMNS])
    relations = {r: word(f"reuse.relation.{r}", language) for r in ("verbatim", "adapted", "stock")}
    directions = {d: label(f"direction.{d}", language) for d in ("down", "level", "up", "unknown")}
    for n, p in enumerate(rows, 1):
        sides = [_cells(p.a, language), _cells(p.b, language)]
        stock = label("ui.yes" if p.relation == "stock" else "ui.no", language)
        sheet.writerow([
            n, *sides[0], *sides[1], p.matches, f"{p.similarity:.4g}", f"{p.rarity:.4g}",
            relations[p.relation], directions[p.direction], stock,
        ])  # fmt: skip
    return out.getvalue()


def _cells(s: Stretch, language: Language) -> list[str | int]:
    d = s.document
    texts = [d.title or d.id, d.id, d.date or "", level_of(d.level, language) if d.level else "", s.text]
    title, name, date, level, text = (_harmless(plain(x)) for x in texts)
    return [title, name, date, level, s.start, s.end, text]


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(tuple(FORMULA)) or NUMBER.fullmatch(text) else text
