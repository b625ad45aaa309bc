"""The desk: what an account must do now, each a link; the ledger's filters by the last day."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.utils import timezone
from web_comparing import small, suspect
from web_world import World

from luoshi_web.audit.services import maintenance
from luoshi_web.register import due, gaps, judging, ledger, lists
from luoshi_web.register.models import Commitment
from luoshi_web.ui import desk


def test_a_reviewer_finds_what_waits(world: World) -> None:
    page = world.client("reviewer-city").get("/").content.decode()
    assert f'href="/register/review/{world.document.pk}/"' in page and "待审核" in page
    with maintenance("test"):
        Commitment.objects.filter(pk=world.commitment.pk).update(anchor_state="orphaned")
    page = world.client("reviewer-city").get("/").content.decode()
    assert f"/register/anchors/?document={world.document.pk}" in page
    assert page.index("核对出处") < page.index(
        f"/register/review/{world.document.pk}/"
    )  # what is wrong comes first
    assert (
        f'id="a{world.commitment.pk}"'
        in world.client("reviewer-city")
        .get(f"/register/anchors/?document={world.document.pk}")
        .content.decode()
    )


def test_who_has_nothing_to_do_is_told_so(world: World) -> None:
    for who in ("viewer-city", "reviewer-other"):
        page = world.client(who).get("/").content.decode()
        assert "现在没有等您办的事" in page and 'href="/library/"' in page


def test_administrators_go_to_their_own_first_page(world: World) -> None:
    assert world.client("audit_admin-city").get("/")["Location"] == "/audit/"
    assert world.client("security_admin-city").get("/")["Location"].startswith("/organisation/")


def test_what_is_late_comes_first_then_by_day(monkeypatch: Any) -> None:
    some = [
        desk.Task("甲", "无期限", "/"), desk.Task("乙", "后", "/", until="2026-12-01"),
        desk.Task("丙", "先", "/", until="2026-11"), desk.Task("丁", "有误", "/", sign="red"),
    ]  # fmt: skip
    monkeypatch.setattr(desk, "_sources", {})
    desk.add("test", lambda account: some)
    assert [t.title for t in desk.of(None)] == ["有误", "先", "后", "无期限"]


@pytest.mark.parametrize(
    ("deadline", "due"),
    [
        ("2026-11-19", "overdue"), ("2026-10", "overdue"), ("2025", "overdue"), ("2026-11-20", "soon"),
        ("2026-11", "soon"), ("2026", ""), ("2026-12", ""), ("2026-12-20", "soon"), ("2026-12-21", ""),
        ("", ""), ("2027", ""),
    ],
)  # fmt: skip
def test_a_deadline_ends_with_its_month_or_year(
    world: World, deadline: str, due: str, monkeypatch: Any
) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda: date(2026, 11, 20))
    with maintenance("test"):
        Commitment.objects.filter(pk=world.commitment.pk).update(deadline=deadline)
    viewer = world.accounts["viewer-city"]
    found = [d for d in ("overdue", "soon") if ledger.filtered(viewer, {"due": d}).exists()]
    assert found == ([due] if due else [])
    world.commitment.refresh_from_db()
    assert world.commitment.overdue is (due == "overdue")


def count_of(world: World, who: str, url: str, pattern: str) -> int:
    """A number that a page says."""
    found = re.search(pattern, world.client(who).get(url).content.decode())
    assert found, (url, pattern)
    return int(found[1])


def test_each_figure_is_what_its_list_holds(world: World) -> None:
    suspect(world)
    small(world)
    who = "reviewer-city"
    account = world.accounts[who]
    found = {f.url: f.count for f in desk.figures(account)}
    assert found.pop("/register/review/?left=1") == len(world.candidates()) - 1
    assert found.pop("/register/suspects/") == lists.suspects(account).count() == 1
    url = "/register/differences/?verdict=none"
    assert found.pop(url, 0) == count_of(world, who, url, r'<h1>[^<]*<span class="quiet">(\d+)')
    url, n = found.popitem()
    assert url.startswith("/register/gaps/?upper=") and not found
    assert n == count_of(world, who, url, r"其中 (\d+) 条待研判")
    page = world.client(who).get("/").content.decode()
    assert f">{n}</strong>" in page and url.replace("&", "&amp;") in page


def test_judged_links_count_in_the_gaps_that_wait(world: World) -> None:
    pair = small(world)
    account = world.accounts["reviewer-city"]
    before = gaps.waiting(account, "register.dispose_gap")[pair.upper.pk][1]
    link = pair.link()
    judging.judge(
        by=account, comparison=pair.comparison, key=link.key, revision=0, verdict="rejected", reason="误"
    )
    found = gaps.matrix(account, pair.upper).counts()[0]["waiting"]
    assert gaps.waiting(account, "register.dispose_gap")[pair.upper.pk][1] == found >= before


def test_last_days_past_and_near_stand_on_the_desk(world: World, monkeypatch: Any) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda: date(2026, 11, 20))
    with maintenance("test"):
        Commitment.objects.filter(pk=world.commitment.pk).update(deadline="2026-11-25")
    page = world.client("viewer-city").get("/").content.decode()
    assert "/register/?due=soon&amp;sort=deadline" in page and "还有 5 天" in page
    with maintenance("test"):
        Commitment.objects.filter(pk=world.commitment.pk).update(deadline="2026-10")
    page = world.client("viewer-city").get("/").content.decode()
    assert "/register/?due=overdue&amp;sort=deadline" in page and "已过 20 天" in page
    assert "现在没有等您办的事" in page  # to know, not to do
    assert due.spoken("2026-11-20") == "今天到期" and due.spoken("待定") == ""
