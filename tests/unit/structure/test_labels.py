"""The beginning of a paragraph, and the label in it: scheme, number, what follows."""

from __future__ import annotations

import pytest

from luoshi.structure.labels import chinese_number, read_label

CASES = [
    ("第一编 总纲", "book", 1, "总纲"),
    ("第三部分　目标", "volume", 3, "目标"),
    ("第十二章　附则", "chapter", 12, "附则"),
    ("第二节 水权", "section", 2, "水权"),
    ("第一百零三条 本办法", "article", 103, "本办法"),
    ("第八条之二 增设", "article", 8, "增设"),
    ("一、总体要求", "cn-comma", 1, "总体要求"),
    ("十一、2026年安排", "cn-comma", 11, "2026年安排"),
    ("（三）水网工程", "cn-paren", 3, "水网工程"),
    ("(四)水网工程", "cn-paren", 4, "水网工程"),
    ("第一，摸清底数", "cn-word", 1, "摸清底数"),
    ("7.修复湿地", "num", 7, "修复湿地"),
    ("７．修复湿地", "num", 7, "修复湿地"),
    ("7、修复湿地", "num", 7, "修复湿地"),
    ("3.2026年安排", "num", 3, "2026年安排"),
    ("3.2万亩", None, None, ""),
    ("2.1 范围", "dec-2", 1, "范围"),
    ("（2）验收", "num-paren", 2, "验收"),
    ("2）验收", "num-half", 2, "验收"),
    ("②验收", "circled", 2, "验收"),
    ("——湿地率稳步提高", "dash", None, "湿地率稳步提高"),
    ("●湿地率", "bullet", None, "湿地率"),
    ("二是摸清底数", "yishi", 2, "摸清底数"),
    ("一要摸清底数", "yishi", 1, "摸清底数"),
    ("三要素齐全", None, None, ""),
    ("首先，摸清底数", "order", 1, "摸清底数"),
    ("附件2", "annex", 2, ""),
    ("附件所列项目", None, None, ""),
    ("附则", None, None, ""),
    ("Article 4 Duties", "en-article", 4, "Duties"),
    ("(b) lakes", "latin-paren", 2, "lakes"),
    ("IV. Lakes", "roman-dot", 4, "Lakes"),
    ("2026年，全市", None, None, ""),
    ("一些地方", None, None, ""),
    ("水利局负责", None, None, ""),
]


@pytest.mark.parametrize(("text", "scheme", "number", "rest"), CASES)
def test_label(text: str, scheme: str | None, number: int | None, rest: str) -> None:
    label = read_label(text)
    if scheme is None:
        assert label is None
        return
    assert label is not None
    assert (label.scheme.name, label.number, text[label.end :]) == (scheme, number, rest)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("十", 10),
        ("二十", 20),
        ("一百零三", 103),
        ("二〇", 20),
        ("③", 3),
        ("iv", 4),
        ("C", 3),
        ("12", 12),
        ("水", None),
    ],
)
def test_number(text: str, value: int | None) -> None:
    assert chinese_number(text) == value
