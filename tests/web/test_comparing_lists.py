"""Coverage and gaps with their dispositions, the lists beside the comparisons, and their files."""

from __future__ import annotations

import csv
import io
from typing import Any

import openpyxl
import pytest
from django.db import transaction
from web_comparing import (
    LOWER,
    UPPER,
    Pair,
    cell,
    judge,
    places,
    small,
)
from web_world import World

from luoshi_web.audit.models import AuditEvent
from luoshi_web.audit.services import Conflict
from luoshi_web.register import judging, ties
from luoshi_web.register.models import GapDisposition, JudgedLink

HTMX = {"HTTP_HX_REQUEST": "true"}
Q = "/register"


@pytest.fixture
def pair(world: World) -> Pair:
    return small(world)


def dispose(world: World, pair: Pair, who: str, key: str, **form: Any) -> Any:
    data = {"revision": "0", "disposition": "arranged", "reason": "另有方案", **form}
    return world.client(who).post(f"{Q}/coverage/{pair.comparison.pk}/{key}/dispose", data, **HTMX)


def test_the_coverage_table_and_one_cell(world: World, pair: Pair) -> None:
    client = world.client("viewer-city")
    page = client.get(f"{Q}/coverage/?upper={pair.upper.pk}").content.decode()
    for status, sign in (("carried", "●"), ("partly", "◐"), ("absent", "○")):
        assert f'class="c-{status}"' in page and sign in page
    assert 'aria-label="未见承接"' in page
    gap = pair.gap(1)
    page = client.get(f"{Q}/coverage/{pair.comparison.pk}/{gap.key}").content.decode()
    assert UPPER[3] in page and "补偿机制" in page and "只共有“供水”" in page and LOWER[3] in page
    assert 'name="disposition"' not in page
    page = world.client("drafter-city").get(f"{Q}/coverage/{pair.comparison.pk}/{gap.key}").content.decode()
    assert 'name="disposition"' in page and "确需补充" in page
    carried = pair.comparison.coverage.get(status="carried")
    page = client.get(f"{Q}/coverage/{pair.comparison.pk}/{carried.key}").content.decode()
    assert LOWER[1] in page and f"?link={pair.link().key}" in page


def test_a_disposition_has_reason_and_author_and_one_of_two_wins(world: World, pair: Pair) -> None:
    gap = pair.gap(1)
    assert dispose(world, pair, "drafter-city", gap.key, reason=" ").status_code == 422
    assert dispose(world, pair, "drafter-city", gap.key, disposition="whatever").status_code == 422
    answer = dispose(world, pair, "drafter-city", gap.key)
    assert answer.status_code == 200 and "luoshi:disposed" in answer["HX-Trigger-After-Swap"]
    row = GapDisposition.objects.get()
    assert (row.disposition, row.why, row.by.username, row.quote) == (
        "arranged", "另有方案", "drafter-city", UPPER[3],
    )  # fmt: skip
    assert AuditEvent.objects.filter(action="register.gap.dispose").exists()
    assert dispose(world, pair, "supervisor-province", gap.key, reason="不同意").status_code == 409
    form = {"disposition": "take-back", "revision": str(row.revision), "reason": "填错了"}
    assert dispose(world, pair, "drafter-city", gap.key, **form).status_code == 200
    assert cell(world, pair, 2).disposition is None
    row.refresh_from_db()
    form = {"disposition": "to-add", "revision": str(row.revision)}
    assert dispose(world, pair, "drafter-city", gap.key, **form).status_code == 200
    assert GapDisposition.objects.get().disposition == "to-add"
    for who in ("viewer-city", "unit_officer-city", "drafter-county", "drafter-other"):
        assert dispose(world, pair, who, pair.gap(0).key).status_code in (403, 404), who


