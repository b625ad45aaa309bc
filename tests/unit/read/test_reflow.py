"""Hard-wrapped lines become paragraphs; titles, labels and lists stay what they are."""

from __future__ import annotations

import random
import textwrap

import pytest

from luoshi.model import Mapped
from luoshi.read import Limits, coverage_gaps, read_with
from luoshi.read.formats.text import TextReader
from luoshi.read.lines import Line, width, widths
from luoshi.read.reflow import open_bracket, reflow

PARAGRAPHS = (
    "为全面提升云江省江河治理水平，切实保障沿江群众生命财产安全，经省人民政府同意，现就有关事项提出如下意见，请认真贯彻执行。",
    "各市县要把堤防加固摆在突出位置，对照问题清单逐段排查，建立台账，明确整改时限和责任人，确保主汛期前全部完成，不留死角、不留隐患。",
    "水利部门要会同气象、应急管理等部门健全会商机制，做到雨情、水情、工情信息共享；遇有重大险情，要在第一时间报告，并组织沿岸群众有序转移。",
    "财政部门要统筹安排资金，优先支持中小河流治理和山洪灾害防治，加强绩效评价，对截留、挪用资金的，依法依规严肃处理。",
)


def read_text(text: str) -> list[str]:
    (reading,) = read_with(TextReader(), text.encode(), "a.txt", Limits())
    assert coverage_gaps(reading) == ()
    return [b.text for b in reading.blocks]


def wrap(text: str, measure: int, first: int = 0) -> list[str]:
    """Break a Chinese text at a measure, closing marks never at the head of a line."""
    lines, line = [], "\u3000" * first
    for i, c in enumerate(text):
        line += c
        if width(line) >= measure and (i + 1 == len(text) or text[i + 1] not in "，。、；：）》”"):
            lines.append(line)
            line = ""
    return [*lines, line] if line else lines


@pytest.mark.parametrize("measure", [20, 26, 33, 40])
@pytest.mark.parametrize("style", ["indent", "blank", "double"])
def test_wrapped_paragraphs_come_back(measure: int, style: str) -> None:
    first = 2 if style in ("indent", "double") else 0
    between = {"indent": "\n", "blank": "\n\n", "double": "\n\n"}[style]
    inside = "\n\n" if style == "double" else "\n"
    body = between.join(inside.join(wrap(p, measure, first)) for p in PARAGRAPHS)
    assert read_text(body) == list(PARAGRAPHS)


def test_a_title_stays_apart_from_the_body() -> None:
    lines = ["云江省人民政府关于加强江河治理的意见", *wrap(PARAGRAPHS[0], 26, 2), *wrap(PARAGRAPHS[1], 26, 2)]
    assert read_text("\n".join(lines)) == ["云江省人民政府关于加强江河治理的意见", *PARAGRAPHS[:2]]


def test_title_lines_that_are_short_stay_separate() -> None:
    title = ["云江省人民政府", "关于加强江河治理的意见"]
    lines = [*title, "", *wrap(PARAGRAPHS[0], 26, 2), *wrap(PARAGRAPHS[1], 26, 2)]
    assert read_text("\n".join(lines)) == [*title, *PARAGRAPHS[:2]]


def test_labels_begin_a_paragraph_even_after_a_full_line() -> None:
    full = "坚持标本兼治、系统治理，把每一项任务落到实处见到成效。"
    lines = []
    for label in ("一、总体要求", "（一）", "1.", "第三条　", "——", "①", "一是"):
        lines += wrap(label + PARAGRAPHS[0], len(full)) if label != "一、总体要求" else [label]
    got = read_text("\n".join(lines))
    assert got[0] == "一、总体要求"
    assert [t[:2] for t in got[1:6]] == ["（一", "1.", "第三", "——", "①为"]


def test_a_number_in_mid_sentence_is_no_label() -> None:
    text = "到那时全省河流的防洪标准普遍提高，重点城镇达到二十年一遇以上，财政投入不少于一、二类项目之和。"
    at = text.index("一、二类")
    lines = [text[:at], text[at:], *(x for p in PARAGRAPHS for x in wrap(p, at))]
    assert read_text("\n".join(lines))[0] == text


def test_a_sentence_cut_by_a_page_goes_on() -> None:
    first, second = PARAGRAPHS[1][:40], PARAGRAPHS[1][40:]
    text = "\n\n".join([PARAGRAPHS[0], PARAGRAPHS[2] + first, second, PARAGRAPHS[3]])
    assert read_text(text) == [PARAGRAPHS[0], PARAGRAPHS[2] + PARAGRAPHS[1], PARAGRAPHS[3]]


def test_a_cut_bracket_goes_on() -> None:
    text = ["完善监测预警体系。（责任单位：省水", "利厅、省气象局）", "加强队伍建设。（责任单位：省应急厅）"]
    assert read_text("\n\n".join([*text, *PARAGRAPHS])) == [text[0] + text[1], text[2], *PARAGRAPHS]


def test_one_paragraph_a_line_is_left_alone() -> None:
    text = [
        "云江省防汛工作要点",
        "一、压实责任",
        PARAGRAPHS[0],
        "（一）健全机制",
        PARAGRAPHS[1],
        "附件：任务分工表",
    ]
    assert read_text("\n".join(text)) == text


