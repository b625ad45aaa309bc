"""The side-by-side view: links judged and drawn, what a new version does to them, its size."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from web_comparing import (
    LOWER,
    UPPER,
    Pair,
    cell,
    compare,
    grid,
    judge,
    large,
    places,
    revise,
    small,
    suspect,
    suspect_gap,
)
from web_world import World

from luoshi_web.audit.models import AuditEvent
from luoshi_web.audit.services import SYSTEM, Refused, maintenance
from luoshi_web.register import disposing, judging, ties
from luoshi_web.register.models import JudgedLink
from luoshi_web.register.models.judgements import link_key

HTMX = {"HTTP_HX_REQUEST": "true"}
Q = "/register"


@pytest.fixture
def pair(world: World) -> Pair:
    return small(world)


def test_side_by_side_shows_both_texts_the_links_and_what_has_no_counterpart(
    world: World, pair: Pair
) -> None:
    page = world.client("viewer-city").get(f"{Q}/compare/{pair.comparison.pk}/").content.decode()
    text = re.sub(r"<[^>]*>", "", page)
    for sentence in (*UPPER, *LOWER):
        assert sentence in text
    link = pair.link()
    assert page.count(f'data-key="{link.key}"') == 1 and page.count(f"{link.key}") >= 3
    assert "r-absent" in page and "r-new" in page and "<script>" not in page and "style=" not in page
    assert 'data-act="add"' not in page  # a viewer judges nothing
    page = world.client("reviewer-city").get(f"{Q}/compare/{pair.comparison.pk}/").content.decode()
    assert 'data-act="add"' in page


def test_one_link_shows_the_words_that_changed(world: World, pair: Pair) -> None:
    url = f"{Q}/compare/{pair.comparison.pk}/links/{pair.link().key}"
    page = world.client("viewer-city").get(url).content.decode()
    assert "<del>95</del>" in page or "<del>95%</del>" in page
    assert "<ins>92" in page and "指标低于上位" in page
    assert "<del>" in world.client("viewer-city").get(url + "?peek=1").content.decode()
    assert world.client("viewer-other").get(url).status_code == 404


def test_a_link_is_confirmed_rejected_with_a_reason_and_taken_back(world: World, pair: Pair) -> None:
    key = pair.link().key
    assert judge(world, pair, "reviewer-city", key, verdict="rejected").status_code == 422
    answer = judge(world, pair, "reviewer-city", key, verdict="rejected", reason="说的是两件事")
    assert answer.status_code == 200 and "rejected" in answer["HX-Trigger"]
    row = JudgedLink.objects.get()
    assert (row.verdict, row.why, row.by.username) == ("rejected", "说的是两件事", "reviewer-city")
    assert (row.upper_quote, row.lower_quote) == (UPPER[1], LOWER[1]) and row.score == 0.91
    assert AuditEvent.objects.filter(action="register.link.judge", reason="说的是两件事").exists()
    revision = str(row.revision)
    assert judge(world, pair, "reviewer-city", key, verdict="open", revision=revision).status_code == 200
    assert ties.ties(pair.comparison, key)[0].state == "open"


def test_the_second_of_two_is_told(world: World, pair: Pair) -> None:
    key = pair.link().key
    assert judge(world, pair, "reviewer-city", key, verdict="confirmed").status_code == 200
    answer = judge(world, pair, "supervisor-province", key, verdict="rejected", reason="不同意")
    assert answer.status_code == 409 and "reviewer city" in answer["HX-Trigger"].encode().decode(
        "unicode_escape"
    )
    assert JudgedLink.objects.get().verdict == "confirmed"


def test_who_may_not_judge_is_refused(world: World, pair: Pair) -> None:
    for who in ("viewer-city", "drafter-city", "reviewer-county", "reviewer-other", "system_admin-city"):
        answer = judge(world, pair, who, pair.link().key, verdict="confirmed")
        assert answer.status_code in (403, 404), who
    assert not JudgedLink.objects.exists()


def test_a_judged_link_survives_a_new_comparison(world: World, pair: Pair) -> None:
    key = pair.link().key
    judge(world, pair, "reviewer-city", key, verdict="confirmed", reason="已核")
    with maintenance("compared again"):
        pair.comparison.delete()
    again = compare(pair.upper, pair.lower, [(1, 1, "adapted", 0.5, "lower-target")], [])
    t = ties.ties(again, key)[0]
    assert t.link is not None and t.state == "confirmed" and t.judged is not None and t.judged.why == "已核"
    with maintenance("the machine finds it no more"):
        again.links.all().delete()
    assert [x.state for x in ties.ties(again)] == ["confirmed"]


def test_our_key_is_the_machines(world: World) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from luoshi_web.library import jobs
    from luoshi_web.library.models import Job, Link
    from luoshi_web.library.services import receive

    head = "岚山省人民政府关于农村供水的意见\n\n岚政发〔2026〕3号\n\n各市人民政府：\n\n一、建设工程\n\n"
    under = "江城市人民政府关于贯彻《岚山省人民政府关于农村供水的意见》的实施意见\n\n江政发〔2026〕9号\n\n"
    body = "推进城乡供水一体化，新建一批规模化供水工程。健全水价形成和补偿机制，建立管护员队伍。"
    files = {
        "province": head + body + "\n\n岚山省人民政府\n2026年1月5日\n",
        "city": under + "一、建设工程\n\n" + body + "\n\n江城市人民政府\n2026年3月5日\n",
    }  # fmt: skip
    for level, text in files.items():
        receive(
            by=world.accounts[f"drafter-{level}"], owner=world.units[level], audience="below",
            files=[SimpleUploadedFile(f"{level}.txt", text.encode())], max_bytes=1 << 20,
        )  # fmt: skip
        for kind in ("read", "compare"):
            for pk in list(Job.objects.filter(kind=kind, state="waiting").values_list("pk", flat=True)):
                jobs.run(pk)
    found = list(Link.objects.select_related("comparison__upper", "comparison__lower"))
    assert found
    for x in found:
        c = x.comparison
        ends = (x.upper_start, x.upper_end), (x.lower_start, x.lower_end)
        assert link_key(c.upper, c.lower, *ends) == x.key


def test_a_link_drawn_by_hand_carries_a_requirement(world: World, pair: Pair) -> None:
    up, low = places(pair.upper.current)[3], places(pair.lower.current)[3]
    assert cell(world, pair, 2).status == "absent"
    form = {"upper": f"{up[0]}-{up[1]}", "lower": f"{low[0]}-{low[1]}", "relation": "specified"}
    url = f"{Q}/compare/{pair.comparison.pk}/add"
    assert world.client("reviewer-city").post(url, form, **HTMX).status_code == 422  # no reason
    form["reason"] = "管护员的报酬来自补偿"
    for wrong in ({"upper": "5-99999"}, {"lower": "x"}, {"relation": "same"}, {"difference": "worse"}):
        assert world.client("reviewer-city").post(url, {**form, **wrong}, **HTMX).status_code == 422
    answer = world.client("reviewer-city").post(url, form, **HTMX)
    row = JudgedLink.objects.get()
    assert answer.status_code == 204 and answer["HX-Redirect"].endswith(f"?link={row.key}")
    assert row.by_hand and row.verdict == "confirmed" and row.upper_quote == UPPER[3]
    now = cell(world, pair, 2)
    assert (now.status, now.judged) == ("carried", True)
    assert cell(world, pair, 3).status == "absent"
    assert world.client("reviewer-city").post(url, form, **HTMX).status_code == 422  # there already
    judging.judge(
        by=world.accounts["reviewer-city"], comparison=pair.comparison, key=row.key, revision=row.revision,
        verdict="open",
    )  # fmt: skip
    assert len(ties.ties(pair.comparison)) == 2 and cell(world, pair, 2).status == "absent"
    assert world.client("reviewer-city").post(url, form, **HTMX).status_code == 204  # drawn again
    assert JudgedLink.objects.count() == 1


def test_a_requirement_whose_links_were_rejected_is_a_gap(world: World, pair: Pair) -> None:
    assert cell(world, pair, 0).status == "carried"
    judge(world, pair, "reviewer-city", pair.link().key, verdict="rejected", reason="指标不是一回事")
    now = cell(world, pair, 0)
    assert (now.status, now.judged, now.gap) == ("absent", True, True)


def test_a_new_version_marks_what_changed_and_takes_along_what_did_not(world: World, pair: Pair) -> None:
    for i in (0, 1):
        judge(world, pair, "reviewer-city", pair.link(i).key, verdict="confirmed")
    new = revise(pair.lower, LOWER[2], "推进城乡供水一体化，新建8处规模化供水工程和12处水厂。")
    assert judging.follow(by=SYSTEM, version=new) == {"valid": 1, "drifted": 1, "orphaned": 0}
    same, changed = JudgedLink.objects.order_by("lower_start")
    assert not same.suspect and same.lower_version == new
    assert same.key == link_key(
        pair.upper.current, new, (same.upper_start, same.upper_end), (same.lower_start, same.lower_end)
    )
    assert changed.suspect and changed.lower_version_id != new.pk and changed.lower_quote == LOWER[2]
    page = world.client("reviewer-city").get(f"{Q}/suspects/").content.decode()
    assert (
        "<ins>" in page
        and "按新文仍成立" in page
        and "12处水厂" in page.replace("</ins>", "").replace("<ins>", "")
    )
    form = {"revision": changed.revision, "how": "confirm", "reason": "数量增加"}
    assert world.client("reviewer-city").post(f"{Q}/suspects/{changed.pk}/settle", form).status_code == 302
    changed.refresh_from_db()
    assert not changed.suspect and changed.lower_version == new and "8处" in changed.lower_quote
    again = compare(pair.upper, pair.lower, [(1, 1, "adapted", 0.9, ""), (2, 2, "specified", 0.8, "")], [])
    states = {t.key: t.state for t in ties.ties(again)}
    assert states[same.key] == "confirmed"


def test_a_suspect_link_is_withdrawn_only_with_a_reason(world: World) -> None:
    j = suspect(world)
    client = world.client("reviewer-city")
    url = f"{Q}/suspects/{j.pk}/settle"
    assert client.post(url, {"revision": j.revision, "how": "withdraw"}).status_code == 422
    assert client.post(url, {"revision": j.revision - 1, "how": "confirm"}).status_code == 409
    form = {"revision": j.revision, "how": "withdraw", "reason": "不再成立"}
    assert client.post(url, form).status_code == 302
    j.refresh_from_db()
    assert (j.verdict, j.suspect) == ("open", False)
    assert client.post(url, form).status_code == 404


def test_dropped_words_cannot_be_confirmed(world: World, pair: Pair) -> None:
    judge(world, pair, "reviewer-city", pair.link(1).key, verdict="confirmed")
    new = revise(pair.lower, LOWER[2] + "\n", "")
    judging.follow(by=SYSTEM, version=new)
    j = JudgedLink.objects.get()
    assert (j.suspect, j.lower_state) == (True, "orphaned")
    with pytest.raises(Refused):
        judging.settle(by=world.accounts["reviewer-city"], judged=j, revision=j.revision, how="confirm")


def test_old_texts_are_judged_no_more(world: World, pair: Pair) -> None:
    revise(pair.lower, LOWER[1], "到2027年农村自来水普及率达到93%以上。")
    assert judge(world, pair, "reviewer-city", pair.link().key, verdict="confirmed").status_code == 422
    page = world.client("reviewer-city").get(f"{Q}/compare/{pair.comparison.pk}/").content.decode()
    assert "已有新版" in page
    assert (
        world.client("reviewer-city")
        .get(f"{Q}/compare/")
        .content.decode()
        .count(f"/compare/{pair.comparison.pk}/")
        == 0
    )


def test_a_disposition_whose_requirement_changed_waits(world: World) -> None:
    g = suspect_gap(world)
    assert (g.state, g.upper_version.number) == ("drifted", 1)
    page = world.client("drafter-city").get(f"{Q}/suspects/").content.decode()
    assert "仍适用" in page and UPPER[4] in page
    form = {"revision": g.revision, "how": "confirm"}
    assert world.client("drafter-city").post(f"{Q}/gaps/{g.pk}/settle", form).status_code == 302
    g.refresh_from_db()
    assert g.state == "valid" and "水费" in g.quote and g.why == "本市没有这项资金"
    assert ties.dispositions(g.upper_version)


def test_follow_runs_with_every_new_version() -> None:
    from luoshi_web.library.reading import AFTER_VERSION

    assert AFTER_VERSION["links"] is judging.follow and AFTER_VERSION["gaps"] is disposing.follow


def _seconds(client: Any, url: str) -> float:
    """Processor time of the second request; the first one loads templates and dictionaries."""
    assert client.get(url).status_code == 200
    at = time.process_time()
    assert client.get(url).status_code == 200
    took = time.process_time() - at
    print(f"{url}: {took:.3f} s")
    return took


def test_two_documents_of_400_sentences_within_a_second(world: World) -> None:
    p = large(world)
    assert p.comparison.links.count() == 399
    assert _seconds(world.client("reviewer-city"), f"{Q}/compare/{p.comparison.pk}/") < 1.0


def test_200_requirements_over_50_documents_within_a_second(world: World) -> None:
    upper = grid(world)
    client = world.client("reviewer-city")
    assert _seconds(client, f"{Q}/coverage/?upper={upper.pk}") < 1.0
    assert client.get(f"{Q}/coverage/?upper={upper.pk}").content.count(b'<td class="c-') == 10_000
