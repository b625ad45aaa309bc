"""Edits by words, and what they amount to."""

from __future__ import annotations

import pytest

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