def test_bullets_without_a_full_stop_stay_apart() -> None:
    bullets = [f"　　■{p[:-1]}" for p in PARAGRAPHS]
    assert read_text("\n".join([*bullets, *PARAGRAPHS])) == [b.strip() for b in bullets] + list(PARAGRAPHS)


def test_blanks_after_a_line_mark_the_end_of_a_paragraph() -> None:
    """Text out of a word processor: the mark of a paragraph comes out as a blank."""
    full = "各部门要按照职责分工抓好落实，并于每月底前报送进展。"
    lines: list[str] = []
    for p in PARAGRAPHS * 2:
        wrapped = wrap(p, len(full))
        lines += [*wrapped[:-1], wrapped[-1] + " ", full + " "]
    got = read_text("\n\n".join(lines))
    assert got == [t for p in PARAGRAPHS * 2 for t in (p, full)]


def test_english_lines_are_joined_with_a_blank_and_hyphens_go() -> None:
    text = (
        "The county government shall prepare an annual plan for river works and publish it before "
        "the end of March so that every township knows its share of the common responsibility for dikes."
    )
    lines = textwrap.wrap(text, 60)
    assert read_text("\n".join(lines * 1)) == [text]
    cut = text.replace("responsibility", "responsi-\nbility").replace("publish", "pub-\nlish")
    joined = read_text("\n".join(x for x in cut.split("\n")))
    assert "".join(joined).replace("- ", "").count("-") == 0 or len(joined) > 1


def test_hyphenation_is_reported() -> None:
    lines = [
        "The annual plan for river works shall be prepared by the",
        "county govern-",
        "ment and published in March.",
    ]
    made = [Line(Mapped.of_source(t), width=width(t), measure=28.0) for t in lines]
    made[1].width = 28.0
    flow = reflow(made)
    assert [b.text for b in flow.blocks] == [
        "The annual plan for river works shall be prepared by the county government and published in March."
    ]
    assert [(reason, body.text) for reason, body, _ in flow.dropped] == [("hyphenation", "-")]


def test_centred_and_right_lines_end_a_paragraph() -> None:
    def line(text: str, align: str = "") -> Line:
        return Line(Mapped.of_source(text), width=26.0, measure=26.0, align=align)  # type: ignore[arg-type]

    flow = reflow(
        [
            line("云江省水利厅关于防汛的通知要求", "center"),
            line(PARAGRAPHS[0][:26]),
            line("二〇二五年三月", "right"),
        ]
    )
    assert [b.align for b in flow.blocks] == ["center", "", "right"]


def test_font_size_parts_a_title_from_the_body() -> None:
    a = Line(
        Mapped.of_source("云江省人民政府关于进一步加强江河治理工作若干问题的"), width=26, measure=26, size=22
    )
    b = Line(Mapped.of_source(PARAGRAPHS[0][:26]), width=26, measure=26, size=16)
    assert len(reflow([a, b]).blocks) == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [("（责任单位：省水", "（"), ("《意见》（甲）", ""), ("“一网《通办", "《"), ("", ""), ("》）", "")],
)
def test_open_bracket(text: str, expected: str) -> None:
    assert open_bracket(text) == expected


def test_width_agrees_with_its_twin() -> None:
    rng = random.Random(7)
    alphabet = "落实，。 a1\t\u3000\xa0—“”·…\u200b\ufeff①Ａ한é"
    for _ in range(300):
        text = "".join(rng.choice(alphabet) for _ in range(rng.randrange(40)))
        assert width(text) == float(widths(text)[-1])


def test_a_full_line_before_a_title_does_not_take_it_in() -> None:
    full = PARAGRAPHS[3][:25] + "。"
    lines = [
        *wrap(PARAGRAPHS[0], 26, 2),
        "　　" + full[2:],
        "云江省河长制实施办法",
        *wrap(PARAGRAPHS[1], 26, 2),
    ]
    assert "云江省河长制实施办法" in read_text("\n".join([*lines, *wrap(PARAGRAPHS[2], 26, 2)]))


def test_a_paragraph_goes_on_over_a_page() -> None:
    """After a full line that ends a sentence too, where new paragraphs are indented."""
    paragraph = "".join(PARAGRAPHS)
    lines = wrap(paragraph, 26, 2)
    body = "\n".join(wrap(PARAGRAPHS[1], 26, 2))
    for at in range(2, len(lines) - 1):
        text = "\n".join(lines[:at]) + "\f" + "\n".join(lines[at:])
        assert read_text(f"{body}\n{text}\n{body}") == [PARAGRAPHS[1], paragraph, PARAGRAPHS[1]]


def test_a_title_in_brackets_over_two_lines_is_one() -> None:
    lines = ["（2025年3月5日云江省第十三届人民代表大会", "第四次会议通过）"]
    text = "\n".join([*lines, *(x for p in PARAGRAPHS for x in wrap(p, 22, 2))])
    assert read_text(text) == ["".join(lines), *PARAGRAPHS]
