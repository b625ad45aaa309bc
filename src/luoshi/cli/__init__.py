"""The command `luoshi`: one file per verb."""

from luoshi.cli.app import main

__all__ = ["main"]
