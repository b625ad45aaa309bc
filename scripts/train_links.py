"""Train the judges of links on the gold and on further pairs read by hand, and cross-validate them.

    python scripts/train_links.py SHARED [--out src/luoshi/align/weights/links.json]

SHARED holds ``corpus/seeds`` and ``gold/lineage.jsonl``; ``scripts/data/links.tsv`` adds labels for other
texts of the seeds by sentence number, without their words, and ``scripts/data/demo_links.tsv`` those of our
made-up province, whose documents have headings, tables and three levels. Every figure printed is
cross-validated: an article (or a whole further document) is judged by models that never saw it. On the two
pairs of policies of ``scripts/data/policy_links.tsv`` nothing is trained: they show how the models do
elsewhere. Written are plain numbers.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from luoshi.align.cells import Cells
from luoshi.align.features import Features
from luoshi.align.judge import (
    PLACES,
    SERVES,
    SETTLED,
    THEME,
    WORDING,
    Logistic,
    Models,
    answered,
    barred_uppers,
    passages_answered,
    serving,
    sigmoid,
    surroundings,
)
from luoshi.align.signals import Signals, signals
from luoshi.extract import extract
from luoshi.read import read
from luoshi.structure import settle, structure

UNSURE = 0.4
"""Weight of a link that its reader was unsure of, as a positive."""
FURTHER = 0.5
"""Weight of the further documents, commentaries most of them, beside the gold when themes are ranked."""
WORDING_C, THEME_RIDGE, SERVES_C = 1.0, 30.0, 0.03
UPPERS = range(20, 84)
"""Sentences of file 000 that take part: its body."""


@dataclass
class Pair:
    """A lower document's sentences that were read, against the speech."""

    lower: Features
    upper: Features
    gold: bool
    found: Signals
    rows: np.ndarray
    columns: np.ndarray
    label: np.ndarray
    group: list[str]
    names: np.ndarray
    annotated: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))
    made: bool = False
    policy: str = ""
    words: np.ndarray = field(default_factory=lambda: np.zeros(0))
    other: np.ndarray = field(default_factory=lambda: np.zeros(0))


class Numbering:
    """Sentence numbers of a source file, as the scorer counts them."""

    def __init__(self, path: Path) -> None:
        raw = path.read_bytes().decode("utf-8")
        self.before = np.cumsum([0] + [not c.isspace() for c in raw])
        text = "".join(raw.split())
        self.ends = [m.end() for m in re.finditer(r"[。！？；]+[”’）」]*", text)]

    def of(self, span: tuple[int, int]) -> int:
        """Number of the sentence that a source span ends in."""
        return int(np.searchsorted(self.ends, self.before[span[1]], side="left"))


