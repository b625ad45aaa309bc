"""The desk: what an account must do now, each a link; the ledger's filters by the last day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import timezone
from web_world import World

from luoshi_web.audit.services import maintenance
from luoshi_web.register import ledger
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
    monkeypatch.setattr(desk, "_sources", {"test": lambda account: some})
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
