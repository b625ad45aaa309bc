"""What a search for text reuse may be told."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from luoshi.errors import UsageError

STAR = 50
"""Evidence of a seed that is too common to be paired with all its equals and only points to its first."""
SMALL, LARGE = 4_000_000, 100_000_000
"""Symbols up to which shorter seeds are affordable, and from which on longer ones lose next to nothing."""

RANGES = {"n": (4, 30), "least": (4, 10_000), "df_cap": (2, 250), "enough": (1, 255)}
OPTIONS = {"n": "-n", "least": "--min", "df_cap": "--df-cap"}
"""What the settings are called on the command line."""


def _check(name: str, value: int) -> None:
    low, high = RANGES[name]
    if not low <= value <= high:
        raise UsageError(
            f"{OPTIONS.get(name, name)} must lie between {low} and {high}, not {value}.",
            hint="See: luoshi reuse --help",
        )


@dataclass(frozen=True, slots=True)
class Settings:
    """How long a seed is, which are too common, and what counts as a passage.

    :param n: characters of a seed (an n-gram): Han characters or their like, a word of a script that writes
        words counts as one and a half; 0 is 6 in a corpus of up to :data:`SMALL` symbols, 7 in larger ones,
        8 in those of more than :data:`LARGE`.
    :param least: smallest passage, in the same measure.
    :param df_cap: a seed that stands more often than this in the corpus is paired only with its earliest
        place, and only where its sentence holds hardly a rarer one; 2 to 250.
    :param enough: evidence that a place must gather in its neighbourhood to be looked at: a seed of two
        places gives 56, of four 48, of sixteen 32.
    :param same_series: also compare documents of one ``series``.
    """

    n: int = 0
    least: int = 16
    df_cap: int = 32
    enough: int = 120
    same_series: bool = False

    def __post_init__(self) -> None:
        for name in RANGES:
            value = getattr(self, name)
            if name != "n" or value != 0:
                _check(name, value)

    def for_size(self, symbols: int) -> Settings:
        """The same with ``n`` settled for a corpus of so many symbols."""
        return self if self.n else replace(self, n=6 + (symbols > SMALL) + (symbols > LARGE))

    @property
    def seed_weight(self) -> int:
        """Weight of a seed in symbols: two a character, three a word."""
        return 2 * (self.n or 7)

    @property
    def least_weight(self) -> int:
        """Weight of the smallest passage."""
        return 2 * self.least

    def evidence(self) -> NDArray[np.uint8]:
        """``uint8[256]``: what a seed is worth that stands so often in the corpus."""
        times = np.arange(256)
        with np.errstate(divide="ignore"):
            worth = np.maximum(1, (8 * (8 - np.log2(times))).clip(0, 255).astype(int))
        worth[times > self.df_cap] = STAR
        worth[:2] = 0
        out: NDArray[np.uint8] = worth.astype(np.uint8)
        return out

    @staticmethod
    def rarity() -> NDArray[np.uint8]:
        """``uint8[256]``: 255 for a seed of two places, 0 for one of 255 or more."""
        times = np.maximum(np.arange(256), 2)
        out: NDArray[np.uint8] = ((8 - np.log2(times)).clip(0, 7) / 7 * 255).round().astype(np.uint8)
        return out

    def as_dict(self) -> dict[str, Any]:
        """For a manifest."""
        return asdict(self)


PRESETS = {
    "thorough": Settings(),
    "fast": Settings(n=8, df_cap=16, enough=150, least=20),
}


def preset(name: str, **changes: Any) -> Settings:
    """The settings of that name, with those changes that are not ``None``.

    :raises UsageError: when there is no such preset, or a value does not fit.
    """
    if name not in PRESETS:
        raise UsageError(f"There is no preset {name}.", hint="Presets: " + ", ".join(PRESETS))
    if changes.get("n") is not None:
        _check("n", changes["n"])
    return replace(PRESETS[name], **{k: v for k, v in changes.items() if v is not None})
