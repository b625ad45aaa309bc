#!/usr/bin/env python3
"""Which national laws a local regulation rests on: ranked by shared passages, against what the regulation says itself.

    python benchmarks/reuse/basis.py [--shared ../shared] [--sample 60]

Local regulations name in article 1 the laws that they rest on. That article is taken out, ``luoshi reuse`` runs over all
laws and regulations, and for each regulation the national laws come in the order of ``rank`` in documents.parquet
(:mod:`luoshi.reuse.ranking`), for all and for two halves by a hash of their paths. Versions of one law are one law. The plain way to compare with is the cosine of weighted character n-grams (scikit-learn).

hit@1     regulations whose first law is one that they name
recall@k  of the laws that a regulation names, the share among the first k, mean over regulations
MRR       one over the place of the first law that is named, mean over regulations
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import measure
import numpy as np

ROOT = Path(__file__).resolve().parents[2]
ARTICLE_1 = re.compile(r"^第一条.*?(?=^第二条|^#|\Z)", re.MULTILINE | re.DOTALL)
DATE = re.compile(r"\((\d{4}-\d\d-\d\d)\)")
FAR = 1 << 30


@dataclass(frozen=True)
class Laws:
    """The laws in the order of the corpus.

    :param named: for each regulation the laws that it names, each as the titles of its versions.
    """

    ids: list[str]
    texts: list[str]
    dates: list[str | None]
    national: list[bool]
    named: dict[int, list[set[str]]]

    def title(self, k: int) -> str:
        """The title without date, the same for all versions."""
        return DATE.sub("", self.ids[k].rsplit("/", 1)[-1]).removesuffix(".md")


@dataclass(frozen=True)
class Figures:
    regulations: int
    hit_1: float
    recall_1: float
    recall_5: float
    mrr: float


def load(shared: Path, sample: int = 0, laws: int = 0) -> Laws:
    """The laws with article 1 of the regulations taken out.

    :param sample: so many regulations, drawn once, and none of the other local ones; 0 is all.
    :param laws: with them so many national laws besides those that they name; 0 is all.
    """
    corpus = shared / "corpus"
    with (corpus / "laws_cited_basis.jsonl").open(encoding="utf-8") as f:
        basis = [row for row in map(json.loads, f) if row["matched"]]
    with gzip.open(corpus / "laws.jsonl.gz", "rt", encoding="utf-8") as f:
        rows = [row for row in map(json.loads, f) if not row["path"].endswith("_index.md")]
    if sample:
        basis = random.Random(1).sample(basis, sample)
        mine = {b["local"] for b in basis}
        wanted = {path for b in basis for m in b["matched"] for path in m["central_files"]}
        others = [r["path"] for r in rows if r["level"] == "central" and r["path"] not in wanted]
        wanted |= set(random.Random(1).sample(others, laws) if laws else others)
        rows = [r for r in rows if r["path"] in mine | wanted]
    asked = {b["local"] for b in basis}
    texts = [ARTICLE_1.sub("", r["text"], count=1) if r["path"] in asked else r["text"] for r in rows]
    dates = [m[1] if (m := DATE.search(r["path"])) else None for r in rows]
    out = Laws([r["path"] for r in rows], texts, dates, [r["level"] == "central" for r in rows], {})
    index = {d: k for k, d in enumerate(out.ids)}
    for b in basis:
        out.named[index[b["local"]]] = [
            {out.title(index[path]) for path in m["central_files"]} for m in b["matched"]
        ]
    return out


def half(laws: Laws, number: int) -> Laws:
    """The regulations whose path's SHA-256 begins with a byte that is even (0) or odd (1)."""
    kept = {k: v for k, v in laws.named.items() if sha256(laws.ids[k].encode()).digest()[0] & 1 == number}
    return replace(laws, named=kept)


def figures(laws: Laws, order: dict[int, list[int]]) -> Figures:
    """Of the national laws of each regulation, best first."""
    one = hit = five = first = 0.0
    for k, named in laws.named.items():
        titles = list(dict.fromkeys(laws.title(u) for u in order.get(k, ())))
        place = {t: n for n, t in enumerate(titles)}
        found = sorted(min(place.get(t, FAR) for t in versions) for versions in named)
        hit += found[0] == 0
        one += sum(p < 1 for p in found) / len(found)
        five += sum(p < 5 for p in found) / len(found)
        first += 1 / (1 + found[0])
    n = len(laws.named)
    return Figures(n, hit / n, one / n, five / n, first / n)


