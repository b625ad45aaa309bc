"""Bad times, with real processes: no database, a full disk, a power cut, a killed worker; forged forms."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import postgres
import psycopg
import pytest
from django.test import Client
from django.urls import reverse
from served import Served, Visitor, accounts, serving, wait
from web_world import World

from luoshi_web.audit.models import AuditEvent

# --- forged and replayed ------------------------------------------------------------------------------------


def test_a_number_that_no_database_keeps_is_not_found(world: World) -> None:
    client = world.client("reviewer-city")
    for path in (
        "/library/documents/{}/",
        "/register/commitments/{}/",
        "/library/versions/{}/",
        "/organisation/units/{}/",
    ):
        assert client.get(path.format("9" * 40)).status_code == 404, path


def test_a_form_sent_twice_decides_once(world: World) -> None:
    client, candidate = world.client("reviewer-city"), world.candidates()[1]
    url = reverse("register:decide", args=[candidate.pk, "accept"])
    assert client.post(url, {"revision": "0"}).status_code < 400
    events = AuditEvent.objects.count()
    assert client.post(url, {"revision": "0"}).status_code == 409
    assert AuditEvent.objects.count() == events


def test_a_form_of_another_site_or_of_an_old_sign_in_is_refused(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(
        world.accounts["reviewer-city"], backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    client.get("/library/")
    answer = client.post(reverse("site:language"), {"language": "en", "csrfmiddlewaretoken": "x" * 32})
    assert answer.status_code == 403 and "页面已过期" in answer.content.decode()


def test_two_tabs_one_is_told(world: World) -> None:
    client, c = world.client("reviewer-city"), world.commitment
    form = {"text": "更新泵站四十二座", "type": "quantitative", "revision": c.revision}
    url = reverse("register:change", args=[c.pk])
    assert client.post(url, form).status_code < 400
    late = client.post(url, {**form, "text": "另一种说法"})
    assert late.status_code == 409 and "没有保存，也没有丢失" in late.content.decode()
    c.refresh_from_db()
    assert c.text == "更新泵站四十二座"


def test_an_ended_session_in_mid_edit_keeps_the_page_and_its_text(world: World) -> None:
    client, c = world.client("reviewer-city"), world.commitment
    page = client.get(reverse("register:commitment", args=[c.pk])).content.decode()
    assert "data-draft=" in page and "data-signed-out=" in page
    client.logout()
    url = reverse("register:change", args=[c.pk])
    answer = client.post(url, {"text": "新"}, headers={"HX-Request": "true"})
    assert answer.status_code == 401 and answer["HX-Trigger"] == "luoshi:signed-out"
    plain = client.post(url, {"text": "新"})
    assert plain.status_code == 302 and plain["Location"].startswith("/account/login/")


# --- the database gone --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def postgres_url() -> Iterator[str]:
    try:
        with postgres.server() as url:
            yield url
    except postgres.Missing as error:
        pytest.skip(str(error))


@contextlib.contextmanager
def gone(url: str, name: str) -> Iterator[None]:
    """Nobody gets into a database, and those in it are thrown out."""
    with psycopg.connect(url, autocommit=True) as c:
        c.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        c.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        try:
            yield
        finally:
            c.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')


@pytest.mark.parametrize(
    ("language", "words"), [("", "数据库暂时不可用"), ("en", "The database does not answer")]
)
def test_the_database_gone_for_a_minute(postgres_url: str, tmp_path: Path, language: str, words: str) -> None:
    name = f"gone{language}"
    with psycopg.connect(postgres_url, autocommit=True) as c:
        c.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    with serving(tmp_path / "data", DATABASE_URL=postgres.named(postgres_url, name)) as it:
        accounts(it, "reviewer", "system_admin")
        visitor = Visitor(it.url, language)
        assert visitor.sign_in("reviewer", "a-good-password").status == 302
        assert visitor.get("/library/").status == 200
        with gone(postgres_url, name):
            for path in ("/library/", "/account/login/", "/organisation/units/"):
                answer = visitor.get(path)
                assert answer.status == 503, (path, answer.text[:500])
                assert words in answer.text and "Traceback" not in answer.text
            posted = visitor.post("/account/login/", {"login": "reviewer", "password": "x"})
            assert posted.status == 503
            part = visitor.get("/library/", **{"HX-Request": "true"})
            assert part.status == 503 and "luoshi:message" in part.headers["HX-Trigger"]
            health = Visitor(it.url).get("/healthz")
            assert health.status == 503
            told = it.luoshi("doctor", fails=True)
            assert told.returncode == 1 and "database" in told.stdout and "Traceback" not in told.stderr
        # the same session goes on, and the worker comes back by itself
        assert visitor.get("/library/").status == 200
        form = {"owner": "1", "audience": "below"}
        assert visitor.upload("/library/upload", form, "新.txt", "加快建设泵站。".encode()).status == 302
        wait(
            lambda: (
                "进行中" not in visitor.get("/library/batches/1/").text
                and visitor.get("/library/documents/1/").status == 200
            ),
            240,
            1,
        )


# --- the disk full ------------------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a few megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("needs the right to mount a small disk")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_the_disk_full(small_disk: Path) -> None:
    with serving(small_disk / "data") as it:
        unit = accounts(it, "reviewer")
        visitor = Visitor(it.url)
        visitor.sign_in("reviewer", "a-good-password")
        filler = small_disk / "filler"
        with filler.open("wb", buffering=0) as f, contextlib.suppress(OSError):
            while True:
                f.write(bytes(4096))
        form = {"owner": str(unit), "audience": "below"}
        answer = visitor.upload("/library/upload", form, "大.txt", os.urandom(3 << 20))
        assert answer.status == 507, answer.text[:500]
        assert "磁盘已满" in answer.text and "没有保存" in answer.text
        assert visitor.get("/library/").status in (200, 507)
        assert Visitor(it.url).get("/healthz").status == 200
        done = it.luoshi("backup", str(small_disk / "b.luoshi"), fails=True)
        assert done.returncode == 3 and "Make room" in done.stderr and not list(small_disk.glob("*.luoshi*"))
        assert "disk" in it.luoshi("doctor", fails=True).stdout
        filler.unlink()
        assert not list((it.folder / "files").rglob("[!.]*")) if (it.folder / "files").is_dir() else True
        visitor.sign_in("reviewer", "a-good-password")
        assert visitor.upload("/library/upload", form, "小.txt", "加快建设。".encode()).status == 302
        assert "Sound" in it.luoshi("audit", "verify").stdout


# --- killed -------------------------------------------------------------------------------------------------


def test_the_server_killed_in_a_write(tmp_path: Path) -> None:
    it = Served(tmp_path / "data")
    it.luoshi("init", "--data", str(it.folder))
    unit = accounts(it, "system_admin")
    it.start()
    visitor = Visitor(it.url)
    visitor.sign_in("system_admin", "a-good-password")
    answered: list[str] = []
    stop = threading.Event()

    def write() -> None:
        n = 0
        while not stop.is_set():
            n += 1
            form = {"parent": unit, "name": f"第{n}处", "level": "province", "kind": "department"}
            try:
                if visitor.post("/organisation/units/add", form).status == 302:
                    answered.append(form["name"])
            except OSError:
                return

    thread = threading.Thread(target=write)
    thread.start()
    wait(lambda: len(answered) >= 5, 120, 0.02)
    it.kill()
    stop.set()
    thread.join()
    try:
        it.start()
        told = it.python(
            "from luoshi_web.organisation.models import Unit\n"
            "from luoshi_web.audit.models import AuditEvent\n"
            "print(*Unit.objects.filter(depth=2).values_list('name', flat=True))\n"
            "print(AuditEvent.objects.filter(action='organisation.unit.add').count())"
        )
        names, events = told.splitlines()
        assert set(answered) <= set(names.split()), "what was answered was lost"
        assert len(names.split()) == len(set(names.split())) == int(events) - 1, "half a write stands"
        assert "Sound" in it.luoshi("audit", "verify").stdout
        visitor.sign_in("system_admin", "a-good-password")
        assert visitor.get("/organisation/units/").status == 200
    finally:
        it.stop()


def _worker(it: Served) -> int:
    return next((p for p, a in it.children() if "commands.worker" in a), 0)


def _sql(it: Served, statement: str) -> list[Any]:
    with contextlib.closing(sqlite3.connect(it.folder / "luoshi.sqlite3", timeout=30)) as c:
        rows = c.execute(statement).fetchall()
        c.commit()
    return rows


def test_a_worker_killed_in_a_job(tmp_path: Path) -> None:
    text = "".join(
        f"（{n}）2027年底前完成{n}座小型水库除险加固，由市水利局牵头。\n\n" for n in range(1, 1500)
    )
    with serving(tmp_path / "data") as it:
        unit = accounts(it, "reviewer")
        visitor = Visitor(it.url)
        visitor.sign_in("reviewer", "a-good-password")
        form = {"owner": str(unit), "audience": "below"}
        assert visitor.upload("/library/upload", form, "水库.txt", text.encode()).status == 302
        wait(lambda: _sql(it, "SELECT 1 FROM library_job WHERE state = 'running'"), 120, 0.05)
        first = _worker(it)
        os.kill(first, signal.SIGKILL)
        assert _sql(it, "SELECT count(*) FROM library_version") == [(0,)]
        assert wait(lambda: (w := _worker(it)) != first and w, 60)
        # a minute without a heartbeat goes by
        old = "strftime('%Y-%m-%d %H:%M:%f', 'now', '-70 seconds')"
        _sql(it, f"UPDATE library_job SET heartbeat = {old} WHERE state = 'running'")  # noqa: S608
        wait(lambda: _sql(it, "SELECT 1 FROM library_job WHERE state = 'done' AND kind = 'read'"), 400, 0.5)
        assert _sql(it, "SELECT attempts FROM library_job WHERE kind = 'read'") == [(2,)]
        assert _sql(it, "SELECT count(*) FROM library_version") == [(1,)]
        # the third time it fails, and says so
        _sql(it, "UPDATE library_job SET state = 'running', attempts = 3 WHERE kind = 'read'")
        _sql(it, f"UPDATE library_job SET heartbeat = {old} WHERE kind = 'read'")  # noqa: S608
        wait(lambda: _sql(it, "SELECT 1 FROM library_job WHERE state = 'failed' AND kind = 'read'"), 120, 0.5)
        assert "处理进程三次中断" in visitor.get("/library/batches/1/").text


def test_what_a_worker_finds_for_a_job_that_is_no_longer_its_own_is_not_kept(world: World) -> None:
    from luoshi_web.audit.services import SYSTEM, maintenance
    from luoshi_web.library import jobs
    from luoshi_web.library.models import Job, JobState, Problem
    from luoshi_web.organisation import posts
    from luoshi_web.organisation.models import Person

    job = Job.objects.filter(kind="read").first()
    assert job is not None
    with maintenance("test"):
        Job.objects.filter(pk=job.pk).update(state=JobState.WAITING, started_at=None)

    def stale(mine: Job, _steps: jobs.Steps) -> dict[str, Any]:
        with maintenance("test"):  # a restore, or another worker, was here
            Job.objects.filter(pk=mine.pk).update(started_at="2020-01-01 00:00:00+00:00")
        posts.add_person(by=SYSTEM, name="不该有的人")
        return {}

    known = jobs._kinds["read"]
    jobs._kinds["read"] = stale
    try:
        jobs.run(job.pk)
    finally:
        jobs._kinds["read"] = known
    assert not Person.objects.filter(name="不该有的人").exists()
    assert not Problem.objects.filter(job=job, code="fault").exists()
