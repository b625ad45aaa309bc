#!/usr/bin/env python3
"""Runs a command with a PostgreSQL server of its own, named in LUOSHI_TEST_DATABASE_URL.

    python scripts/with_postgres.py python -m pytest tests/web

The server is a temporary one (``tests/lib/postgres.py``). Where PostgreSQL is missing: a word, and exit 0.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "lib"))
import postgres


def main() -> int:
    try:
        with postgres.server() as url:
            env = {**os.environ, "LUOSHI_TEST_DATABASE_URL": url, "LUOSHI_TEST_POSTGRES": url}
            return subprocess.run(sys.argv[1:], env=env, check=False).returncode
    except postgres.Missing as error:
        print(f"Not run: {error}.", file=sys.stderr)
        return 0


if __name__ == "__main__":
    sys.exit(main())
