"""Search: what it finds, for whom, on SQLite and on PostgreSQL alike; the index follows what is written."""

from __future__ import annotations

import csv
import io
import os
import random
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from postgres import named
from web_world import World

from luoshi_web.audit.services import SYSTEM
from luoshi_web.library import jobs
from luoshi_web.library.models import Document, Job
from luoshi_web.library.services import change_document, receive
from luoshi_web.library.services import withdraw as withdraw_document
from luoshi_web.register import services as register
from luoshi_web.search import engines, index
from luoshi_web.search.find import find
from luoshi_web.search.models import Entry, Kind, State
from luoshi_web.search.query import parse
from luoshi_web.search.words import STOP, folded, tokens, words

PLAN = """岚山省人民政府关于印发岚山省数字乡村建设三年行动方案的通知

岚政发〔2024〕18号

各市人民政府：

一、总体要求

以数字乡村建设为抓手，健全督查激励机制，让山区用上5G网络。

二、重点任务

（一）完善基础设施。2026年底前新建5G基站1,200个，光纤通达率达到99.5%。（省通信管理局牵头）

（二）发展智慧农业。推广smart farming技术，建设“云上梯田”平台；加强督查，通报结果。

（三）培育人才。每年培训“新农人”5000人次，支援邊遠地區學校。

岚山省人民政府
2024年9月2日
"""


def upload(
    world: World, name: str, text: str, who: str = "drafter-province", audience: str = "below"
) -> Document:
    level = who.rpartition("-")[2]
    batch = receive(
        by=world.accounts[who], owner=world.units[level], audience=audience,
        files=[SimpleUploadedFile(name, text.encode())], max_bytes=1 << 20,
    )  # fmt: skip
    for pk in Job.objects.filter(batch=batch, state="waiting", kind="read").values_list("pk", flat=True):
        jobs.run(pk)
    return Document.objects.order_by("-pk")[0]


@pytest.fixture
def plan(world: World) -> Document:
    return upload(world, "数字乡村.txt", PLAN)


def hits(world: World, q: str, who: str = "viewer-city", **told: str) -> list[str]:
    return ["".join(f"[{s.text}]" if s.lit else s.text for s in h.snippet) for h in
            find(world.accounts[who], {"q": q, **told}).hits]  # fmt: skip


def places(world: World, q: str, tab: str = "provisions") -> int:
    return find(world.accounts["viewer-city"], {"q": q, "tab": tab}).total


# --- words and queries -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("加快建设", "加 快 建 设"),
        ("健全机制，完善政策。", "健 全 机 制 | 完 善 政 策"),
        ("“以奖代补”机制", "以 奖 代 补 机 制"),
        ("國務院辦公廳", "国 务 院 办 公 厅"),
        ("Ｇ３０高速　ＡＢＣ", "g30 高 速 abc"),
        ("岚政发〔2024〕18号", "岚 政 发 2024 18 号"),
        ("5G基站1,200个、99.5%", "5g 基 站 1200 个 | 99.5"),
        ("2021—2025年", "2021 2025 年"),
        ("e-commerce, smart farming", "e commerce | smart farming"),
        ("第一行\n第二行", "第 一 行 | 第 二 行"),
        ("，。！？", ""),
        ("", ""),
    ],
)
def test_words(text: str, expected: str) -> None:
    assert " ".join(words(text)) == expected
    said = [t for t in tokens(text) if t.word != STOP]
    assert all(folded(text)[t.start : t.end].replace(",", "") == t.word for t in said)


@pytest.mark.parametrize(
    ("text", "wanted", "unwanted"),
    [
        ("督查", ["督查"], []),
        ("督查  激励", ["督查", "激励"], []),
        ("“督查激励” 机制", ["督查激励", "机制"], []),
        ('"smart farming" 技术', ["smart farming", "技术"], []),
        ("督查，激励；通报", ["督查", "激励", "通报"], []),
        ("督查 -激励", ["督查"], ["激励"]),
        ("督查 －“通报结果”", ["督查"], ["通报结果"]),
        ("-督查", [], ["督查"]),
        ("，。 “” - --", [], []),
        ("“没有关上", ["没有关上"], []),
        ("督查 督查 督查", ["督查"], []),
    ],
)
def test_queries(text: str, wanted: list[str], unwanted: list[str]) -> None:
    query = parse(text)
    assert ([str(t) for t in query.wanted], [str(t) for t in query.unwanted]) == (wanted, unwanted)


