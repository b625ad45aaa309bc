"""Words and wordings with a part of their own."""

from __future__ import annotations

import re

import pytest

from luoshi.align.features import skip
from luoshi.align.words import formula_spans, is_local, lead_words


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("7.推动湖区复兴。", "推动"),
        ("（三）推动湖区复兴", "推动"),
        ("会议指出，要保护湖泊。", "要保护"),
        ("——打造渔业高地", "打造"),
        ("一是修复湿地", "修复"),
        ("2031年修复湿地", "2031年"),
        ("3.5万亩池塘", "3.5万亩"),
        ("会议强调，", "会议"),
        ("保护湖泊，要求从严。", "保护"),
    ],
)
def test_where_wording_begins(text: str, begins: str) -> None:
    assert text[skip(text, 0, len(text)) :].startswith(begins)


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("现将《湖区方案》印发给你们，请认真贯彻执行。", "现将《湖区方案》印发给你们|请认真贯彻执行"),
        ("保障措施", "保障措施"),
        ("完善保障措施，修复湿地。", ""),
        ("本办法自2031年1月1日起施行。", "本办法自2031年1月1日起施行"),
        ("结合本省实际，制定本条例。", "结合本省实际|制定本条例"),
        ("保护湖泊。", ""),
        ("副省长张三、李四出席会议。", "副省长张三、李四出席会议"),
        ("省委副书记王五作了总结讲话。", "省委副书记王五作了总结讲话"),
        ("有关部门要参加会战，守住大堤。", ""),
    ],
)
def test_formulas(text: str, formula: str) -> None:
    assert "|".join(text[a:b] for a, b in sorted(formula_spans(text, 0, len(text)))) == formula


@pytest.mark.parametrize(
    ("word", "local"), [("辽宁", True), ("全省", True), ("东北", True), ("沈阳", True), ("码头", False)]
)
def test_local_words(word: str, local: bool) -> None:
    assert is_local(word) == local


@pytest.mark.parametrize(("text", "led"), [("要坚持保护", "要坚持"), ("深入实施", "深入"), ("保护", None)])
def test_lead_words(text: str, led: str | None) -> None:
    m = re.match(lead_words(), text)
    assert (m.group() if m else None) == led
