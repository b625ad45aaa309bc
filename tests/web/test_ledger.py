"""The ledger: rows worded anew in place and together; facets, outline, pages, exports of the same rows."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.core.cache import cache
from web_world import World

from luoshi_web.audit.models import AuditEvent
from luoshi_web.audit.services import maintenance
from luoshi_web.library.models import Comparison, Link, Provision
from luoshi_web.register import facets, judging, ledger, relations, services
from luoshi_web.register.models import Commitment, Tag

HTMX = {"HTTP_HX_REQUEST": "true"}


def confirmed(world: World, n: int = 3) -> list[Commitment]:
    """The first commitments of the document; what is missing is accepted."""
    for c in world.candidates()[1:n]:
        services.accept(by=world.accounts["reviewer-city"], candidate=c, revision=0)
    return list(Commitment.objects.order_by("start", "pk")[:n])


def pick(*commitments: Commitment) -> list[str]:
    return [f"{c.pk}:{c.revision}" for c in commitments]


def bulk(world: World, who: str = "reviewer-city", **form: Any) -> Any:
    return world.client(who).post("/register/rows/change", form, **HTMX)


def test_a_row_is_worded_anew_in_its_place(world: World) -> None:
    client, c = world.client("reviewer-city"), world.commitment
    form = client.get(f"/register/rows/{c.pk}/form", **HTMX).content.decode()
    assert f'id="row-{c.pk}"' in form and c.quote in form and f'value="{c.revision}"' in form
    data = {"text": "更新老旧泵站42座", "type": "project", "units": "牵头：市水利局", "revision": c.revision}
    answer = client.post(f"/register/rows/{c.pk}/change", data, **HTMX)
    assert answer.status_code == 200 and "更新老旧泵站42座" in answer.content.decode()
    assert "luoshi:message" in answer["HX-Trigger"]
    c.refresh_from_db()
    assert (c.text, c.type, [u["name"] for u in c.units]) == ("更新老旧泵站42座", "project", ["市水利局"])
    again = client.post(f"/register/rows/{c.pk}/change", data | {"text": "乙"}, **HTMX)
    assert again.status_code == 409 and again["HX-Reswap"] == "none"


def test_one_change_to_several_rows(world: World) -> None:
    some = confirmed(world)
    answer = bulk(world, pick=pick(*some), what="more-units", value="配合：市财政局", reason="会议议定")
    assert answer.status_code == 204 and answer["HX-Redirect"] == "/register/"
    for c in some:
        c.refresh_from_db()
        assert c.units[-1] == {"name": "市财政局", "role": "support", "code": None}
        assert Tag.objects.filter(commitment=c, kind="unit", value="市财政局", role="support").exists()
        event = AuditEvent.objects.filter(object_type="register.commitment", object_id=str(c.pk)).order_by(
            "-id"
        )[0]
        assert event.actor == "reviewer-city" and event.reason == "会议议定"
    whole = AuditEvent.objects.get(object_type="register.commitments")
    assert f"{len(some)}" in whole.object_name and str(some[0].pk) in whole.after


def test_each_kind_of_change(world: World) -> None:
    c = world.commitment
    for what, form, field, expected in (
        ("deadline", {"value": "2027-06"}, "deadline", "2027-06"),
        ("ongoing", {}, "ongoing", True),
        ("type", {"type": "institutional"}, "type", "institutional"),
        ("domain", {"domain": ""}, "domain", ""),
        ("units", {"value": "牵头：市水利局；责任：市财政局"}, "units", None),
        ("more-places", {"value": "柳溪县、东岸镇"}, "places", None),
        ("fewer-places", {"value": "柳溪县"}, "places", None),
    ):
        c.refresh_from_db()
        assert bulk(world, pick=pick(c), what=what, **form).status_code == 204
        c.refresh_from_db()
        if expected is not None:
            assert getattr(c, field) == expected
    assert [u["role"] for u in c.units] == ["lead", "responsible"] and c.deadline == "" and c.ongoing
    assert "东岸镇" in {p["quote"] for p in c.places} and "柳溪县" not in {p["quote"] for p in c.places}


def test_none_is_changed_when_one_cannot_be(world: World) -> None:
    some = confirmed(world)
    before = [c.deadline for c in some]
    stale = pick(*some)
    services.change_commitment(
        by=world.accounts["supervisor-city"], commitment=some[-1], revision=some[-1].revision,
        fields={"text": "别人先改"},
    )  # fmt: skip
    answer = bulk(world, pick=stale, what="deadline", value="2030")
    assert answer.status_code == 422 and "supervisor city" in message(answer)
    assert [Commitment.objects.get(pk=c.pk).deadline for c in some] == before
    services.withdraw(by=world.accounts["reviewer-city"], commitment=some[0], revision=1, reason="重复")
    some[0].refresh_from_db()
    assert bulk(world, pick=pick(some[0]), what="deadline", value="2030").status_code == 422
    for wrong in (
        {"what": "deadline", "value": "明年"}, {"what": "units", "value": " "}, {"what": "type"},
        {"what": "text", "value": "x"}, {"what": "domain", "domain": "没有"}, {"what": "more-places"},
    ):  # fmt: skip
        assert bulk(world, pick=pick(some[1]), **wrong).status_code == 422
    assert bulk(world, what="deadline", value="2030").status_code == 422
    assert bulk(world, pick=["x:1"], what="deadline", value="2030").status_code == 403
    assert bulk(world, "reviewer-other", pick=pick(some[1]), what="deadline", value="2030").status_code == 403


def message(answer: Any) -> str:
    import json

    told: str = json.loads(answer["HX-Trigger"])["luoshi:message"]["text"]
    return told


def test_the_outline_counts_what_stands_in_each_node(world: World) -> None:
    some = confirmed(world)
    viewer, told = world.accounts["viewer-city"], {"document": str(world.document.pk)}
    tree = facets.tree(viewer, told)
    assert tree["documents"] == [(str(world.document.pk), world.document.title, len(some))]
    top = [(p, n) for p, n in tree["nodes"] if p.depth == 1]
    assert sum(n for _p, n in top) == len(some)
    node, n = tree["nodes"][-1]
    rows = ledger.filtered(viewer, told | {"node": str(node.pk)})
    assert rows.count() == n and all(node.start <= c.start < node.end for c in rows)
    assert not ledger.filtered(viewer, {"node": str(Provision.objects.order_by("-pk")[0].pk + 1)}).exists()


def test_relations_to_upper_documents_are_a_facet(world: World) -> None:
    some = confirmed(world)
    version = world.document.current
    with maintenance("test"):
        comparison = Comparison.objects.create(upper=version, lower=version)
        Link.objects.create(
            comparison=comparison, key="x", upper_start=0, upper_end=1, lower_start=some[0].start,
            lower_end=some[0].end, relation="adapted", score=0.8,
        )  # fmt: skip
        relations.follow(by=None, version=version)
    viewer = world.accounts["viewer-city"]
    found = {f["name"]: f["values"] for f in facets.facets(viewer, {})}["link"]
    assert [(v, n) for v, _w, n in found] == [("adapted", 1), ("-", len(some) - 1)]
    assert list(ledger.filtered(viewer, {"link": "adapted"})) == [some[0]]
    assert ledger.filtered(viewer, {"link": "-"}).count() == len(some) - 1
    reviewer = world.accounts["reviewer-city"]
    judging.judge(
        by=reviewer, comparison=comparison, key="x", revision=0, verdict="rejected", reason="不同事"
    )
    assert not ledger.filtered(viewer, {"link": "adapted"}).exists()
    place = (some[1].start, some[1].end)
    judging.add(
        by=reviewer, comparison=comparison, upper=place, lower=place, relation="specified", reason="同一件事"
    )
    assert list(ledger.filtered(viewer, {"link": "specified"})) == [some[1]]


def test_counts_are_kept_only_where_counting_takes_time(world: World, monkeypatch: Any) -> None:
    cache.clear()
    some = confirmed(world)
    viewer = world.accounts["viewer-city"]

    def states() -> int:
        found = {f["name"]: f["values"] for f in facets.facets(viewer, {})}["state"]
        return sum(n for _v, _w, n in found)

    assert states() == len(some)
    services.accept(by=world.accounts["reviewer-city"], candidate=world.candidates()[len(some)], revision=0)
    assert states() == len(some) + 1  # quick to count: counted anew at once
    slow = iter(range(0, 10_000, 1))
    monkeypatch.setattr(facets.time, "monotonic", lambda: float(next(slow)))
    cache.clear()
    assert states() == len(some) + 1
    services.accept(
        by=world.accounts["reviewer-city"], candidate=world.candidates()[len(some) + 1], revision=0
    )
    assert states() == len(some) + 1  # as it was a moment ago
    assert facets.facets(world.accounts["viewer-county"], {})  # another account's counts are its own


def test_a_page_holds_the_rows_of_its_place_in_every_order(world: World) -> None:
    confirmed(world, 4)
    viewer = world.accounts["viewer-city"]
    for by in ("", "deadline", "strength", "confirmed"):
        rows = ledger.ordered(ledger.filtered(viewer, {}), by)
        paged = ledger.Rows(rows)
        assert [c.pk for a in (0, 2) for c in paged[a : a + 2]] == [c.pk for c in rows]
        assert len(paged) == rows.count() == 4
        text = b"".join(world.client("viewer-city").get(f"/register/export?format=csv&sort={by}"))
        lines = list(csv.reader(io.StringIO(text.decode("utf-8-sig"))))
        assert [int(r[0]) for r in lines[1:]] == [c.pk for c in rows]


def test_views_have_an_end(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from luoshi_web.audit.services import Refused
    from luoshi_web.register import saved

    monkeypatch.setattr(saved, "MOST", 2)
    by = world.accounts["viewer-city"]
    for name in ("甲", "乙", "甲"):
        services.save_view(by=by, name=name, query="year=2026")
    with pytest.raises(Refused, match="2 个视图"):
        services.save_view(by=by, name="丙", query="year=2026")
    services.drop_view(by=by, name="乙")
    services.save_view(by=by, name="丙", query="year=2026")


def test_the_page_offers_to_change_only_what_may_be_changed(world: World) -> None:
    confirmed(world)
    for who, may in (("reviewer-city", True), ("viewer-city", False), ("reviewer-county", False)):
        page = world.client(who).get("/register/?size=100").content.decode()
        assert ('name="pick"' in page) is may and ('id="bulk"' in page) is may
