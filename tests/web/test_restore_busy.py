"""A restore while others ask and write all the time, with real processes, on both databases."""

from __future__ import annotations

import collections
import contextlib
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import postgres
import psycopg
import pytest
from served import Served, Visitor, accounts, serving, wait

PASSWORD = "a-good-password"
PAGES = ("/library/", "/register/", "/organisation/units/", f"/search/?q={quote('水库')}", "/healthz")


@pytest.fixture(params=["sqlite", "postgresql"])
def busy(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Served]:
    """A served installation."""
    with contextlib.ExitStack() as stack:
        env: dict[str, str] = {}
        if request.param == "postgresql":
            try:
                url = stack.enter_context(postgres.server())
            except postgres.Missing as error:
                pytest.skip(str(error))
            with psycopg.connect(url, autocommit=True) as c:
                c.execute('CREATE DATABASE "busy" TEMPLATE template0')
            env["DATABASE_URL"] = postgres.named(url, "busy")
        yield stack.enter_context(serving(tmp_path / "data", **env))


def test_a_restore_goes_through_and_nobody_sees_a_fault(busy: Served, tmp_path: Path) -> None:
    unit = accounts(busy, "reviewer", "system_admin")
    visitor = Visitor(busy.url)
    visitor.sign_in("reviewer", PASSWORD)
    form = {"owner": str(unit), "audience": "below"}
    text = "一、完成86座水库除险加固。\n"
    assert visitor.upload("/library/upload", form, "水库.txt", text.encode()).status == 302
    wait(lambda: visitor.get("/library/documents/1/").status == 200, 240, 1)
    archive = tmp_path / "one.luoshi"
    busy.luoshi("backup", str(archive))
    seen: collections.Counter[tuple[str, int]] = collections.Counter()
    stop = threading.Event()

    def ask() -> None:
        me = Visitor(busy.url)
        me.sign_in("reviewer", PASSWORD)
        while not stop.is_set():
            for path in PAGES:
                seen[path, (status := me.get(path).status)] += 1
                if status == 302:
                    me.sign_in("reviewer", PASSWORD)

    def write() -> None:
        me = Visitor(busy.url)
        me.sign_in("system_admin", PASSWORD)
        while not stop.is_set():
            told = {"parent": unit, "name": f"新{time.time_ns()}", "level": "province", "kind": "department"}
            answer = me.post("/organisation/units/add", told)
            seen["write", answer.status] += 1
            if answer.status == 403 or "/account/login/" in answer.headers.get("Location", ""):
                me.sign_in("system_admin", PASSWORD)  # the restore ended his session

    threads = [threading.Thread(target=t) for t in (ask, ask, write)]
    for t in threads:
        t.start()
    try:
        wait(lambda: seen["write", 302] > 5, 120)
        done = busy.luoshi("restore", str(archive), "--yes", fails=True)
        written = seen["write", 302]
        wait(lambda: seen["write", 302] > written + 3, 120)
    finally:
        stop.set()
        for t in threads:
            t.join()
    assert done.returncode == 0, done.stdout + done.stderr
    assert {status for _path, status in seen} <= {200, 302, 403}, seen
    assert "Sound" in busy.luoshi("audit", "verify").stdout
    # the index comes back, and the worker goes on
    visitor.sign_in("reviewer", PASSWORD)
    search = f"/search/?q={quote('除险加固')}"
    wait(lambda: "/library/place" in visitor.get(search).text or "86座" in visitor.get(search).text, 120, 1)
    assert visitor.upload("/library/upload", form, "泵站.txt", "一、建设泵站。\n".encode()).status == 302
    wait(lambda: "泵站" in visitor.get(f"/search/?q={quote('建设泵站')}&tab=provisions").text, 240, 1)