def test_a_gap_leaves_only_with_its_disposition(world: World, pair: Pair) -> None:
    client, url = world.client("drafter-city"), f"{Q}/gaps/export?upper={pair.upper.pk}"
    answer = client.get(url + "&format=xlsx")
    assert answer.status_code == 422
    text = answer.content.decode()
    listed = f"{Q}/gaps/?upper={pair.upper.pk}"
    page = client.get(listed).content.decode()
    assert (
        "gaps/export?" not in page and "还有 3 条缺口待研判，研判后才能导出。" in page and "disabled" in page
    )
    assert "3 条还没有" in text and UPPER[3][:10] in text and UPPER[4][:10] in text
    dispose(world, pair, "drafter-city", pair.gap(1).key)
    assert client.get(url).status_code == 422  # two still wait
    answer = client.get(url + "&said=any&format=xlsx")
    rows = list(openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active.values)
    assert (
        rows[1][2] == UPPER[3]
        and rows[1][6] == "另有部署"
        and rows[1][7] == "另有方案"
        and rows[2][0] is None
    )
    dispose(world, pair, "drafter-city", pair.gap(0).key, disposition="to-add")
    dispose(world, pair, "drafter-city", pair.gap(2).key, disposition="inapplicable")
    assert "gaps/export?" in (page := client.get(listed).content.decode()) and "研判后才能导出" not in page
    content = b"".join(client.get(url + "&format=csv").streaming_content).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(content)))
    assert [x[6] for x in lines[1:]] == ["确需补充", "另有部署", "不适用"]
    from docx import Document as Word

    word = Word(io.BytesIO(b"".join(client.get(url + "&format=docx").streaming_content)))
    assert word.tables[0].rows[3].cells[2].text == UPPER[4]
    assert "逐条对照缺口清单" in word.paragraphs[0].text


def test_the_coverage_table_as_a_file_says_no_gap_that_nobody_judged(world: World, pair: Pair) -> None:
    dispose(world, pair, "drafter-city", pair.gap(1).key)
    answer = world.client("viewer-city").get(f"{Q}/coverage/export?upper={pair.upper.pk}")
    lines = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert [x[3] for x in lines[1:]] == ["已承接", "待研判", "未见承接：另有部署（另有方案）", "待研判"]


def test_differences_are_judged(world: World, pair: Pair) -> None:
    client, key = world.client("reviewer-city"), pair.link().key
    page = client.get(f"{Q}/differences/").content.decode()
    assert "指标低于上位" in page and "待研判" in page and "<ins>92" in page
    assert judge(world, pair, "reviewer-city", key, what="difference", verdict="correct").status_code == 422
    form = {
        "what": "difference",
        "verdict": "correct",
        "reason": "应不低于95%",
        "next": "differences",
        "revision": "0",
    }
    answer = client.post(f"{Q}/compare/{pair.comparison.pk}/links/{key}/judge", form)
    assert answer.status_code == 303 and answer["Location"] == f"{Q}/differences/"
    row = JudgedLink.objects.get()
    assert (row.difference, row.difference_why, row.verdict) == ("correct", "应不低于95%", "open")
    assert "应不低于95%" in client.get(f"{Q}/differences/?verdict=correct").content.decode()
    assert "应不低于95%" not in client.get(f"{Q}/differences/?verdict=none").content.decode()
    lines = list(csv.reader(io.StringIO(
        b"".join(client.get(f"{Q}/differences/export").streaming_content).decode("utf-8-sig"))))  # fmt: skip
    assert lines[1][6] == "需更正" and lines[1][3] == LOWER[1]
    judge(world, pair, "reviewer-city", key, verdict="rejected", reason="无关", revision=str(row.revision))
    assert "指标低于上位</td>" not in client.get(f"{Q}/differences/").content.decode()


def test_a_difference_drawn_by_hand_is_in_the_list(world: World, pair: Pair) -> None:
    up, low = places(pair.upper.current)[3], places(pair.lower.current)[3]
    judging.add(
        by=world.accounts["reviewer-city"], comparison=pair.comparison, upper=up, lower=low,
        relation="adapted", reason="同一件事", difference="narrowed",
    )  # fmt: skip
    page = world.client("reviewer-city").get(f"{Q}/differences/?change=narrowed").content.decode()
    assert UPPER[3] in page and "范围收窄" in page