# --- what is found ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("督查", 2),  # two characters
        ("查", 2),  # one
        ("督查激励", 1),
        ("督查 通报", 1),  # both in one provision
        ("激励 通报", 0),  # never in one
        ("“督查，通报”", 1),
        ("“督查通报”", 0),  # a stop stands between
        ("督查 -激励", 1),
        ("督查 -“督查激励机制” -通报", 0),
        ("督查 -“督查激励机制”", 1),
        ("督查 -查", 0),
        ("云上梯田", 1),  # within quotation marks
        ("支援边远地区学校", 1),  # the text is in traditional characters
        ("邊遠地區", 1),
        ("５Ｇ网络", 1),
        ("5g", 2),
        ("1200个", 1),
        ("1,200个", 1),
        ("200个", 0),  # no part of a number
        ("99.5", 1),
        ("farm", 1),  # the beginning of a word
        ("“farm”", 0),
        ("smart FARMING", 1),
        ("岚政发[2024]18号", 1),
        ("岚政发2024", 1),
        ("不存在的词", 0),
    ],
)
def test_finds(world: World, plan: Document, q: str, expected: int) -> None:
    assert places(world, q) == expected


def test_same_as_reading_every_word(world: World, plan: Document) -> None:
    """Every entry that has the words one after another is found, and no other."""
    rows = {e.pk: e for e in Entry.objects.all()}
    said = {pk: words(text) for pk, text in index.texts(rows.values()).items()}
    chance = random.Random(7)
    long = [w for w in said.values() if len(w) > 8]
    queries = []
    for n in (1, 2, 2, 2, 3, 4, 6):
        for _ in range(12):
            some = chance.choice(long)
            at = chance.randrange(len(some) - n)
            queries.append(some[at : at + n])
    for asked in queries:
        query = parse("“" + "".join("，" if w == STOP else f" {w} " for w in asked) + "”")
        if not query:
            continue
        told = list(query.wanted[0].words)
        expected = {pk for pk, w in said.items() if any(w[i : i + len(told)] == told for i in range(len(w)))}
        found = engines.counts(query)
        assert sum(found.values()) == len(expected), told
        got = {pk for (d, k) in found for pk in engines.hits(query, d, k, 0, 1000)}
        assert got == expected, told


def test_snippets_and_places(world: World, plan: Document) -> None:
    assert hits(world, "云上梯田")[0].strip() == (
        "（二）发展智慧农业。推广smart farming技术，建设“[云上梯田]”平台；加强督查，通报结果。"
    )
    hit = find(world.accounts["viewer-city"], {"q": "云上梯田"}).hits[0]
    start = plan.current.text.index("云上梯田")
    assert hit.place == reverse("library:place", args=[plan.current_id, start]) + f"?lit={start}-{start + 4}"
    client = world.client("viewer-city")
    response = client.get(hit.place, follow=True)
    assert response.redirect_chain[-1][0].startswith(reverse("library:reading", args=[plan.current_id]))
    assert re.search(r'<mark class="[^"]*lit[^"]*"[^>]*>云上梯田</mark>', response.content.decode())


def test_a_long_place_is_cut_around_the_words(world: World) -> None:
    text = (
        "关于山塘管护的意见\n\n"
        + "各地要做好日常巡查工作，" * 400
        + "尤其要守住坝体裂缝处置关口，"
        + "并及时上报，" * 300
    )
    upload(world, "山塘.txt", text)
    found = hits(world, "裂缝处置")
    assert (
        len(found) == 1 and "[裂缝处置]" in found[0] and found[0].startswith("…") and found[0].endswith("…")
    )
    assert len(found[0]) < 200
    entries = list(Entry.objects.filter(kind=Kind.PROVISION).order_by("pk"))
    assert max(e.end - e.start for e in entries) <= index.LONGEST


