"""How common words and phrases are in the language of official documents, and what they mean."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class Background:
    """Rarity and meaning learnt from a corpus of official documents."""


@cache
def load_background() -> Background:
    """The background that comes with the package, loaded once."""
    return Background()