def test_unsourced_sources_and_pairs(world: World, pair: Pair) -> None:
    client = world.client("viewer-city")
    assert LOWER[3] in client.get(f"{Q}/unsourced/").content.decode()
    assert LOWER[3] not in world.client("viewer-other").get(f"{Q}/unsourced/").content.decode()
    low = places(pair.lower.current)[3]
    judging.add(
        by=world.accounts["reviewer-city"], comparison=pair.comparison, lower=low, relation="adapted",
        upper=places(pair.upper.current)[3], reason="同一件事",
    )  # fmt: skip
    assert LOWER[3] not in client.get(f"{Q}/unsourced/").content.decode()
    page = client.get(f"{Q}/sources/?lower={pair.lower.pk}").content.decode()
    assert "40.0%" in page and 'data-width="40.0"' in page
    page = client.get(f"{Q}/compare/?upper={pair.upper.pk}").content.decode()
    assert f"/compare/{pair.comparison.pk}/" in page and "1 / 4" in page


@pytest.mark.parametrize(
    "what", ["compare", "compare/{}", "unsourced", "sources", "suspects", "differences", "coverage"]
)
@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
def test_every_table_leaves_as_a_file(world: World, pair: Pair, what: str, kind: str) -> None:
    url = f"{Q}/{what.format(pair.comparison.pk)}/export?format={kind}"
    answer = world.client("viewer-city").get(url)
    content = b"".join(answer.streaming_content)
    assert answer.status_code == 200 and "attachment" in answer["Content-Disposition"]
    assert content.startswith({"csv": b"\xef\xbb\xbf", "xlsx": b"PK", "json": b"["}[kind])


def test_what_belongs_to_another_city_is_not_seen(world: World, pair: Pair) -> None:
    client = world.client("reviewer-other")
    compared, gap = f"compare/{pair.comparison.pk}", f"{pair.comparison.pk}/{pair.gap().key}"
    for path in (f"{compared}/", f"{compared}/export", f"coverage/{gap}", f"coverage/?upper={pair.upper.pk}"):
        assert client.get(f"{Q}/{path}").status_code == 404, path
    assert LOWER[0].rstrip("。") not in client.get(f"{Q}/compare/?all=1").content.decode()


def test_nonsense_in_the_address_breaks_nothing(world: World, pair: Pair) -> None:
    client = world.client("reviewer-city")
    queries = (
        "coverage/?upper=x",
        "gaps/?lower=9999999999999&chapter=%00&said=%27",
        "differences/?page=-3",
        "differences/?change=%00",
        "unsourced/?lower=abc",
        "compare/?upper=1e9",
        "sources/?lower=-1",
    )
    for path in queries:
        assert client.get(f"{Q}/{path}").status_code == 200, path
    assert client.get(f"{Q}/compare/{pair.comparison.pk}/links/no-such").status_code == 404
    assert client.get(f"{Q}/coverage/{pair.comparison.pk}/no-such").status_code == 404
    with pytest.raises(Conflict), transaction.atomic():
        row = judging.judge(
            by=world.accounts["reviewer-city"], comparison=pair.comparison, key=pair.link().key, revision=0,
            verdict="confirmed",
        )  # fmt: skip
        judging.judge(
            by=world.accounts["reviewer-city"],
            comparison=pair.comparison,
            key=row.key,
            revision=9,
            verdict="open",
        )


def test_the_lineage_of_a_place_follows_what_people_decided(world: World, pair: Pair) -> None:
    account = world.accounts["viewer-city"]
    a, b = places(pair.lower.current)[1]
    above, below = ties.around(account, pair.lower.current_id, a, b)
    assert [x["text"] for x in above] == [UPPER[1]] and below == [] and above[0]["pair"] == pair.comparison
    judge(world, pair, "reviewer-city", pair.link().key, verdict="rejected", reason="无关")
    assert ties.around(account, pair.lower.current_id, a, b) == ([], [])
    judging.add(
        by=world.accounts["reviewer-city"], comparison=pair.comparison, lower=(a, b), relation="adapted",
        upper=places(pair.upper.current)[2], reason="同一件事",
    )  # fmt: skip
    above, _below = ties.around(account, pair.lower.current_id, a, b)
    assert [x["text"] for x in above] == [UPPER[2]]
    up = places(pair.upper.current)[2]
    assert len(ties.around(account, pair.upper.current_id, *up)[1]) == 2
    assert ties.around(world.accounts["viewer-other"], pair.upper.current_id, *up)[1] == []
