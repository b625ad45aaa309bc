"""Many processes that read and then write the same rows: none fails, none is lost, the chain stays sound."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

CODE = """
import sys, time
from luoshi_web.commands import common
from pathlib import Path
common.start(Path(sys.argv[1]))
from luoshi_web.audit.services import SYSTEM, service, change
from luoshi_web.organisation.models import Unit

@service("test.count")
def count(*, by):
    unit = Unit.objects.select_for_update().get(depth=1)
    change(unit, duties=str(int(unit.duties or 0) + 1))

for _ in range(int(sys.argv[2])):
    count(by=SYSTEM)
"""


def run(folder: Path, writers: int, times: int) -> None:
    env = {**os.environ, "LUOSHI_DATA": str(folder)}
    env.pop("DJANGO_SETTINGS_MODULE", None)
    env.pop("DATABASE_URL", None)
    luoshi = [sys.executable, "-m", "luoshi"]
    subprocess.run([*luoshi, "init", "--data", folder], env=env, check=True, capture_output=True)
    some = [
        subprocess.Popen([sys.executable, "-c", CODE, folder, str(times)], env=env, stderr=subprocess.PIPE)
        for _ in range(writers)
    ]
    for p in some:
        _, told = p.communicate(timeout=550)
        assert p.returncode == 0, told.decode()[-2000:]
    told = sqlite3.connect(folder / "luoshi.sqlite3")
    (count,) = told.execute("SELECT duties FROM organisation_unit WHERE depth = 1").fetchone()
    told.close()
    assert int(count) == writers * times
    done = subprocess.run(
        [*luoshi, "audit", "verify", "--data", folder], env=env, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_a_few_writers(tmp_path: Path) -> None:
    run(tmp_path, 3, 20)


@pytest.mark.slow
def test_sixteen_writers_of_three_hundred_transactions(tmp_path: Path) -> None:
    run(tmp_path, 16, 300)
