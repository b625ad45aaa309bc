"""Classes of units (各县（区）人民政府) become the units that they mean, or stay as written."""

from __future__ import annotations

import pytest
from delivery_objects import division, item
from web_world import World

from luoshi_web.audit.services import SYSTEM, Conflict, Refused
from luoshi_web.delivery import classes, consulting, items
from luoshi_web.delivery.writing import Wanted
from luoshi_web.organisation import services as organisation

NAME = "各县（区）人民政府"


@pytest.fixture
def counties(world: World) -> World:
    """A second county, and an item for all of them."""
    organisation.add_unit(by=SYSTEM, parent=world.units["city"], name="平田县", level="county", kind="region")
    it = item(world)
    wanted = [Wanted("lead", "江城市"), Wanted("responsible", NAME, "text", "各县（区）抓好落实")]
    items.change_item(
        by=world.accounts["drafter-city"], item=it, revision=it.revision, fields={}, wanted=wanted
    )
    return world


def parts(world: World) -> list[tuple[str, str, str]]:
    return [(a.part, a.name, a.basis) for a in item(world).assignments.order_by("position")]


def test_members_go_by_region(counties: World) -> None:
    city, province = counties.units["city"], counties.units["province"]
    assert [u.name for u in classes.members(NAME, city)] == ["柳溪县", "平田县"]
    assert {u.name for u in classes.members("各市", province)} == {"江城市", "海门市"}
    assert classes.members("各有关单位", city) == [] and classes.members("各乡镇", city) == []


def test_one_click_on_the_item(counties: World) -> None:
    client = counties.client("drafter-city")
    url = f"/delivery/items/{item(counties).pk}/"
    page = client.get(url).content.decode()
    assert "一类单位，包括：柳溪县、平田县" in page and "展开为具体单位" in page
    assert "展开为具体单位" not in counties.client("viewer-city").get(url).content.decode()
    seen = item(counties).revision
    assert client.post(url + "resolve", {"revision": seen, "name": NAME}).status_code == 302
    assert parts(counties) == [
        ("lead", "江城市", "typed"), ("responsible", "柳溪县", "text"), ("responsible", "平田县", "text"),
    ]  # fmt: skip
    assert item(counties).assignments.get(name="平田县").evidence.startswith(NAME)
    assert [u.name for u, _n in consulting.candidates(division(counties))] == ["江城市", "柳溪县", "平田县"]
    with pytest.raises(Refused):
        classes.resolve(
            by=counties.accounts["drafter-city"], item=item(counties), revision=seen + 1, name=NAME
        )


def test_who_has_a_part_already_keeps_it(counties: World) -> None:
    by = counties.accounts["drafter-city"]
    it = item(counties)
    wanted = [Wanted("lead", "柳溪县"), Wanted("support", NAME)]
    items.change_item(by=by, item=it, revision=it.revision, fields={}, wanted=wanted)
    with pytest.raises(Conflict):
        classes.resolve(by=by, item=item(counties), revision=1, name=NAME)
    classes.resolve(by=by, item=item(counties), revision=item(counties).revision, name=NAME)
    assert parts(counties) == [("lead", "柳溪县", "typed"), ("support", "平田县", "typed")]


def test_before_the_consultation(counties: World) -> None:
    d = division(counties)
    client = counties.client("drafter-city")
    page = client.get(f"/delivery/divisions/{d.pk}/consult").content.decode()
    assert "展开后可向其中 2 个单位征求意见" in page and "平田县" in page
    assert client.post(f"/delivery/divisions/{d.pk}/resolve", {"name": "各乡镇"}).status_code == 422
    assert client.post(f"/delivery/divisions/{d.pk}/resolve", {"name": NAME}).status_code == 302
    assert ("responsible", "平田县", "text") in parts(counties)
    page = client.get(f"/delivery/divisions/{d.pk}/consult").content.decode()
    assert "一类单位" not in page and 'aria-label="平田县"' in page
