"""Items of other origin, the table of items, its files, what strange input does."""

from __future__ import annotations

import csv
import io
import json

import docx
import openpyxl
import pytest
from delivery_objects import division, item
from delivery_steps import composed
from web_world import World

from luoshi_web.audit.services import SYSTEM, Refused
from luoshi_web.delivery import items, printing, selectors, table
from luoshi_web.delivery.models import Lifecycle, WorkItem
from luoshi_web.delivery.writing import Wanted
from luoshi_web.organisation import services as organisation
from luoshi_web.organisation.models import Unit
from luoshi_web.register.models import SavedView

HTMX = {"HTTP_HX_REQUEST": "true"}


# --- other origins, the table ---


def test_items_of_other_origin_stand_in_the_same_table(world: World) -> None:
    d = division(world)
    form = {
        "owner": world.units["city"].pk, "division": d.pk, "origin": "meeting", "text": "研究供水价格",
        "origin_title": "市政府第九次常务会议纪要", "origin_date": "2025-06-01", "lead": "江城市",
        "deadline": "2025-12",
    }  # fmt: skip
    answer = world.client("drafter-city").post("/delivery/items/add", form)
    assert answer.status_code == 302
    made = WorkItem.objects.get(origin="meeting")
    assert made.division == d and made.assignments.get().unit == world.units["city"]
    page = world.client("drafter-city").get("/delivery/?origin=meeting").content.decode()
    assert "研究供水价格" in page and world.commitment.text not in page
    with pytest.raises(Refused):
        items.add_item(by=SYSTEM, owner=d.owner, division=d, fields={"origin": "document", "text": "甲"})


def test_an_item_without_a_division_is_established_by_somebody_else(world: World) -> None:
    by = world.accounts["supervisor-city"]
    fields = {
        "origin": "instruction",
        "origin_title": "批示",
        "text": "核查",
        "criterion": "查清",
        "deadline": "2025",
    }
    wanted = [Wanted("lead", "江城市")]
    made = items.add_item(by=by, owner=world.units["city"], division=None, fields=fields, wanted=wanted)
    with pytest.raises(Refused, match="自己录入"):
        items.establish(by=by, item=made, revision=made.revision)
    other = world.accounts["supervisor-province"]
    assert items.establish(by=other, item=made, revision=made.revision).state == Lifecycle.ESTABLISHED


def test_facets_count_what_the_other_filters_leave(world: World) -> None:
    _d, made = composed(world, 3)
    by = world.accounts["drafter-city"]
    items.change_item(by=by, item=made[0], revision=1, fields={}, wanted=[Wanted("lead", "江城市")])
    account = world.accounts["viewer-city"]
    found = {f["name"]: {v: n for v, _w, n in f["values"]} for f in table.facets(account, {})}
    assert set(found) == set(table.FACETS)
    assert found["unit"] == {"江城市": 1} and sum(found["chapter"].values()) == 4
    assert found["document"] == {str(world.document.pk): 4}
    for name, values in found.items():
        for value, n in values.items():
            assert table.filtered(account, {name: value}).count() == n, (name, value)
    page = world.client("viewer-city").get("/delivery/facets").content.decode()
    assert "江城市" in page


def test_a_unit_counts_once_however_it_is_written(world: World) -> None:
    _d, made = composed(world, 3)
    by = world.accounts["drafter-city"]
    city = Unit.objects.get(pk=world.units["city"].pk)
    names = {"aliases": ["江城市政府"], "short_name": "江城"}
    organisation.change_unit(by=SYSTEM, unit=city, revision=city.revision, fields=names)
    for i, written in zip(made, (["江城市"], ["江城市政府", "江城市"], ["无此单位"], []), strict=True):
        wanted = [Wanted("responsible", n) for n in written]
        items.change_item(by=by, item=i, revision=1, fields={}, wanted=wanted)
    account = world.accounts["viewer-city"]
    (facet,) = (f for f in table.facets(account, {}) if f["name"] == "unit")
    assert facet["values"] == [("江城市", "江城市", 2), ("无此单位", "无此单位", 1)]
    for name, n in (("江城市", 2), ("无此单位", 1), ("江城市政府", 1)):
        assert table.filtered(account, {"unit": name}).count() == n, name
    shown = [printing.cells(selectors.item(account, i.pk), 1)["responsible"] for i in made]
    assert shown == ["江城", "江城", "无此单位", ""]


def test_views_of_the_table_are_kept_apart_from_other_tables(world: World) -> None:
    client = world.client("viewer-city")
    client.post("/delivery/views", {"name": "今年", "query": "year=2026&view=tree"})
    view = SavedView.objects.get(table="delivery:items")
    assert view.query == "year=2026&view=tree"
    assert "今年" in client.get("/delivery/").content.decode()
    assert "今年" not in client.get("/register/").content.decode()
    client.post("/register/views", {"name": "今年", "query": "type=project"})
    view.refresh_from_db()
    assert view.query == "year=2026&view=tree"
    client.post("/delivery/views", {"drop": "今年"})
    assert SavedView.objects.filter(table="delivery:items").count() == 0


def test_the_tree_has_every_item_once(world: World) -> None:
    _d, made = composed(world, 3)
    page = world.client("viewer-city").get("/delivery/?view=tree").content.decode()
    assert all(page.count(f"/delivery/items/{i.pk}/") == 1 for i in made)


