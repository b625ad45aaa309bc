"""Pages: the text of the document with its shape, the rest dropped, the page's own metadata kept."""

from __future__ import annotations

from itertools import pairwise

import pytest

from luoshi.model import Reading
from luoshi.read import Limits, coverage_gaps, read_with
from luoshi.read.formats.html import HtmlReader
from luoshi.read.web.metadata import page_title
from luoshi.read.web.tokens import attributes, tokens
from luoshi.read.web.tree import parse

LONG = "各级各部门要提高站位、主动担当，围绕年度任务，倒排工期、挂图作战，确保各项举措见效，让群众得到好处。"

PAGE = f"""<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>云江省水利厅关于加强防汛工作的通知-云江省人民政府网</title>
<meta name="ArticleTitle" content="云江省水利厅关于加强防汛工作的通知">
<meta name="PubDate" content="2025-03-05 09:30">
<style>p {{ color: red }}</style><script>if (a < b) {{ document.write("<p>广告</p>"); }}</script></head>
<body><div class="header"><ul class="nav"><li><a href="/">首页</a></li>
<li><a href="/zw">政务公开</a></li></ul></div>
<div class="position">当前位置：<a href="/">首页</a> &gt; <a href="/t">通知公告</a></div>
<table class="meta"><tr><td><b>索 引 号：</b></td><td>000/2025-11</td>
<td>发文机关：</td><td>云江省水利厅</td></tr>
<tr><td>成文日期：</td><td>2025年03月01日</td><td>发文字号：</td><td>云水发〔2025〕3号</td></tr></table>
<h1>云江省水利厅关于加强防汛工作的通知</h1>
<div class="info">发布时间：2025-03-05 09:30　来源：本网　浏览次数：<span id="hits">12</span></div>
<div id="zoom" class="article-con"><p style="text-indent: 2em">各市县水利局：</p>
<p style="text-indent:2em;">{LONG}</p>
<p><strong>一、压实责任</strong></p>
<p>&emsp;&emsp;{LONG[:20]}
    {LONG[20:]}</p>
<ul><li>排查隐患</li><li>备足物资<ul><li>编织袋</li></ul></li></ul>
<table border="1"><tr><th>任务</th><th>单位</th></tr>
<tr><td>加固<br>堤防</td><td>省水利厅&nbsp;</td></tr></table>
<p>附件：<a href="a.docx">任务分工表.docx</a></p>
<p style="text-align: right">云江省水利厅</p><p align="right">2025年3月1日</p>
<div class="share">分享到：微信</div></div>
<div style="display:none">{LONG}{LONG}</div>
<div class="related"><h3>相关链接</h3><a href="b">某县召开防汛会议</a></div>
<div class="footer">版权所有：云江省人民政府 云ICP备1号</div></body></html>
"""


def reading_of(text: str) -> Reading:
    (reading,) = read_with(HtmlReader(), text.encode(), "a.html", Limits())
    assert coverage_gaps(reading) == ()
    return reading


def test_a_page() -> None:
    reading = reading_of(PAGE)
    assert [b.text for b in reading.blocks] == [
        "云江省水利厅关于加强防汛工作的通知",
        "各市县水利局：",
        LONG,
        "一、压实责任",
        LONG,
        "排查隐患",
        "备足物资",
        "编织袋",
        "任务\t单位",
        "加固 堤防\t省水利厅",
        "附件：任务分工表.docx",
        "云江省水利厅",
        "2025年3月1日",
    ]
    kinds = [(b.kind, b.level) for b in reading.blocks]
    assert kinds[0] == ("heading", 1)
    assert kinds[5:10] == [
        ("list-item", 1),
        ("list-item", 1),
        ("list-item", 2),
        ("table-row", 0),
        ("table-row", 0),
    ]
    assert reading.blocks[3].marks >= {"bold"}
    assert [b.indent for b in reading.blocks[1:5]] == [2, 2, 0, 2]
    assert [b.align for b in reading.blocks[-2:]] == ["right", "right"]
    assert [reading.blocks[9].text[a:z] for a, z in reading.blocks[9].cells] == ["加固 堤防", "省水利厅"]


