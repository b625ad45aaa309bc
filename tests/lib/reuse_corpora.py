"""Corpora on which every engine must give the same rows, and the local engine's answer."""

from __future__ import annotations

import dataclasses
import random
from pathlib import Path
from typing import Any

import numpy as np

from luoshi.engines.reuse_local import LocalReuse
from luoshi.engines.reuse_stock import stock_of
from luoshi.reuse.corpus import About, Corpus, corpus, symbols
from luoshi.reuse.finish import Passages, finish
from luoshi.reuse.settings import Settings

DOCUMENTS = 60


def made(number: int = DOCUMENTS, seed: int = 3) -> tuple[list[About], list[str]]:
    """Documents of made-up words that copy from each other, with edits, stock phrases and a long one."""
    draw = random.Random(seed)
    words = [
        "".join(
            chr(0x4E00 + int(draw.paretovariate(0.6) * 7) % 3000) for _ in range(draw.choice([1, 2, 2, 3]))
        )
        for _ in range(3000)
    ]

    def sentence() -> str:
        body = "".join(words[int(len(words) * draw.random() ** 2)] for _ in range(draw.randint(4, 14)))
        return body + draw.choice("。，；。\n")

    texts = ["".join(sentence() for _ in range(draw.randint(3, 120))) for _ in range(number)]
    texts[0] += "".join(sentence() for _ in range(1500))
    stock = [sentence() + sentence() for _ in range(4)]
    for _ in range(number):
        a, b = draw.randrange(number), draw.randrange(number)
        begin = draw.randrange(max(1, len(texts[a]) - 200))
        piece = list(texts[a][begin : begin + draw.randint(20, 200)])
        for _ in range(int(len(piece) * draw.choice([0, 0.05, 0.15]))):
            piece[draw.randrange(len(piece))] = draw.choice(words)[0]
        at = draw.randrange(len(texts[b]))
        texts[b] = texts[b][:at] + "".join(piece) + texts[b][at:]
        if draw.random() < 0.7:
            texts[b] += "。“" + draw.choice(stock)
    texts += ["", "ok.", "The quick brown fox jumps over one very lazy dog today. " * 3]
    texts.append(texts[-1] + "And then it sleeps.")
    texts += ["（" + sentence() * 3 + "）"] * 20 + [""] * 40
    texts += [f"{'“' * (k % 3)}{texts[1]}{'”' * (k % 2)}" for k in range(40)]
    return described(texts, draw), texts


def described(texts: list[str], draw: random.Random) -> list[About]:
    """Dates, levels and series for some of the texts."""
    return [
        About(
            f"d{k}", f"20{draw.randint(10, 20)}-0{draw.randint(1, 9)}" if draw.random() < 0.8 else None,
            draw.choice([None, "central", "province", "city"]), draw.choice([None] * 6 + ["s", "t"]), len(t),
        )
        for k, t in enumerate(texts)
    ]  # fmt: skip


def english(number: int = 40, seed: int = 5) -> tuple[list[About], list[str]]:
    """Documents in English that quote each other."""
    draw = random.Random(seed)
    words = ["".join(draw.choices("abcdefghilmnoprstu", k=draw.randint(2, 9))) for _ in range(900)]
    texts = [
        " ".join(
            " ".join(words[int(900 * draw.random() ** 2)] for _ in range(draw.randint(6, 20))) + "."
            for _ in range(draw.randint(5, 40))
        )
        for _ in range(number)
    ]
    for _ in range(2 * number):
        a, b = draw.randrange(number), draw.randrange(number)
        quoted = texts[a].split(" ")
        at = draw.randrange(len(quoted))
        texts[b] += " “" + " ".join(quoted[at : at + draw.randint(8, 40)]) + "” "
    return described(texts, draw), texts


def equal(number: int = 90) -> tuple[list[About], list[str]]:
    """Documents that all say the same, more often than a seed may stand."""
    draw = random.Random(7)
    text = "各乡镇修好水渠，种好果园，秋后报一次进度。" * 6 + "村里建一座粮仓，冬天前完工。"
    texts = [text + "\n" * (k % 3) for k in range(number)]
    return described(texts, draw), texts


def repeated(times: int = 3000) -> tuple[list[About], list[str]]:
    """One sentence over and over, and documents that hold it once."""
    draw = random.Random(8)
    sentence = "每户清扫门前小路，雨天疏通沟渠，晚上关好院门。"
    texts = [sentence * times, sentence * 40]
    texts += [f"第{k}村的告示：{sentence}另有一句只属于第{k}村的话。" for k in range(60)]
    return described(texts, draw), texts


def locally(about: list[About], texts: list[str], settings: Settings) -> tuple[Corpus, Passages]:
    """What the local engine finds with one thread."""
    columns = symbols(texts)
    whole = corpus(about, columns, same_series=settings.same_series, copies=settings.df_cap)
    found = LocalReuse(settings.for_size(len(columns.sym)), 1).passages(whole)
    return whole, finish(whole, found.astype(np.int64), stock_of(columns))


def rows(passages: Passages) -> list[tuple[Any, ...]]:
    """Passages as tuples."""
    columns = [getattr(passages, f.name).tolist() for f in dataclasses.fields(Passages)]
    return list(zip(*columns, strict=True))


class Stopped(Exception):
    """An interruption."""


def same_tables(local: Path, job: Path) -> None:
    """The tables of a job hold the rows and the types of those that the local engine wrote."""
    import pyarrow.parquet as pq

    for name in ("passages", "clusters", "documents"):
        expected, found = pq.read_table(local / f"{name}.parquet"), pq.read_table(job / name)
        assert found.to_pylist() == expected.to_pylist(), name
        assert {f.name: f.type for f in found.schema} == {f.name: f.type for f in expected.schema}
