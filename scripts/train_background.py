"""Learn how common words and phrases are in official documents, and what they mean.

    python scripts/train_background.py CORPUS [--out src/luoshi/align/weights/background.npz]

CORPUS is a folder with ``laws.jsonl.gz`` (rows with ``text``), ``work-reports``, ``policies``,
``statecouncil-html``, ``guangzhou-html``; texts of the seeds are left out, so that figures on them are those
of unseen documents. Written are, without a single sentence:

- the words that occur often enough, their idf, and for each a vector of int8: truncated SVD of the positive
  pointwise mutual information of words within a window (Levy, Goldberg, Dagan 2015: context distribution
  smoothing 0.75, eigenvalue weighting 0.5);
- hashes of character 6-grams that stand in several documents, with the logarithm of in how many: stock
  phrases.

It takes about five minutes on one core and is deterministic.
"""

from __future__ import annotations

import argparse
import gzip
import html
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from sklearn.utils.extmath import randomized_svd

from luoshi.align.background import GRAM, hash_grams
from luoshi.text import tokens

WINDOW = 10
CHUNK = 600
"""Characters of text that count as one document for the idf: documents differ too much in length."""
DIMENSIONS = 160
LEAST = 8
SEED = 20231107
POLICY_WEIGHT = 5
"""Work reports and policies count so many times a law: they are the language that we compare."""


def texts(corpus: Path) -> Iterator[tuple[str, int]]:
    """Every document with its weight."""
    for path in sorted((corpus / "work-reports").rglob("*")):
        if path.suffix == ".txt":
            yield path.read_text("utf-8", errors="replace"), POLICY_WEIGHT
        elif path.suffix == ".jsonl":
            for line in path.read_text("utf-8").splitlines():
                row = json.loads(line)
                year = re.match(r"(\d{4})年", row["title"])
                yield row["content"], POLICY_WEIGHT if year and int(year[1]) >= 2000 else 1
    for path in sorted((corpus / "policies").iterdir()):
        yield path.read_text("utf-8", errors="replace"), POLICY_WEIGHT
    for folder in ("statecouncil-html", "guangzhou-html"):
        for path in sorted((corpus / folder).glob("*.html")):
            raw = path.read_text("utf-8", errors="replace")
            raw = re.sub(r"(?s)<(script|style)\b.*?</\1>", "", raw)
            yield html.unescape(re.sub(r"<[^>]*>", "\n", raw)), POLICY_WEIGHT
    with gzip.open(corpus / "laws.jsonl.gz", "rt", encoding="utf-8") as f:
        for line in f:
            yield json.loads(line)["text"], 1


def sentences(text: str) -> Iterator[str]:
    """Stretches between full stops with enough Han in them."""
    for part in re.split(r"[。！？；\n]", text):
        part = "".join(part.split())
        if len(re.findall(r"[\u4e00-\u9fff]", part)) >= 6:
            yield part


def main() -> int:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("corpus", type=Path)
    ap.add_argument("--out", type=Path, default=Path("src/luoshi/align/weights/background.npz"))
    a = ap.parse_args()

    count: Counter[str] = Counter()
    chunk_frequency: Counter[str] = Counter()
    chunks = 0
    stream: list[tuple[list[str], int]] = []
    grams: list[np.ndarray] = []
    documents = 0
    for text, weight in texts(a.corpus):
        documents += 1
        seen: set[str] = set()
        size = 0
        keys = []
        for sentence in sentences(text):
            keys.append("".join([c for c in sentence if c.isalnum()]))
            words = [w for w in tokens.cut(sentence) if any(c.isalnum() for c in w) and not w.isdigit()]
            stream.append((words, weight))
            count.update(words)
            seen.update(words)
            size += len(sentence)
            if size >= CHUNK:
                chunk_frequency.update(dict.fromkeys(seen, weight))
                chunks += weight
                seen, size = set(), 0
        if keys:
            grams.append(np.unique(np.concatenate([hash_grams(k) for k in keys])))
    print(f"{documents} documents, {sum(count.values())} words", file=sys.stderr)

    vocabulary = sorted(w for w, n in count.items() if n >= LEAST)
    index = {w: i for i, w in enumerate(vocabulary)}
    vectors = embed(stream, index)
    idf = np.log((1 + chunks) / (1 + np.array([chunk_frequency[w] for w in vocabulary])))
    every, frequency = np.unique(np.concatenate(grams), return_counts=True)
    often = frequency >= 4
    np.savez_compressed(
        a.out,
        words=np.frombuffer("\n".join(vocabulary).encode(), dtype=np.uint8),
        idf=idf.astype(np.float16),
        vectors=vectors,
        grams=every[often],
        frequency=np.minimum(255, np.round(16 * np.log2(frequency[often]))).astype(np.uint8),
        documents=np.int32(documents),
        chunks=np.int32(chunks),
    )
    print(
        f"{len(vocabulary)} words, {int(often.sum())} {GRAM}-grams, {a.out.stat().st_size} bytes",
        file=sys.stderr,
    )
    return 0


def embed(stream: list[tuple[list[str], int]], index: dict[str, int]) -> np.ndarray:
    """Word vectors ``int8[words, DIMENSIONS]``, rows of about length 127."""
    size = len(index)
    ids: list[int] = []
    weights: list[int] = []
    for words, weight in stream:
        known = [index[w] for w in words if w in index]
        ids += known + [-1] * WINDOW
        weights += [weight] * (len(known) + WINDOW)
    word = np.array(ids, dtype=np.int64)
    weigh = np.array(weights, dtype=np.float32)
    total = sp.csr_matrix((size, size), dtype=np.float32)
    for distance in range(1, WINDOW + 1):
        left, right = word[:-distance], word[distance:]
        ok = (left >= 0) & (right >= 0) & (left != right)
        value = weigh[:-distance][ok] * np.float32((WINDOW + 1 - distance) / WINDOW)
        total = total + sp.csr_matrix((value, (left[ok], right[ok])), shape=(size, size))
        print(f"distance {distance}: {total.nnz} pairs", file=sys.stderr)
    total = (total + total.T).tocoo()
    keep = total.data >= 2
    row, col, data = total.row[keep], total.col[keep], total.data[keep].astype(np.float64)
    mass = np.bincount(row, data, minlength=size)
    context = np.maximum(mass, 1) ** 0.75
    context /= context.sum()
    pmi = np.log(data / np.maximum(mass[row], 1) / context[col])
    good = pmi > 0
    matrix = sp.csr_matrix((pmi[good].astype(np.float32), (row[good], col[good])), shape=(size, size))
    print(f"{matrix.nnz} positive pairs", file=sys.stderr)
    u, s, _ = randomized_svd(matrix, n_components=DIMENSIONS, n_iter=4, random_state=SEED)
    u = u * np.sqrt(s)
    u /= np.maximum(np.linalg.norm(u, axis=1, keepdims=True), 1e-9)
    scale = 127 / np.abs(u).max(axis=1, keepdims=True).clip(1e-9)
    return np.round(u * scale).astype(np.int8)


if __name__ == "__main__":
    raise SystemExit(main())
