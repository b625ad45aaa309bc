"""An archive of an earlier version of the program, brought to this one's: in a scratch database of its own.

The scratch database is migrated to where the archive stands, filled with its rows, migrated on as any
installation would be, and written as an archive again, which then is restored as usual.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from luoshi.errors import LuoshiError
from luoshi_web.operations.archive import Reader


@contextmanager
def upgraded(archive: Reader, folder: Path) -> Iterator[Reader]:
    """The archive's rows as this version has them; the archive itself where it is of this version.

    :param folder: where there is room for a scratch database.
    :raises BadArchive: when it was made by a newer program.
    """
    from luoshi_web.operations.restore import compared

    if compared(archive):
        yield archive
        return
    with tempfile.TemporaryDirectory(prefix="restore-", dir=folder) as scratch:
        out = Path(scratch, "upgraded.luoshi")
        env = {**os.environ, "LUOSHI_DATA": scratch, "DATABASE_URL": f"sqlite:///{scratch}/scratch.sqlite3"}
        Path(scratch, "secret.key").write_text("of a scratch database, never served")
        command = [sys.executable, "-m", "luoshi_web.operations.upgrade", str(archive.path), str(out)]
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
        if done.returncode:
            raise LuoshiError(
                f"{archive.path} is of an earlier version and could not be brought to this one: "
                f"{done.stderr.strip().splitlines()[-1][:300] if done.stderr.strip() else done.returncode}",
                hint="Nothing was restored. Restore it with the version that made it, then update.",
            )
        with Reader(out) as rows:
            rows.manifest["made"] = archive.manifest["made"]
            rows.manifest["head"] = archive.manifest["head"]
            yield rows


def main(source: Path, out: Path) -> None:
    """Does it, in the process whose settings name the scratch database."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "luoshi_web.settings"
    import django

    django.setup()
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from luoshi_web.audit.services import maintenance
    from luoshi_web.operations import backup, restore

    with Reader(source) as archive, maintenance("upgrade"):
        executor = MigrationExecutor(connection)
        nodes = [(str(a), str(n)) for a, n in archive.manifest["migrations"]]
        if strange := [n for n in nodes if n not in executor.loader.graph.nodes]:
            raise SystemExit(f"the migration {' '.join(strange[0])} is unknown here")
        inner = {p.key for n in nodes for p in executor.loader.graph.node_map[n].parents if p.key[0] == n[0]}
        executor.migrate([n for n in nodes if n not in inner])  # the last ones of each app: no way back
        restore.fill(archive)
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
        backup.write(out, rows_only=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