def write(laws: Laws, path: Path) -> None:
    """The laws as rows for ``luoshi reuse``."""
    with path.open("w", encoding="utf-8") as f:
        for k, id in enumerate(laws.ids):
            level = "national" if laws.national[k] else "province"
            row = {"id": id, "text": laws.texts[k], "date": laws.dates[k], "level": level}
            f.write(json.dumps(row, ensure_ascii=False) + "\n")


def by_rank(laws: Laws, rows: list[dict[str, Any]]) -> dict[int, list[int]]:
    """The national laws of each regulation in the order of ``rank``.

    :param rows: of documents.parquet.
    """
    index = {d: k for k, d in enumerate(laws.ids)}
    ranked: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for r in rows:
        upper, lower = (index[r[c]] for c in (r["upper"], "ab".replace(r["upper"], "")))
        if laws.national[upper] and lower in laws.named:
            ranked[lower].append((r["rank"], upper))
    return {k: [u for _, u in sorted(some)] for k, some in ranked.items()}


def by_words(laws: Laws, n: int = 3) -> dict[int, list[int]]:
    """The plain way: cosine of character n-grams weighted by rarity."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    kind = TfidfVectorizer(
        analyzer="char", ngram_range=(n, n), min_df=2, max_df=0.5, sublinear_tf=True, dtype=np.float32
    )
    vectors = kind.fit_transform(laws.texts)
    uppers = np.flatnonzero(laws.national)
    lowers = list(laws.named)
    like = (vectors[lowers] @ vectors[uppers].T).toarray()
    return {
        k: uppers[np.argsort(-row, kind="stable")[:200]].tolist() for k, row in zip(lowers, like, strict=True)
    }


def search(
    laws: Laws, folder: Path, options: tuple[str, ...] = ()
) -> tuple[list[dict[str, Any]], measure.Cost]:
    """Runs ``luoshi reuse`` over the laws; gives the rows of documents.parquet."""
    import pyarrow.parquet as pq

    corpus = folder / "laws.jsonl"
    write(laws, corpus)
    call = [
        sys.executable,
        "-m",
        "luoshi",
        "reuse",
        str(corpus),
        "--out",
        str(folder / "out"),
        "--json",
        *options,
    ]
    cost = measure.run(call, folder / "log")
    if cost.code:
        raise SystemExit((folder / "log").read_text()[-2000:])
    return pq.read_table(folder / "out" / "documents.parquet").to_pylist(), cost


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--sample", type=int, default=0, help="so many regulations; 0 is all")
    parser.add_argument(
        "--option", action="append", default=[], help="for luoshi reuse, such as --option=--min=8"
    )
    parser.add_argument("--no-words", action="store_true", help="leave the plain way out")
    a = parser.parse_args()
    if not (a.shared / "corpus" / "laws.jsonl.gz").is_file():
        print(f"The laws are missing below {a.shared}: nothing to rank.")
        return
    laws = load(a.shared, a.sample)
    print(
        f"{len(laws.ids):,} laws, {sum(map(len, laws.texts)):,} characters, {len(laws.named)} regulations\n"
    )
    print("| order | hit@1 | recall@1 | recall@5 | MRR |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        rows, cost = search(laws, Path(folder), tuple(a.option))
    orders = {
        "rank of documents.parquet": by_rank(laws, rows),
    }
    if not a.no_words:
        orders |= {f"cosine of character {n}-grams": by_words(laws, n) for n in (2, 3)}
    for name, order in orders.items():
        for part, some in (("", laws), (", half 0", half(laws, 0)), (", half 1", half(laws, 1))):
            f = figures(some, order)
            print(f"| {name}{part} | {f.hit_1:.3f} | {f.recall_1:.3f} | {f.recall_5:.3f} | {f.mrr:.3f} |")
    print(f"\nluoshi reuse: {cost.wall:.1f} s wall, {cost.cpu:.1f} s CPU, {cost.peak:,.0f} MB")


if __name__ == "__main__":
    main()
