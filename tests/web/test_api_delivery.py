"""Delivery for programs: ledgers read, mapped, looked at and written; a proposal of units taken over."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import Any

import delivery_objects
import icalendar
import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from web_world import World

from luoshi_web.api import tokens
from luoshi_web.audit.models import AuditEvent
from luoshi_web.audit.services import SYSTEM
from luoshi_web.delivery import items, services
from luoshi_web.delivery.models import WorkItem
from luoshi_web.organisation import services as organisation

V1 = "/api/v1"
ROWS = [
    ["要办的事", "谁来办", "什么时候"],
    ["更换老旧水表两万只", "江城市水务公司", "2026年底前"],
    ["修复渗漏管网", "江城市", "择机完成"],
    ["更换老旧水表两万只。", "江城市", "2026-12-31"],
]


class Program:
    """A program with a token for delivery."""

    def __init__(self, world: World, who: str) -> None:
        scopes = ["delivery:read", "delivery:write"]
        secret = tokens.make(by=world.accounts[who], name="测试程序", scopes=scopes)[1]
        self.client = Client(headers={"Authorization": f"Bearer {secret}"})

    def ask(self, method: str, path: str, data: Any = None) -> tuple[int, Any]:
        """Status and answer."""
        body = json.dumps(data) if data is not None else ""
        response = self.client.generic(method, V1 + path, body, "application/json")
        return response.status_code, response.json()

    def send(self, rows: list[list[str]], **told: Any) -> tuple[int, Any]:
        """A ledger in Excel."""
        book = openpyxl.Workbook()
        sheet: Any = book.active
        for row in rows:
            sheet.append(row)
        out = io.BytesIO()
        book.save(out)
        file = SimpleUploadedFile("节水台账.xlsx", out.getvalue())
        response = self.client.post(f"{V1}/imports", {"file": file, **told})
        return response.status_code, response.json()


def test_a_ledger_from_file_to_items(world: World) -> None:
    organisation.add_unit(by=SYSTEM, parent=world.units["city"], name="江城市水务集团")
    p = Program(world, "drafter-city")
    status, imp = p.send(ROWS, division=delivery_objects.division(world).pk)
    assert status == 201 and imp["state"] == "open" and imp["sheets"][0]["header"] == 1
    assert [c["field"] for c in imp["columns"]] == ["", "", ""]
    path = f"/imports/{imp['id']}"
    assert p.ask("PATCH", path, {"mapping": ["task", "lead", "deadline"]})[0] == 428
    status, imp = p.ask("PATCH", path, {"revision": 1, "mapping": ["task", "lead", "deadline"]})
    assert (status, imp["counts"]) == (200, {"add": 2, "update": 0, "skip": 1, "problems": 3})
    assert "江城市水务集团" in imp["strangers"]["江城市水务公司"]
    rows = p.ask("GET", path + "/rows")[1]["items"]
    assert [(r["number"], r["action"], [x["kind"] for x in r["problems"]]) for r in rows] == [
        (2, "add", ["unit"]), (3, "add", ["deadline"]), (4, "skip", ["duplicate"]),
    ]  # fmt: skip
    assert rows[0]["fields"]["deadline"] == "2026-12-31"
    assert not WorkItem.objects.filter(origin="ledger").exists(), "nothing counts before it is written"
    choices = {"units": {"江城市水务公司": "江城市水务集团"}, "rows": {"3": "skip"}}
    status, imp = p.ask("PATCH", path, {"revision": imp["revision"], **choices})
    assert (status, imp["strangers"], imp["counts"]["add"]) == (200, {}, 1)
    assert p.ask("POST", path + "/apply", {"revision": 1})[0] == 409
    status, done = p.ask("POST", path + "/apply", {"revision": imp["revision"]})
    assert (status, done["state"], done["result"]) == (200, "applied", {"add": 1, "update": 0, "skip": 2})
    (made,) = WorkItem.objects.filter(origin="ledger")
    assert made.assignments.get().unit.name == "江城市水务集团"
    actors = AuditEvent.objects.filter(action="delivery.import.apply").values_list("actor", flat=True)
    assert set(actors) == {"drafter-city"}
    assert p.ask("GET", path + "/rows")[1]["count"] == 0
    assert p.ask("POST", path + "/apply", {"revision": done["revision"]})[0] == 422, "twice"


def test_wrong_ledgers(world: World) -> None:
    p = Program(world, "drafter-city")
    other = Program(world, "drafter-other")
    city = world.units["city"].pk
    assert other.send(ROWS, owner=city)[0] == 404
    assert p.client.post(f"{V1}/imports", {"owner": city}).status_code == 422
    broken = SimpleUploadedFile("台账.xlsx", b"PK\x03\x04 broken")
    response = p.client.post(f"{V1}/imports", {"owner": city, "file": broken})
    assert response.status_code == 422 and response.json()["detail"]
    imp = p.send(ROWS, owner=city)[1]
    path = f"/imports/{imp['id']}"
    assert other.ask("GET", path)[0] == 404
    for wrong in (
        {"sheet": 3}, {"header": 40}, {"mapping": ["task", "task"]}, {"mapping": ["task"] * 9},
        {"mapping": ["colour"]}, {"rows": {"2": "burn"}},
    ):  # fmt: skip
        assert p.ask("PATCH", path, {"revision": 1, **wrong})[0] == 422, wrong
    assert p.ask("POST", path + "/apply", {"revision": 1})[0] == 422, "no column is the task"
    # another row of titles is guessed anew
    titled = p.send([["节水工作台账", "", ""], *ROWS[:2], ["任务事项", "牵头单位", "完成时限"]], owner=city)[
        1
    ]
    status, now = p.ask("PATCH", f"/imports/{titled['id']}", {"revision": 1, "header": 4})
    assert (status, [c["field"] for c in now["columns"]]) == (200, ["task", "lead", "deadline"])
    assert p.ask("POST", path + "/drop")[1]["state"] == "dropped"
    assert [i["state"] for i in p.ask("GET", "/imports")[1]["items"]] == ["open", "dropped"]


@pytest.mark.parametrize("part", ["", "support"])
def test_a_proposal_is_taken_over(world: World, part: str) -> None:
    organisation.add_unit(
        by=SYSTEM, parent=world.units["city"], name="江城市水利局", duties="负责老旧泵站更新改造。"
    )
    p = Program(world, "drafter-city")
    item = delivery_objects.item(world)
    offers = p.ask("GET", f"/items/{item.pk}/proposals")[1]
    offer = next(o for o in offers if o["basis"] == "duties")
    path = f"/items/{item.pk}/proposals/{offer['key']}/take"
    told = {"part": part} if part else {}
    assert p.ask("POST", path, told)[0] == 428
    status, now = p.ask("POST", path, {"revision": item.revision, **told})
    assert status == 200 and now["revision"] == item.revision + 1
    taken = next(a for a in now["assignments"] if a["name"] == "江城市水利局")
    wanted = part or offer["proposal"]["units"][0]["role"]
    assert (taken["basis"], taken["part"]) == ("duties", wanted)
    assert p.ask("POST", path, {"revision": item.revision})[0] == 409
    assert p.ask("POST", f"/items/{item.pk}/proposals/none/take", {"revision": now["revision"]})[0] == 422
    assert Program(world, "viewer-city").ask("POST", path, {"revision": 1})[0] == 403


# --- calendar --------------------------------------------------------------------------------


def feed(world: World, who: str, query: str = "of=items") -> list[tuple[str, date, str]]:
    """Kind, day and status of the entries of a new feed."""
    secret = tokens.make(by=world.accounts[who], name="任务", feed=True, query=query)[1]
    body = Client().get(reverse("access:calendar", args=[secret])).content
    events = icalendar.Calendar.from_ical(body).walk("VEVENT")
    return [(str(e["uid"]).split("-")[2].split("@")[0], e["dtstart"].dt, str(e["status"])) for e in events]


def test_calendar_of_work_items(world: World) -> None:
    it = delivery_objects.item(world)
    year = date.today().year
    fields = {
        "deadline": f"{year + 1}-06", "ongoing": True, "milestone": "每年12月底前小结",
        "review_on": date(year + 1, 7, 15),
    }  # fmt: skip
    items.change_item(by=world.accounts["drafter-city"], item=it, revision=it.revision, fields=fields)
    drafted = feed(world, "drafter-city")
    assert drafted == [
        ("due", date(year + 1, 6, 30), "TENTATIVE"),
        *[
            ("node", date(y, 12, 31), "TENTATIVE")
            for y in (year - 1, year)
            if (date.today() - date(y, 12, 31)).days < 367
        ],
        ("review", date(year + 1, 7, 15), "TENTATIVE"),
    ]
    assert feed(world, "viewer-county") == feed(world, "viewer-other") == [], "not issued yet"
    delivery_objects.issued(world)
    assert {x[2] for x in feed(world, "viewer-county")} == {"CONFIRMED"}
    assert feed(world, "viewer-other") == []
    assert feed(world, "viewer-county", "of=items&year=2019") == []


def test_a_feed_is_made_of_either_table(world: World) -> None:
    delivery_objects.item(world)
    client = world.client("drafter-city")
    services.save_view(by=world.accounts["drafter-city"], name="江城牵头", query="unit=江城市")
    view = world.accounts["drafter-city"].saved_views.get()
    for told, query in (("items", "of=items"), (str(view.pk), "of=items&unit=江城市"), ("", "")):
        page = client.post(reverse("access:make"), {"name": "日历", "feed": "1", "days": "30", "view": told})
        assert page.context["made"].query == query
        events = icalendar.Calendar.from_ical(
            Client().get(page.context["secret"].removeprefix("http://testserver")).content
        ).walk("VEVENT")
        assert len(events) == 1 and str(events[0]["uid"]).startswith("item-" if query else "commitment-")
    text = client.get(reverse("access:tokens")).content.decode()
    assert "任务分解表" in text and "unit=江城市" in text
    foreign = {"name": "日历", "feed": "1", "days": "30", "view": str(view.pk)}
    assert world.client("viewer-city").post(reverse("access:make"), foreign).status_code == 404
