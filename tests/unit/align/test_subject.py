"""Whether two documents are about one subject."""

from __future__ import annotations

from dataclasses import replace

import pytest

from luoshi.align.features import Features
from luoshi.align.subject import same_subject
from luoshi.structure import plain


def features(title: str, text: str) -> Features:
    document = plain(text, id=title)
    return Features(document.with_rows(row=replace(document.row, title=title)))


OPINION = "推动芦苇产业创新发展。培育芦苇产业主体。建设芦苇产业园区。发布芦苇产业目录。"
PROGRAMME = "芦苇产业是新赛道。支持芦苇产业应用造纸技术。引进芦苇产业人才。"


@pytest.mark.parametrize(
    ("upper", "lower", "text", "same"),
    [
        ("关于推动芦苇产业创新发展的实施意见", "南屏市造纸工坊芦苇产业培育行动方案", PROGRAMME, True),
        ("关于推动芦苇产业创新发展的实施意见", "南屏市渔港管理办法", PROGRAMME, False),
        # named in both titles, but the text is about something else
        (
            "关于推动芦苇产业创新发展的实施意见",
            "南屏市芦苇产业园停车办法",
            "停车应当缴费。车位按月出租。",
            False,
        ),
        # what titles of any subject share
        (
            "关于印发芦苇产业高质量发展实施方案的通知",
            "关于印发渔港高质量发展实施方案的通知",
            PROGRAMME,
            False,
        ),
    ],
)
def test_same_subject(upper: str, lower: str, text: str, same: bool) -> None:
    assert same_subject(features(lower, text), features(upper, OPINION)) is same
