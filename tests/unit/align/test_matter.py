"""What is matter of a link and what is not: invented wordings of a centre, a province and a county."""

from __future__ import annotations

from dataclasses import replace

import pytest
from made_texts import document

from luoshi.align import align
from luoshi.align.pairing import Pair
from luoshi.align.words import TIME
from luoshi.model import Citation, LinkRow

PAIR = Pair("a", "b", "down", "")


def links(lower: str, upper: str, *, title: str = "", cites: str = "") -> list[LinkRow]:
    low, up = document(lower, id="a"), document(upper, id="b", title=title)
    if cites:
        low = low.with_rows(row=replace(low.row, cites=(Citation(cites),)))
    return list(align(low, up, PAIR).links)


def told(lower: str, upper: str, **more: str) -> list[str]:
    """``relation: upper wording | lower wording`` of each link."""
    return [f"{x.relation}: {x.upper.quote} | {x.lower.quote}" for x in links(lower, upper, **more)]


FIELDS = "一、养好湖区\n开展退塘还湿，恢复芦苇湿地。\n"


@pytest.mark.parametrize(
    ("lower", "upper"),
    [
        # who is responsible
        (
            "扩建青石码头。（责任单位：市渔业局、市水运局）",
            "整治非法采砂。（责任单位：省渔业局、省水运局）",
        ),
        ("扩建青石码头。（市渔业局牵头，市水运局配合）", "整治非法采砂。（省渔业局牵头，省水运局配合）"),
        # when
        ("到2030年，建成水产学校3所。", "到2030年，湖水透明度明显提高。"),
        ("2026年6月底前，扩建青石码头。", "2026年6月底前，清理沉船。"),
        # why the document was made
        (
            "为落实《关于湖区振兴的意见》，制定本方案。\n扩建青石码头。",
            "为落实《关于渔业转型的规划》，制定本意见。\n清理沉船。",
        ),
        # headings that every document has
        (
            "一、总体要求\n扩建青石码头。\n二、保障措施\n开挖航道。",
            "一、总体要求\n清理沉船。\n二、保障措施\n办好水产学校。",
        ),
        ("（一）加强组织领导。\n扩建青石码头。", "（一）加强组织领导。\n办好水产学校。"),
        # rates of different things
        ("渔业产值年均增长7%以上。", "渔民人均可支配收入年均增长7.5%左右。"),
    ],
)
def test_no_matter(lower: str, upper: str) -> None:
    assert not [x for x in links(lower, upper) if x.relation != "specified"]


def test_the_subject_that_the_title_names() -> None:
    title = "国务院关于促进大湖渔区全面振兴的意见"
    lower = "为促进大湖渔区全面振兴，现制定本方案。\n恢复芦苇湿地120公顷。"
    upper = "促进大湖渔区全面振兴是一件大事。\n恢复芦苇湿地。"
    assert told(lower, upper, title=title) == ["verbatim: 恢复芦苇湿地 | 恢复芦苇湿地120公顷"] or [
        x.upper.quote for x in links(lower, upper, title=title)
    ] == ["恢复芦苇湿地"]
    assert any("全面振兴" in x for x in told(lower, upper))


def test_numbers_are_not_cut() -> None:
    (x,) = links("2025年底前建成湖滨冷藏保鲜设施260座。", "2025年底前建成湖滨冷藏保鲜设施2000座。")
    assert x.relation == "adapted"
    assert (x.upper.quote[-5:], x.lower.quote[-4:]) == ("2000座", "260座")
    assert [(e.upper, e.lower) for e in x.edits] == [("2000", "260")]
    assert x.change is None or x.change == "lower-target"


def test_the_day_goes_with_the_wording() -> None:
    (x,) = links("到2028年，湖区船舶岸电覆盖率达到80%。", "到2030年，湖区船舶岸电覆盖率达到90%。")
    assert x.lower.quote.startswith("到2028年")
    assert x.upper.quote.startswith("到2030年")
    assert x.change is None


def test_a_kept_term_is_carried_on() -> None:
    """The verb phrase is another one, the key term is the same."""
    upper = "推动省级渔港对口帮扶湖区小渔港，健全轮渡船员待遇保障机制。\n整治非法采砂。"
    lower = "组织省级渔港对口帮扶青石小渔港，建立轮渡船员“统招统管”机制。\n办好水产学校。"
    found = told(lower, upper)
    assert any("轮渡船员待遇" in x and "统招统管" in x for x in found)


def test_headings_are_served_by_nobody() -> None:
    upper = FIELDS + "二、畅通跨湖物流\n（一）建好码头。\n扩建轮渡码头，推广岸电。"
    lower = FIELDS + "二、畅通跨湖物流\n（一）建好码头。\n新建青石、白沙轮渡泊位12个，配备岸电桩60座。"
    for x in links(lower, upper):
        if x.relation == "specified":
            assert "畅通" not in x.upper.quote
            assert "建好码头" not in x.upper.quote


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("到2027年，建成码头", "到2027年"),
        ("2026年6月底前完成", "2026年6月底前"),
        ("力争2025年上半年开工", "力争2025年上半年"),
        ("“十五五”期间建成", "“十五五”期间"),
        ("每年3月底前公布", "每年3月底前"),
        ("码头12个", ""),
    ],
)
def test_time(text: str, when: str) -> None:
    assert "".join(TIME.findall(text)) == when
