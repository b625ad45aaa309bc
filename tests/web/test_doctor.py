"""The doctor in front of one broken thing after the other: it names it, and says what to do."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from web_world import TEXT, World

from luoshi_web.audit import chain, triggers
from luoshi_web.audit.models import AuditEvent
from luoshi_web.audit.services import maintenance
from luoshi_web.library import jobs
from luoshi_web.library.models import File, Job, Version
from luoshi_web.library.services import receive
from luoshi_web.operations import doctor
from luoshi_web.operations.doctor import FAULT, OK, WARNING, Finding
from luoshi_web.search.models import Entry


def sql(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def one(check: Callable[[], Iterator[Finding]], about: str = "") -> Finding:
    """The worst of what a check found."""
    found = [f for f in check() if not about or f.about == about]
    return max(found, key=lambda f: (OK, WARNING, FAULT).index(f.state))


@pytest.fixture
def loose(world: World) -> Iterator[None]:
    """Somebody with the database's own tools, who puts the triggers back afterwards."""
    sql(*triggers.DROP[connection.vendor])
    with maintenance("somebody with the database's own tools"):
        yield


@pytest.fixture
def heads(world: World) -> Path:
    """The exported heads, with the chain's."""
    path: Path = settings.LUOSHI.heads
    chain.export_head(path)
    return path


def test_a_sound_chain_with_its_heads(world: World, heads: Path) -> None:
    assert {f.state for f in doctor.audit_chain()} == {OK}
    assert one(doctor.audit_triggers).state == OK and one(doctor.clock).state == OK


@pytest.mark.usefixtures("loose")
def test_a_changed_row(heads: Path) -> None:
    AuditEvent.objects.filter(pk=4).update(actor="somebody-else")
    found = one(doctor.audit_chain)
    assert (found.state, found.what) == (FAULT, "row 4: was changed") and "audit verify" in found.todo


@pytest.mark.usefixtures("loose")
def test_a_cut_tail(heads: Path) -> None:
    AuditEvent.objects.filter(pk__gt=chain.head().id - 2).delete()
    assert "a head was exported for" in one(doctor.audit_chain).what


@pytest.mark.usefixtures("loose")
@pytest.mark.parametrize("number", [0, -7])
def test_a_row_before_the_first(heads: Path, number: int) -> None:
    row = next(iter(AuditEvent.objects.filter(pk=1).values())) | {"id": number}
    AuditEvent.objects.create(**row)
    assert one(doctor.audit_chain).what == f"row {number}: was added before the first row"


@pytest.mark.skipif("DATABASE_URL" in os.environ, reason="only SQLite keeps anything in any column")
@pytest.mark.usefixtures("loose")
def test_what_no_column_should_hold(heads: Path) -> None:
    sql("UPDATE audit_auditevent SET reason = x'00ff' WHERE id = 3")
    assert one(doctor.audit_chain).what == "row 3: was changed"
    sql("UPDATE audit_auditevent SET id = 'zz' WHERE id = 5")
    told = chain.verify()
    assert not told.sound and "no number" in told.faults[-1].what


def test_missing_heads(world: World, heads: Path) -> None:
    heads.unlink()
    found = one(doctor.audit_chain)
    assert found.state == WARNING and "cut tail" in found.what and "luoshi audit head" in found.todo


def test_old_heads(world: World, heads: Path) -> None:
    heads.write_text(f"1\t{AuditEvent.objects.get(pk=1).hash}\t2026-01-01\n")
    os.utime(heads, (time.time() - 9 * 86400,) * 2)
    assert "9 days ago" in one(doctor.audit_chain).what


def test_a_trigger_that_does_nothing(world: World) -> None:
    if connection.vendor == "postgresql":
        sql(
            "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql"
            " AS $$ BEGIN RETURN OLD; END $$"
        )
    else:
        sql(
            "DROP TRIGGER audit_no_update",
            "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit_auditevent BEGIN SELECT 1; END",
        )
    assert one(doctor.audit_triggers).state == FAULT


def test_a_clock_that_was_set_back(world: World) -> None:
    row = dict.fromkeys(chain.FIELDS[1:-1], "") | {"at": "2999-01-01T00:00:00.000000+00:00"}
    with maintenance("test"):
        chain.append([row])
    found = one(doctor.clock)
    assert found.state == FAULT and "2999" in found.what and found.todo == "Set the clock."


def test_a_dead_worker(world: World) -> None:
    alive: Path = settings.LUOSHI.data / doctor.ALIVE
    alive.touch()
    os.utime(alive, (time.time() - 3600,) * 2)
    with maintenance("test"):
        Job.objects.filter(pk=world.batch.jobs.all()[0].pk).update(state="waiting")
    found = one(doctor.worker)
    assert found.state == FAULT and "60 minutes" in found.what and "luoshi serve" in found.todo
    alive.unlink()


def test_an_index_that_is_behind(world: World) -> None:
    assert one(doctor.search_index).state == OK
    Entry.objects.all().delete()
    found = one(doctor.search_index)
    assert found.state == WARNING and "--mend" in found.todo


def test_a_folder_that_others_may_look_into(world: World) -> None:
    data: Path = settings.LUOSHI.data
    before = data.stat().st_mode
    data.chmod(0o755)
    found = one(doctor.data_folder, "data folder")
    data.chmod(before)
    assert found.state == WARNING and "chmod 700" in found.todo


def test_a_full_disk(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    import shutil
    from collections import namedtuple

    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _p: usage(1 << 40, 1 << 40, 1 << 20))
    assert one(doctor.disk).state == FAULT


# --- what the same file, sent again, mends ------------------------------------------------------------------


def again(world: World) -> Any:
    """The city uploads its file once more; what came of it."""
    batch = receive(
        by=world.accounts["drafter-city"], owner=world.units["city"], audience="below", max_bytes=1 << 20,
        files=[SimpleUploadedFile("水利.txt", TEXT.encode())],
    )  # fmt: skip
    job = batch.jobs.get(kind="read")
    jobs.run(job.pk)
    job.refresh_from_db()
    return job


def test_a_missing_and_a_changed_original(world: World) -> None:
    path = File.objects.get().path
    content = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(bytes(len(content)))
    assert one(lambda: doctor.originals(deep=False)).state == OK
    assert "altered" in one(lambda: doctor.originals(deep=True)).what
    again(world)
    assert one(lambda: doctor.originals(deep=True)).state == OK
    path.unlink()
    found = one(lambda: doctor.originals(deep=False))
    assert "missing" in found.what and "Upload the same file again" in found.todo
    client = world.client("viewer-city")
    answer = client.get(f"/library/files/{world.document.current.file_id}/")
    assert answer.status_code == 422 and "从备份中恢复" in answer.content.decode()
    again(world)
    assert path.read_bytes() == content


def test_a_structure_that_is_gone(world: World) -> None:
    path = Version.objects.get(pk=world.document.current_id).reading_path
    content = path.read_bytes()
    assert again(world).result == {"duplicate": True}
    path.unlink()
    found = one(doctor.readings)
    assert found.state == WARNING and world.document.title in found.what and "Upload the same" in found.todo
    job = again(world)
    assert job.state == "done" and path.read_bytes() == content and one(doctor.readings).state == OK
    assert Version.objects.count() == 1
