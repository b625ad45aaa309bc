"""Made-up corpora in which documents repeat each other."""

from __future__ import annotations

import random
from typing import Any


def words(seed: int = 1, number: int = 1500) -> list[str]:
    """Made-up words of one to three Han characters."""
    draw = random.Random(seed)
    return [
        "".join(chr(0x4E00 + draw.randrange(3000)) for _ in range(draw.choice([1, 2, 2, 3])))
        for _ in range(number)
    ]


def sentence(draw: random.Random, vocabulary: list[str]) -> str:
    """A sentence of some clauses."""
    clauses = ["".join(draw.choices(vocabulary, k=draw.randint(3, 8))) for _ in range(draw.randint(1, 4))]
    return "，".join(clauses) + "。"


def edited(text: str, draw: random.Random, vocabulary: list[str], share: float) -> str:
    """The text with words replaced, left out and put in."""
    out = text
    for _ in range(int(len(text) * share / 2)):
        k = draw.randrange(max(1, len(out)))
        out = out[:k] + draw.choice([draw.choice(vocabulary), ""]) + out[k + draw.randint(0, 3) :]
    return out


def rows(seed: int = 1, number: int = 40, copies: int = 40) -> list[dict[str, Any]]:
    """Rows with id, text, date, level; ``copies`` changed passages."""
    draw = random.Random(seed)
    vocabulary = words(seed)
    texts = ["".join(sentence(draw, vocabulary) for _ in range(draw.randint(4, 40))) for _ in range(number)]
    for _ in range(copies):
        a, b = draw.sample(range(number), 2)
        begin = draw.randrange(max(1, len(texts[a]) - 60))
        part = edited(
            texts[a][begin : begin + draw.randint(40, 200)], draw, vocabulary, draw.choice([0, 0.05, 0.2])
        )
        at = draw.randrange(len(texts[b]))
        texts[b] = texts[b][:at] + part + texts[b][at:]
    return [
        {
            "id": f"d{n:03d}", "text": t,
            "date": f"20{draw.randint(10, 24)}-0{draw.randint(1, 9)}-1{draw.randint(0, 9)}",
            "level": draw.choice(["central", "province", "city", None]),
        }
        for n, t in enumerate(texts)
    ]  # fmt: skip
