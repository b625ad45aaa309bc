#!/usr/bin/env python3
"""Corpora with planted reuse and exact gold.

    python benchmarks/reuse/made.py --characters 11e6 --out corpus.jsonl --gold gold.jsonl [--base chain]

Bases: ``chain`` (words that follow each other as in the real documents: natural repeats), ``laws`` (paragraphs of real
laws, each once; at most 19 million characters), ``apart`` (independent words: next to no repeats of its own).
Where the real documents are missing, ``chain`` and ``apart`` draw made-up words.

A planted passage is copied from one document into another at the end of a sentence, changed as its level says:
``verbatim``; ``e05``, ``e15``, ``e30`` (phrases of two to five characters replaced, left out or put in until that part
of it is changed); ``shuf`` (clauses in random order, then e05); ``place`` (every place name another); ``boiler`` (one
or two foreign sentences inside, then e05).
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
LEVELS = ("verbatim", "e05", "e15", "e30", "shuf", "place", "boiler")
SHARE = {"e05": 0.05, "e15": 0.15, "e30": 0.30, "shuf": 0.05, "boiler": 0.05}
DOCUMENT = 2300
"""Characters of a document before planting, on average."""
CLAUSE = re.compile(r"[^，。；：！？\n]+[，。；：！？\n]*|[，。；：！？\n]+")


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
class Chain:
    """Words and what follows each: ``next[first[w] : first[w + 1]]`` with rising shares ``up_to``."""

    words: list[str]
    share: np.ndarray
    first: np.ndarray
    next: np.ndarray
    up_to: np.ndarray


@cache
def real_paragraphs(shared: Path) -> tuple[str, ...]:
    """Paragraphs of the real documents, each once."""
    out: dict[str, None] = {}
    with gzip.open(shared / "corpus" / "laws.jsonl.gz", "rt", encoding="utf-8") as f:
        for line in f:
            text = json.loads(line)["text"]
            out.update((p, None) for p in text.split("\n") if len(p) >= 12 and not p.startswith("#"))
    return tuple(out)


@cache
def real_chain(shared: Path) -> Chain:
    import rjieba

    paragraphs = real_paragraphs(shared)
    index: dict[str, int] = {}
    ids: list[int] = []
    for p in paragraphs[:: max(1, len(paragraphs) // 120_000)]:
        for w in rjieba.cut(p + "\n"):
            ids.append(index.setdefault(w, len(index)))
    seq = np.array(ids, dtype=np.int64)
    return chain_of(list(index), seq)


@cache
def made_chain() -> Chain:
    """Made-up words of one to four characters with followers drawn once."""
    draw = np.random.default_rng(7)
    letters = [bytes([r, c]).decode("gb2312") for r in range(0xB0, 0xD7) for c in range(0xA1, 0xFA)]
    lengths = draw.choice([1, 2, 3, 4], size=30_000, p=[0.15, 0.6, 0.15, 0.1])
    words = list(
        dict.fromkeys("".join(letters[i] for i in draw.zipf(1.4, n) % len(letters)) for n in lengths)
    )
    words += ["，"] * 1 + ["。", "、", "；", "\n"]
    n = len(words)
    seq = (draw.zipf(1.25, 3_000_000) * 7919 % (n - 5)).astype(np.int64)
    marks = draw.random(len(seq))
    seq[marks < 0.16] = n - 5
    seq[marks < 0.05] = n - 4
    seq[marks < 0.006] = n - 1
    return chain_of(words, seq)


def chain_of(words: list[str], seq: np.ndarray) -> Chain:
    n = len(words)
    code, counts = np.unique(seq[:-1] * n + seq[1:], return_counts=True)
    before, after = code // n, code % n
    first = np.searchsorted(before, np.arange(n + 1))
    sums = np.cumsum(counts)
    base = np.r_[0, sums][first[before]]
    total = np.r_[0, sums][first[before + 1]] - base
    share = np.bincount(seq, minlength=n) / len(seq)
    return Chain(words, share, first, after, (sums - base) / total)


def chain_documents(chain: Chain, number: int, seed: int, apart: bool) -> Iterator[str]:
    """Documents by walks along the chain, or of independent words."""
    draw = np.random.default_rng(seed)
    lengths = np.array([len(w) for w in chain.words])
    mean = float((chain.share * lengths).sum())
    words = np.array(chain.words, dtype=object)
    table = chain.first[:-1] + 1e-9
    for begin in range(0, number, 4096):
        width = min(4096, number - begin)
        size = (DOCUMENT / mean * draw.uniform(0.4, 1.6, width)).astype(int)
        steps = int(size.max())
        walk = np.empty((steps, width), dtype=np.int32)
        at = draw.choice(len(words), size=width, p=chain.share)
        keys = np.repeat(np.arange(len(words)), np.diff(chain.first)) + chain.up_to
        del_table = table  # noqa: F841
        for s in range(steps):
            walk[s] = at
            if apart:
                at = draw.choice(len(words), size=width, p=chain.share)
                continue
            place = np.searchsorted(keys, at + draw.random(width), side="right")
            dead = chain.first[at] == chain.first[at + 1]
            at = chain.next[np.minimum(place, len(keys) - 1)]
            at[dead] = 0
        for d in range(width):
            yield "".join(words[walk[: size[d], d]].tolist())


def law_documents(shared: Path, number: int, seed: int) -> Iterator[str]:
    paragraphs = list(real_paragraphs(shared))
    at = 0
    for _ in range(number):
        part: list[str] = []
        size = 0
        while size < DOCUMENT and at < len(paragraphs):
            part.append(paragraphs[at])
            size += len(paragraphs[at])
            at += 1
        if not part:
            return
        yield "\n".join(part)


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


def edit(passage: str, share: float, pool: list[str], draw: random.Random) -> str:
    """Phrases replaced (60 %), left out or put in, until ``share`` of the characters is changed."""
    todo = share * len(passage)
    touched = np.zeros(len(passage), dtype=bool)
    parts: dict[int, tuple[int, str]] = {}
    tries = 0
    while todo > 0.5 and tries < 10 * len(passage):
        tries += 1
        n = min(draw.randint(2, 5), max(1, round(todo)))
        at = draw.randrange(max(1, len(passage) - n + 1))
        if touched[at : at + n].any() or at in parts:
            continue
        kind = draw.random()
        new = draw.choice(pool)
        if kind < 0.6:
            parts[at] = (n, new)
            touched[at : at + n] = True
        elif kind < 0.8:
            parts[at] = (n, "")
            touched[at : at + n] = True
        else:
            parts[at] = (0, new[:n])
            touched[at] = True
        todo -= n
    out: list[str] = []
    i = 0
    while i < len(passage):
        n, new = parts.get(i, (-1, ""))
        if n < 0:
            out.append(passage[i])
            i += 1
        elif n == 0:
            out.append(new + passage[i])
            i += 1
        else:
            out.append(new)
            i += n
    return "".join(out)


def change(passage: str, level: str, pool: list[str], sentences: list[str], draw: random.Random) -> str:
    if level == "shuf":
        clauses = CLAUSE.findall(passage)
        draw.shuffle(clauses)
        passage = "".join(clauses)
    elif level == "boiler":
        clauses = CLAUSE.findall(passage)
        for _ in range(draw.randint(1, 2)):
            clauses.insert(draw.randrange(1, max(2, len(clauses))), draw.choice(sentences))
        passage = "".join(clauses)
    elif level == "place":
        names = places()
        mine = {n: draw.choice(names) for n in names}
        passage = re.sub(
            "|".join(sorted(map(re.escape, names), key=len, reverse=True)), lambda m: mine[m.group()], passage
        )
    if level in SHARE:
        passage = edit(passage, SHARE[level], pool, draw)
    return passage


@cache
def places() -> list[str]:
    from luoshi.text.lexicon import table

    del table
    return ["北京", "上海", "天津", "重庆", "广东", "江苏", "浙江", "山东", "河南", "四川", "湖北", "湖南", "福建", "安徽",
            "河北", "陕西", "辽宁", "江西", "云南", "广西", "山西", "贵州", "吉林", "甘肃", "海南", "青海", "宁夏", "新疆",
            "西藏", "内蒙古", "黑龙江", "广州", "深圳", "杭州", "南京", "成都", "武汉", "西安", "长沙", "苏州"]  # fmt: skip


def make(
    characters: int, base: str, seed: int, shared: Path, per_document: float = 0.6
) -> tuple[list[dict[str, Any]], list[Planted]]:
    """Rows with id, text, date, level, series and what was planted."""
    number = max(4, round(characters / (DOCUMENT + per_document * 230)))
    have = (shared / "corpus" / "laws.jsonl.gz").is_file()
    if base == "laws":
        texts = list(law_documents(shared, number, seed))
    else:
        chain = real_chain(shared) if have else made_chain()
        texts = list(chain_documents(chain, number, seed, base == "apart"))
    draw = random.Random(seed)
    pool = phrases(texts, draw)
    sentences = [
        s for t in draw.sample(texts, min(len(texts), 200)) for s in re.findall(r"[^。\n]{12,60}。", t)
    ]
    ids = [f"d{n:07d}" for n in range(len(texts))]
    chosen: list[tuple[str, int, int, int, int]] = []
    taken: list[list[tuple[int, int]]] = [[] for _ in texts]
    for k in range(round(len(texts) * per_document)):
        a, b = draw.sample(range(len(texts)), 2)
        span = cut(texts[a], draw)
        if span is not None and all(span[1] <= s or span[0] >= e for s, e in taken[a]):
            chosen.append((LEVELS[k % len(LEVELS)], a, *span, b))
            taken[a].append(span)
    plants: list[list[tuple[int, int, str, str, int, int, int]]] = [[] for _ in texts]
    for n, (level, a, start, end, b) in enumerate(chosen):
        new = change(texts[a][start:end], level, pool, sentences, draw)
        ends = [m.end() for m in re.finditer(r"[。\n]", texts[b])] or [len(texts[b])]
        free = [e for e in ends if not any(s < e < t for s, t in taken[b])] or [len(texts[b])]
        plants[b].append((draw.choice(free), n, new, level, a, start, end))
    gold: list[Planted] = []
    shifted: list[list[tuple[int, int]]] = []
    placed: list[tuple[str, int, int, int, int, int, int]] = []
    out: list[str] = []
    for b, some in enumerate(plants):
        parts: list[str] = []
        moves: list[tuple[int, int]] = []
        at = size = 0
        for where, _, new, level, a, s, e in sorted(some):
            parts.append(texts[b][at:where])
            size += where - at
            at = where
            placed.append((level, a, s, e, b, size, size + len(new)))
            parts.append(new)
            size += len(new)
            moves.append((where, len(new)))
        parts.append(texts[b][at:])
        shifted.append(moves)
        out.append("".join(parts))
    for level, a, s, e, b, bs, be in placed:
        # what was put into the source before the copied stretch moves it
        s += sum(n for w, n in shifted[a] if w <= s)
        e += sum(n for w, n in shifted[a] if w < e)
        gold.append(Planted(level, ids[a], s, e, ids[b], bs, be))
    rows = [
        {
            "id": i,
            "text": t,
            "date": f"{2000 + draw.randrange(25)}-{draw.randrange(1, 13):02d}-{draw.randrange(1, 29):02d}",
        }
        for i, t in zip(ids, out, strict=True)
    ]
    return rows, gold


def cut(text: str, draw: random.Random) -> tuple[int, int] | None:
    """A stretch of whole clauses, 60 to 400 characters."""
    borders = [0] + [m.end() for m in re.finditer(r"[，。；\n]", text)]
    want = int(60 * (400 / 60) ** draw.random())
    for _ in range(20):
        s = draw.choice(borders)
        ends = [b for b in borders if s + 0.8 * want <= b <= s + 1.3 * want]
        if ends:
            return s, draw.choice(ends)
    return None


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--characters", type=float, default=1.1e6)
    parser.add_argument("--base", choices=("chain", "laws", "apart"), default="chain")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--gold", type=Path, required=True)
    a = parser.parse_args()
    rows, gold = make(int(a.characters), a.base, a.seed, a.shared)
    with a.out.open("w", encoding="utf-8") as f:
        for row in rows:
            f.write(json.dumps(row, ensure_ascii=False) + "\n")
    with a.gold.open("w", encoding="utf-8") as f:
        for p in gold:
            f.write(json.dumps(p.__dict__) + "\n")
    print(f"{len(rows)} documents, {sum(len(r['text']) for r in rows):,} characters, {len(gold)} planted")


if __name__ == "__main__":
    main()
