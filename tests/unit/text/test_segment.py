"""A text, and its sentences parted by ``|``."""

from __future__ import annotations

import pytest

from luoshi.text.segment import row_spans, sentence_spans

CASES = [
    ("加快建设水网。完善灌溉体系；推进节水。", "加快建设水网。|完善灌溉体系；|推进节水。"),
    ("他问：“准备好了吗？”大家都说好。", "他问：“准备好了吗？”|大家都说好。"),
    ("弘扬“干就干成！”的作风。下一句", "弘扬“干就干成！”的作风。|下一句"),
    ("主要目标：到2030年，建成12.5万亩。", "主要目标：到2030年，建成12.5万亩。"),
    ("1.加强领导。各县要负起责任。", "1.加强领导。|各县要负起责任。"),
    (
        "1. Strengthen leadership. Each county is responsible.",
        "1. Strengthen leadership.|Each county is responsible.",
    ),
    (
        "Growth was 5.5 percent, e.g. in services. Trade fell.",
        "Growth was 5.5 percent, e.g. in services.|Trade fell.",
    ),
    ("See No. 12 of 2024. The plan follows.", "See No. 12 of 2024.|The plan follows."),
    (
        "推进改造（责任单位：住建局；配合单位：财政局）。完成验收。",
        "推进改造（责任单位：住建局；配合单位：财政局）。|完成验收。",
    ),
    ("发放补贴。（财政局、民政局负责）", "发放补贴。|（财政局、民政局负责）"),
    ("第一行\n第二行。", "第一行|第二行。"),
    ("真的吗？！当然。", "真的吗？！|当然。"),
    ("这项工作……很难。", "这项工作……|很难。"),
    ("听取“汇报……”等内容。", "听取“汇报……”等内容。"),
    ("按3.2.1条办理。", "按3.2.1条办理。"),
    ("（2024年3月1日市委常委会通过）", "（2024年3月1日市委常委会通过）"),
    ("网址http://a.cn/?id=3;b=4可查。", "网址http://a.cn/?id=3;b=4可查。"),
    ("“一要快。二要稳。”", "“一要快。|二要稳。”"),
    ("完成改造。”", "完成改造。”"),
    ("推进建设. 加强管理.", "推进建设.|加强管理."),
    ("", ""),
    (" \n　\n", ""),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_sentences(text: str, expected: str) -> None:
    assert "|".join(text[a:b] for a, b in sentence_spans(text)) == expected


@pytest.mark.parametrize("text", [c[0] for c in CASES] + ["。。。", "（（（。；", "a.b. c", "《》！”"])
def test_every_character_is_in_one_sentence(text: str) -> None:
    spans = sentence_spans(text)
    covered = [i for a, b in spans for i in range(a, b)]
    assert len(covered) == len(set(covered))
    assert {i for i, c in enumerate(text) if not c.isspace()} <= set(covered)
    assert all(text[a:b] == text[a:b].strip() and a < b for a, b in spans)


def test_cells_of_a_row_are_sentences_of_their_own() -> None:
    text = "\t1\t修缮水窖。加固堤防\t\t县水利局"
    assert [text[a:b] for a, b in row_spans(text)] == ["1", "修缮水窖。", "加固堤防", "县水利局"]