def test_the_metadata_of_a_page() -> None:
    assert reading_of(PAGE).metadata == {
        "title": "云江省水利厅关于加强防汛工作的通知",
        "published": "2025-03-05 09:30",
        "index": "000/2025-11",
        "issuer": "云江省水利厅",
        "date": "2025年03月01日",
        "number": "云水发〔2025〕3号",
        "publisher": "本网",
    }


def test_what_surrounds_the_text_is_dropped_with_a_reason() -> None:
    reasons: dict[str, str] = {}
    for drop in reading_of(PAGE).dropped:
        reasons[drop.reason] = reasons.get(drop.reason, "") + drop.quote
    assert "政务公开" in reasons["navigation"]
    assert any("分享到" in quote for quote in reasons.values())
    assert "某县召开防汛会议" in reasons["navigation"] and "版权所有" in reasons["navigation"]
    assert "document.write" in reasons["script"] and "color: red" in reasons["script"]
    assert LONG in reasons["hidden text"]
    assert "索 引 号" in reasons["metadata"]


def test_offsets_stand_at_their_characters() -> None:
    reading = reading_of(PAGE)
    for block in reading.blocks:
        for character, offset in zip(block.text, block.body.offsets.tolist(), strict=True):
            if offset >= 0 and PAGE[offset] != "&":
                assert PAGE[offset] == character or PAGE[offset].isspace()


def test_fragments_and_old_pages() -> None:
    reading = reading_of(f"<p>一、目标<p>{LONG}<br>　　{LONG}<P ALIGN=CENTER>附则</P><font>结语。</font>")
    assert [b.text for b in reading.blocks] == ["一、目标", LONG, LONG, "附则", "结语。"]
    assert reading.blocks[3].align == "center"


def test_a_title_in_several_centred_lines() -> None:
    title = "<p style='text-align:center'><b>云江省水利厅<br/>关于防汛的通知</b></p>"
    page = f"<div class='TRS_Editor'>{title}<p>{LONG}</p><p>{LONG}</p></div>"
    reading = reading_of(page)
    assert [(b.text, b.align) for b in reading.blocks[:2]] == [
        ("云江省水利厅", "center"),
        ("关于防汛的通知", "center"),
    ]


def test_centring_of_the_whole_page_says_nothing() -> None:
    reading = reading_of(f"<center><p>{LONG}</p><p>{LONG}</p><p>{LONG}</p><p>结语</p></center>")
    assert {b.align for b in reading.blocks} == {""}


def test_unclosed_and_hostile_markup() -> None:
    for text in (
        f"<p>{LONG}<!-- 未完",
        f"<p>{LONG}<a href='x",
        f"<div><p>{LONG}</div></div></p></table>",
        f"<table><tr><td>{LONG}<td>乙</table>",
        f'<p title="a>b">{LONG}</p>',
        "<div>" * 3000 + LONG,
    ):
        assert LONG in "".join(b.text for b in reading_of(text).blocks)


def test_tokens_cover_the_page() -> None:
    found = list(tokens(PAGE))
    assert found[0].start == 0 and found[-1].end == len(PAGE)
    assert all(a.end == b.start for a, b in pairwise(found))


def test_attributes() -> None:
    assert attributes(' class="a b" ID=\'x\' hidden data-x=1 alt="&lt;&amp;">') == {
        "class": "a b",
        "id": "x",
        "hidden": "",
        "data-x": "1",
        "alt": "<&",
    }


def test_implied_ends() -> None:
    page = parse("<ul><li>甲<li>乙</ul><table><tr><td>丙<td>丁<tr><td>戊</table>", 0, 100)
    tags = [n.tag for n in page.root.walk() if n.tag]
    assert tags == ["#root", "ul", "li", "li", "table", "tr", "td", "td", "tr", "td"]
    rows = [n for n in page.root.walk() if n.tag == "tr"]
    assert [len([c for c in r.children if c.tag == "td"]) for r in rows] == [2, 1]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("云江省防汛条例-云江省人民政府网", "云江省防汛条例"),
        ("云江省防汛条例_政策法规_云江省水利厅", "云江省防汛条例"),
        ("关于印发《2025-2030年规划》的通知", "关于印发《2025-2030年规划》的通知"),
        ("通知 | 云江", "通知 | 云江"),
    ],
)
def test_page_title(title: str, expected: str) -> None:
    assert page_title(title) == expected


