#!/usr/bin/env python3
"""Corpora of invented text with planted reuse and exact gold, of any size: documents are written as they are made.

    python benchmarks/reuse/made.py --characters 11.3e6 --out corpus.jsonl --gold gold.jsonl [--base chain]

Bases are ``chain``, ``made`` and ``apart`` (see words.py). A planted passage is copied from one document into another
at the end of a sentence, or half of the time into one that comes thousands of documents later, and changed as its level
says: ``verbatim``; ``e05``, ``e15``, ``e30`` (phrases of two to five characters replaced, left out or put in until that
part of it is changed); ``shuf`` (clauses in random order, then as e05); ``place`` (the name of every place another);
``boiler`` (as e05 with one or two stock sentences between its clauses).

A row of the gold is ``level, a, a_start, a_end, b, b_start, b_end`` in code points; of level ``stock`` are the places of
the stock sentences, which stand in many documents: they are neither planted passages nor false finds.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import words
from planting import LEVELS, NAME, change, cut, phrases

ROOT = Path(__file__).resolve().parents[2]
PER_DOCUMENT = 0.6
"""Passages planted for each document."""
STOCK = 40
"""Stock sentences of a corpus."""
POOL = 50_000
"""Passages kept for later documents."""
PLACE_NAMES = 2
"""Names of places in a passage whose places are changed, at least."""


@dataclass(frozen=True)
class Planted:
    level: str
    a: str
    a_start: int
    a_end: int
    b: str
    b_start: int
    b_end: int


@dataclass(frozen=True)
class Source:
    """A stretch that is copied; ``document`` counts within the batch until that is written."""

    text: str
    document: int
    start: int
    end: int
    id: str = ""


@dataclass(frozen=True)
class Plant:
    """A changed copy that goes into a document at a place of its text."""

    at: int
    text: str
    level: str
    source: Source
    foreign: tuple[tuple[int, int], ...]


Batch = tuple[list[dict[str, Any]], list[Planted]]


def make(characters: int, base: str, seed: int, shared: Path) -> Iterator[Batch]:
    """Rows with id, text, date and level, and what was planted, a batch at a time."""
    number = max(4, round(characters / (words.DOCUMENT + PER_DOCUMENT * 180)))
    chain = words.chain_for(base, shared)
    maker = Maker(random.Random(seed))
    for texts in words.batches(chain, number, seed, base == "apart"):
        yield maker.batch(texts)


class Maker:
    """What goes from batch to batch."""

    def __init__(self, draw: random.Random) -> None:
        self.draw = draw
        self.pool: list[Source] = []
        self.phrases: list[str] = []
        self.stock: list[str] = []
        self.documents = 0
        self.passages = 0

    def batch(self, texts: list[str]) -> Batch:
        """Plants into the texts of a batch."""
        if not self.phrases:
            self.phrases = phrases(texts, self.draw)
            found = [s for t in texts[:400] for s in re.findall(r"[^。\n]{16,60}。", t)]
            self.stock = [
                "".join(self.draw.sample(s[:-1], len(s) - 1)) + "。" for s in self.draw.sample(found, STOCK)
            ]
        taken: list[list[tuple[int, int]]] = [[] for _ in texts]
        plants: list[list[Plant]] = [[] for _ in texts]
        fresh = []
        jobs = []
        for _ in range(round(len(texts) * PER_DOCUMENT)):
            level = LEVELS[self.passages % len(LEVELS)]
            self.passages += 1
            later = self.later(level) if self.draw.random() < 0.5 else None
            source = later or self.source(texts, taken, level)
            if source:
                jobs.append((level, source))
            keep = self.source(texts, taken, level)
            if keep:
                fresh.append(keep)
        free = [self.places(text, spans) for text, spans in zip(texts, taken, strict=True)]
        for level, source in jobs:
            b = self.draw.randrange(len(texts))
            if b == source.document:
                b = (b + 1) % len(texts)
            new = change(source.text, level, self.phrases, self.stock, self.draw)
            plants[b].append(Plant(self.draw.choice(free[b]), new.text, level, source, new.foreign))
        return self.written(texts, plants, fresh)

    def source(self, texts: list[str], taken: list[list[tuple[int, int]]], level: str) -> Source | None:
        """A new stretch of a document of the batch."""
        for _ in range(20):
            a = self.draw.randrange(len(texts))
            span = cut(texts[a], self.draw)
            if span is None or any(span[1] > s and span[0] < e for s, e in taken[a]):
                continue
            text = texts[a][slice(*span)]
            if level == "place" and len(NAME.findall(text)) < PLACE_NAMES:
                continue
            taken[a].append(span)
            return Source(text, a, *span)
        return None

    def later(self, level: str) -> Source | None:
        """A stretch of an earlier batch, each once."""
        for _ in range(20 if self.pool else 0):
            k = self.draw.randrange(len(self.pool))
            if level != "place" or len(NAME.findall(self.pool[k].text)) >= PLACE_NAMES:
                self.pool[k], self.pool[-1] = self.pool[-1], self.pool[k]
                return self.pool.pop()
        return None

    def places(self, text: str, taken: list[tuple[int, int]]) -> list[int]:
        """Ends of sentences that lie in no copied stretch."""
        ends = [m.end() for m in re.finditer(r"[。\n]", text)]
        return [e for e in ends if not any(s < e < t for s, t in taken)] or [len(text)]

    def written(self, texts: list[str], plants: list[list[Plant]], fresh: list[Source]) -> Batch:
        """The rows of the batch and its gold, in final places; keeps the fresh stretches for later batches."""
        ids = [f"d{self.documents + n:07d}" for n in range(len(texts))]
        self.documents += len(texts)
        rows, moves, placed = [], [], []
        for b, some in enumerate(plants):
            parts: list[str] = []
            moved: list[tuple[int, int]] = []
            at = size = 0
            for p in sorted(some, key=lambda p: p.at):
                parts += (texts[b][at : p.at], p.text)
                size += p.at - at
                placed.append((p, ids[b], size))
                size += len(p.text)
                at = p.at
                moved.append((p.at, len(p.text)))
            moves.append(moved)
            rows.append(self.row(ids[b], "".join([*parts, texts[b][at:]])))
        gold = []
        for p, b_id, start in placed:
            s = p.source if p.source.id else final(p.source, ids, moves)
            gold.append(Planted(p.level, s.id, s.start, s.end, b_id, start, start + len(p.text)))
            gold += [Planted("stock", b_id, start + x, start + y, "", 0, 0) for x, y in p.foreign]
        self.pool += [final(s, ids, moves) for s in fresh]
        while len(self.pool) > POOL:
            k = self.draw.randrange(len(self.pool))
            self.pool[k] = self.pool[-1]
            self.pool.pop()
        return rows, gold

    def row(self, id: str, text: str) -> dict[str, Any]:
        d = self.draw
        date = f"{2000 + d.randrange(25)}-{d.randrange(1, 13):02d}-{d.randrange(1, 29):02d}"
        return {"id": id, "text": text, "date": date, "level": d.choice(("central", "province", "city"))}


def final(s: Source, ids: list[str], moves: list[list[tuple[int, int]]]) -> Source:
    """The stretch where what was put in before it has moved it."""
    move = sum(n for at, n in moves[s.document] if at <= s.start)
    return replace(s, id=ids[s.document], start=s.start + move, end=s.end + move, document=-1)


def write(characters: int, base: str, seed: int, shared: Path, out: Path, gold: Path) -> dict[str, int]:
    """Writes corpus and gold; gives documents, characters, bytes of text, passages."""
    counts = {"documents": 0, "characters": 0, "bytes": 0, "passages": 0}
    with out.open("w", encoding="utf-8") as f, gold.open("w", encoding="utf-8") as g:
        for rows, planted in make(characters, base, seed, shared):
            for row in rows:
                f.write(json.dumps(row, ensure_ascii=False) + "\n")
                counts["characters"] += len(row["text"])
                counts["bytes"] += len(row["text"].encode())
            for p in planted:
                g.write(json.dumps(asdict(p)) + "\n")
            counts["documents"] += len(rows)
            counts["passages"] += sum(p.level != "stock" for p in planted)
    return counts


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--characters", type=float, default=1.1e6)
    parser.add_argument("--base", choices=words.BASES, default="chain")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--gold", type=Path, required=True)
    a = parser.parse_args()
    counts = write(int(a.characters), a.base, a.seed, a.shared, a.out, a.gold)
    print("  ".join(f"{v:,} {k}" for k, v in counts.items()))


if __name__ == "__main__":
    main()
