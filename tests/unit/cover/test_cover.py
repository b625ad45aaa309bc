"""Coverage of an invented speech by an invented plan, near misses, what was lost, the reverse, the counts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from luoshi import cover
from luoshi.align import load_background
from luoshi.cover.core import _thinned
from luoshi.cover.near import reason
from luoshi.cover.phrases import weighted
from luoshi.cover.words import halves
from luoshi.model import Citation, CommitmentRow, CoverageRow, Document, LinkRow, ProvisionRow, row_id
from luoshi.structure import plain

UPPER = """\
要大力发展林下经济，加快修复退化草场。
提高渡口安检能力和信息化程度。
实施更有力的护林员补贴等支持政策。
要严密防范夏季洪涝，确保转移群众安全度夏。"""
LOWER = """\
一、大力发展林下经济，培育菌菇、药材等特色品种。
二、加快修复退化草场，建设围栏200公里。
三、实施更有力的山区林业支持政策。
四、依托渡口和铁路网资源，建设物流走廊。
五、推进政务窗口标准化、规范化、信息化建设。"""


def document(text: str, id: str, **row: object) -> Document:
    base = plain(text, id=id)
    return base.with_rows(row=replace(base.row, **row))  # type: ignore[arg-type]


def link(lower: Document, upper: Document, low: str, up: str, relation: str = "adapted") -> LinkRow:
    a, b = lower.text.index(low), upper.text.index(up)
    return LinkRow(
        id=row_id(f"{lower.id}\t{upper.id}", "link", low + up),
        lower=lower.evidence(a, a + len(low)),
        upper=upper.evidence(b, b + len(up)),
        relation=relation,  # type: ignore[arg-type]
        score=0.8,
    )


@pytest.fixture(scope="module")
def rows() -> dict[str, CoverageRow]:
    upper = document(UPPER, "u", kind="speech-report")
    lower = document(LOWER, "l", kind="plan", text_status="main-contents")
    links = [
        link(lower, upper, "大力发展林下经济", "大力发展林下经济", "verbatim"),
        link(lower, upper, "实施更有力的山区林业支持政策", "实施更有力的护林员补贴等支持政策"),
    ]
    found = cover.cover(upper, lower, links, (), load_background())
    return {r.evidence.quote: r for r in found}


def test_carried_by_its_link(rows: dict[str, CoverageRow]) -> None:
    row = rows["大力发展林下经济"]
    assert (row.status, len(row.by), row.lost, row.near) == ("carried", 1, (), ())


def test_carried_by_its_words_alone(rows: dict[str, CoverageRow]) -> None:
    row = rows["加快修复退化草场"]
    assert (row.status, row.by, row.lost) == ("carried", (), ())
    (place,) = row.near
    assert "修复退化草场" in place.evidence.quote
    assert place.reason.startswith("可能的承接处")


def test_lost_object_is_named(rows: dict[str, CoverageRow]) -> None:
    row = rows["实施更有力的护林员补贴等支持政策"]
    assert row.status == "partly"
    assert row.lost == ("护林员补贴",)


def test_words_that_stand_for_something_else_are_near_misses(rows: dict[str, CoverageRow]) -> None:
    row = rows["提高渡口安检能力和信息化程度"]
    assert row.status == "absent"
    assert row.by == ()
    assert "渡口安检能力" in "".join(row.lost)
    reasons = {n.evidence.quote: n.reason for n in row.near}
    assert "依托" in reasons["依托渡口和铁路网资源"]
    assert "政务窗口" in reasons["推进政务窗口标准化、规范化、信息化建设"]
    assert all(0 < n.score <= 1 and n.shared for n in row.near)


def test_what_nobody_speaks_of_is_absent(rows: dict[str, CoverageRow]) -> None:
    assert rows["严密防范夏季洪涝"].status == "absent"
    assert rows["确保转移群众安全度夏"].status == "absent"


def test_main_contents_are_provisional(rows: dict[str, CoverageRow]) -> None:
    assert all(r.provisional for r in rows.values())


def test_a_clause_with_its_object_replaced_is_partly_carried_without_links() -> None:
    upper = document(UPPER, "u", kind="speech-report")
    found = cover.cover(upper, document(LOWER, "l", kind="plan"), (), (), load_background())
    (row,) = [r for r in found if "护林员" in r.evidence.quote]
    assert (row.status, row.lost) == ("partly", ("护林员补贴",))
    assert "山区林业支持政策" in row.near[0].evidence.quote


def test_without_background_the_same_words_still_count() -> None:
    upper, lower = document(UPPER, "u"), document(LOWER, "l")
    found = {r.evidence.quote: r.status for r in cover.cover(upper, lower, (), ())}
    assert found["大力发展林下经济"] == "carried"
    assert found["严密防范夏季洪涝"] == "absent"


def test_an_empty_lower_document_answers_nothing() -> None:
    upper, lower = document(UPPER, "u"), document("", "l")
    assert {r.status for r in cover.cover(upper, lower, (), (), load_background())} == {"absent"}
    assert cover.cover(lower, upper, (), ()) == ()


def test_ids_are_stable_and_differ() -> None:
    upper, lower = document(UPPER + "\n大力发展林下经济。", "u"), document(LOWER, "l")
    first = [r.id for r in cover.cover(upper, lower, (), ())]
    assert first == [r.id for r in cover.cover(upper, lower, (), ())]
    assert len(set(first)) == len(first)


@pytest.mark.parametrize(
    ("text", "word", "says"),
    [
        ("推动临江内陆口岸枢纽建设", "口岸", "地点或载体"),
        ("依托沿边口岸资源", "口岸", "依托的条件"),
        ("推进办税服务标准化、便利化", "便利化", "办税服务"),
        ("完善中小企业梯队培育体系", "中小企业", "中小企业梯队"),
    ],
)
def test_reason(text: str, word: str, says: str) -> None:
    given = reason(text, word, ["通关"])
    assert says in given
    assert given.endswith("未涉及“通关”")


def test_compounds_and_idioms() -> None:
    assert halves("金融监管") == ("金融", "监管")
    assert halves("一带一路") is None
    assert halves("口岸") is None


def test_weights_favour_what_the_clause_is_about() -> None:
    weights = {w.text: w.weight for w in weighted("推动建设渡口安全体系", 0, load_background())}
    assert weights["渡口"] > weights["安全"] > weights["建设"]


@pytest.mark.parametrize(
    ("upper", "lower", "direction", "answer"),
    [
        ({"level": "central"}, {"level": "province", "kind": "opinion"}, "down", True),
        ({"level": "province"}, {"level": "province", "kind": "plan"}, "level", True),
        ({"level": "central"}, {"level": "media", "kind": "commentary", "branch": "media"}, "down", False),
        ({"level": "media"}, {"level": "province", "kind": "plan"}, "unknown", False),
        ({"level": "central"}, {"level": "central", "kind": "meeting"}, "level", False),
        ({"level": "city"}, {"level": "province", "kind": "plan"}, "up", False),
    ],
)
def test_expected(upper: dict[str, str], lower: dict[str, str], direction: str, answer: bool) -> None:
    a, b = document("甲", "u", **upper).row, document("乙", "l", **lower).row
    assert cover.expected(a, b, direction) is answer  # type: ignore[arg-type]
    assert not cover.expected(a, b, direction, ())  # type: ignore[arg-type]


def test_an_answer_is_expected_of_what_names_or_takes_up_the_upper() -> None:
    upper = document(UPPER, "u", level="central", title="关于山区共同富裕的意见", number="国发〔2031〕7号")
    lower = document(LOWER, "l", level="city", kind="plan")
    used = link(lower, upper, "大力发展林下经济", "大力发展林下经济", "verbatim")
    loose = replace(used, relation="specified")
    assert cover.expected(upper.row, lower.row, "down", [used])
    assert not cover.expected(upper.row, lower.row, "down", [loose])
    citing = replace(lower.row, cites=(Citation("关于山区共同富裕的意见"),))
    assert cover.expected(upper.row, citing, "down", [])
    assert cover.expected(
        upper.row, replace(lower.row, cites=(Citation("某意见", "国发〔2031〕7号"),)), "down", []
    )


def commitment(document: Document, quote: str) -> CommitmentRow:
    at = document.text.index(quote)
    return CommitmentRow(
        row_id(document.id, "commitment", quote), document.evidence(at, at + len(quote)), "action", None, None
    )


def test_unsourced_names_the_nearest_candidate() -> None:
    upper, lower = document(UPPER, "u"), document(LOWER, "l")
    mine = [
        commitment(lower, "大力发展林下经济"),
        commitment(lower, "建设围栏200公里"),
        commitment(lower, "建设物流走廊"),
    ]
    links = [link(lower, upper, "大力发展林下经济", "大力发展林下经济", "verbatim")]
    weak = link(lower, upper, "加快修复退化草场，建设围栏200公里", "加快修复退化草场")
    found = cover.unsourced(lower, mine, links, [weak])
    assert [(r.evidence.quote, r.nearest) for r in found] == [
        ("建设围栏200公里", weak),
        ("建设物流走廊", None),
    ]


def test_nothing_is_nearest_rather_than_something_absurd() -> None:
    upper = document("要加快修复退化草场。要打造对外开放新前沿。", "u")
    lower = document("建设草场围栏200公里。鼓励企业布局海外茶仓。", "l")
    mine = [commitment(lower, "建设草场围栏200公里"), commitment(lower, "鼓励企业布局海外茶仓")]
    weak = [
        replace(link(lower, upper, "建设草场围栏200公里", "加快修复退化草场"), score=0.3),
        replace(link(lower, upper, "鼓励企业布局海外茶仓", "打造对外开放新前沿"), score=0.3),
    ]
    found = cover.unsourced(lower, mine, [], [replace(x, relation="specified") for x in weak])
    assert [r.nearest and r.nearest.upper.quote for r in found] == ["加快修复退化草场", None]


def test_a_clause_that_stands_word_for_word_is_carried_and_loses_nothing() -> None:
    upper, lower = (
        document("渡口应当公示过河须知、救生器材位置。", "u"),
        document("第九条　渡口应当公示过河须知、救生器材位置，接受乘客监督。", "l"),
    )
    (row,) = cover.cover(upper, lower, (), ())
    assert (row.status, row.lost) == ("carried", ())


def test_a_clause_of_a_law_is_not_carried_while_much_of_it_is_lost() -> None:
    quote = "制定船员培养、引进、评价、激励措施"
    evidence = document(f"市人民政府应当{quote}。", "u").evidence(7, 7 + len(quote))
    row = CoverageRow("c", evidence, "l", "carried", (), ("船员培养", "评价、激励"))
    law, report = (
        replace(d, row=replace(d.row, kind=kind))
        for kind in ("regulation", "speech-report")
        for d in [document(f"市人民政府应当{quote}。", "u")]
    )
    assert _thinned(law, row).status == "partly"
    assert _thinned(report, row).status == "carried"


def test_a_later_document_explains_nothing() -> None:
    upper, lower = document(UPPER, "u"), document(LOWER, "l")
    later = replace(link(lower, upper, "大力发展林下经济", "大力发展林下经济"), direction="up")
    assert len(cover.unsourced(lower, [commitment(lower, "大力发展林下经济")], [later], ())) == 1


def test_summary_counts_the_whole_and_its_parts() -> None:
    upper, lower = (
        document("一、林业\n要大力发展林下经济。\n二、港口\n要疏浚航道。", "u"),
        document(LOWER, "l"),
    )
    parts = (ProvisionRow("p1", upper.evidence(0, 16), None, 1, "chapter", "一、", "林业", "chp_1"),)
    counted = cover.summary(cover.cover(upper, lower, (), ()), parts)
    assert [(s.provision, s.carried, s.absent) for s in counted] == [(None, 1, 1), ("p1", 1, 0)]
    assert counted[0].share == 0.5
    assert cover.summary(()) == ()
