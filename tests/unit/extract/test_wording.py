"""Strength, domain, clauses: small tables of invented wording."""

from __future__ import annotations

import pytest

from luoshi.extract.clauses import HIDDEN, mask, split
from luoshi.extract.domains import domain
from luoshi.extract.strength import strength


@pytest.mark.parametrize(
    ("verb", "modifiers", "modal", "number", "deadline", "expected"),
    [
        ("探索", [], "", False, False, 1),
        ("鼓励", [], "", False, False, 1),
        ("支持", [], "", False, False, 2),
        ("建设", [], "", False, False, 3),
        ("建设", ["加快"], "", False, False, 4),
        ("加快", [], "", False, False, 4),
        ("加快", ["大力"], "", False, False, 4),
        ("确保", [], "", False, False, 5),
        ("建立", [], "应当", False, False, 5),
        ("委托", [], "可以", False, False, 2),
        ("建设", ["稳步"], "", True, False, 4),
        ("建设", ["稳步"], "", True, True, 5),
        ("确保", ["坚决"], "必须", True, True, 7),
        ("凫水", [], "", False, False, 3),
    ],
)
def test_strength(
    verb: str, modifiers: list[str], modal: str, number: bool, deadline: bool, expected: int
) -> None:
    assert strength(verb, modifiers, modal, number=number, deadline=deadline) == expected


@pytest.mark.parametrize(
    ("text", "titles", "expected"),
    [
        ("建设高标准农田", (), "agriculture"),
        ("完善职业教育课程", (), "education"),
        ("新建两条高速公路", (), "infrastructure"),
        ("治理黑臭水体和大气污染", (), "environment"),
        ("发展普惠金融", (), "finance"),
        ("完善有关工作机制", ("加强养老服务",), "livelihood"),
        ("完善有关工作机制", ("做好养老医疗工作",), "livelihood"),
        ("做好有关工作", (), None),
    ],
)
def test_domain(text: str, titles: tuple[str, ...], expected: str | None) -> None:
    assert domain(text, titles) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("第三条　建渠，引水；", ["建渠", "引水"]),
        ("（二）建渠。", ["建渠"]),
        ("3.建渠引水。", ["建渠引水"]),
        ("3个县建渠。", ["3个县建渠"]),
        ("一是建渠，二是引水。", ["建渠", "引水"]),
        ("——修筑江堤，疏浚河道。", ["修筑江堤", "疏浚河道"]),
        ("实施“建渠、引水，护堤”工程，植树。", ["实施“建渠、引水，护堤”工程", "植树"]),
        ("落实《渡口管理办法（试行，修订）》，巡查。", ["落实《渡口管理办法（试行，修订）》", "巡查"]),
        ("修渠。（责任单位：水利局，财政局）", ["修渠"]),
        ("修渠（水利局牵头，2029年底前完成）。", ["修渠"]),
        ("安排资金1,200万元，修渠。", ["安排资金1,200万元", "修渠"]),
        ("强调“先修渠，后引水。", ["强调“先修渠", "后引水"]),
        ("（责任单位：水利局）", []),
    ],
)
def test_clauses(sentence: str, expected: list[str]) -> None:
    found = split(sentence, 10)
    assert [c.text for c in found] == expected
    for clause in found:
        assert sentence[clause.start - 10 : clause.end - 10] == clause.text
        assert len(clause.masked) == len(clause.text)


def test_what_brackets_hold_is_hidden() -> None:
    assert mask("实施“上云”行动") == "实施" + HIDDEN * 4 + "行动"
    assert mask("半个（括号") == "半个（括号"
