"""While an issued division is being revised, those who do not draft it see the edition in force."""

from __future__ import annotations

from importlib import import_module

import icalendar
import pytest
from delivery_objects import division, issued, item
from django.apps import apps
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from web_world import World

from luoshi_web.api import tokens
from luoshi_web.audit.services import maintenance
from luoshi_web.delivery import items, printing, selectors, services, standing, table
from luoshi_web.delivery.models import Division, IssuedRow, WorkItem
from luoshi_web.delivery.writing import Wanted

READER = "viewer-county"


@pytest.fixture
def revised(world: World) -> WorkItem:
    """An issued item that a new round words anew, gives to others and puts off."""
    d = issued(world)
    by = world.accounts["drafter-city"]
    services.revise(by=by, division=d, revision=d.revision, reason="机构改革")
    it = selectors.item(by, item(world).pk, selectors.DRAFT)
    fields = {"text": "改用新说法", "leader": "另一位市长", "deadline": "2027-06-30", "chapter": "新章"}
    return items.change_item(
        by=by, item=it, revision=it.revision, fields=fields, wanted=[Wanted("lead", "柳溪县")]
    )


def found(world: World, who: str, **told: str) -> list[str]:
    return [i.text for i in table.filtered(world.accounts[who], told)]


def test_table_and_page(world: World, revised: WorkItem) -> None:
    old = world.commitment.text
    for who, words, other in ((READER, old, "改用新说法"), ("drafter-city", "改用新说法", old)):
        client = world.client(who)
        for url in ("/delivery/", "/delivery/?view=tree", f"/delivery/items/{revised.pk}/"):
            page = client.get(url).content.decode()
            assert words in page, (who, url)
            if who == READER:
                assert other not in page and "另一位市长" not in page, url
    page = world.client(READER).get(f"/delivery/items/{revised.pk}/").content.decode()
    assert "方案正在调整" in page and "2026年底前" in page
    assert "江城市" in page.split("牵头单位")[1][:300]
    row = world.client(READER).get(f"/delivery/items/{revised.pk}/row").content.decode()
    assert old in row and "改用新说法" not in row
    client = world.client(READER)
    for kind in ("csv", "xlsx"):
        response = client.get(f"/delivery/export?format={kind}")
        assert response.status_code == 200
    assert old in "".join(map(str, printing.of_division(division(world), "", world.accounts[READER]).rows))
    # what may be done goes by the live row
    live = WorkItem.objects.get(pk=revised.pk)
    assert (live.text, live.leader) == ("改用新说法", "另一位市长")


def test_filters_and_facets_go_by_what_is_shown(world: World, revised: WorkItem) -> None:
    old = world.commitment.text
    asked = {
        "q": ("另一位", old[:6]), "year": ("2027", "2026"), "unit": ("", "江城市"), "chapter": ("新章", ""),
    }  # fmt: skip
    for name, (new, before) in asked.items():
        if new:
            assert found(world, READER, **{name: new}) == [], name
            assert found(world, "drafter-city", **{name: new}) == ["改用新说法"], name
        if before:
            assert found(world, READER, **{name: before}) == [old], name
            assert found(world, "drafter-city", **{name: before}) == [], name
    facets = {f["name"]: [v[0] for v in f["values"]] for f in table.facets(world.accounts[READER], {})}
    assert sorted(facets["unit"]) == ["柳溪县", "江城市"] and facets["year"] == ["2026"]
    assert "新章" not in facets["chapter"] and facets["state"] == ["established"]
    drafted = {
        f["name"]: [v[0] for v in f["values"]] for f in table.facets(world.accounts["drafter-city"], {})
    }
    assert drafted["unit"] == ["柳溪县"] and drafted["year"] == ["2027"] and drafted["chapter"] == ["新章"]
    for sort in ("", "deadline", "changed"):
        rows = table.ordered(table.filtered(world.accounts[READER], {}), sort)
        assert [i.text for i in rows] == [old]


