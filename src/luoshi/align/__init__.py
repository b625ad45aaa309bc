"""Lineage: which sentences of an upper document a lower document carries on."""

from luoshi.align.background import Background, load_background
from luoshi.align.core import Alignment, align
from luoshi.align.features import Features
from luoshi.align.pairing import Pair, pairs, told
from luoshi.align.sources import rank, sources

__all__ = [
    "Alignment",
    "Background",
    "Features",
    "Pair",
    "align",
    "load_background",
    "pairs",
    "rank",
    "sources",
    "told",
]
