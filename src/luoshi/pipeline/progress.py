"""How a long run says where it is; the command draws it, a program may ignore it."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Told of each stage and of each step done in it."""

    def stage(self, name: str, total: int) -> None:
        """A stage of ``total`` steps begins."""

    def step(self) -> None:
        """One step of the current stage is done."""


class Silent:
    """Says nothing."""

    def stage(self, name: str, total: int) -> None:
        """Nothing."""

    def step(self) -> None:
        """Nothing."""
