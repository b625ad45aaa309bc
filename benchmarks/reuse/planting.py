"""How a planted passage is changed, by level."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from words import PLACES

LEVELS = ("verbatim", "e05", "e15", "e30", "shuf", "place", "boiler")
SHARE = {"e05": 0.05, "e15": 0.15, "e30": 0.30, "shuf": 0.05, "boiler": 0.05}
CLAUSE = re.compile(r"[^，。；：！？\n]+[，。；：！？\n]*|[，。；：！？\n]+")
NAME = re.compile("|".join(sorted(map(re.escape, PLACES), key=len, reverse=True)))


@dataclass(frozen=True)
class Changed:
    """A changed passage, and where in it foreign sentences stand."""

    text: str
    foreign: tuple[tuple[int, int], ...] = ()


def change(passage: str, level: str, pool: list[str], stock: list[str], draw: random.Random) -> Changed:
    """The passage changed as its level says.

    :param pool: phrases to put in.
    :param stock: sentences that are put into passages of the level ``boiler``.
    """
    if level == "shuf":
        clauses = CLAUSE.findall(passage)
        draw.shuffle(clauses)
        passage = "".join(clauses)
    elif level == "place":
        other = dict(zip(PLACES, draw.sample(PLACES, len(PLACES)), strict=True))
        passage = NAME.sub(lambda m: other[m.group()], passage)
    elif level == "boiler":
        return boilerplate(passage, pool, stock, draw)
    return Changed(edit(passage, SHARE[level], pool, draw) if level in SHARE else passage)


def boilerplate(passage: str, pool: list[str], stock: list[str], draw: random.Random) -> Changed:
    """One or two stock sentences between the clauses of an edited passage."""
    clauses = CLAUSE.findall(edit(passage, SHARE["boiler"], pool, draw))
    gaps = range(1, len(clauses)) or range(1)
    at = set(draw.sample(gaps, min(len(gaps), draw.randint(1, 2))))
    out = ""
    foreign = []
    for n, clause in enumerate([*clauses, ""]):
        if n in at:
            new = draw.choice(stock)
            foreign.append((len(out), len(out) + len(new)))
            out += new
        out += clause
    return Changed(out, tuple(foreign))


def edit(passage: str, share: float, pool: list[str], draw: random.Random) -> str:
    """Phrases replaced (60 %), left out or put in, until ``share`` of the characters is changed."""
    todo = share * len(passage)
    touched = bytearray(len(passage))
    parts: dict[int, tuple[int, str]] = {}
    for _ in range(10 * len(passage)):
        if todo <= 0.5:
            break
        n = min(draw.randint(2, 5), max(1, round(todo)))
        at = draw.randrange(max(1, len(passage) - n + 1))
        if any(touched[at : at + n]):
            continue
        kind = draw.random()
        new = draw.choice(pool)
        parts[at] = (n, new) if kind < 0.6 else (n, "") if kind < 0.8 else (0, new[:n])
        touched[at : at + max(1, parts[at][0])] = b"\1" * max(1, parts[at][0])
        todo -= n
    out: list[str] = []
    i = 0
    for at, (n, new) in sorted(parts.items()):
        out += (passage[i:at], new)
        i = at + n
    return "".join([*out, passage[i:]])


def phrases(texts: list[str], draw: random.Random) -> list[str]:
    """Stretches of two to five characters to put into passages."""
    out = []
    for t in draw.sample(texts, min(len(texts), 400)):
        for _ in range(30):
            at = draw.randrange(max(1, len(t) - 6))
            p = t[at : at + draw.randint(2, 5)]
            if p.isalnum():
                out.append(p)
    return out


def cut(text: str, draw: random.Random) -> tuple[int, int] | None:
    """A stretch of whole clauses, 60 to 400 characters, shorter ones more often."""
    borders = [0] + [m.end() for m in re.finditer(r"[，。；\n]", text)]
    want = int(60 * (400 / 60) ** draw.random())
    for _ in range(20):
        s = draw.choice(borders)
        ends = [b for b in borders if s + 0.8 * want <= b <= s + 1.3 * want]
        if ends:
            return s, draw.choice(ends)
    return None
