"""The leader of an item: chosen among those who hold a post, or typed."""

from __future__ import annotations

import json
from datetime import date

import pytest
from delivery_objects import item
from web_world import World

from luoshi_web.audit.models import AuditEvent
from luoshi_web.audit.services import SYSTEM, Refused
from luoshi_web.delivery import items, leaders
from luoshi_web.delivery.models import WorkItem
from luoshi_web.organisation import posts
from luoshi_web.organisation.models import Person


@pytest.fixture
def deputy(world: World) -> Person:
    """Somebody who holds a post of the city."""
    post = posts.add_post(by=SYSTEM, unit=world.units["city"], name="副市长（农业）")
    person = posts.add_person(by=SYSTEM, name="程远")
    posts.appoint(by=SYSTEM, post=post, person=person, since=date(2024, 1, 1))
    return person


def form(world: World, **told: object) -> dict[str, object]:
    it = item(world)
    return {"revision": it.revision, "text": it.text, "leader": it.leader, "lead": "江城市", **told}


def test_a_leader_is_chosen_or_typed(world: World, deputy: Person) -> None:
    client = world.client("drafter-city")
    url = f"/delivery/items/{item(world).pk}/"
    page = client.get(url).content.decode()
    assert "程远（江城市 副市长（农业））" in page and 'name="leader_person"' in page

    assert client.post(url + "change", form(world, leader_person=deputy.pk)).status_code == 302
    now = item(world)
    assert (now.leader, now.leader_person) == ("程远", deputy)
    page = client.get(url).content.decode()
    assert '<span class="quiet" lang="zh">江城市 副市长（农业）</span>' in page
    assert "leader_person" not in page.split('class="history"')[1], "no numbers in the history"
    # the text may say more
    client.post(url + "change", form(world, leader="程远副市长", leader_person=deputy.pk))
    assert (item(world).leader, item(world).leader_person) == ("程远副市长", deputy)
    # another name parts with the person, wherever it is typed
    client.post(url + "set/leader", {"revision": item(world).revision, "value": "某局长"})
    assert (item(world).leader, item(world).leader_person) == ("某局长", None)
    # taken back by the form
    client.post(url + "change", form(world, leader="", leader_person=deputy.pk))
    assert item(world).leader == "程远"
    client.post(url + "change", form(world, leader_person=""))
    assert (item(world).leader, item(world).leader_person) == ("程远", None)


def test_a_form_without_persons_says_nothing_about_them(world: World, deputy: Person) -> None:
    by = world.accounts["drafter-city"]
    it = item(world)
    items.change_item(by=by, item=it, revision=it.revision, fields={"leader_person_id": deputy.pk})
    world.client("drafter-city").post(f"/delivery/items/{it.pk}/change", form(world, criterion="验收"))
    assert item(world).leader_person == deputy
    event = AuditEvent.objects.filter(action="delivery.item.change", after__contains="leader_person").first()
    assert event is not None and json.loads(event.after)["leader_person_id"] == deputy.pk


def test_who_holds_no_post_is_refused(world: World, deputy: Person) -> None:
    by = world.accounts["drafter-city"]
    other = posts.add_person(by=SYSTEM, name="闲人")
    it = item(world)
    for pk in (other.pk, 987654):
        with pytest.raises(Refused):
            items.change_item(by=by, item=it, revision=it.revision, fields={"leader_person_id": pk})
    holding = deputy.holdings.get()
    posts.relieve(by=SYSTEM, holding=holding, until=date(2025, 1, 1))
    assert all(pk != deputy.pk for pk, _words in leaders.choices(it.owner))
    answer = world.client("drafter-city").post(
        f"/delivery/items/{it.pk}/change", form(world, leader_person=deputy.pk)
    )
    assert answer.status_code == 422


def test_an_item_of_other_origin_has_one_too(world: World, deputy: Person) -> None:
    client = world.client("drafter-city")
    assert "程远（" in client.get("/delivery/items/new").content.decode()
    told = {
        "owner": world.units["city"].pk, "origin": "instruction", "origin_title": "批示", "text": "核查",
        "leader_person": deputy.pk,
    }  # fmt: skip
    assert client.post("/delivery/items/add", told).status_code == 302
    made = WorkItem.objects.get(origin="instruction")
    assert (made.leader, made.leader_person) == ("程远", deputy)
