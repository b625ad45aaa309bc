"""Learn which clauses of an official document are actions, and which only say how, why or to what end.

    python scripts/train_actions.py SHARED [--closing] [--write]

SHARED is the folder with ``corpus`` and ``gold``. Two steps:

- ``--closing`` counts, over the policies, work reports and State Council documents of the corpus, how much
  more often than others a verb, or the last two characters of an object, stands in the last clause of a
  sentence, and writes ``src/luoshi/extract/data/closing.tsv``: words and numbers, no sentence.
- Then logistic regression with L2 penalty over the features of :mod:`luoshi.extract.kinds`. Labels: the gold
  actions of nine articles (weight 1), and clauses of other articles and documents that we judged by the same
  guide (weight 0.6 to 0.7; those of laws, notices, reports and policies that the model was in doubt about
  form the groups ``other …``), kept in ``scripts/data/action_labels.tsv`` as hashes of the clause and the one
  before it, so that the file holds no text. Printed are precision, recall and F1 over the gold articles, each
  by a model that has not seen it, with a bootstrap interval. ``--write`` fits on everything and writes
  ``src/luoshi/extract/data/weights.json``.

It takes about a minute on one core and is deterministic.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import sys
from collections import Counter
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from luoshi import read, structure
from luoshi.errors import LuoshiError
from luoshi.extract import actions, kinds
from luoshi.extract.kinds import View

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "src" / "luoshi" / "extract" / "data"
LABELS = ROOT / "scripts" / "data" / "action_labels.tsv"
FOLDERS = ("policies", "statecouncil-html", "work-reports", "lineage-business-environment", "guangzhou-html")
LEAST = 12
"""Occurrences below which a word's place says nothing."""
SMOOTH = 8
STRENGTH = 1.0
"""Inverse of the L2 penalty, chosen by the cross-validation."""
OUT_OF_COUNT = frozenset(("speech", "scope", "time"))


class Label(NamedTuple):
    """A judged clause: its group (an article or a document), features, whether it is an action, weight."""

    group: str
    features: dict[str, float]
    action: bool
    weight: float


def key(views: list[View], n: int) -> str:
    """Hash of a clause and the one before it, without white space."""
    before = "".join(views[n - 1].clause.text.split()) if n else ""
    text = "".join(views[n].clause.text.split())
    return blake2b(f"{before}|{text}".encode(), digest_size=6).hexdigest()


def sentences(folder: Path) -> Iterator[str]:
    """The sentences of all documents of a folder that are no headings."""
    for path in sorted(folder.rglob("*")):
        if path.suffix not in (".txt", ".md", ".html") or path.name == "README.md":
            continue
        try:
            readings = read.read(path, name=path.name)
        except LuoshiError:
            continue
        for reading in readings:
            for document in structure.structure(reading):
                for row in document.sentences:
                    if row.kind != "heading":
                        yield row.evidence.quote
    if folder.name == "work-reports":
        for path in sorted(folder.rglob("*.jsonl")):
            for line in path.read_text("utf-8").splitlines():
                report = max((str(v) for v in json.loads(line).values()), key=len)
                document = structure.plain(report, id="report")
                yield from (row.evidence.quote for row in document.sentences)


def closing(corpus: Path) -> list[tuple[str, str, float]]:
    """(kind, word, log odds of the last clause) of the words that occur often enough."""
    seen: dict[str, Counter[str]] = {"verb": Counter(), "head": Counter()}
    last: dict[str, Counter[str]] = {"verb": Counter(), "head": Counter()}
    total = total_last = 0
    for folder in FOLDERS[:3]:
        for text in sentences(corpus / folder):
            if not 20 <= len(text) <= 300:
                continue
            views = [v for v in actions.views(text) if v.frame not in OUT_OF_COUNT]
            for n, view in enumerate(views):
                p, t = view.parsed, view.clause.text
                if len(views) < 2 or p.verb is None or p.object is None or p.how != "list":
                    continue
                closes = n == len(views) - 1
                total, total_last = total + 1, total_last + closes
                found = (("verb", t[p.verb[0] : p.verb[1]][:2]), ("head", t[p.object[0] : p.object[1]][-2:]))
                for kind, word in found:
                    seen[kind][word] += 1
                    last[kind][word] += closes
    base = total_last / total
    out = []
    for kind in ("verb", "head"):
        for word, n in seen[kind].items():
            if n >= LEAST and re.fullmatch("[\u4e00-\u9fff]{1,2}", word):
                share = (last[kind][word] + base * SMOOTH) / (n + SMOOTH)
                out.append((kind, word, math.log(share / (1 - share)) - math.log(base / (1 - base))))
    return sorted(out, key=lambda r: (r[0], -r[2], r[1]))


def write_closing(rows: list[tuple[str, str, float]]) -> None:
    """``closing.tsv``."""
    head = (
        "# How much more often than others a verb, or the last two characters of an object, stands in the\n"
        "# last clause of a sentence: log odds, counted over real documents by scripts/train_actions.py\n"
        "# kind\tword\tlog odds\n"
    )
    (DATA / "closing.tsv").write_text(head + "".join(f"{k}\t{w}\t{s:.2f}\n" for k, w, s in rows), "utf-8")


