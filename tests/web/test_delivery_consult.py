"""Consultation: units are asked on their rows, answer by link or in Excel; each opinion is handled."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from delivery_objects import division, filled, inquiry, item, opinion
from django.core.files.uploadedfile import SimpleUploadedFile
from web_world import World

from luoshi_web.audit.services import Conflict, Refused
from luoshi_web.delivery import checks, consulting, items, selectors, services
from luoshi_web.delivery.models import Division, Inquiry, Opinion
from luoshi_web.delivery.writing import Wanted

HTMX = {"HTTP_HX_REQUEST": "true"}


def ask(world: World, *units: str, kind: str = "opinion") -> list[Inquiry]:
    """Asks units about the division's items."""
    d = division(world)
    made = consulting.open_round(
        by=world.accounts["drafter-city"], division=d, revision=d.revision,
        units=[world.units[u] for u in units], kind=kind, message="", due=date(2025, 6, 30),
    )  # fmt: skip
    return list(made.inquiries.order_by("pk"))


def edited(data: bytes, **cells: str) -> SimpleUploadedFile:
    """A unit's copy with cells of its rows written, by their heads."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet: Any = book.active
    heads = {c.value: c.column for row in sheet.iter_rows() for c in row if c.value}
    for row in sheet.iter_rows():
        if str(row[0].value or "").isdecimal():
            for head, value in cells.items():
                row[heads[head] - 1].value = value
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("反馈.xlsx", out.getvalue())


def test_each_unit_is_asked_on_its_own_rows(world: World) -> None:
    d = division(world)
    by = world.accounts["drafter-city"]
    from luoshi_web.delivery.models import Origin

    items.add_item(
        by=by, owner=d.owner, division=d, wanted=[Wanted("lead", "江城市")],
        fields={"origin": Origin.MEETING, "origin_title": "纪要", "text": "只归市里的事"},
    )  # fmt: skip
    assert [(u.name, n) for u, n in consulting.candidates(d)] == [("江城市", 2), ("柳溪县", 1)]
    city, county = ask(world, "city", "county")
    assert selectors.asked(city).count() == 2 and selectors.asked(county).count() == 1
    page = world.client("unit_officer-county").get(f"/delivery/answers/{county.key}/").content.decode()
    assert "只归市里的事" not in page and world.commitment.quote in page


def test_a_link_is_for_those_of_the_unit_only(world: World) -> None:
    (county,) = ask(world, "county")
    url = f"/delivery/answers/{county.key}/"
    assert world.client("unit_officer-county").get(url).status_code == 200
    for name in ("unit_officer-other", "drafter-city", "viewer-county"):
        assert world.client(name).get(url).status_code in (403, 404), name
    assert world.client("unit_officer-county").get("/delivery/answers/guessed/").status_code == 404
    inbox = world.client("unit_officer-county").get("/delivery/answers/").content.decode()
    assert url in inbox
    assert url not in world.client("unit_officer-other").get("/delivery/answers/").content.decode()


def test_items_stay_as_they_are_while_units_look(world: World) -> None:
    ask(world, "city")
    i = selectors.item(world.accounts["drafter-city"], item(world).pk)
    with pytest.raises(Refused, match="征求意见"):
        items.change_item(
            by=world.accounts["drafter-city"], item=i, revision=i.revision, fields={"leader": "甲"}
        )


@pytest.mark.parametrize(
    ("answer", "text", "status"),
    [
        ("agree", "", 204),
        ("change", "请县里牵头", 204),
        ("change", " ", 422),
        ("decline", "", 422),
        ("x", "", 422),
        ("", "", 422),
    ],
)
def test_what_an_answer_needs(world: World, answer: str, text: str, status: int) -> None:
    i = inquiry(world)
    pk = item(world).pk
    form = {"revision": i.revision, f"answer-{pk}": answer, f"text-{pk}": text}
    got = world.client("unit_officer-city").post(f"/delivery/answers/{i.key}/send", form, **HTMX)
    assert got.status_code == status
    assert Opinion.objects.count() == (status == 204)


def test_answers_may_be_changed_until_the_round_is_closed(world: World) -> None:
    i = inquiry(world)
    by = world.accounts["unit_officer-city"]
    pk = item(world).pk
    consulting.answer(by=by, inquiry=i, revision=i.revision, answers={pk: ("change", "甲")})
    consulting.answer(by=by, inquiry=i, revision=i.revision, answers={pk: ("agree", "")})
    assert Opinion.objects.get().answer == "agree"
    with pytest.raises(Conflict):
        consulting.answer(by=by, inquiry=i, revision=1, answers={pk: ("decline", "乙")})
    c = i.consultation
    consulting.close(by=world.accounts["drafter-city"], consultation=c, revision=c.revision)
    with pytest.raises(Refused, match="结束"):
        consulting.answer(by=by, inquiry=i, revision=i.revision, answers={pk: ("decline", "乙")})
    page = world.client("unit_officer-city").get(f"/delivery/answers/{i.key}/").content.decode()
    assert "本轮征求意见已经结束" in page


def test_each_opinion_is_handled_and_adopting_means_changing(world: World) -> None:
    i = inquiry(world)
    drafter = world.accounts["drafter-city"]
    pk = item(world).pk
    by = world.accounts["unit_officer-city"]
    consulting.answer(by=by, inquiry=i, revision=i.revision, answers={pk: ("change", "请县里牵头")})
    o = Opinion.objects.get()
    client = world.client("drafter-city")
    url = f"/delivery/opinions/{o.pk}/handle"
    assert client.post(url, {"revision": o.revision, "how": "reject"}, **HTMX).status_code == 422
    assert client.post(url, {"revision": o.revision, "how": "adopt"}, **HTMX).status_code == 204
    c = i.consultation
    consulting.close(by=drafter, consultation=c, revision=c.revision)
    d = Division.objects.get(pk=division(world).pk)
    assert [x.pk for x in checks.of(d).undone] == [o.pk]
    with pytest.raises(Refused, match="已采纳但任务未改动"):
        services.submit(by=drafter, division=d, revision=d.revision)
    it = selectors.item(drafter, pk)
    items.change_item(by=drafter, item=it, revision=it.revision, fields={}, wanted=[Wanted("lead", "柳溪县")])
    assert checks.of(d).clear
    services.submit(by=drafter, division=d, revision=d.revision)
    page = world.client("unit_officer-city").get(f"/delivery/answers/{i.key}/").content.decode()
    assert "采纳" in page


def test_not_adopted_the_unit_sees_why(world: World) -> None:
    i = inquiry(world)
    by = world.accounts["unit_officer-city"]
    consulting.answer(
        by=by, inquiry=i, revision=i.revision, answers={item(world).pk: ("decline", "不归我们")}
    )
    o = Opinion.objects.get()
    consulting.handle(
        by=world.accounts["drafter-city"], opinion=o, revision=o.revision, adopt=False, reason="三定已明确"
    )
    page = world.client("unit_officer-city").get(f"/delivery/answers/{i.key}/").content.decode()
    assert "三定已明确" in page


def test_a_round_has_a_day_until_which_units_answer(world: World) -> None:
    d = division(world)
    client = world.client("drafter-city")
    page = client.get(f"/delivery/divisions/{d.pk}/consult").content.decode()
    assert f'name="due" value="{date.today() + timedelta(days=7)}" required' in page
    form: dict[str, Any] = {"revision": d.revision, "unit": [world.units["city"].pk]}
    url = f"/delivery/divisions/{d.pk}/consult/open"
    assert client.post(url, form | {"due": "2031-01-31"}, **HTMX).status_code == 204
    asked = Inquiry.objects.get().consultation
    assert asked.due == date(2031, 1, 31)
    page = client.get(f"/delivery/divisions/{d.pk}/").content.decode()
    assert "可以送审" not in page and "正在征求意见，结束本轮后才能送审" in page
    drafter = world.accounts["drafter-city"]
    consulting.close(by=drafter, consultation=asked, revision=asked.revision, reason="到期")
    page = client.get(f"/delivery/divisions/{d.pk}/").content.decode()
    assert "要素齐全，可以送审" in page
    d.refresh_from_db()
    made = consulting.open_round(
        by=drafter, division=d, revision=d.revision, units=[world.units["city"]], kind="opinion", message="",
        due=None,
    )  # fmt: skip
    assert made.due == date.today() + timedelta(days=7)


def test_another_verdict_does_not_keep_the_old_reason(world: World) -> None:
    o = opinion(world)
    client = world.client("drafter-city")
    url = f"/delivery/opinions/{o.pk}/handle"
    for how, reason, status, kept in (
        ("reject", "三定已明确", 204, "三定已明确"),
        ("adopt", "三定已明确", 204, ""),
        ("reject", "", 422, ""),
        ("reject", "不归县里", 204, "不归县里"),
        ("reject", "县里没有此项职责", 204, "县里没有此项职责"),
        ("adopt", "已与县里商定", 204, "已与县里商定"),
        ("reject", "已与县里商定", 422, "已与县里商定"),
    ):
        form = {"revision": o.revision, "how": how, "reason": reason}
        assert client.post(url, form, **HTMX).status_code == status
        o.refresh_from_db()
        assert o.handling_reason == kept
    page = client.get(f"/delivery/consultations/{o.inquiry.consultation_id}/").content.decode()
    assert 'value="已与县里商定"' not in page and "已与县里商定" in page


def test_a_round_closed_without_all_answers_needs_a_reason(world: World) -> None:
    i = inquiry(world)
    c = i.consultation
    client = world.client("drafter-city")
    url = f"/delivery/consultations/{c.pk}/close"
    assert client.post(url, {"revision": c.revision}, **HTMX).status_code == 422
    assert client.post(url, {"revision": c.revision, "reason": "逾期"}, **HTMX).status_code == 204
    assert Division.objects.get(pk=division(world).pk).open


def test_countersigning_waits_for_every_unit(world: World) -> None:
    city, _county = ask(world, "city", "county", kind="countersign")
    pk = item(world).pk
    by = world.accounts["unit_officer-city"]
    with pytest.raises(Refused, match="会签人"):
        consulting.answer(by=by, inquiry=city, revision=city.revision, answers={pk: ("agree", "")})
    consulting.answer(
        by=by, inquiry=city, revision=city.revision, answers={pk: ("agree", "")}, signer="某局长"
    )
    c = city.consultation
    drafter = world.accounts["drafter-city"]
    consulting.close(by=drafter, consultation=c, revision=c.revision, reason="先收回")
    d = Division.objects.get(pk=division(world).pk)
    assert checks.of(d).unsigned == ["柳溪县"]
    with pytest.raises(Refused, match="尚未会签：柳溪县"):
        services.submit(by=drafter, division=d, revision=d.revision)


# --- Excel out and in ---


def test_a_copy_in_excel_comes_back_row_by_row(world: World) -> None:
    i = inquiry(world)
    client = world.client("unit_officer-city")
    data = client.get(f"/delivery/answers/{i.key}/file").content
    sheet: Any = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet.protection.sheet and sheet.data_validations.dataValidation
    back = edited(data, 反馈意见="修改意见", 修改意见或理由="请县里牵头")
    answer = client.post(f"/delivery/answers/{i.key}/upload", {"file": back})
    assert answer.status_code == 302
    page = client.get(answer["Location"]).content.decode()
    assert "请县里牵头" in page and Opinion.objects.count() == 0
    pk = int(answer["Location"].rstrip("/").rsplit("/", 1)[1])
    assert client.post(f"/delivery/imports/{pk}/apply", {"revision": 1}).status_code == 302
    o = Opinion.objects.get()
    assert (o.answer, o.text, o.item) == ("change", "请县里牵头", item(world))
    i.refresh_from_db()
    assert i.way == "excel" and i.answered_by == world.accounts["unit_officer-city"]


def test_the_drafter_brings_a_copy_in_that_was_sent_to_him(world: World) -> None:
    i = inquiry(world)
    client = world.client("drafter-city")
    url = f"/delivery/consultations/{i.consultation_id}/upload/{i.unit_id}"
    answer = client.post(url, {"file": filled(world)})
    pk = int(answer["Location"].rstrip("/").rsplit("/", 1)[1])
    assert client.post(f"/delivery/imports/{pk}/apply", {"revision": 1}).status_code == 302
    assert Opinion.objects.get().answer == "agree"
    assert client.post(f"/delivery/imports/{pk}/apply", {"revision": 2}).status_code == 422, "sent twice"


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"反馈意见": "大概可以"}, "看不懂反馈“大概可以”"),
        ({"反馈意见": ""}, "没有填写反馈意见"),
        ({"反馈意见": "不承担"}, "没有写明意见"),
        ({"反馈意见": "同意", "编号（请勿修改）": "RW-XXXXXXX@1"}, "找不到编号“RW-XXXXXXX”"),
    ],
)
def test_a_copy_with_faults_is_not_taken(world: World, cells: dict[str, str], told: str) -> None:
    i = inquiry(world)
    client = world.client("unit_officer-city")
    data = client.get(f"/delivery/answers/{i.key}/file").content
    where = client.post(f"/delivery/answers/{i.key}/upload", {"file": edited(data, **cells)})["Location"]
    assert told in client.get(where).content.decode()
    assert client.post(f"{where}apply", {"revision": 1}).status_code == 422
    assert Opinion.objects.count() == 0


def test_conflicts_of_a_copy_are_shown(world: World) -> None:
    i = inquiry(world)
    by = world.accounts["unit_officer-city"]
    client = world.client("unit_officer-city")
    data = client.get(f"/delivery/answers/{i.key}/file").content
    consulting.answer(by=by, inquiry=i, revision=i.revision, answers={item(world).pk: ("agree", "")})
    old = edited(
        data, 反馈意见="不承担", 修改意见或理由="人手不足", **{"编号（请勿修改）": f"{item(world).code}@1"}
    )
    where = client.post(f"/delivery/answers/{i.key}/upload", {"file": old})["Location"]
    page = client.get(where).content.decode()
    assert "将取代已有反馈：同意" in page and "反馈针对的是旧稿" in page
    assert client.post(f"{where}apply", {"revision": 1}).status_code == 302
    assert Opinion.objects.get().answer == "decline"


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04broken", b"\x00\x01\x02", "不是表".encode()])
def test_a_file_that_is_no_copy_is_refused_with_words(world: World, data: bytes) -> None:
    i = inquiry(world)
    form = {"file": SimpleUploadedFile("反馈.xlsx", data)}
    answer = world.client("unit_officer-city").post(f"/delivery/answers/{i.key}/upload", form)
    if answer.status_code == 302:
        page = world.client("unit_officer-city").get(answer["Location"])
        assert page.status_code == 200 and "须改正" in page.content.decode()
    else:
        assert answer.status_code == 422
    assert Opinion.objects.count() == 0
