"""The command `luoshi`: one file per verb."""

import os

# Our matrices are small: more threads than one only wait for each other. Must be said before numpy is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from luoshi.cli.app import main

__all__ = ["main"]