def load(shared: Path) -> list[Pair]:
    documents: dict[str, list[Features]] = defaultdict(list)
    numbering = {}
    folder = shared / "corpus" / "seeds"
    for path in sorted(folder.iterdir()):
        numbering[path.name[:3]] = Numbering(path)
        read_ = settle([d for r in read(path, name=path.name) for d in structure(r)])
        documents[path.name[:3]] = [Features(d.with_rows(sentences=extract(d).sentences)) for d in read_]
    upper = documents["000"][0]
    labels: dict[str, dict[str, str]] = defaultdict(dict)
    quotes: dict[tuple[str, str], str] = defaultdict(str)
    in_gold = set()
    for line in (shared / "gold" / "lineage.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        in_gold.add(row["sid"])
        labels[row["sid"]]
        for link in row["links"]:
            _label(labels[row["sid"]], link["upper"], "unsure" if link.get("unsure") else link["relation"])
            quotes[row["sid"], link["upper"]] += bare(link["lower_quote"]) + "\n"
    for line in (Path(__file__).parent / "data" / "links.tsv").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            low, up, relation = line.split("\t")
            labels[low]
            if up:
                _label(labels[low], up, relation)
    out = []
    for lower in documents["002"]:
        pair = _pair(lower, upper, numbering, labels, quotes, in_gold)
        if pair:
            out.append(pair)
    return out + policies(shared) + demo()


ROOT = Path(__file__).resolve().parents[1]
NAMES = {"speech-report": "会议", "meeting": "会议", "commentary": "评论", "editorial": "评论"}
LEVELS = {"central": "中央", "province": "省", "city": "市", "county": "县"}


def demo() -> list[Pair]:
    """The pairs of demo/documents that were read."""
    paths = sorted((ROOT / "demo" / "documents").iterdir())
    read_ = settle([d for path in paths for r in read(path, name=path.name) for d in structure(r)])
    made = {
        NAMES.get(d.row.kind) or LEVELS[d.row.level or ""]: Features(
            d.with_rows(sentences=extract(d).sentences)
        )
        for d in read_
    }
    rows = [
        line.split("\t")
        for line in (Path(__file__).parent / "data" / "demo_links.tsv").read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    return [
        _made_pair(made[low], made[up], low, [r for r in rows if (r[0], r[2]) == (low, up)])
        for low, up in dict.fromkeys((r[0], r[2]) for r in rows)
    ]


def policies(shared: Path) -> list[Pair]:
    """The pairs of shared/corpus/policies that were read."""
    pairs: dict[tuple[str, str], list[list[str]]] = {}
    for line in (Path(__file__).parent / "data" / "policy_links.tsv").read_text("utf-8").splitlines():
        if line.startswith("pair\t"):
            _, lower, upper = line.split("\t")
            rows = pairs.setdefault((lower, upper), [])
        elif not line.startswith("#"):
            rows.append(line.split("\t"))
    folder = shared / "corpus" / "policies"
    return [_policy_pair(_one(folder, a), _one(folder, b), a, some) for (a, b), some in pairs.items()]


def _one(folder: Path, part: str) -> tuple[Features, dict[int, int]]:
    """The document whose file's name holds a part, and its sentences' ordinals by where they begin."""
    (path,) = (p for p in folder.iterdir() if part in p.name)
    read_ = settle([d for r in read(path, name=path.name) for d in structure(r)])
    features = Features(read_[0].with_rows(sentences=extract(read_[0]).sentences))
    before = np.cumsum([0] + [not c.isspace() for c in path.read_bytes().decode("utf-8")])
    spans = [s.evidence.source_span for s in read_[0].sentences]
    return features, {int(before[spans[n][0]]): i for i, n in enumerate(features.kept.tolist()) if spans[n]}


def _policy_pair(
    lower: tuple[Features, dict[int, int]], upper: tuple[Features, dict[int, int]], name: str,
    rows: list[list[str]],
) -> Pair:  # fmt: skip
    (low, low_at), (up, up_at) = lower, upper
    lines = sorted({low_at[int(r[0])] for r in rows if int(r[0]) in low_at})
    label = np.full((len(lines), len(up.kept)), "", dtype=object)
    for at, to, relation in rows:
        if to and int(at) in low_at and int(to) in up_at:
            label[lines.index(low_at[int(at)]), up_at[int(to)]] = relation
    every = Cells(
        np.repeat(np.arange(len(low.kept), dtype=np.int32), len(up.kept)),
        np.tile(np.arange(len(up.kept), dtype=np.int32), len(low.kept)),
        True,
    )
    names = np.array([[f"{name} {i} {j}" for j in range(len(up.kept))] for i in lines])
    return Pair(
        low, up, False, signals(low, up, every), np.array(lines), np.arange(len(up.kept)), label,
        [f"policy {name}"] * len(lines), names, policy=name,
    )  # fmt: skip


def _made_pair(lower: Features, upper: Features, name: str, rows: list[list[str]]) -> Pair:
    label = np.full((len(lower.kept), len(upper.kept)), "", dtype=object)

    def at(features: Features, words: str) -> int:
        found = [i for i, n in enumerate(features.kept) if words in features.text[slice(*features.spans[n])]]
        if not found:
            raise SystemExit(f"demo_links.tsv: no sentence of {features.document.row.title} has {words}")
        return found[0]

    for _, low, _, up, relation in rows:
        label[at(lower, low), at(upper, up)] = relation
    every = Cells(
        np.repeat(np.arange(len(lower.kept), dtype=np.int32), len(upper.kept)),
        np.tile(np.arange(len(upper.kept), dtype=np.int32), len(lower.kept)),
        True,
    )
    low, up = label.shape
    names = np.array([[f"{name} {i} {upper.document.id} {j}" for j in range(up)] for i in range(low)])
    return Pair(
        lower, upper, False, signals(lower, upper, every), np.arange(low), np.arange(up), label,
        [f"made-up {name}"] * low, names, made=True,
    )  # fmt: skip


def _label(row: dict[str, str], upper: str, relation: str) -> None:
    order = ["verbatim", "adapted", "specified", "unsure"]
    if upper not in row or order.index(relation) < order.index(row[upper]):
        row[upper] = relation


def bare(text: str) -> str:
    return "".join(c for c in text if c.isalnum())


def _pair(
    lower: Features, upper: Features, numbering: dict[str, Numbering], labels: dict[str, dict[str, str]],
    quotes: dict[tuple[str, str], str], gold: set[str],
) -> Pair | None:  # fmt: skip
    def number(features: Features, file: str, n: int) -> str:
        span = features.document.sentences[n].evidence.source_span
        return f"{file}-{numbering[file].of(span):04d}" if span else ""

    low = [number(lower, "002", n) for n in lower.kept.tolist()]
    up = [number(upper, "000", n) for n in upper.kept.tolist()]
    columns = np.array([i for i, u in enumerate(up) if u and int(u[4:]) in UPPERS])
    rows = np.array([i for i, s in enumerate(low) if s in labels])
    if not len(rows):
        return None
    row = np.repeat(np.arange(len(low), dtype=np.int32), len(up))
    every = Cells(row, np.tile(np.arange(len(up), dtype=np.int32), len(low)), True)
    found = signals(lower, upper, every)
    label = np.array([[labels[low[r]].get(up[c], "") for c in columns] for r in rows], dtype=object)
    for a, r in enumerate(rows):
        text = bare(lower.text[slice(*lower.spans[lower.kept[r]])])
        for i, c in enumerate(columns):
            # the scorer glues a heading to the next sentence: the link belongs to the part that is quoted
            some = quotes.get((low[r], up[c]), "").split()
            if some and not any(q in text for q in some):
                label[a, i] = ""
    annotated = np.array([low[r] in gold for r in rows])
    in_gold = bool(annotated.any())
    group = [f"{lower.document.id} {lower.block[lower.kept[r]] if in_gold else ''}" for r in rows]
    names = np.array([[f"{low[r]} {up[c]}" for c in columns] for r in rows])
    return Pair(lower, upper, in_gold, found, rows, columns, label, group, names, annotated)


def cells(pair: Pair, values: np.ndarray) -> np.ndarray:
    """The values of all pairs of sentences as a matrix of those that were read."""
    shape = (len(pair.lower.kept), len(pair.upper.kept), *values.shape[1:])
    return values.reshape(shape)[np.ix_(pair.rows, pair.columns)]


def trained(pairs: Sequence[Pair]) -> list[Pair]:
    """The pairs to train on; the pairs of policies are only there to see how the models do elsewhere."""
    return [p for p in pairs if not p.policy]


def train_binary(pairs: Sequence[Pair], names: Sequence[str], without: str = "") -> Logistic:
    """Is there shared wording? From the signals of these names."""
    x, y = [], []
    for p in trained(pairs):
        use = (p.label != "unsure") & (p.label != "specified")
        use &= np.array([g != without for g in p.group])[:, None]
        x.append(np.stack([cells(p, p.found.named[n])[use] for n in names], axis=1))
        y.append((p.label != "")[use])
    return _logistic(np.concatenate(x), np.concatenate(y), WORDING_C)


def unseen(pairs: Sequence[Pair], names: Sequence[str]) -> tuple[list[np.ndarray], Logistic]:
    """Margins of every pair, each row that was read by the model that did not see it; the model of all."""
    groups = {g for p in trained(pairs) for g in p.group}
    last = train_binary(pairs, names)
    out = [last.margin(p.found.named, names) for p in pairs]
    for g in sorted(groups):
        model = train_binary(pairs, names, g)
        for p, margin in zip(pairs, out, strict=True):
            rows = p.rows[[i for i, h in enumerate(p.group) if h == g]]
            here = np.isin(p.found.cells.rows, rows)
            margin[here] = model.margin(p.found.named, names)[here]
    return out, last


def _logistic(x: np.ndarray, y: np.ndarray, c: float, weight: np.ndarray | None = None) -> Logistic:
    mean, scale = x.mean(axis=0), x.std(axis=0) + 1e-9
    model = LogisticRegression(C=c, max_iter=5000).fit((x - mean) / scale, y, sample_weight=weight)
    weights = model.coef_[0] / scale
    return Logistic(weights, float(model.intercept_[0] - weights @ mean))


def train_theme(pairs: Sequence[Pair], without: str = "") -> Logistic:
    """Conditional logit: among the upper sentences of a row, the served ones against the rest."""
    rows = []
    for p in trained(pairs):
        x = np.stack([cells(p, p.found.named[n]) for n in THEME], axis=2)
        for i, g in enumerate(p.group):
            want = np.where(p.label[i] == "specified", 1.0, np.where(p.label[i] == "unsure", UNSURE, 0.0))
            if g != without and want.sum():
                use = (p.label[i] != "verbatim") & (p.label[i] != "adapted")
                rows.append(
                    (x[i][use], want[use] / want.sum(), min(1, want.sum()) * (1 if p.gold else FURTHER))
                )
    every = np.concatenate([r[0] for r in rows])
    mean, scale = every.mean(axis=0), every.std(axis=0) + 1e-9
    rows = [((a - mean) / scale, b, c) for a, b, c in rows]

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        value, slope = 0.5 * THEME_RIDGE * float(w @ w), THEME_RIDGE * w
        for z, want, weight in rows:
            s = z @ w
            s -= s.max()
            log_sum = np.log(np.exp(s).sum())
            value -= weight * float(want @ (s - log_sum))
            slope = slope + weight * (z.T @ (np.exp(s - log_sum) - want))
        return value, slope

    w = minimize(loss, np.zeros(len(THEME)), jac=True, method="L-BFGS-B").x / scale
    return Logistic(w, float(-w @ mean))


def judged(p: Pair, models: Models) -> tuple[np.ndarray, np.ndarray]:
    probability, at, some = serving(
        models, p.found, p.words, ~(p.lower.acts | p.lower.headings), barred_uppers(p.upper)
    )
    features = np.zeros((len(probability), len(SERVES)), dtype=np.float32)
    features[at] = some
    return probability, features


def train_serves(pairs: Sequence[Pair], models: Models, without: str = "") -> Logistic:
    x, y, weight = [], [], []
    for p in trained(pairs):
        probability, features = judged(p, models)
        use = (cells(p, probability) > 0) & (p.label != "verbatim") & (p.label != "adapted")
        use &= np.array([g != without for g in p.group])[:, None]
        label = p.label[use]
        x.append(cells(p, features)[use])
        y.append(label != "")
        weight.append(np.where(label == "unsure", UNSURE, 1.0))
    return _logistic(np.concatenate(x), np.concatenate(y), SERVES_C, np.concatenate(weight))


def as_json(model: Logistic, names: Sequence[str]) -> dict[str, Any]:
    weights = {n: round(float(w), 5) for n, w in zip(names, model.weights, strict=True)}
    return {"weights": weights, "bias": round(model.bias, 5)}


def score(
    pairs: Sequence[Pair], words: list[np.ndarray], serves: list[np.ndarray], word_at: float, serve_at: float,
    which: str = "gold",
) -> str:  # fmt: skip
    """Figures as ``score.py`` reckons them: on the gold's articles, the further ones of its document, the
    made-up documents or a pair of policies by its name."""
    n: Counter[str] = Counter()
    for p, w, s in zip(pairs, words, serves, strict=True):
        if {"gold": p.gold, "further": p.gold, "made-up": p.made}.get(which, p.policy == which):
            label, word, serve = {}, {}, {}
            for at in np.ndindex(p.names.shape):
                if which in ("gold", "further") and p.annotated[at[0]] != (which == "gold"):
                    continue
                name = p.names[at]
                label[name] = label.get(name) or p.label[at]
                word[name] = word.get(name, False) or w[at] >= word_at
                serve[name] = serve.get(name, False) or s[at] >= serve_at
            for name, relation in label.items():
                hard, got = relation in ("verbatim", "adapted"), word[name] or serve[name]
                n["hard"] += hard
                n["spec"] += relation == "specified"
                n["word right"] += word[name] and hard
                n["word wrong"] += word[name] and not relation
                n["all"] += got and relation != "unsure"
                n["all right"] += got and relation not in ("", "unsure")
                n["spec right"] += got and relation == "specified"
    f = lambda right, gold, got: 2 * right / max(1, gold + got)  # noqa: E731
    return (
        f"wording F1 {f(n['word right'], n['hard'], n['word right'] + n['word wrong']):.3f}  "
        f"all F1 {f(n['all right'], n['hard'] + n['spec'], n['all']):.3f}  "
        f"specified recall {n['spec right'] / max(1, n['spec']):.3f}  ({n['hard']} + {n['spec']} links)"
    )


def main() -> int:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("shared", type=Path)
    ap.add_argument("--out", type=Path, default=Path("src/luoshi/align/weights/links.json"))
    ap.add_argument(
        "--link", type=float, nargs=2, default=(0.5, 0.26), help="thresholds of wording and serves"
    )
    a = ap.parse_args()
    pairs = load(a.shared)
    groups = sorted({g for p in pairs for g in p.group})
    none = Logistic(np.zeros(len(SERVES)), 0.0)
    # two steps, as in use; the later models see probabilities of unseen sentences, as in use
    alone, wording = unseen(pairs, WORDING)
    for p, margin in zip(pairs, alone, strict=True):
        p.found.named["alone"] = margin
        surroundings(p.lower, sigmoid(margin), p.found)
    margins, settled = unseen(pairs, SETTLED)
    for p, margin in zip(pairs, margins, strict=True):
        p.words = sigmoid(margin)
        surroundings(p.lower, p.words, p.found)
        passages_answered(p.lower, p.upper, answered(p.upper, p.words, p.found), p.found)

    def models(without: str = "") -> Models:
        first = Models(wording, settled, train_theme(pairs, without), none, a.link[0], a.link[0], 0, 0, 0)
        last = train_serves(pairs, first, without)
        return Models(wording, settled, first.theme, last, a.link[0], a.link[0], 0, 0, 0)

    serves = [np.zeros_like(cells(p, p.words)) for p in pairs]
    for g in groups:
        model = models(g)
        for p, out in zip(pairs, serves, strict=True):
            here = [i for i, h in enumerate(p.group) if h == g]
            out[here] = cells(p, judged(p, model)[0])[here]
    words = [cells(p, p.words) for p in pairs]
    print("cross-validated by article:")
    for at in (0.4, 0.45, 0.5, 0.55):
        for serve_at in (0.2, 0.25, 0.26, 0.3, 0.4):
            for which in ("gold", "further", "made-up", *(p.policy for p in pairs if p.policy)):
                told = score(pairs, words, serves, at, serve_at, which)
                print(f"  {at:.2f} {serve_at:.2f} {which:8} {told}")

    last = models()
    a.out.write_text(
        json.dumps(
            {
                "wording": as_json(wording, WORDING),
                "settled": as_json(settled, SETTLED),
                "theme": as_json(last.theme, THEME),
                "serves": as_json(last.serves, SERVES),
                "thresholds": {
                    "wording_sure": 0.5, "wording_link": a.link[0], "wording_candidate": 0.15,
                    "serves_link": a.link[1], "serves_candidate": 0.1,
                },
            },
            indent=1,
        ) + "\n",
        encoding="utf-8",
    )  # fmt: skip
    print(f"written to {a.out}; {PLACES} upper sentences judged for each lower one")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
