"""The four findings on the seed documents that the product must get right, from the real pipeline.

(a) a requirement that nobody took up, with its near misses; (b) relief of the season, absent too; (c) the
sources of three wordings, and words that commentaries take up again; (d) a common source of the same day.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from luoshi.model import CoverageRow, DocumentRow, LinkRow, Records
from luoshi.pipeline import Options
from luoshi.pipeline.build import records_of
from luoshi.pipeline.discover import discover

pytestmark = pytest.mark.corpus


@pytest.fixture(scope="module")
def records(seeds: Path) -> Records:
    options = Options(workers=1)
    found, problems = discover([seeds], max_bytes=options.max_bytes)
    return records_of(found, problems, options)


def one(rows: Records, *words: str, kind: str | None = None) -> DocumentRow:
    found = [d for d in rows.documents if all(w in d.title for w in words) and kind in (None, d.kind)]
    assert len(found) == 1, [d.title for d in found]
    return found[0]


@pytest.fixture(scope="module")
def speech(records: Records) -> DocumentRow:
    return one(records, "东北全面振兴座谈会强调", kind="speech-report")


@pytest.fixture(scope="module")
def opinion(records: Records) -> DocumentRow:
    return one(records, kind="opinion")


@pytest.fixture(scope="module")
def coverage(records: Records, speech: DocumentRow, opinion: DocumentRow) -> list[CoverageRow]:
    return [r for r in records.coverage if (r.evidence.document, r.lower_document) == (speech.id, opinion.id)]


def article(rows: Records, document: str, at: int) -> str:
    """Label of the article that holds a place."""
    inside = [
        p
        for p in rows.provisions
        if p.evidence.document == document and p.kind == "article" and p.evidence.start <= at < p.evidence.end
    ]
    return inside[0].label.strip(".．、 ") if inside else ""


def links(rows: Records, lower: DocumentRow, word: str) -> list[LinkRow]:
    """Links of a lower document whose wording holds a word, best source first."""
    found = [
        x
        for x in rows.links
        if x.lower.document == lower.id and word in x.lower.quote and word in x.upper.quote
    ]
    return sorted(found, key=lambda x: x.rank)


def test_customs_clearance_was_not_taken_up(
    records: Records, coverage: list[CoverageRow], opinion: DocumentRow
) -> None:
    (row,) = [r for r in coverage if "口岸" in r.evidence.quote and "通关" in r.evidence.quote]
    assert row.status == "absent"
    assert row.by == ()
    assert any("通关" in x for x in row.lost)
    near = {article(records, opinion.id, n.evidence.start): n for n in row.near}
    assert {"22", "34"} <= set(near)
    ports = [n for n in row.near if article(records, opinion.id, n.evidence.start) == "22"]
    assert all("口岸" in n.shared for n in ports)
    assert any("枢纽" in n.reason or "地点" in n.reason or "依托" in n.reason for n in ports)
    assert "便利化" in near["34"].shared
    assert "政务服务" in near["34"].reason


def test_relief_of_the_season_is_absent(coverage: list[CoverageRow]) -> None:
    relief = [
        r for r in coverage if any(w in r.evidence.quote for w in ("灾后", "受灾", "灾区", "秋汛", "抢险"))
    ]
    assert len(relief) >= 5
    assert {r.status for r in relief} == {"absent"}


def test_absences_are_provisional(coverage: list[CoverageRow], opinion: DocumentRow) -> None:
    assert opinion.text_status == "main-contents"
    assert coverage
    assert all(r.provisional for r in coverage)


@pytest.mark.parametrize(
    ("word", "number", "source"),
    [
        ("普惠金融", "11", "金融工作会议"),
        ("增绿", "30", "政治局召开会议"),
        ("顶天立地", "16", "中国式现代化新辽宁"),
    ],
)
def test_sources_of_wordings(
    records: Records, opinion: DocumentRow, word: str, number: str, source: str
) -> None:
    found = links(records, opinion, word)
    assert found
    best = found[0]
    assert article(records, opinion.id, best.lower.start) == number
    assert source in next(d.title for d in records.documents if d.id == best.upper.document)
    assert best.relation in ("verbatim", "adapted")


def test_commentaries_take_up_words_that_the_opinion_dropped(
    records: Records, coverage: list[CoverageRow], speech: DocumentRow
) -> None:
    media = {d.id for d in records.documents if d.kind in ("commentary", "editorial")}
    dropped = [r for r in coverage if r.status != "carried" and "压舱石" in r.evidence.quote]
    assert dropped
    taken_up = [
        x
        for x in records.links
        if x.lower.document in media and x.upper.document == speech.id and "压舱石" in x.lower.quote
        and x.upper.start < dropped[0].evidence.end and x.upper.end > dropped[0].evidence.start
    ]  # fmt: skip
    assert taken_up


def test_same_day_is_a_common_source(records: Records, opinion: DocumentRow) -> None:
    reform = one(records, "深化改革委员会")
    assert reform.date == opinion.date
    found = [x for x in links(records, opinion, "国有资本") if x.upper.document == reform.id]
    assert found
    assert article(records, opinion.id, found[0].lower.start) == "15"
    assert found[0].relation == "verbatim"
    assert found[0].direction == "unknown"
    assert "共同来源" in found[0].direction_basis
    pair = {reform.id, opinion.id}
    assert not any({r.evidence.document, r.lower_document} == pair for r in records.coverage)


def test_the_other_speaker_is_not_the_first(
    records: Records, coverage: list[CoverageRow], speech: DocumentRow
) -> None:
    text = records.texts[speech.id]
    lines = text.split("\n")
    start = len(text) - len(lines[-1]) - 1 - len(lines[-2])
    end = start + len(lines[-2])
    said = {
        p.speaker
        for p in records.provisions
        if p.evidence.document == speech.id and p.speaker and p.evidence.start < start
    }
    assert len(said) == 1
    here = {
        p.speaker
        for p in records.provisions
        if p.evidence.document == speech.id and p.evidence.start <= start < p.evidence.end
    }
    assert here
    assert here.isdisjoint(said)
    assert lines[-2].startswith(tuple(x for x in here if x))
    assert not any(start <= r.evidence.start < end for r in coverage)
