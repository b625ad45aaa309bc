"""The tree of units with its validity, posts, and persons who hold them."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from web_world import World

from luoshi_web.audit.models import AuditEvent
from luoshi_web.audit.services import SYSTEM, Conflict, Refused
from luoshi_web.organisation import posts, services
from luoshi_web.organisation.models import Holding, Person, Post, Unit


def test_three_levels_and_departments_with_codes(world: World) -> None:
    city = world.units["city"]
    bureau = services.add_unit(by=SYSTEM, parent=city, name="江城市水利局", code="970100")
    assert bureau.level == "city" and bureau.depth == 3 and city.covers(bureau)
    page = (
        world.client("viewer-county").get(reverse("organisation:units"), {"under": city.pk}).content.decode()
    )
    assert "江城市水利局" in page and "柳溪县" in page and "海门市" not in page
    found = world.client("viewer-county").get(reverse("organisation:units"), {"q": "970100"}).content.decode()
    assert "江城市水利局" in found and "柳溪县" not in found


def test_a_unit_that_was_abolished_keeps_its_row_and_names_its_successor(world: World) -> None:
    old, new = world.units["other"], world.units["city"]
    client = world.client("system_admin-province")
    form = {"name": old.name, "valid_from": "1990-01-01", "valid_to": "2024-12-31", "successor": new.pk}
    answer = client.post(
        reverse("organisation:change_unit", args=[old.pk]), form | {"revision": old.revision}
    )
    assert answer.status_code == 302
    old.refresh_from_db()
    assert not old.valid_on(date(2026, 1, 1)) and old.valid_on(date(2020, 1, 1)) and old.successor == new
    assert "承继单位" in client.get(reverse("organisation:unit", args=[old.pk])).content.decode()
    with pytest.raises(Refused):
        services.change_unit(
            by=SYSTEM, unit=old, revision=old.revision, fields={"valid_to": date(1980, 1, 1)}
        )
    with pytest.raises(Refused):
        services.change_unit(by=SYSTEM, unit=old, revision=old.revision, fields={"successor": old})


def test_the_same_form_sent_twice_makes_one_unit(world: World) -> None:
    client = world.client("system_admin-province")
    form = {"parent": world.units["city"].pk, "name": "江城市统计局", "level": "city", "kind": "department"}
    assert client.post(reverse("organisation:add_unit"), form).status_code == 302
    again = client.post(reverse("organisation:add_unit"), form)
    assert again.status_code == 422 and "已有" in again.content.decode()
    assert Unit.objects.filter(name="江城市统计局").count() == 1


def test_a_post_and_who_holds_it_over_time(world: World) -> None:
    client = world.client("system_admin-province")
    unit = world.units["county"]
    assert client.post(reverse("organisation:add_post", args=[unit.pk]), {"name": "县长"}).status_code == 302
    post = Post.objects.get(unit=unit)
    url = reverse("organisation:appoint", args=[post.pk])
    assert client.post(url, {"name": "孙某某", "since": "2024-03-01"}).status_code == 302
    held = Holding.objects.get(post=post)
    # the same again is refused, and makes no second person
    assert client.post(url, {"person": held.person_id, "since": "2025-01-01"}).status_code == 422
    assert client.post(url, {"since": "2025-01-01"}).status_code == 422
    leave = reverse("organisation:relieve", args=[held.pk])
    assert client.post(leave, {"until": "2023-01-01"}).status_code == 422
    assert client.post(leave, {"until": "2025-12-31"}).status_code == 302
    assert client.post(url, {"name": "李某某", "since": "2026-01-01"}).status_code == 302
    page = client.get(reverse("organisation:unit", args=[unit.pk])).content.decode()
    assert "李某某" in page and "孙某某" not in page
    history = client.get(reverse("organisation:post", args=[post.pk])).content.decode()
    assert "孙某某" in history and "2025-12-31" in history
    persons = world.client("viewer-city").get(reverse("organisation:persons"), {"q": "李"}).content.decode()
    assert "李某某" in persons and "孙某某" not in persons
    actions = set(AuditEvent.objects.values_list("action", flat=True))
    assert {"organisation.post.add", "organisation.post.appoint", "organisation.post.relieve"} <= actions


def test_two_who_change_a_post_at_once(world: World) -> None:
    post = Post.objects.get()
    posts.change_post(by=SYSTEM, post=post, revision=1, fields={"duties": "主持全面工作"})
    with pytest.raises(Conflict):
        posts.change_post(by=SYSTEM, post=Post.objects.get(), revision=1, fields={"duties": "另一种"})


def test_a_name_is_corrected(world: World) -> None:
    person = Person.objects.get()
    client = world.client("system_admin-province")
    url = reverse("organisation:change_person", args=[person.pk])
    assert client.post(url, {"name": "郑某", "revision": person.revision}).status_code == 302
    assert client.post(url, {"name": "另名", "revision": person.revision}).status_code == 409


def test_an_account_s_page_says_what_it_may_and_whether_it_is_locked(world: World) -> None:
    for _n in range(5):
        world.client("viewer-county").logout()
        from django.test import Client

        Client().post("/account/login/", {"login": "drafter-city", "password": "wrong"})
    account = world.accounts["drafter-city"]
    client = world.client("security_admin-province")
    page = client.get(reverse("organisation:account", args=[account.pk])).content.decode()
    assert "已锁定" in page and "起草" in page
    client.post(reverse("organisation:unlock", args=[account.pk]))
    assert "已锁定" not in client.get(reverse("organisation:account", args=[account.pk])).content.decode()
