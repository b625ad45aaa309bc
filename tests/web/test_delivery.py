"""Work items and divisions: made of commitments, given to units, sent up, approved, issued, opened again."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from delivery_objects import item
from delivery_steps import composed, draft, issue, more, ready
from web_world import World

from luoshi_web.audit.models import AuditEvent
from luoshi_web.audit.services import SYSTEM, Conflict, Refused
from luoshi_web.delivery import checks, items, proposals, selectors, services
from luoshi_web.delivery.models import Basis, Division, Lifecycle, WorkItem
from luoshi_web.delivery.writing import Wanted
from luoshi_web.organisation import services as organisation
from luoshi_web.register.models import Commitment

HTMX = {"HTTP_HX_REQUEST": "true"}


def test_issuing_names_what_is_overdue_already(world: World) -> None:
    d, made = composed(world, 3)
    by = world.accounts["drafter-city"]
    year = date.today().year
    for i, day in zip(made, (f"{year - 1}-12-31", f"{year - 1}", f"{year}", f"{year + 1}-01"), strict=True):
        fields = {"deadline": day, "text": f"任务{day}期"}
        items.change_item(by=by, item=i, revision=i.revision, fields=fields)
    d = ready(world, d)
    services.submit(by=by, division=d, revision=d.revision)
    boss = world.accounts["supervisor-city"]
    services.approve(by=boss, division=d, revision=d.revision, approver="某市长", opinion="同意")
    client = world.client("supervisor-city")
    page = client.get(f"/delivery/divisions/{d.pk}/").content.decode()
    warned = page[page.index("完成时限已过，请核对") : page.index("data-confirm")]
    assert f"任务{year - 1}-12-31期" in warned and f"任务{year - 1}期" in warned
    assert f"任务{year}期" not in warned and f"任务{year + 1}-01期" not in warned
    assert 'data-confirm="2 条任务的完成时限已过。' in page
    form = {"revision": d.revision, "number": "1号", "day": date.today().isoformat()}
    assert client.post(f"/delivery/divisions/{d.pk}/issue", form, **HTMX).status_code == 204


# --- made of commitments ---


def test_items_are_picked_with_their_sources_and_no_unit_is_taken_silently(world: World) -> None:
    d, chosen = draft(world), more(world)
    client = world.client("drafter-city")
    page = client.get(f"/delivery/divisions/{d.pk}/pick").content.decode()
    assert all(f'value="{c.pk}"' in page for c in chosen)
    form = {"commitment": [c.pk for c in chosen], "how": "each"}
    assert client.post(f"/delivery/divisions/{d.pk}/compose", form).status_code == 302
    made = list(selectors.rows(d))
    assert [i.text for i in made] == [c.text for c in chosen]
    assert [i.sources.get().commitment for i in made] == chosen
    assert not any(i.assignments.exists() for i in made)
    assert all(i.state == Lifecycle.DRAFT and i.audience == "own" for i in made)
    assert f'value="{chosen[0].pk}"' not in client.get(f"/delivery/divisions/{d.pk}/pick").content.decode()
    again = client.get(f"/delivery/divisions/{d.pk}/pick?taken=all").content.decode()
    assert "已列入本方案" in again


def test_merged_and_reworded_the_sources_stay_attached_and_visible(world: World) -> None:
    _d, (one,) = composed(world, 2, merge=True, text="更新改造泵站、河道")
    by = world.accounts["drafter-city"]
    items.change_item(by=by, item=one, revision=one.revision, fields={"text": "完成泵站和河道改造"})
    page = world.client("drafter-city").get(f"/delivery/items/{one.pk}/").content.decode()
    for s in one.sources.select_related("commitment"):
        assert s.commitment.quote in page
        assert s.commitment.version.text[s.commitment.start : s.commitment.end] == s.commitment.quote
    assert one.sources.count() == 3 and "完成泵站和河道改造" in page


def test_items_merged_later_keep_sources_and_units_of_all(world: World) -> None:
    d, made = composed(world, 2)
    by = world.accounts["drafter-city"]
    for i, name in zip(made, ("江城市", "柳溪县", "江城市"), strict=True):
        items.change_item(by=by, item=i, revision=i.revision, fields={}, wanted=[Wanted("lead", name)])
    form = {"how": "merge", "item": [f"{i.pk}:{i.revision}" for i in made]}
    answer = world.client("drafter-city").post(f"/delivery/divisions/{d.pk}/rows", form, **HTMX)
    assert answer.status_code == 204
    (left,) = selectors.rows(d)
    assert left.sources.count() == 3
    assert [a.name for a in left.assignments.all()] == ["江城市", "柳溪县"]
    assert set(WorkItem.objects.filter(state="cancelled")) == set(made[1:])


@pytest.mark.parametrize(("due", "deadline", "ongoing"), [("dated", "2026-06", False), ("ongoing", "", True)])
def test_of_a_day_and_lasting_somebody_says_which_holds(
    world: World, due: str, deadline: str, ongoing: bool
) -> None:
    d, made = composed(world, 3)
    by = world.accounts["drafter-city"]
    told: list[dict[str, Any]] = [
        {"deadline": "2026-06", "ongoing": False},
        {"deadline": "", "ongoing": True, "milestone": "每年汇总", "review_on": date(2026, 1, 5)},
    ]
    for i, fields in zip(made, told, strict=False):
        items.change_item(by=by, item=i, revision=i.revision, fields=fields)
    form = {"how": "merge", "item": [f"{i.pk}:{i.revision}" for i in made[:2]]}
    client = world.client("drafter-city")
    answer = client.post(f"/delivery/divisions/{d.pk}/rows", form, **HTMX)
    assert answer.status_code == 422
    assert selectors.rows(d).count() == 4
    assert client.post(f"/delivery/divisions/{d.pk}/rows", form | {"due": due}, **HTMX).status_code == 204
    left = WorkItem.objects.get(pk=made[0].pk)
    assert (left.deadline, left.ongoing) == (deadline, ongoing)
    assert left.milestone == ("每年汇总" if ongoing else "")
    assert left.review_on == (date(2026, 1, 5) if ongoing else None)


def test_the_order_of_the_text(world: World) -> None:
    d, made = composed(world, 3)
    by = world.accounts["drafter-city"]
    items.arrange(by=by, division=d, ids=[i.pk for i in reversed(made)])
    assert [i.pk for i in selectors.rows(d)] == [i.pk for i in reversed(made)]
    items.arrange(by=by, division=d)
    assert [i.pk for i in selectors.rows(d)] == [i.pk for i in made]


def test_the_last_source_of_a_documents_item_stays(world: World) -> None:
    _d, (one, *_rest) = composed(world, 2)
    by = world.accounts["drafter-city"]
    other = one.sources.get().commitment
    with pytest.raises(Refused):
        items.attach(by=by, item=one, revision=one.revision, commitment=other, on=False)
    extra = Commitment.objects.exclude(pk=other.pk).first()
    assert extra is not None
    items.attach(by=by, item=one, revision=one.revision, commitment=extra, on=True)
    items.attach(by=by, item=one, revision=one.revision, commitment=other, on=False)
    assert one.sources.get().commitment == extra and one.revision == 3


# --- proposals of units ---


def test_proposals_say_where_they_come_from_and_are_taken_by_hand(world: World) -> None:
    _d, made = composed(world, 3)
    drafter = world.client("drafter-city")
    one = made[0]
    page = drafter.get(f"/delivery/items/{one.pk}/").content.decode()
    assert "原文写明" in page and "（牵头单位：市水利局；责任单位：各县〔区〕人民政府）" in page
    offer = proposals.for_item(world.accounts["drafter-city"], one)[0]
    form = {"revision": one.revision, "offer": offer.key}
    assert drafter.post(f"/delivery/items/{one.pk}/take", form).status_code == 302
    lead = one.assignments.get(part="lead")
    assert (lead.name, lead.basis, lead.unit) == ("市水利局", Basis.TEXT, None)
    assert "牵头单位：市水利局" in lead.evidence
    event = AuditEvent.objects.filter(object_type="delivery.workitem").latest("id")
    assert event.action == "delivery.item.take.text" and "市水利局" in event.after


def test_duties_kept_with_the_unit_propose_it(world: World) -> None:
    unit = organisation.add_unit(
        by=SYSTEM, parent=world.units["city"], name="江城市水利局", kind="department", aliases=["市水务局"],
        duties="负责泵站更新改造和河道疏浚。承担农村供水管理。",
    )  # fmt: skip
    _d, made = composed(world, 1)
    by = world.accounts["drafter-city"]
    found = {o.basis: o for o in proposals.for_item(by, made[0])}
    duty = found[Basis.DUTIES]
    assert duty.unit == unit.pk and duty.proposal.about == "负责泵站更新改造和河道疏浚。"
    assert "泵站" in duty.proposal.words
    items.take(by=by, item=made[0], revision=made[0].revision, wanted=duty.wanted("lead"), chosen="duties")
    lead = made[0].assignments.get()
    assert lead.unit == unit and lead.basis == Basis.DUTIES and "泵站更新改造" in lead.evidence
    # the text's short name is the same unit
    text = found[Basis.TEXT]
    items.take(by=by, item=made[0], revision=made[0].revision, wanted=text.wanted(), chosen="text")
    assert made[0].assignments.get(name="市水利局").unit == unit


def test_an_earlier_division_proposes_its_units(world: World) -> None:
    first, _made = composed(world, 1)
    issue(world, ready(world, first))
    second = draft(world)
    by = world.accounts["drafter-city"]
    (again,) = items.compose(by=by, division=second, commitments=[world.commitment])
    earlier = [o for o in proposals.for_item(by, again) if o.basis == Basis.EARLIER]
    assert earlier and earlier[0].proposal.units[0].name == "江城市"
    assert earlier[0].item is not None and earlier[0].item.division == first
    page = world.client("drafter-city").get(f"/delivery/items/{again.pk}/").content.decode()
    assert earlier[0].item.code in page and first.title in page


def test_what_the_text_says_is_taken_for_the_rows_checked_only(world: World) -> None:
    d, made = composed(world, 2)
    form = {"how": "take-text", "item": [f"{made[0].pk}:{made[0].revision}"]}
    answer = world.client("drafter-city").post(f"/delivery/divisions/{d.pk}/rows", form)
    assert answer.status_code == 302
    assert made[0].assignments.exists() and not made[1].assignments.exists()


# --- edited in place, many at once, two at once ---


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("text", "更新泵站四十二座", "更新泵站四十二座"),
        ("leader", "某副市长", "某副市长"),
        ("lead", "江城市、市水利局", "市水利局"),
        ("deadline", "2026-06", "2026年6月底前"),
        ("deadline", "2026年底前", "2026年底前"),
        ("review_on", "2026-03-01", "2026-03-01"),
    ],
)
def test_a_cell_is_edited_in_place(world: World, name: str, value: str, shown: str) -> None:
    i = item(world)
    client = world.client("drafter-city")
    form = client.get(f"/delivery/items/{i.pk}/cell/{name}", **HTMX).content.decode()
    assert f'name="revision" value="{i.revision}"' in form
    answer = client.post(
        f"/delivery/items/{i.pk}/set/{name}", {"revision": i.revision, "value": value}, **HTMX
    )
    assert answer.status_code == 200 and f'id="item-{i.pk}"' in answer.content.decode()
    assert shown in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "value"), [("deadline", "明年"), ("review_on", "2026-02-30"), ("text", " ")]
)
def test_a_cell_that_cannot_be_kept_says_why(world: World, name: str, value: str) -> None:
    i = item(world)
    form = {"revision": i.revision, "value": value}
    answer = world.client("drafter-city").post(f"/delivery/items/{i.pk}/set/{name}", form, **HTMX)
    assert answer.status_code == 422 and "luoshi:message" in answer["HX-Trigger"]


def test_the_second_of_two_is_told(world: World) -> None:
    i = item(world)
    form = {"revision": i.revision, "value": "甲"}
    assert (
        world.client("drafter-city").post(f"/delivery/items/{i.pk}/set/leader", form, **HTMX).status_code
        == 200
    )
    answer = world.client("supervisor-city").post(f"/delivery/items/{i.pk}/set/leader", form, **HTMX)
    assert answer.status_code == 409
    told = json.loads(answer["HX-Trigger"])["luoshi:message"]["text"]
    assert "drafter city" in told


def test_many_at_once_or_none(world: World) -> None:
    _d, made = composed(world, 2)
    client = world.client("drafter-city")
    form = {"item": [f"{i.pk}:{i.revision}" for i in made], "field": "lead", "value": "江城市、柳溪县"}
    assert client.post("/delivery/bulk", form, **HTMX).status_code == 204
    for i in made:
        assert [a.name for a in i.assignments.all()] == ["江城市", "柳溪县"]
    # one of them has moved on: none is changed
    answer = client.post("/delivery/bulk", {**form, "field": "leader", "value": "某市长"}, **HTMX)
    assert answer.status_code == 409 and not WorkItem.objects.filter(leader="某市长").exists()


# --- sent up, approved, issued, opened again ---


def test_a_division_goes_up_only_when_nothing_is_lacking(world: World) -> None:
    d, made = composed(world, 1)
    by = world.accounts["drafter-city"]
    missing = {i.pk: m for i, m in checks.of(d).items}
    assert "牵头单位" in missing[made[0].pk]
    with pytest.raises(Refused, match="要素不全"):
        services.submit(by=by, division=d, revision=d.revision)
    ongoing = {"deadline": "", "ongoing": True, "criterion": "每年评估"}
    items.change_item(by=by, item=made[0], revision=1, fields=ongoing, wanted=[Wanted("lead", "江城市")])
    assert checks.lacking(made[0]) == ["复核日期"]
    items.change_item(by=by, item=made[0], revision=2, fields={"review_on": date(2026, 3, 1)})
    assert checks.lacking(made[0]) == []


def test_who_sends_up_does_not_approve(world: World) -> None:
    d, _made = composed(world, 1)
    by = world.accounts["supervisor-city"]
    services.submit(by=by, division=ready(world, d), revision=d.revision)
    with pytest.raises(Refused, match="自己送审"):
        services.approve(by=by, division=d, revision=d.revision, approver="某市长", opinion="")
    other = world.accounts["supervisor-province"]
    services.approve(by=other, division=d, revision=d.revision, approver="某市长", opinion="同意")
    assert d.state == "approved"


def test_sent_back_it_is_edited_again(world: World) -> None:
    d, made = composed(world, 1)
    services.submit(by=world.accounts["drafter-city"], division=ready(world, d), revision=d.revision)
    client = world.client("supervisor-city")
    form = {"revision": d.revision, "how": "return", "opinion": "时限再提前"}
    assert client.post(f"/delivery/divisions/{d.pk}/decide", form).status_code == 302
    page = world.client("drafter-city").get(f"/delivery/divisions/{d.pk}/").content.decode()
    assert "时限再提前" in page
    made[0].refresh_from_db()
    assert made[0].editable and made[0].state == Lifecycle.DRAFT


def test_issued_items_are_locked_and_seen_below(world: World) -> None:
    d, made = composed(world, 1)
    county = world.client("viewer-county")
    assert county.get(f"/delivery/divisions/{d.pk}/").status_code == 404
    issue(world, ready(world, d))
    assert county.get(f"/delivery/divisions/{d.pk}/").status_code == 200
    assert county.get(f"/delivery/items/{made[0].pk}/").status_code == 200
    assert world.client("viewer-other").get(f"/delivery/divisions/{d.pk}/").status_code == 404
    i = selectors.item(world.accounts["drafter-city"], made[0].pk)
    assert i.state == Lifecycle.ESTABLISHED and not i.editable
    with pytest.raises(Refused, match="新一轮"):
        items.change_item(
            by=world.accounts["drafter-city"], item=i, revision=i.revision, fields={"leader": "甲"}
        )


def test_a_new_round_needs_a_reason_and_keeps_what_was_issued(world: World) -> None:
    d, made = composed(world, 1)
    issue(world, ready(world, d))
    by = world.accounts["drafter-city"]
    with pytest.raises(Refused):
        services.revise(by=by, division=d, revision=d.revision, reason=" ")
    services.revise(by=by, division=d, revision=d.revision, reason="机构改革")
    i = selectors.item(by, made[0].pk)
    old = i.text
    items.change_item(by=by, item=i, revision=i.revision, fields={"text": "换了说法"})
    (told,) = services.differences(Division.objects.get(pk=d.pk))
    assert told["kind"] == "changed" and ("任务事项", old, "换了说法") in told["fields"]
    page = world.client("viewer-county").get(f"/delivery/divisions/{d.pk}/editions/1/").content.decode()
    assert old in page and "换了说法" not in page
    live = world.client("viewer-county").get(f"/delivery/divisions/{d.pk}/")
    assert live["Location"] == f"/delivery/divisions/{d.pk}/editions/1/"
    (new,) = items.compose(by=by, division=Division.objects.get(pk=d.pk), commitments=[world.commitment])
    assert world.client("viewer-county").get(f"/delivery/items/{new.pk}/").status_code == 404
    assert AuditEvent.objects.filter(action="delivery.division.revise", reason="机构改革").exists()


def test_two_who_decide_at_once(world: World) -> None:
    d, _made = composed(world, 1)
    services.submit(by=world.accounts["drafter-city"], division=ready(world, d), revision=d.revision)
    seen = d.revision
    by = world.accounts["supervisor-city"]
    services.approve(by=by, division=d, revision=seen, approver="某市长", opinion="")
    stale = Division.objects.get(pk=d.pk)
    with pytest.raises((Conflict, Refused)):
        services.send_back(by=by, division=stale, revision=seen, opinion="再改")
