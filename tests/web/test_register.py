"""Review: candidates become commitments when somebody decides; anchors in new versions; the ledger."""

from __future__ import annotations

import csv
import io
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from web_world import TEXT, World

from luoshi_web.audit.models import AuditEvent
from luoshi_web.library import jobs
from luoshi_web.library.models import Candidate, Job
from luoshi_web.register import anchors, drafting, scoring, selectors, services
from luoshi_web.register.models import Commitment, Decision, SavedView

HTMX = {"HTTP_HX_REQUEST": "true"}


def post(world: World, who: str, c: Candidate, action: str, **form: Any) -> Any:
    data = {"revision": "0", **form}
    return world.client(who).post(f"/register/candidates/{c.pk}/{action}", data, **HTMX)


def state(world: World, c: Candidate) -> str:
    world.document.refresh_from_db()
    return next(i.state for i in selectors.items(world.document.current) if i.candidate.key == c.key)


def new_version(world: World, text: str, name: str = "修订.txt") -> None:
    form = {
        "owner": world.units["city"].pk,
        "audience": "below",
        "files": [SimpleUploadedFile(name, text.encode())],
    }
    assert world.client("drafter-city").post("/library/upload", form).status_code == 302
    for pk in Job.objects.filter(state="waiting", kind="read").values_list("pk", flat=True):
        jobs.run(pk)
    world.document.refresh_from_db()


def test_a_candidate_becomes_a_commitment_only_when_accepted(world: World) -> None:
    c = world.candidates()[1]
    assert not Commitment.objects.filter(quote=c.quote, start=c.start).exists()
    answer = post(world, "reviewer-city", c, "accept")
    assert answer.status_code == 200
    assert f'id="c-{c.key}"' in answer.content.decode() and "accepted" in answer["HX-Trigger-After-Swap"]
    made = Commitment.objects.get(start=c.start, end=c.end)
    assert made.version.text[made.start : made.end] == made.quote == made.text
    assert made.confirmed_by.username == "reviewer-city"
    assert state(world, c) == "accepted"


def test_edited_keeps_the_source_and_the_machines_proposal(world: World) -> None:
    c = world.candidates()[1]
    form = {
        "text": "疏浚六条河道", "type": "project", "criterion": "六条河道通过验收",
        "units": "牵头：市水利局；配合：市财政局", "deadline": "2026-12", "reason": "原文过长",
    }  # fmt: skip
    assert post(world, "reviewer-city", c, "edit", **form).status_code == 200
    made = Commitment.objects.get(start=c.start, end=c.end)
    assert (made.text, made.quote, made.deadline) == ("疏浚六条河道", c.quote, "2026-12")
    assert [(u["name"], u["role"]) for u in made.units] == [("市水利局", "lead"), ("市财政局", "support")]
    decision = made.origins.get()
    assert decision.verdict == "edited" and decision.original["verb"] == c.verb
    assert set(made.tags.values_list("value", flat=True)) >= {"市水利局", "市财政局"}


