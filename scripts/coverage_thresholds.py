"""How much the thresholds of coverage matter: gold rows, leave one out, documents on other subjects.

    python scripts/coverage_thresholds.py ../shared

Prints, for a range of the threshold from which a requirement counts as carried, macro F1 and F1 of what is
not wholly carried on the visible gold with 90 % bootstrap intervals; the same with the threshold chosen
without the row that is judged; and how often a requirement counts as carried by a document on another
subject (chance).
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path

from luoshi import align, cover, read, structure
from luoshi.cover import core
from luoshi.model import CoverageRow, Document, LinkRow

CLASSES = ("carried", "partly", "absent")
UNRELATED = ("商业航天", "直连卫星")
"""Words in the names of policies that no meeting or speech among the seeds speaks of."""


def documents(folder: Path, keep: Callable[[str], bool] = lambda name: True) -> list[Document]:
    found: list[Document] = []
    for path in sorted(p for p in folder.iterdir() if p.is_file() and keep(p.name)):
        for reading in read.read(path, name=path.name):
            found += structure.structure(reading)
    return list(structure.settle(found))


def f1(gold: Sequence[bool], said: Sequence[bool]) -> float:
    both = sum(a and b for a, b in zip(gold, said, strict=True))
    return 2 * both / (sum(gold) + sum(said)) if both else 0.0


def macro(gold: Sequence[str], said: Sequence[str]) -> float:
    present = [c for c in CLASSES if c in gold]
    return sum(f1([g == c for g in gold], [s == c for s in said]) for c in present) / len(present)


def gaps(gold: Sequence[str], said: Sequence[str]) -> float:
    return f1([g != "carried" for g in gold], [s != "carried" for s in said])


def interval(
    gold: list[str], said: list[str], measure: Callable[[Sequence[str], Sequence[str]], float]
) -> str:
    random.seed(1)
    values = []
    for _ in range(400):
        at = [random.randrange(len(gold)) for _ in gold]
        values.append(measure([gold[i] for i in at], [said[i] for i in at]))
    values.sort()
    return f"{measure(gold, said):.2f} [{values[20]:.2f}, {values[380]:.2f}]"


def bare(text: str) -> str:
    return "".join(c for c in text if c not in "“”‘’\"'" and not c.isspace())


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("shared", type=Path)
    shared: Path = parser.parse_args().shared
    seeds = documents(shared / "corpus" / "seeds")
    rows = [
        json.loads(x) for x in (shared / "gold" / "coverage.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    rows = [r for r in rows if not r.get("unsure")]
    lower = next(d for d in seeds if bare(rows[0]["lower_title"]) in bare(d.row.title))
    wanted = {bare(r["requirement"]): str(r["status"]) for r in rows}
    upper = max(seeds, key=lambda d: (d.row.kind == "speech-report", sum(q in bare(d.text) for q in wanted)))
    background = align.load_background()
    (pair,) = [p for p in align.pairs([upper, lower]) if p.lower == lower.id]
    links = align.align(align.Features(lower), align.Features(upper), pair, background).links
    others = documents(shared / "corpus" / "policies", lambda name: any(w in name for w in UNRELATED))

    def judged(
        threshold: float, up: Document, low: Document, some: Sequence[LinkRow]
    ) -> tuple[CoverageRow, ...]:
        core.CARRIED = threshold
        return cover.cover(up, low, some, (), background)

    grid = [0.49, 0.52, 0.55, 0.58, 0.61, 0.64]
    said: dict[float, list[str]] = {}
    gold = list(wanted.values())
    print("threshold  macro F1            not wholly carried  chance")
    for t in grid:
        found = {bare(r.evidence.quote): r.status for r in judged(t, upper, lower, links)}
        said[t] = [_status(q, found) for q in wanted]
        alien = [
            r.status
            for d in seeds
            if d.row.kind in ("speech-report", "meeting")
            for o in others
            for r in judged(t, d, o, ())
        ]
        chance = alien.count("carried") / len(alien)
        print(
            f"{t:.2f}       {interval(gold, said[t], macro)}  {interval(gold, said[t], gaps)}  {chance:.3f}"
        )
    left_out = []
    for i in range(len(gold)):
        rest = [j for j in range(len(gold)) if j != i]
        best = max(
            grid, key=lambda t: (macro([gold[j] for j in rest], [said[t][j] for j in rest]), -abs(t - 0.565))
        )
        left_out.append(said[best][i])
    print(
        f"leave one out, {len(gold)} rows: macro F1 {macro(gold, left_out):.2f}, "
        f"not wholly carried {gaps(gold, left_out):.2f}"
    )


def _status(quote: str, found: dict[str, str]) -> str:
    """Status of the requirement that shares most of its text with a quote."""

    def overlap(other: str) -> float:
        inner, outer = sorted((quote, other), key=len)
        return len(inner) / len(outer) if inner in outer else 0.0

    best = max(found, key=overlap)
    return found[best] if overlap(best) >= 0.5 else "none"


if __name__ == "__main__":
    main()