@pytest.mark.parametrize(
    "query", ["division=x", "division=99999999999", "year=%00", "unit=", "q=%00", "page=x"]
)
def test_strange_filters_are_no_trouble(world: World, query: str) -> None:
    item(world)
    assert world.client("viewer-city").get(f"/delivery/?{query}").status_code == 200
    assert world.client("viewer-city").get(f"/delivery/facets?{query}").status_code == 200


# --- out ---


def test_the_division_as_excel_and_word(world: World) -> None:
    d = division(world)
    client = world.client("viewer-city")
    sheet = openpyxl.load_workbook(
        io.BytesIO(client.get(f"/delivery/divisions/{d.pk}/export?format=xlsx").content)
    ).active
    assert sheet is not None
    values = [[c.value for c in row] for row in sheet.iter_rows()]
    head = next(r for r in values if "任务事项" in r)
    assert head[:6] == ["序号", "任务事项", "牵头领导", "牵头单位", "责任单位", "完成时限"]
    row = next(r for r in values if r[0] == "1")
    i = item(world)
    assert row[1] == i.text and row[3] == "江城市" and row[5] == "2026年底前" and row[6] == i.code
    assert sheet.page_setup.orientation == "landscape" and sheet.print_title_rows
    book = docx.Document(io.BytesIO(client.get(f"/delivery/divisions/{d.pk}/export?format=docx").content))
    assert book.paragraphs[0].text == d.title and i.text in book.tables[0].cell(2, 1).text
    assert book.sections[0].page_width > book.sections[0].page_height


def test_the_table_as_csv_json_excel_word(world: World) -> None:
    i = item(world)
    client = world.client("viewer-city")
    rows = list(
        csv.reader(io.StringIO(b"".join(client.get("/delivery/export?format=csv")).decode("utf-8-sig")))
    )
    assert rows[0][2] == printing.label("task") and rows[1][2] == i.text
    assert json.loads(b"".join(client.get("/delivery/export?format=json")))[0]["code"] == i.code
    for kind in ("xlsx", "docx"):
        assert client.get(f"/delivery/export?format={kind}").content[:2] == b"PK"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_our_own_heads_are_read_again(language: str) -> None:
    from django.utils import translation

    from luoshi.track.ledger import guess

    names = [n for n in printing.FIELDS if n != "chapter"] + ["answer", "opinion"]
    with translation.override(language):
        assert guess([printing.label(n) for n in names]) == names


def test_other_spellings_of_a_unit_are_kept_and_found(world: World) -> None:
    unit = organisation.add_unit(by=SYSTEM, parent=world.units["city"], name="江城市水利局")
    form = {"name": unit.name, "aliases": "市水务局、 市水利和湖泊局", "duties": "管水。", "revision": 1}
    client = world.client("system_admin-city")
    assert client.post(f"/organisation/units/{unit.pk}/change", form).status_code == 302
    unit.refresh_from_db()
    assert unit.aliases == ["市水务局", "市水利和湖泊局"] and unit.duties == "管水。"
    page = client.get(f"/organisation/units/{unit.pk}/").content.decode()
    assert 'value="市水务局、市水利和湖泊局"' in page
    from luoshi_web.delivery import directory

    assert directory.of(world.units["city"]).find("市水利和湖泊局").key == unit.pk


def test_the_desk_says_what_waits(world: World) -> None:
    from delivery_objects import inquiry

    from luoshi_web.delivery import consulting

    i = inquiry(world)
    desk = world.client("unit_officer-city").get("/").content.decode()
    assert f"/delivery/answers/{i.key}/" in desk
    assert i.key not in world.client("unit_officer-province").get("/").content.decode()
    by = world.accounts["unit_officer-city"]
    answers = {item(world).pk: ("change", "请县里牵头")}
    consulting.answer(by=by, inquiry=i, revision=i.revision, answers=answers)
    assert "1 条反馈意见待处理" in world.client("drafter-city").get("/").content.decode()


@pytest.mark.parametrize("name", ["leader", "text", "lead", "criterion"])
def test_what_no_database_keeps_is_left_out(world: World, name: str) -> None:
    i = item(world)
    form = {"revision": i.revision, "value": "甲\x00乙", "in": "division"}
    answer = world.client("drafter-city").post(f"/delivery/items/{i.pk}/set/{name}", form, **HTMX)
    assert answer.status_code == 200 and "甲乙" in answer.content.decode()


@pytest.mark.parametrize(
    "form",
    [
        {"item": "x:y", "field": "leader", "value": "甲"},
        {"item": "999999:1", "field": "leader", "value": "甲"},
        {"item": "1:99999999999999999999", "field": "leader", "value": "甲"},
        {"field": "leader", "value": "甲"},
        {"item": "1:1", "field": "state", "value": "established"},
    ],
)
def test_forged_rows_change_nothing(world: World, form: dict[str, str]) -> None:
    i = item(world)
    answer = world.client("drafter-city").post("/delivery/bulk", form)
    assert answer.status_code in (404, 409, 422)
    i.refresh_from_db()
    assert i.leader == "" and i.state == Lifecycle.DRAFT


def test_an_unknown_page_to_go_back_to_is_not_gone_to(world: World) -> None:
    i = item(world)
    form = {"item": f"{i.pk}:{i.revision}", "field": "leader", "value": "甲", "next": "//evil.example/"}
    answer = world.client("drafter-city").post("/delivery/bulk", form)
    assert answer["Location"] == "/delivery/"