def gold(shared: Path) -> Iterator[Label]:
    """The clauses of the gold articles."""
    source = next(iter(sorted((shared / "corpus" / "seeds").glob("002*"))))
    text = "".join(source.read_text("utf-8").split())
    ends = [m.end() for m in re.finditer(r"[。！？；]+[”’）」]*", text)]
    spans = list(zip([0, *ends], ends, strict=False))
    for line in (shared / "gold" / "actions.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        if row["kind"] == "heading":
            continue
        start, end = spans[int(row["sid"][4:])]
        sentence = text[start:end]
        quotes = [(sentence.find(a["quote"]), len(a["quote"])) for a in row["actions"]]
        views = actions.views(sentence)
        for n, view in enumerate(views):
            if view.frame in OUT_OF_COUNT or view.parsed.verb is None:
                continue
            a, b = view.clause.start, view.clause.end
            inside = any(min(b, s + n_) - max(a, s) >= (b - a) / 2 for s, n_ in quotes)
            yield Label(f"article {row['article']}", kinds.features(views, n), inside, 1.0)


def judged(shared: Path) -> Iterator[Label]:
    """The clauses of ``action_labels.tsv``, found again in the corpus by their hashes."""
    wanted: dict[str, tuple[str, bool, float]] = {}
    for line in LABELS.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            hash_, group, label, weight = line.split("\t")
            wanted[hash_] = (group, label == "1", float(weight))
    count = len(wanted)
    for folder in ("seeds", *FOLDERS):
        for text in sentences(shared / "corpus" / folder):
            views = actions.views(text)
            for n, view in enumerate(views):
                if view.frame in OUT_OF_COUNT or view.parsed.verb is None:
                    continue
                hit = wanted.pop(key(views, n), None)
                if hit is not None:
                    yield Label(hit[0], kinds.features(views, n), hit[1], hit[2])
    print(f"{count - len(wanted)} of {count} judged clauses found again", file=sys.stderr)


def fit(labels: list[Label]) -> dict[str, float]:
    """Weights by feature name."""
    vectors = DictVectorizer()
    x = vectors.fit_transform([label.features for label in labels])
    y = [label.action for label in labels]
    model = LogisticRegression(C=STRENGTH, fit_intercept=False, max_iter=5000)
    model.fit(x, y, sample_weight=[label.weight for label in labels])
    pairs = zip(vectors.get_feature_names_out(), model.coef_[0], strict=True)
    return {str(name): round(float(w), 3) for name, w in pairs if abs(w) > 0.02}


def scores(labels: list[Label], kind: str = "article") -> tuple[np.ndarray, np.ndarray]:
    """Truth and decision of each clause of the groups of a kind by a model that has not seen its group."""
    truth, decision = [], []
    for group in sorted({x.group for x in labels if x.group.startswith(kind)}):
        weights = fit([x for x in labels if x.group != group])
        for x in labels:
            if x.group == group:
                truth.append(x.action)
                decision.append(sum(weights.get(k, 0.0) * v for k, v in x.features.items()) > 0)
    return np.array(truth), np.array(decision)


def f1(truth: np.ndarray, decision: np.ndarray) -> tuple[float, float, float]:
    """Precision, recall, F1."""
    hits = int((truth & decision).sum())
    return (
        hits / max(1, int(decision.sum())),
        hits / max(1, int(truth.sum())),
        2 * hits / max(1, int(truth.sum() + decision.sum())),
    )


def main() -> None:
    """Counts, trains, reports."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("shared", type=Path)
    parser.add_argument("--closing", action="store_true", help="count the places of words anew")
    parser.add_argument("--write", action="store_true", help="write the weights")
    options = parser.parse_args()
    if options.closing:
        write_closing(closing(options.shared / "corpus"))
    labels = [*gold(options.shared), *judged(options.shared)]
    truth, decision = scores(labels)
    p, r, f = f1(truth, decision)
    rng = np.random.default_rng(0)
    draws = [rng.integers(0, len(truth), len(truth)) for _ in range(1000)]
    low, high = np.percentile([f1(truth[d], decision[d])[2] for d in draws], [2.5, 97.5])
    print(
        f"clauses of unseen articles: precision {p:.3f} recall {r:.3f} f1 {f:.3f} ({low:.3f} to {high:.3f}), "
        f"n {len(truth)}"
    )
    truth, decision = scores(labels, "other")
    p, r, f = f1(truth, decision)
    print(f"doubtful clauses of unseen genres: precision {p:.3f} recall {r:.3f} f1 {f:.3f}, n {len(truth)}")
    if options.write:
        text = json.dumps({"weights": fit(labels)}, ensure_ascii=False, indent=0, sort_keys=True)
        (DATA / "weights.json").write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
