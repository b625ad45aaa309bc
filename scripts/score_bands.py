"""The score of a candidate against the gold actions: how many of each band a careful official would list.

``python scripts/score_bands.py --shared ../shared`` prints the table of docs/reference/web.md, "Score".
A candidate counts as true where it overlaps a gold action by half (the scorer's own measure).
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

from luoshi.pipeline import stages
from luoshi.pipeline.discover import Found

BANDS = ((0.0, 0.5), (0.5, 0.6), (0.6, 0.7), (0.7, 0.8), (0.8, 1.01))


def measured(shared: Path) -> dict[tuple[float, float], list[bool]]:
    """By band, for each candidate in an annotated sentence whether it is true."""
    from luoshi_web.library.models import Candidate, Sentence
    from luoshi_web.register import scoring

    tool = _tool(shared / "tools" / "score.py")
    with (shared / "gold" / "actions.jsonl").open(encoding="utf-8") as f:
        gold = {g["sid"]: g for g in map(json.loads, f)}
    path = next((shared / "corpus" / "seeds").glob(f"{next(iter(gold))[:3]}_*"))
    source, data = tool.Source(path), path.read_bytes()
    spans = {
        sid: [source.find(x["quote"], source.sentences[int(sid[4:])][0]) for x in g["actions"]]
        for sid, g in gold.items()
    }
    found = Found(path, path.name, len(data), hashlib.sha256(data).hexdigest())
    out: dict[tuple[float, float], list[bool]] = defaultdict(list)
    for document in stages.settle(stages.read_file(found, max_bytes=1 << 28, allow_secrecy="").documents):
        extraction = stages.extract_document(document)
        kinds = {s.id: s.kind for s in extraction.sentences}
        for c in extraction.commitments:
            if c.evidence.source_span is None:
                continue
            place = tuple(source.raw_to_bare[x] for x in c.evidence.source_span)
            here = [s for s in source.sentences_of(place) if s in gold]
            if not here:
                continue
            row = Candidate(
                type=c.type, quote=c.evidence.quote, verb=c.verb, object=c.object, units=list(c.units),
                targets=list(c.targets), strength=c.strength, deadline_id=1 if c.deadline else None,
                sentence=Sentence(kind=kinds.get(c.sentence or "", "")),
            )  # fmt: skip
            score = scoring.score(row)
            best = max((tool.iou(g, place) for s in here for g in spans[s] if g), default=0.0)
            out[next(b for b in BANDS if b[0] <= score < b[1])].append(best >= 0.5)
    return out


def _tool(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location("score", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    shared = parser.parse_args().shared
    if not (shared / "gold" / "actions.jsonl").exists():
        sys.exit(f"{shared} holds no gold actions.")
    with tempfile.TemporaryDirectory() as folder:
        from luoshi_web.commands import common

        common.start(Path(folder), must_exist=False)
        found = measured(shared)
    print("| score | candidates | true | share |\n|---|---|---|---|")
    for low, high in BANDS:
        some = found.get((low, high), [])
        if some:
            print(f"| {low}–{min(high, 1):g} | {len(some)} | {sum(some)} | {sum(some) / len(some):.3f} |")


if __name__ == "__main__":
    main()
