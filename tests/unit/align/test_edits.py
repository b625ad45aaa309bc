"""Edits by words, and what they amount to."""

from __future__ import annotations

import pytest

from luoshi.align.change import change_of
from luoshi.align.edits import edits_between

EDITS = [
    ("坚持加大补贴力度和激发干劲相结合", "坚持用好补贴政策和激发干劲相结合", "加大补贴力度→用好补贴政策"),
    ("支撑东北全面振兴", "支撑辽宁全面振兴", "东北→辽宁"),
    ("提高渔业生产能力", "进一步提升渔业生产能力", "提高→进一步提升"),
    ("实施保种行动", "深入实施保种行动", "→深入"),
    ("加强湖泊、湿地保护", "加强湖泊湿地保护", ""),
    ("巩固、提升、拓展", "巩固、提升", "拓展→"),
    ("", "", ""),
    ("同一句话", "同一句话", ""),
]


@pytest.mark.parametrize(("upper", "lower", "expected"), EDITS)
def test_edits(upper: str, lower: str, expected: str) -> None:
    assert " ".join(f"{e.upper}→{e.lower}" for e in edits_between(upper, lower)) == expected


@pytest.mark.parametrize(("upper", "lower", "expected"), EDITS)
def test_edits_name_their_kind(upper: str, lower: str, expected: str) -> None:
    for e in edits_between(upper, lower):
        assert e.op == ("insert" if not e.upper else "delete" if not e.lower else "replace")


@pytest.mark.parametrize(
    ("upper", "lower", "expected"),
    [
        ("建设高标准池塘10万亩", "建设高标准池塘8万亩", "lower-target"),
        ("增速达到5%以上", "增速达到6.5%以上", "higher-target"),
        ("培育企业2000家", "培育企业0.2万家", None),
        ("到2030年建成码头", "到2028年建成码头", None),
        ("加快改造老旧船舶", "推动改造老旧船舶", "softer"),
        ("鼓励建设保种基地", "支持建设保种基地", "firmer"),
        ("推动建设环湖码头", "必须建设环湖码头", "firmer"),
        ("发展捕捞、养殖、加工", "发展捕捞、养殖", "narrowed"),
        ("发展捕捞、养殖", "发展捕捞、养殖、加工", "widened"),
        ("扩大湿地修复范围", "扩大湿地修复范围", None),
    ],
)
def test_change(upper: str, lower: str, expected: str | None) -> None:
    assert change_of(upper, lower, edits_between(upper, lower)) == expected
