"""Labels: which words are one and what they count."""

from __future__ import annotations

import pytest

from luoshi.extract.names import labels, lists

COUNTS = [
    ("五大安全", 5),
    ("一圈一带两区", 4),
    ("一枢纽、四中心", 5),
    ("两不愁三保障", 5),
    ("三位一体", 3),
    ("五个一批", 5),
    ("双核", 2),
    ("新两翼", 2),
    ("3省市", 3),
    ("十四五", None),
    ("一村一品", None),
    ("第一个百年奋斗目标", None),
    ("三年行动", None),
    ("2+N", None),
    ("三公里", None),
    ("老字号", None),
]

LABELS = [
    ("做好制茶、运茶、售茶三篇大文章，抓好12项重点任务。", ["三篇大文章", "12项重点任务"]),
    ("做强38个重点产业集群，惠及18个县。", ["38个重点产业集群"]),
    ("坚持“两手硬”，深化“三变”改革，强化“窗口”意识。", ["两手硬", "三变"]),
    ("实施“千名教师”行动，打造“黔匠”品牌。", []),
    ("推动“A类”向“B类”转变", []),
    ("《贵州省茶产业条例》（以下简称《条例》）", ["《条例》"]),
    ("党的二十大以来，市委七届三次全会召开", ["党的二十大", "七届三次全会"]),
    ("提高三成，一个方面", []),
]

BEFORE = [
    ("持续推进采茶、制茶和售茶", 3, ("采茶", "制茶", "售茶")),
    ("突出沈阳、大连", 2, ("沈阳", "大连")),
    ("要唱好京津", 2, ("京", "津")),
    ("建立省市县", 3, ("省", "市", "县")),
    ("联通国内国际", 2, ("国内", "国际")),
    ("企业数量、产值实现", 2, ("企业数量", "产值")),
    ("党员、干部深刻领悟", 2, None),
    ("修缮古桥、妇女", 2, None),
    ("采茶、制茶、售茶、", 3, None),
    ("采茶和制茶", 3, None),
]


@pytest.mark.parametrize(("term", "expected"), COUNTS)
def test_count(term: str, expected: int | None) -> None:
    assert labels.count(term) == expected


@pytest.mark.parametrize(("text", "expected"), LABELS, ids=[t[:12] for t, _ in LABELS])
def test_labels(text: str, expected: list[str]) -> None:
    assert [lab.term for lab in labels.find(text)] == expected


@pytest.mark.parametrize(("text", "number", "expected"), BEFORE, ids=[t[0][:12] for t in BEFORE])
def test_list_before(text: str, number: int, expected: tuple[str, ...] | None) -> None:
    found = lists.before(text, len(text), number)
    assert (found[1] if found else None) == expected


def test_parallel_list_must_have_the_number() -> None:
    text = "维护国家饮水安全、用药安全、校园安全的责任重大。"
    found = lists.parallel(text, "安全", 3)
    assert found is not None
    assert found[2] == ("饮水安全", "用药安全", "校园安全")
    assert lists.parallel(text, "安全", 4) is None
    assert lists.parallel(text, "安全", 2) is None


def test_parallel_clauses_without_their_common_verb() -> None:
    found = lists.parallel("坚持种养、加工相衔接，坚持新茶和老茶相衔接。", "相衔接", 2)
    assert found is not None
    assert found[2] == ("种养、加工相衔接", "新茶和老茶相衔接")


def test_straight_marks_are_paired_in_their_order() -> None:
    text = '用"Word 2019"排版，推进"渡口三清"，"两岸联动"。\n尺寸为5"的"三江"图纸。\n落实"四河共治"'
    assert [x.term for x in labels.find(text) if x.quoted] == ["渡口三清", "两岸联动", "四河共治"]
