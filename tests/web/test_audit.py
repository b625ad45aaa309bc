"""The chain of events: appended only, verified, and every change of it found."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.utils.translation import override
from web_world import World

import luoshi_web
from luoshi_web.audit import chain, triggers, words
from luoshi_web.audit.models import AuditEvent
from luoshi_web.audit.services import (
    SYSTEM,
    Conflict,
    WriteOutsideService,
    change,
    maintenance,
    record,
    service,
    unchanged,
)
from luoshi_web.organisation.models import Unit


@service("test.note")
def note(*, by: Any, what: str) -> None:
    record(("test", what, what), before={"n": 0}, after={"n": 1}, reason="试")


@pytest.fixture
def loose(world: World) -> Iterator[None]:
    """Triggers off, as somebody with the database's own tools could have it; all is rolled back after."""
    with connection.cursor() as cursor:
        for statement in triggers.DROP[connection.vendor]:
            cursor.execute(statement)
    with maintenance("somebody with the database's own tools"):
        yield


def test_a_sound_chain(world: World) -> None:
    note(by=SYSTEM, what="a")
    verdict = chain.verify()
    assert verdict.sound
    assert verdict.rows == AuditEvent.objects.count() == verdict.head.id
    assert verdict.head == chain.head()


@pytest.mark.parametrize(
    "verb",
    ["UPDATE audit_auditevent SET actor = 'x' WHERE id = 1", "DELETE FROM audit_auditevent WHERE id = 1"],
)
def test_the_database_refuses_to_change_events(world: World, verb: str) -> None:
    with (
        pytest.raises(DatabaseError),
        transaction.atomic(),
        maintenance("test"),
        connection.cursor() as cursor,
    ):
        cursor.execute(verb)
    assert chain.verify().sound


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has no INSERT OR REPLACE")
@pytest.mark.parametrize("number", ["1", "(SELECT max(id) FROM audit_auditevent)"])
def test_no_row_is_replaced(world: World, number: str) -> None:
    names = ", ".join((*chain.FIELDS[1:], "hash"))
    statement = (
        f"INSERT OR REPLACE INTO audit_auditevent (id, {names}) SELECT {number}, {names} "  # noqa: S608
        "FROM audit_auditevent WHERE id = 2"
    )
    with (
        pytest.raises(DatabaseError, match="only added"),
        transaction.atomic(),
        maintenance("test"),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert chain.verify().sound


@pytest.mark.usefixtures("loose")
@pytest.mark.parametrize(
    "field", ["at", "actor", "action", "object_id", "before", "after", "reason", "address", "hash"]
)
def test_a_changed_field_is_found(field: str) -> None:
    AuditEvent.objects.filter(pk=5).update(**{field: "changed"})
    assert chain.verify().faults[0].id == 5


@pytest.mark.usefixtures("loose")
def test_a_removed_row_is_found() -> None:
    AuditEvent.objects.filter(pk=7).delete()
    assert [f.what for f in chain.verify().faults] == ["rows 7 to 7 are missing"]


@pytest.mark.usefixtures("loose")
def test_exchanged_rows_are_found() -> None:
    AuditEvent.objects.filter(pk=3).update(id=10**6)
    AuditEvent.objects.filter(pk=4).update(id=3)
    AuditEvent.objects.filter(pk=10**6).update(id=4)
    assert not chain.verify().sound


@pytest.mark.usefixtures("loose")
def test_a_cut_tail_is_found_against_an_exported_head(tmp_path: Any) -> None:
    path = tmp_path / "heads.tsv"
    head = chain.export_head(path)
    chain.export_head(path)
    assert chain.read_heads(path) == [head]
    AuditEvent.objects.filter(pk__gt=head.id - 3).delete()
    assert chain.verify().sound, "a cut tail alone cannot be seen"
    assert not chain.verify(chain.read_heads(path)).sound


@pytest.mark.usefixtures("loose")
def test_a_chain_made_anew_is_found_against_an_exported_head() -> None:
    head = chain.head()
    rows = list(AuditEvent.objects.filter(pk__gte=head.id - 2).order_by("pk").values())
    AuditEvent.objects.filter(pk__gte=head.id - 2).delete()
    rows[0]["actor"] = "somebody-else"
    chain.append(rows)
    assert chain.verify().sound
    assert not chain.verify([head]).sound


def test_verification_is_fast(world: World) -> None:
    row = {
        "at": "2025-06-30T08:00:00.000000+00:00",
        "actor": "someone",
        "action": "register.commitment.edit",
        "object_type": "register.commitment",
        "object_id": "12345",
        "object_name": "更新改造泵站" * 4,
        "before": '{"text": "' + "新建" * 40 + '"}',
        "after": '{"text": "' + "改造" * 40 + '"}',
        "reason": "",
        "address": "10.0.0.1",
    }
    with maintenance("figures"):
        for _ in range(6):
            chain.append([row] * 10_000)
    best = 0.0
    for _ in range(3):
        since = time.process_time()
        verdict = chain.verify()
        best = max(best, verdict.rows / (time.process_time() - since))
    assert verdict.sound and verdict.rows > 60_000
    assert best > 50_000, f"{best:,.0f} rows per second"


def test_a_service_that_tells_nothing_is_a_fault(world: World) -> None:
    @service("test.silent")
    def silent(*, by: Any) -> None: ...

    @service("test.idle")
    def idle(*, by: Any) -> None:
        unchanged()

    with pytest.raises(AssertionError, match="recorded nothing"):
        silent(by=SYSTEM)
    idle(by=SYSTEM)


def test_a_service_takes_keywords_only() -> None:
    with pytest.raises(TypeError, match="keyword-only"):

        @service("test.positional")
        def positional(by: Any) -> None: ...


def test_a_failed_service_leaves_neither_row_nor_event(world: World) -> None:
    before = chain.head()

    @service("test.fails")
    def fails(*, by: Any) -> None:
        change(world.units["city"], name="改名")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        fails(by=SYSTEM)
    assert chain.head() == before
    assert Unit.objects.get(pk=world.units["city"].pk).name == "江城市"


def test_a_write_outside_a_service_is_refused(world: World) -> None:
    with pytest.raises(WriteOutsideService):
        Unit.objects.filter(pk=world.units["city"].pk).update(name="x")
    with pytest.raises(WriteOutsideService):
        world.document.save()


def test_who_comes_second_is_told(world: World) -> None:
    @service("test.rename")
    def rename(*, by: Any, unit: Unit, revision: int, name: str) -> None:
        change(unit, revision=revision, name=name)

    first = Unit.objects.get(pk=world.units["city"].pk)
    second = Unit.objects.get(pk=world.units["city"].pk)
    rename(by=SYSTEM, unit=first, revision=first.revision, name="甲")
    with pytest.raises(Conflict) as caught:
        rename(by=SYSTEM, unit=second, revision=second.revision, name="乙")
    assert str(caught.value.current) == "甲"
    last = AuditEvent.objects.first()
    assert last is not None
    assert (last.before, last.after) == ('{"name": "江城市"}', '{"name": "甲"}')


def test_threads_do_not_share_a_service() -> None:
    seen: list[bool] = []

    @service("test.outer")
    def outer(*, by: Any) -> None:
        unchanged()

    def other() -> None:
        from luoshi_web.audit.services import _running

        seen.append(_running.get() is None)

    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    assert seen == [True]


def _actions() -> list[str]:
    """The names of all services and all actions that the code names otherwise."""
    root = Path(luoshi_web.__file__).parent
    text = "\n".join(
        p.read_text(encoding="utf-8") for p in sorted(root.rglob("*.py")) if p.parent.name != "audit"
    )
    found = re.findall(r'@service\(\s*"([^"]+)"', text) + re.findall(r'\baction=f?"([a-z]+\.[^"]+)"', text)
    return sorted({code for code in found if "{what}" not in code})


@pytest.mark.parametrize("code", _actions())
def test_every_action_has_words(code: str) -> None:
    assert words.action(code) != code
    with override("en"):
        assert words.action(code).isascii()


@pytest.mark.parametrize("code", ["delivery.workitem", "organisation.unit", "library.batch", "site.archive"])
def test_kinds_of_objects_have_words(code: str) -> None:
    with override("zh-hans"):
        assert not words.kind(code).isascii()
    with override("en"):
        assert words.kind(code).isascii() and words.kind(code) != code


@pytest.mark.parametrize("what", ["sign-in", "sign-out", "sign-in-failed", "locked", "factor-added:totp"])
def test_what_happens_to_a_session_has_words(what: str) -> None:
    with override("zh-hans"):
        assert not words.action(f"organisation.account.{what}").isascii()


def test_an_unknown_action_is_shown_by_its_code() -> None:
    assert (words.action("test.note"), words.kind("test"), words.moment("?")) == ("test.note", "test", "?")


def test_values_are_said_as_people_read_them(world: World) -> None:
    city = world.units["city"]
    after = {
        "ongoing": False,
        "owner_id": city.pk,
        "units": {"lead": ["甲局", "乙局"]},
        "odd": [],
        "made_at": 3,
    }
    with override("zh-hans"):
        rows = {n: (b, a) for n, b, a in words.changes("delivery.workitem", "", json.dumps(after))}
        assert rows["单位"] == ("—", "牵头单位：甲局、乙局")
        assert ("—", "否") in rows.values() and ("—", str(city)) in rows.values()
        assert rows["odd"] == ("—", "—") and rows["建立时间"] == ("—", "3")
        assert words.moment("2025-06-30T16:00:01.250000+00:00") == "2025-07-01 00:00:01"


def test_the_pages_speak_words_and_keep_the_record(world: World) -> None:
    note(by=SYSTEM, what="a")
    with maintenance("an old one"):
        at = "2025-06-30T16:00:01.250000+00:00"
        row = {"at": at, "actor": "x", "action": "delivery.import.apply", "object_type": "delivery.workitem"}
        rest = {"object_id": "1", "object_name": "n", "before": "", "after": '{"ongoing": true}'}
        chain.append([row | rest | {"reason": "", "address": ""}])
    number = chain.head().id
    client = world.client("audit_admin-city")
    found = client.get("/audit/?action=导入台账&since=2025-07-01&until=2025-07-01").content.decode()
    assert "2025-07-01 00:00:01" in found and found.count(">导入台账</td>") == 1
    assert ">导入台账</td>" not in client.get("/audit/?until=2025-06-30").content.decode()
    assert client.get("/audit/?since=9999-12-31&until=9999-12-31").status_code == 200
    one = client.get(f"/audit/{number}/").content.decode()
    assert "导入台账" in one and "<td>是</td>" in one
    assert "<details>" in one and "delivery.import.apply" in one and at in one