def test_rows_added_and_dropped_in_the_round(world: World, revised: WorkItem) -> None:
    by = world.accounts["drafter-city"]
    d = Division.objects.get(pk=revised.division_id)
    fields = {"origin": "meeting", "origin_title": "纪要", "text": "新增的一项"}
    new = items.add_item(by=by, owner=d.owner, division=d, fields=fields)
    items.cancel(by=by, item=revised, revision=revised.revision, reason="不再需要")
    old = world.commitment.text
    for who in (READER, "viewer-city"):
        assert found(world, who) == [old], who
        assert world.client(who).get(f"/delivery/items/{new.pk}/").status_code == 404
        assert found(world, who, state="established") == [old] and found(world, who, state="cancelled") == []
    assert found(world, "drafter-city") == ["新增的一项"]
    page = world.client(READER).get(f"/delivery/items/{revised.pk}/").content.decode()
    assert "不再需要" not in page, "what happened since the issue is the drafters' affair"


def test_interface_and_calendar(world: World, revised: WorkItem) -> None:
    secret = tokens.make(by=world.accounts[READER], name="程序", scopes=["delivery:read"])[1]
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    old = world.commitment.text
    one = client.get(f"/api/v1/items/{revised.pk}").json()
    listed = client.get("/api/v1/items").json()["items"]
    of = client.get(f"/api/v1/divisions/{revised.division_id}/items").json()
    for got in (one, *listed, *of):
        assert (got["text"], got["edition"], got["deadline"], got["state"]) == (
            old,
            1,
            "2026-12-31",
            "established",
        )
        assert [a["name"] for a in got["assignments"]] == ["江城市", "柳溪县"]
    assert old in "".join(c.decode() for c in client.get("/api/v1/tables/items?format=csv"))
    feed = tokens.make(by=world.accounts[READER], name="任务", feed=True, query="of=items")[1]
    body = Client().get(reverse("access:calendar", args=[feed])).content
    (event,) = icalendar.Calendar.from_ical(body).walk("VEVENT")
    assert old[:20] in str(event["summary"]) and event["dtstart"].dt.isoformat() == "2026-12-31"


def test_issued_again(world: World, revised: WorkItem) -> None:
    by = world.accounts["supervisor-city"]
    d = Division.objects.get(pk=revised.division_id)
    services.submit(by=world.accounts["drafter-city"], division=d, revision=d.revision)
    assert found(world, READER) == [world.commitment.text]
    services.approve(by=by, division=d, revision=d.revision, approver="某市长", opinion="同意")
    services.issue(by=by, division=d, revision=d.revision, number="2号", day=revised.created_at.date())
    assert found(world, READER) == ["改用新说法"]
    (row,) = IssuedRow.objects.all()
    assert (row.edition.number, row.text, [p.name for p in row.parts.all()]) == (2, "改用新说法", ["柳溪县"])
    assert standing.held(world.accounts[READER]) == ()


@pytest.mark.django_db
def test_nothing_is_lacking_in_the_models() -> None:
    call_command("makemigrations", "delivery", "--check", "--dry-run", verbosity=0)
    columns = {f.attname for f in WorkItem._meta.concrete_fields}
    assert set(IssuedRow.COPIED) <= columns


def test_what_was_issued_before_is_kept_by_the_migration(world: World, revised: WorkItem) -> None:
    migration = import_module("luoshi_web.delivery.migrations.0002_issued_rows")
    with maintenance("test"):
        IssuedRow.objects.all().delete()
    assert found(world, READER) == []
    migration.keep(apps, None)
    assert found(world, READER) == [world.commitment.text]
    (row,) = IssuedRow.objects.all()
    assert [(p.part, p.name, p.basis) for p in row.parts.order_by("position")] == [
        ("lead", "江城市", "typed"), ("responsible", "柳溪县", "typed"),
    ]  # fmt: skip
