"""How common words and phrases are in the language of official documents, and what they mean.

Learnt by ``scripts/train_background.py`` from laws, work reports and policies; the weights hold words,
vectors and hashes, no sentences.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

GRAM = 6
"""Length of the character n-grams whose frequency tells stock phrases."""

Vectors = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Background:
    """Rarity and meaning learnt from a corpus of official documents.

    :param index: ordinal of each known word.
    :param idf: ``float32[words]``, natural logarithm of stretches of text over stretches with the word.
    :param vectors: ``float32[words, d]`` of length 1.
    :param grams: ``uint32[n]`` rising hashes of character n-grams that stand in several documents.
    :param frequency: ``uint8[n]``, 16 times the binary logarithm of in how many.
    :param documents: how many there were.
    :param rare: the idf of a word that the corpus lacks.
    """

    index: dict[str, int]
    idf: Vectors
    vectors: Vectors
    grams: NDArray[np.uint32]
    frequency: NDArray[np.uint8]
    documents: int
    rare: float

    def commonness(self, hashes: NDArray[np.uint32]) -> NDArray[np.float32]:
        """For each hash of :func:`hash_grams` the binary logarithm of how many documents have it (0: few)."""
        if not len(hashes) or not len(self.grams):
            return np.zeros(len(hashes), dtype=np.float32)
        at = np.minimum(np.searchsorted(self.grams, hashes), len(self.grams) - 1)
        found = self.grams[at] == hashes
        return np.where(found, self.frequency[at] / np.float32(16), np.float32(0)).astype(np.float32)


def hash_grams(key: str | NDArray[np.int32]) -> NDArray[np.uint32]:
    """32-bit hashes of all :data:`GRAM`-grams of a string or of an array of code points."""
    if isinstance(key, str):
        codes = np.frombuffer(key.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    else:
        codes = key.astype(np.uint64)
    n = len(codes) - GRAM + 1
    if n <= 0:
        return np.zeros(0, dtype=np.uint32)
    out = np.zeros(n, dtype=np.uint64)
    for i in range(GRAM):
        out = (out ^ codes[i : i + n]) * np.uint64(0x9E3779B97F4A7C15)
        out ^= out >> np.uint64(29)
    return (out >> np.uint64(32)).astype(np.uint32)


@cache
def load_phrases() -> tuple[NDArray[np.uint32], NDArray[np.uint8]]:
    """Only ``grams`` and ``frequency`` of the background: which phrases are stock."""
    path = files("luoshi.align").joinpath("weights", "background.npz")
    with path.open("rb") as f, np.load(f) as data:
        return data["grams"], data["frequency"]


@cache
def load_background() -> Background:
    """The background that comes with the package, loaded once."""
    path = files("luoshi.align").joinpath("weights", "background.npz")
    with path.open("rb") as f, np.load(f) as data:
        words = bytes(data["words"]).decode("utf-8").split("\n")
        vectors = data["vectors"].astype(np.float32)
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.float32(1e-9))
        return Background(
            index={w: i for i, w in enumerate(words)},
            idf=data["idf"].astype(np.float32),
            vectors=vectors,
            grams=data["grams"],
            frequency=data["frequency"],
            documents=int(data["documents"]),
            rare=float(np.log(1 + data["chunks"])),
        )