def test_facets_and_order(world: World, plan: Document) -> None:
    who = world.accounts["viewer-city"]
    found = find(who, {"q": "人民政府"})
    counts = {f["name"]: {v: n for v, _w, n in f["values"]} for f in found.facets}
    assert set(counts["year"]) == {"2024", "2025"} and sum(counts["year"].values()) == found.total
    assert {h.paper.date[:4] for h in find(who, {"q": "人民政府", "year": "2024"}).hits} == {"2024"}
    assert [h.paper.date for h in found.hits] == sorted((h.paper.date for h in found.hits), reverse=True)
    one = find(who, {"q": "人民政府", "level": plan.level, "year": "2024"})
    assert (
        one.total == counts["year"]["2024"] and next(f for f in one.facets if f["name"] == "year")["values"]
    )
    assert find(who, {"q": "人民政府", "year": "1999"}).total == 0
    pages = [find(who, {"q": "人民政府"}, page=n, size=2) for n in range(1, -(-found.total // 2) + 1)]
    assert [h.entry.pk for p in pages for h in p.hits if h.entry] == [
        h.entry.pk for h in found.hits if h.entry
    ]
    by_hits = find(who, {"q": "人民政府", "sort": "hits"}).hits
    assert [h.paper.hits[1] for h in by_hits] == sorted((h.paper.hits[1] for h in by_hits), reverse=True)


def test_documents_and_commitments(world: World, plan: Document) -> None:
    found = find(world.accounts["viewer-city"], {"q": "数字乡村", "tab": "documents"})
    assert [h.paper.title for h in found.hits] == [plan.title] and any(s.lit for s in found.hits[0].title)
    found = find(world.accounts["viewer-city"], {"q": "老旧泵站", "tab": "commitments"})
    assert [h.commitment for h in found.hits] == [world.commitment.pk]
    assert places(world, "市水利局", "commitments") == 1  # who answers for it


def test_a_sentence_that_nowhere_stands_is_taken_apart(world: World, plan: Document) -> None:
    found = find(world.accounts["viewer-city"], {"q": "督查通报结果"})
    assert found.taken_apart and found.total == 1
    assert not find(world.accounts["viewer-city"], {"q": "“督查通报结果”"}).total


# --- for whom --------------------------------------------------------------------------------


def test_only_what_the_account_may_see(world: World) -> None:
    own = upload(world, "内部.txt", PLAN.replace("数字乡村", "内部事项"), "drafter-city", "own")
    assert own.audience == "own"
    seen = {who: bool(hits(world, "内部事项", who)) for who in
            ("viewer-city", "viewer-province", "viewer-county", "viewer-other")}  # fmt: skip
    assert seen == {
        "viewer-city": True, "viewer-province": True, "viewer-county": False, "viewer-other": False,
    }  # fmt: skip
    found = find(world.accounts["viewer-county"], {"q": "内部事项"})
    assert (
        not found.totals.get("documents") and not found.titles and not any(f["values"] for f in found.facets)
    )


# --- the index follows -----------------------------------------------------------------------


def test_follows_versions_titles_and_withdrawal(world: World, plan: Document) -> None:
    assert index.faults() == []
    newer = upload(world, "数字乡村（修订）.txt", PLAN.replace("云上梯田", "数字果园"))
    assert newer.pk == plan.pk and newer.versions.count() == 2
    assert (places(world, "云上梯田"), places(world, "数字果园")) == (0, 1)
    change_document(by=SYSTEM, document=newer, revision=newer.revision, fields={"title": "全新的题目"})
    found = find(world.accounts["viewer-city"], {"q": "全新的题目"})
    assert found.tab == "documents" and [h.paper.pk for h in found.hits] == [plan.pk]
    newer.refresh_from_db()
    withdraw_document(by=SYSTEM, document=newer, revision=newer.revision, withdrawn=True, reason="重复")
    assert (places(world, "数字果园"), places(world, "全新的题目", "documents")) == (0, 0)
    assert index.faults() == []


def test_follows_commitments(world: World) -> None:
    reviewer = world.accounts["reviewer-city"]
    c = world.commitment
    assert places(world, "电排站", "commitments") == 0
    c = register.change_commitment(
        by=reviewer, commitment=c, revision=c.revision, fields={"text": "改造电排站"}
    )
    assert places(world, "电排站", "commitments") == 1
    register.withdraw(by=reviewer, commitment=c, revision=c.revision, reason="重复登记")
    assert places(world, "电排站", "commitments") == 0
    other = next(c for c in world.candidates() if "疏浚" in c.quote)
    register.accept(by=reviewer, candidate=other, revision=0)
    assert places(world, "疏浚", "commitments") == 1
    assert index.faults() == []


def test_nothing_is_kept_of_what_failed(world: World) -> None:
    reviewer = world.accounts["reviewer-city"]
    before = Entry.objects.count()
    with pytest.raises(register.Refused):
        register.reject(by=reviewer, candidate=world.candidates()[1], revision=0, reason="")
    assert Entry.objects.count() == before and index.faults() == []


def test_rebuild_gives_the_same(world: World, plan: Document) -> None:
    before = list(Entry.objects.order_by("pk").values_list("pk", "start", "end", "label", "text"))
    found = places(world, "督查")
    State.objects.update(program=0)
    assert index.faults()
    index.ensure()
    assert list(Entry.objects.order_by("pk").values_list("pk", "start", "end", "label", "text")) == before
    assert index.faults() == [] and places(world, "督查") == found
    Entry.objects.filter(kind=Kind.COMMITMENT).delete()
    assert len(index.faults()) == 1


# --- the page --------------------------------------------------------------------------------

HOSTILE = [
    '"',
    '""',
    "'",
    "*",
    "AND",
    "OR NOT NEAR(",
    "words:督查",
    "督查*",
    "^督查",
    "督查 AND",
    '督查" OR "a',
    "(",
    ")",
    "督查)",
    "a:*",
    "!a",
    "a & b | c <-> d",
    "\\",
    "\\'",
    "'; DROP TABLE search_entry; --",
    "%",
    "%s %(a)s",
    "_",
    "|",
    "督查|激励",
    "\x00督查\x00",
    "督\u200b查",
    "\ufeff督查",
    "𠮷野",
    "🀄督查",
    "e\u0301",
    "ｱｲｳ",
    "ÅÄÖ",
    "İstanbul",
    "-",
    "--",
    '-"',
    "“”",
    "“" * 50,
    "督查 " * 3000,
    "查" * 10_000,
    "“" + "督查，" * 3000,
    " ".join(f"w{i}" for i in range(3000)),
    "１" * 9999,
    "<script>alert(1)</script>",
    "\ud7ff",
    "1.2.3.4.5",
    ".",
    "a.b",
    "10,000,0",
]


@pytest.mark.parametrize("q", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_queries_never_fail(world: World, q: str) -> None:
    client = world.client("viewer-city")
    for tab in ("", "documents", "commitments"):
        response = client.get(
            reverse("search:search"), {"q": q, "tab": tab, "page": "9" * 30, "year": "\x00", "sort": q}
        )
        assert response.status_code == 200
        assert b"<script>alert" not in response.content


def test_page(world: World, plan: Document) -> None:
    client = world.client("viewer-city")
    text = client.get(reverse("search:search"), {"q": "督查"}).content.decode()
    assert '<mark class="lit">督查</mark>' in text and "数字乡村建设三年行动方案" in text
    assert "怎样检索" in client.get(reverse("search:search")).content.decode()
    for q in ("-督查", "，。"):
        assert "message warning" in client.get(reverse("search:search"), {"q": q}).content.decode()
    body = b"".join(client.get(reverse("search:export"), {"q": "督查", "format": "csv"}).streaming_content)
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    assert len(rows) == 3 and "督查" in rows[1][4]


@pytest.mark.slow
def test_postgresql_gives_the_same(request: Any) -> None:
    """This file again, on PostgreSQL; where the tests run on it already, on SQLite."""
    environ = dict(os.environ)
    if connection.vendor == "sqlite":
        environ["LUOSHI_TEST_DATABASE_URL"] = named(request.getfixturevalue("postgres"), "luoshi_search")
    else:
        environ.pop("LUOSHI_TEST_DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", str(Path(__file__)),
         "-k", "not postgresql and not test_words and not test_queries"],
        env=environ, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]
