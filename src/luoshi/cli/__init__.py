"""The command `luoshi`: one file per verb."""

import os
import sys

# Our matrices are small: more threads than one only wait for each other. Must be said before numpy is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def main() -> None:
    """Runs the command; what it needs is loaded here, so that Ctrl-C meanwhile is no traceback either."""
    try:
        from luoshi.cli.app import main as run
    except KeyboardInterrupt:
        from luoshi.text.messages import say

        print(say("Interrupted before anything was done."), file=sys.stderr)
        sys.exit(130)
    run()


__all__ = ["main"]