def body(inner: str) -> str:
    return f"<!DOCTYPE html><html><head><title>通知</title></head><body>{inner}</body></html>"


def test_annexes_behind_a_wrapped_text_belong_to_it() -> None:
    inner = f"<div>{('<p>' + LONG + '</p>') * 10}</div><p>附表1</p><p>{LONG[:30]}</p>"
    page = body(f"<div class='wrap'><div class='unknown'>{inner}</div><div class='foot'>联系我们</div></div>")
    texts = [b.text for b in reading_of(page).blocks]
    assert texts[-2:] == ["附表1", LONG[:30]] and "联系我们" not in texts


def test_an_unknown_site_is_read_by_where_its_sentences_are() -> None:
    links = "".join(f"<li><a href='{i}'>关于第{i}号事项的公告</a></li>" for i in range(30))
    page = body(
        f"<div id=q1><ul>{links}</ul></div><div id=q2>{('<p>' + LONG + '</p>') * 3}</div>"
        "<div id=q3>某某单位</div>"
    )
    assert [b.text for b in reading_of(page).blocks] == [LONG, LONG, LONG]


def test_files_offered_below_the_text() -> None:
    files = "<div><a href='/a/b.pdf'>任务分工表</a></div><div><a href='/x.html'>别的文章标题</a></div>"
    page = body(f"<div class='TRS_Editor'>{('<p>' + LONG + '</p>') * 3}</div>{files}")
    assert [(b.kind, b.text) for b in reading_of(page).blocks][3:] == [("list-item", "任务分工表")]


def test_what_the_user_should_know() -> None:
    listed = body("".join(f"<p><a href='{i}'>关于第{i}号事项的公告，请查收。</a></p>" for i in range(20)))
    assert [p.code for p in reading_of(listed).problems] == ["link-list"]
    labelled = body(f"<meta charset='gbk'><p>{LONG}</p>")
    assert [p.code for p in reading_of(labelled).problems] == ["encoding-label"]


def test_captions_of_figures_go() -> None:
    reading = reading_of(
        body(f"<p>{LONG}</p><figure><img src='a'><figcaption>会场一角</figcaption></figure><p>{LONG}</p>")
    )
    assert [b.text for b in reading.blocks] == [LONG, LONG]
    assert "会场一角" in [d.quote for d in reading.dropped if d.reason == "caption"]


def test_merged_and_empty_cells_of_a_table() -> None:
    page = """<html><body><h1>云州市节水任务清单</h1><p>为落实要求，制定本清单，请各单位按时完成任务。</p>
    <table>
    <tr><th rowspan=2>序号</th><th rowspan=2>任务</th><th colspan=2>单位</th><th rowspan=2>完成时限</th></tr>
    <tr><th>牵头单位</th><th>责任单位</th></tr>
    <tr><td>1</td><td>修缮水窖40座</td><td rowspan=3>市水利局</td><td></td><td rowspan=2>2025年底前</td></tr>
    <tr><td></td><td rowspan=2>加固堤防12处</td><td>市财政局</td></tr>
    <tr><td>3</td><td></td><td>2026年6月底前</td></tr></table></body></html>"""
    reading = reading_of(page)
    assert [b.text for b in reading.blocks if b.kind == "table-row"] == [
        "序号\t任务\t单位\t\t完成时限",
        "序号\t任务\t牵头单位\t责任单位\t完成时限",
        "1\t修缮水窖40座\t市水利局\t\t2025年底前",
        "\t加固堤防12处\t市水利局\t市财政局\t2025年底前",
        "3\t\t市水利局\t\t2026年6月底前",
    ]
    for block in reading.blocks:
        for start, end in block.cells:
            span = block.body.source_span(start, end)
            assert span is None or page[slice(*span)] == block.text[start:end]
    again = reading.blocks[-1]
    assert again.body.source_span(*again.cells[2]) is None
