"""Paragraphs, and the outline that they make: depth, kind, label, title."""

from __future__ import annotations

import pytest
from made_readings import documents, outline

from luoshi.structure import plain

CASES = {
    "chapters, articles that run on, items": (
        "一、总体要求\n1.指导思想。以水定城。坚持节水优先。\n2.主要目标。分两步走。到2030年建成水网。\n"
        "——打造水网样板区，就是要先行先试。\n——打造湿地样板区，"
        "就是要系统修复。\n二、重点任务\n3.修复湿地。退田还湖。恢复鸟类栖息地。",
        [
            "1 chapter 一、 总体要求",
            "2 article 1. 指导思想",
            "2 article 2. 主要目标",
            "3 item —— 打造水网样板区",
            "3 item —— 打造湿地样板区",
            "1 chapter 二、 重点任务",
            "2 article 3. 修复湿地",
        ],
    ),
    "the usual four steps": (
        "一、重点任务\n（一）建设水网\n1.连通河湖。实施三项工程。"
        "投资两亿元。\n（1）东湖引水工程；\n（2）西湖引水工程：\n"
        "①施工；\n②验收。\n（二）修复湿地\n退田还湖。",
        [
            "1 chapter 一、 重点任务",
            "2 section （一） 建设水网",
            "3 paragraph 1. 连通河湖",
            "4 item （1）",
            "4 item （2） 西湖引水工程",
            "5 item ①",
            "5 item ②",
            "2 section （二） 修复湿地",
        ],
    ),
    "a law": (
        "第一章　总　则\n第一条　为了节水，制定本条例。\n"
        "第二条　本条例适用于本省。\n军队用水另行规定。\n第二章　管理\n"
        "第三条　有下列情形之一的，责令改正：\n（一）偷水的；\n（二）毁坏水表的。\n前款规定由水利部门执行。",
        [
            "1 chapter 第一章 总则",
            "2 article 第一条",
            "2 article 第二条",
            "3 paragraph",
            "3 paragraph",
            "1 chapter 第二章 管理",
            "2 article 第三条",
            "3 paragraph",
            "4 item （一）",
            "4 item （二）",
            "3 paragraph",
        ],
    ),
    "titles of articles in brackets, on lines of their own": (
        "第一条　（目的）\n为了节水，制定本办法。\n第二条　【范围】本办法适用于本市。",
        ["1 article 第一条 目的", "2 paragraph", "1 article 第二条 范围"],
    ),
    "numbers first, chapters below them": (
        "1.总则\n（一）依据。略。\n（二）范围。略。\n2.分则\n（一）程序。略。",
        [
            "1 article 1. 总则",
            "2 item （一） 依据",
            "2 item （二） 范围",
            "1 article 2. 分则",
            "2 item （一） 程序",
        ],
    ),
    "a list after a colon begins again below": (
        "1.分工如下：\n1.水利局供水；\n2.住建局排水。\n2.验收。",
        ["1 article 1. 分工如下", "2 item 1.", "2 item 2.", "1 article 2."],
    ),
    "spoken order": (
        "今年抓好三件事。\n一是摸清底数。组织普查。\n二是修复管网。更换老管。\n三是严格执法。",
        ["1 item 一是 摸清底数", "1 item 二是 修复管网", "1 item 三是"],
    ),
    "plain paragraphs have addresses too": ("要节水。\n要爱水。", ["1 paragraph", "1 paragraph"]),
    "a chapter title stuck to an article": (
        "一、做强节水产业1.发展节水农业。推广滴灌。改造渠系。\n2.发展节水工业。推广循环水。关停落后产能。",
        ["1 chapter 一、 做强节水产业", "2 paragraph 1. 发展节水农业", "2 paragraph 2. 发展节水工业"],
    ),
    "English": (
        "PART I General\nArticle 1 Scope\nThis Act applies to water.\n"
        "(a) lakes;\n(b) rivers.\nArticle 2 Duties\nSave water.",
        [
            "1 part PART I General",
            "2 article Article 1 Scope",
            "3 paragraph",
            "4 item (a)",
            "4 item (b)",
            "2 article Article 2 Duties",
            "3 paragraph",
        ],
    ),
    "a year is no number": ("一、目标\n2030年建成水网。\n3.5亿元投资到位。", ["1 chapter 一、 目标"]),
}


@pytest.mark.parametrize("name", CASES)
def test_outline(name: str) -> None:
    text, expected = CASES[name]
    assert outline(plain(text, id="x")) == expected


def test_odd_numbers_make_problems_and_still_an_outline() -> None:
    (document,) = documents("节水方案\n一、目标\n做到节水。\n四、保障\n加强领导。\n五、督查\n定期督查。")
    assert [p.label for p in document.provisions] == ["一、", "四、", "五、"]
    assert [p.code for p in document.problems] == ["numbering-gap"]


def test_addresses_are_unique_and_nested() -> None:
    document = plain("第一章 总则\n第一条 甲。\n乙。\n第二条 丙。\n第一章 附则\n第三条 丁。", id="x")
    eids = [p.eid for p in document.provisions]
    assert eids[:4] == ["chp_1", "chp_1__art_1", "chp_1__art_1__para_1", "chp_1__art_1__para_2"]
    assert len(set(eids)) == len(eids)


def test_contents_are_no_provisions() -> None:
    text = (
        "节水条例\n目　录\n第一章 总则\n第二章 附则\n第一章 总则\n"
        "第一条 为了节水，制定本条例。\n第二章 附则\n第二条 自2024年3月1日起施行。"
    )
    (document,) = documents(text)
    assert outline(document) == [
        "1 chapter 第一章 总则",
        "2 article 第一条",
        "1 chapter 第二章 附则",
        "2 article 第二条",
    ]


def test_headings_are_heading_sentences() -> None:
    document = plain(
        "一、目标\n1.建设水网。到2030年建成。投资到位。\n2.修复湿地。退田还湖。恢复植被。", id="x"
    )
    kinds = [(s.evidence.quote, s.kind) for s in document.sentences]
    assert kinds[:3] == [("一、目标", "heading"), ("1.建设水网。", "heading"), ("到2030年建成。", "context")]


def test_signature_lies_in_no_provision() -> None:
    (document,) = documents("关于节水的通知\n各县：\n一、加强领导\n落实责任。\n云川省水利厅\n2024年3月1日")
    last = document.provisions[-1].evidence
    assert last.quote == "一、加强领导\n落实责任。"
    assert [p.kind for p in document.paragraphs[-2:]] == ["note", "note"]


def test_what_follows_a_list_is_not_the_last_items() -> None:
    document = plain("一、任务\n做好下列工作：\n（1）供水；\n（2）排水。\n各县要落实责任。", id="x")
    assert document.provisions[-1].evidence.quote == "（2）排水。"
    assert document.paragraphs[-1].provision == document.provisions[0].id
