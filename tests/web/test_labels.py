"""Places of an outline in one word."""

from __future__ import annotations

import pytest

from luoshi_web.ui.labels import headed, joined


@pytest.mark.parametrize(
    ("labels", "place"),
    [
        (["一、"], "第一部分"),
        (["二、", "（一）", "1."], "二（一）1"),
        (["一、", "2."], "一、2"),
        (["第一章", "第三条"], "第一章第三条"),
        (["（三）", ""], "（三）"),
        (["二（一）1"], "二（一）1"),
        ([], ""),
    ],
)
def test_joined(labels: list[str], place: str) -> None:
    assert joined(labels) == place
    assert joined([place]) == place


@pytest.mark.parametrize(
    ("label", "title", "heading"),
    [
        ("一、", "总体要求", "一、总体要求"),
        ("第一章", "总则", "第一章 总则"),
        ("（二）", "发展", "（二）发展"),
        ("", "保障措施", "保障措施"),
        ("3.", "", "3."),
    ],
)
def test_headed(label: str, title: str, heading: str) -> None:
    assert headed(label, title) == heading