def test_split_and_merge_keep_where_they_came_from(world: World) -> None:
    a, b, c = world.candidates()[1:4]
    part = a.quote[: len(a.quote) // 2]
    assert post(world, "reviewer-city", a, "split", texts=f"{part}\n\n另一件事\n").status_code == 200
    made = Decision.objects.get(key=a.key).commitments.order_by("pk")
    assert [m.text for m in made] == [part, "另一件事"]
    assert [m.quote for m in made] == [part, a.quote]
    url = f"/register/review/{world.document.pk}/merge"
    form = {"candidate": [b.pk, c.pk], "revisions": ["0", "0"], "text": "一并办理"}
    assert world.client("reviewer-city").post(url, form, **HTMX).status_code == 200
    merged = Commitment.objects.get(text="一并办理")
    assert {d.quote for d in merged.origins.all()} == {b.quote, c.quote}
    page = world.client("viewer-city").get(f"/register/commitments/{merged.pk}/").content.decode()
    assert "由下列原文合并" in page
    page = world.client("viewer-city").get(f"/register/commitments/{made[0].pk}/").content.decode()
    assert "另一件事" in page


@pytest.mark.parametrize(("action", "form"), [("reject", {"reason": " "}), ("split", {"texts": "一件"})])
def test_what_a_decision_needs(world: World, action: str, form: dict[str, str]) -> None:
    c = world.candidates()[1]
    answer = post(world, "reviewer-city", c, action, **form)
    assert answer.status_code == 422 and "luoshi:message" in answer["HX-Trigger"]
    assert state(world, c) == "pending"


def test_rejected_with_a_reason_then_reopened(world: World) -> None:
    c = world.candidates()[1]
    post(world, "reviewer-city", c, "reject", reason="与另一条重复")
    assert state(world, c) == "rejected" and not Commitment.objects.filter(start=c.start, end=c.end).exists()
    d = Decision.objects.get(key=c.key)
    assert (
        post(world, "supervisor-city", c, "reopen", revision=d.revision, reason="并不重复").status_code == 200
    )
    assert state(world, c) == "pending"
    d.refresh_from_db()
    assert d.reason == "并不重复", "the row tells the reason of its last verdict"
    assert post(world, "reviewer-city", c, "accept", revision=d.revision).status_code == 200
    assert state(world, c) == "accepted"


def test_reopening_withdraws_what_came_of_it(world: World) -> None:
    decision = world.commitment.origins.get()
    reviewer = world.accounts["reviewer-city"]
    services.reopen(by=reviewer, decision=decision, revision=decision.revision, reason="重审")
    world.commitment.refresh_from_db()
    assert world.commitment.state == "withdrawn"
    assert state(world, world.candidates()[0]) == "pending"


@pytest.mark.parametrize("action", ["accept", "edit", "split", "reject"])
def test_the_second_of_two_is_told_by_whom_he_was_overtaken(world: World, action: str) -> None:
    c = world.candidates()[1]
    assert post(world, "reviewer-city", c, "accept").status_code == 200
    form = {"text": "甲", "type": "project", "texts": "甲\n乙", "reason": "丙"}
    answer = post(world, "supervisor-province", c, action, **form)
    assert answer.status_code == 409
    import json

    told = json.loads(answer["HX-Trigger"])["luoshi:message"]["text"]
    assert "reviewer city" in told and "采纳" in told
    assert answer["HX-Reswap"] == "none", "the form with what was typed stays"
    assert Commitment.objects.filter(start=c.start, end=c.end).count() == 1


def test_two_who_change_a_commitment_at_once(world: World) -> None:
    url = f"/register/commitments/{world.commitment.pk}/change"
    form = {"text": "甲", "type": "project", "revision": world.commitment.revision}
    assert world.client("reviewer-city").post(url, form, **HTMX)["HX-Redirect"]
    answer = world.client("supervisor-city").post(url, {**form, "text": "乙"}, **HTMX)
    assert answer.status_code == 409
    world.commitment.refresh_from_db()
    assert world.commitment.text == "甲"


def test_an_ended_session_leaves_the_page_as_it_is(world: World) -> None:
    from django.test import Client

    answer = Client().post(f"/register/candidates/{world.candidates()[1].pk}/edit", {"text": "甲"}, **HTMX)
    assert answer.status_code == 401 and answer["HX-Trigger"] == "luoshi:signed-out"


def test_accepting_above_a_score(world: World) -> None:
    items = selectors.items(world.document.current)
    bound = sorted(i.score for i in items if i.undecided)[-1]
    wanted = {i.candidate.key for i in items if i.undecided and i.score >= bound}
    page = world.client("reviewer-city").get(f"/register/review/{world.document.pk}/").content.decode()
    n = sum(i.undecided and i.score >= 0.5 for i in items)
    assert f'<option value="0.5" data-count="{n}">' in page and "下限的 {n} 条" in page
    answer = world.client("reviewer-city").post(
        f"/register/review/{world.document.pk}/accept-above", {"minimum": str(max(0.5, bound))}
    )
    assert answer.status_code == 302
    left = {i.candidate.key for i in selectors.items(world.document.current) if i.undecided}
    assert not wanted & left and len(left) == sum(i.undecided for i in items) - len(wanted)
    bad = world.client("reviewer-city").post(
        f"/register/review/{world.document.pk}/accept-above", {"minimum": "x"}
    )
    assert bad.status_code == 422


def test_scores_stay_in_bounds_and_say_why(world: World) -> None:
    for c in world.candidates():
        assert 0 <= scoring.score(c) <= 1
        assert all(words for _n, words, _w in scoring.signals(c))


@pytest.mark.parametrize("action", ["accept", "edit", "split", "reject", "reopen"])
@pytest.mark.parametrize("who", ["viewer-city", "drafter-city", "reviewer-county", "reviewer-other"])
def test_who_may_not_review(world: World, action: str, who: str) -> None:
    assert post(world, who, world.candidates()[1], action, reason="甲").status_code in (403, 404)


# --- new versions ------------------------------------------------------------------------------------------


def test_words_that_stay_keep_their_commitment_and_decisions(world: World) -> None:
    c = world.candidates()[2]
    services.reject(by=world.accounts["reviewer-city"], candidate=c, revision=0, reason="原则")
    new_version(world, TEXT.replace("为改善灌溉条件", "为进一步改善灌溉条件，保障粮食安全"))
    world.commitment.refresh_from_db()
    m = world.commitment
    assert (m.anchor_state, m.version_id) == ("valid", world.document.current_id)
    assert world.document.current.text[m.start : m.end] == m.quote
    found = {i.candidate.quote: i.state for i in selectors.items(world.document.current)}
    assert found[m.quote] == "accepted" and found[c.quote] == "rejected"


def test_changed_words_wait_for_a_person(world: World) -> None:
    before = (world.commitment.version_id, world.commitment.start, world.commitment.quote)
    new_version(world, TEXT.replace("42座", "45座"))
    m = world.commitment
    m.refresh_from_db()
    assert m.anchor_state == "drifted" and (m.version_id, m.start, m.quote) == before
    assert "45座" in m.found_quote
    item = next(i for i in selectors.items(world.document.current) if "45座" in i.candidate.quote)
    assert item.state == "drifted", "not offered as a new one"
    page = world.client("reviewer-city").get("/register/anchors/").content.decode()
    assert "漂移" in page and "<ins>" in page
    form = {"revision": m.revision, "how": "confirm-text", "start": m.found_start, "end": m.found_end}
    assert world.client("reviewer-city").post(f"/register/commitments/{m.pk}/anchor", form).status_code == 302
    m.refresh_from_db()
    assert (m.anchor_state, m.version_id) == ("valid", world.document.current_id)
    assert "45座" in m.text and m.version.text[m.start : m.end] == m.quote
    item = next(i for i in selectors.items(world.document.current) if "45座" in i.candidate.quote)
    assert item.state == "accepted"


def test_struck_words_leave_an_orphan_that_can_be_attached_elsewhere(world: World) -> None:
    line = next(p for p in TEXT.split("\n") if p.startswith("（一）更新"))
    new_version(world, TEXT.replace(line, "（一）加强水文监测预报。"))
    m = world.commitment
    m.refresh_from_db()
    assert m.anchor_state in ("orphaned", "drifted") and m.version_id != world.document.current_id
    c = Candidate.objects.filter(version=world.document.current).order_by("start").first()
    assert c is not None
    anchors.settle(
        by=world.accounts["reviewer-city"], commitment=m, revision=m.revision, start=c.start, end=c.end
    )
    m.refresh_from_db()
    assert (m.anchor_state, m.quote) == ("valid", c.quote)
    assert AuditEvent.objects.filter(action="register.anchor.settle", object_id=str(m.pk)).exists()


# --- ledger ------------------------------------------------------------------------------------------------


def test_facets_count_and_filter(world: World) -> None:
    reviewer = world.accounts["reviewer-city"]
    services.accept_above(by=reviewer, document=world.document, minimum=0.5)
    page = world.client("viewer-county").get("/register/facets").content.decode()
    assert "市水利局" in page and "2026" in page
    rows = world.client("viewer-county").get("/register/?unit=市水利局").context["page_obj"]
    assert rows and all("市水利局" in {u["name"] for u in c.units} for c in rows)
    year = world.client("viewer-county").get("/register/?year=2026").context["page_obj"]
    assert year and all(c.deadline.startswith("2026") for c in year)
    assert not world.client("viewer-other").get("/register/").context["page_obj"].object_list


@pytest.mark.parametrize(
    "query", ["page=99", "document=x", "year=%27", "state=zzz", "sort=pk;drop", "unit=-", "q=%00"]
)
def test_strange_filters_do_no_harm(world: World, query: str) -> None:
    client = world.client("viewer-city")
    for page in ("/register/", "/register/facets", "/register/export"):
        answer = client.get(f"{page}?{query}")
        assert answer.status_code == 200
        if answer.streaming:
            list(answer)


def test_exports_hold_the_rows_and_no_formula(world: World) -> None:
    services.change_commitment(
        by=world.accounts["reviewer-city"], commitment=world.commitment, revision=world.commitment.revision,
        fields={"text": "=HYPERLINK(1)"},
    )  # fmt: skip
    client = world.client("viewer-city")
    text = b"".join(client.get("/register/export?format=csv")).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[1][1] == "'=HYPERLINK(1)" and rows[1][rows[0].index("原文")] == world.commitment.quote
    book = openpyxl.load_workbook(io.BytesIO(b"".join(client.get("/register/export?format=xlsx"))))
    cell = book.active["B2"]
    assert cell.value == "=HYPERLINK(1)" and cell.data_type == "s"


def test_saved_views_are_ones_own(world: World) -> None:
    client = world.client("viewer-city")
    client.post("/register/views", {"name": "今年", "query": "year=2026&page=3&evil=1"})
    assert SavedView.objects.get().query == "year=2026"
    assert "今年" in client.get("/register/").content.decode()
    assert "今年" not in world.client("viewer-county").get("/register/").content.decode()
    client.post("/register/views", {"drop": "今年", "query": ""})
    assert not SavedView.objects.exists()


def test_the_page_of_a_commitment_tells_its_history(world: World) -> None:
    services.change_commitment(
        by=world.accounts["supervisor-city"], commitment=world.commitment, revision=world.commitment.revision,
        fields={"criterion": "验收合格"}, reason="补充标准",
    )  # fmt: skip
    page = world.client("viewer-county").get(f"/register/commitments/{world.commitment.pk}/").content.decode()
    assert "补充标准" in page and "supervisor city" in page and "确认登记" in page
    assert f"/library/versions/{world.commitment.version_id}/place/{world.commitment.start}" in page


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("牵头：甲局、乙局；责任：丙局", [("甲局", "lead"), ("乙局", "lead"), ("丙局", "responsible")]),
        ("牵头单位:甲局;配合单位:乙局,丙局", [("甲局", "lead"), ("乙局", "support"), ("丙局", "support")]),
        ("甲局、乙局", [("甲局", "responsible"), ("乙局", "responsible")]),
        ("", []),
    ],
)
def test_units_as_typed(text: str, units: list[tuple[str, str]]) -> None:
    found = drafting.units_of(text)
    assert [(u["name"], u["role"]) for u in found] == units
    assert drafting.units_of(drafting.units_text(found)) == found
