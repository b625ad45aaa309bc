"""The list 无上位依据 follows the judgement of links at once."""

from __future__ import annotations

from typing import Any

import pytest
from web_comparing import LOWER, Pair, places, small
from web_world import World

from luoshi_web.audit.services import maintenance
from luoshi_web.library.models import Candidate, Link, Unsourced
from luoshi_web.register import judging, lists, unsourced


@pytest.fixture
def pair(world: World) -> Pair:
    """The small pair with a candidate in each sentence."""
    made = small(world)
    with maintenance("made for a test"):
        for n, (start, end) in enumerate(places(made.lower.current)):
            fields = {f.name for f in Candidate._meta.concrete_fields}
            told: dict[str, Any] = {"version": made.lower.current, "key": f"k{n}", "start": start, "end": end}
            Candidate.objects.create(**{k: v for k, v in told.items() if k in fields})
        row = Unsourced.objects.get()
        Unsourced.objects.filter(pk=row.pk).update(candidate=made.lower.current.candidates.get(key="k3"))
    return made


def listed(world: World, pair: Pair) -> list[str]:
    rows = lists.unsourced(world.accounts["viewer-city"], {"lower": str(pair.lower.pk)})
    return [u.version.text[u.start : u.end] for u in rows]


def judge(world: World, pair: Pair, verdict: str, link: Any = None) -> Any:
    link = link or pair.link(0)
    known = judging._known(pair.comparison, link.key)
    return judging.judge(
        by=world.accounts["reviewer-city"], comparison=pair.comparison, key=link.key,
        revision=known.revision if known else 0, verdict=verdict, reason="所指不同",
    )  # fmt: skip


def test_in_and_out_with_the_judgement(world: World, pair: Pair) -> None:
    assert listed(world, pair) == [LOWER[3]]
    judge(world, pair, "rejected")
    assert listed(world, pair) == [LOWER[1], LOWER[3]]
    page = world.client("reviewer-city").get("/register/unsourced/").content.decode()
    assert LOWER[1] in page and "关联已否定" in page
    told = world.client("viewer-city").get("/api/v1/unsourced").json()["items"]
    assert [(u["text"], u["judged"]) for u in told] == [(LOWER[1], True), (LOWER[3], False)]
    judge(world, pair, "open")
    assert listed(world, pair) == [LOWER[3]]
    judge(world, pair, "rejected")
    judge(world, pair, "confirmed")
    assert listed(world, pair) == [LOWER[3]]
    assert Unsourced.objects.filter(judged=True).count() == 0


def test_another_link_still_explains_it(world: World, pair: Pair) -> None:
    start, end = places(pair.lower.current)[1]
    with maintenance("made for a test"):
        second = Link.objects.create(
            comparison=pair.comparison, key="another", upper_start=0, upper_end=5, lower_start=start,
            lower_end=end, relation="adapted", score=0.7,
        )  # fmt: skip
    judge(world, pair, "rejected")
    assert listed(world, pair) == [LOWER[3]]
    judge(world, pair, "rejected", second)
    assert listed(world, pair) == [LOWER[1], LOWER[3]]
    judge(world, pair, "open")
    assert listed(world, pair) == [LOWER[3]]


def test_a_link_that_explains_nothing(world: World, pair: Pair) -> None:
    """A weak or later source never stood against the list, so its rejection changes nothing."""
    with maintenance("made for a test"):
        Link.objects.filter(pk=pair.link(0).pk).update(direction="up")
        Link.objects.filter(pk=pair.link(1).pk).update(relation="specified", score=0.3)
    judge(world, pair, "rejected")
    judge(world, pair, "rejected", pair.link(1))
    assert listed(world, pair) == [LOWER[3]]


def test_the_next_comparison_keeps_to_the_judgement(world: World, pair: Pair) -> None:
    from luoshi_web.library import comparing

    judge(world, pair, "rejected")
    assert comparing.AFTER_COMPARISON["unsourced"] is unsourced.follow
    with maintenance("made for a test"):
        Unsourced.objects.filter(version=pair.lower.current).delete()
        assert unsourced.follow(by=None, version=pair.lower.current) == 1
    assert listed(world, pair) == [LOWER[1]]
