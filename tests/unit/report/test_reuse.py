from __future__ import annotations

import base64
import csv
import hashlib
import io
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from luoshi.report.reuse import (
    COLUMNS,
    Family,
    Named,
    Pair,
    Shared,
    Stretch,
    Summary,
    compared,
    percent,
    render,
    spreadsheet,
)
from luoshi.text.lexicon import table

HOSTILE = '=HYPERLINK("x")<script>alert(1)</script><img src=x onerror=a>&"\'\x00\ud800\u202e'


def made(text: str = "各村要修好果园的路。", title: str = "果园通知") -> Summary:
    one, other = Named("a", title, "2020-01", "province"), Named(text, "", None, "镇里")
    first = Stretch(one, 3, 3 + len(text), text)
    passage = Shared(first, Stretch(other, 0, 900, text), 9, 0.95, 0.5, "adapted", "down", 3)
    counts = dict.fromkeys(
        (
            "documents",
            "characters",
            "sharing",
            "passages",
            "pairs",
            "families",
            "problems",
            "verbatim",
            "adapted",
            "stock",
            "down",
            "level",
            "up",
            "unknown",
        ),
        1234,
    )
    return Summary(
        files=[(text, 5000)],
        settings={"n": 6, "least": 16, "df_cap": 32, "same_series": False},
        counts={**counts, "clip": 500},
        pairs=[Pair(one, other, 2, 10, 20, 0.5, 1.0, "a")],
        families=[Family(0, first, 3, 4, True, (other,))],
        longest=[passage],
        tables=["passages.parquet"],
        rows=1,
    )


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]


def test_hostile_text_stays_text() -> None:
    page = render(made(HOSTILE, HOSTILE))
    page.encode("utf-8")
    reader = Reader()
    reader.feed(page)
    assert not {"script", "img", "iframe", "object"} & set(reader.tags)
    assert not [a for a in reader.attributes if a.startswith("on") or a == "src"]
    assert "\x00" not in page and "\u202e" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_policy_lets_our_style_alone_in() -> None:
    page = render(made())
    style = re.search("<style>(.*)</style>", page, re.DOTALL)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"default-src &#39;none&#39;; style-src &#39;sha256-{digest}&#39;" in page
    assert "http://" not in page and "https://" not in page


def test_each_text_stands_in_both_languages() -> None:
    rows = table("luoshi.report", "reuse.tsv")
    assert [r for r in rows if len(r) != 3 or not all(r)] == []
    assert len({r[0] for r in rows}) == len(rows)
    page = render(made())
    assert "共有文字最多的文件对" in page and "Pairs of documents that share most" in page
    assert "省级" in page and "Province" in page and "镇里" in page
    assert not re.search(r"reuse\.[a-z]|\{[a-z]+\}", re.sub("<style>.*</style>", "", page, flags=re.DOTALL))
    assert 'id="zh" aria-label="中文" checked' in page
    assert 'id="en" aria-label="English" checked' in render(made(), "en")
    assert render(made()) == render(made())


def test_an_empty_corpus_says_that_nothing_was_found() -> None:
    page = render(replace(made(), pairs=[], families=[], longest=[], rows=0))
    assert page.count("没有找到") == 3 and "passages.csv" not in page


@pytest.mark.parametrize(
    ("one", "other", "left", "right"),
    [
        ("修好果园的路", "修好果园的路", "修好果园的路", "修好果园的路"),
        ("修好果园的路", "修好菜园的路", "修好<mark>果</mark>园的路", "修好<mark>菜</mark>园的路"),
        ("修好路，种树", "修好路种树。", "修好路，种树", "修好路种树。"),
        ("甲乙丙丁戊", "甲己丙庚戊", "甲<mark>乙丙丁</mark>戊", "甲<mark>己丙庚</mark>戊"),
        ("三月底前完成", "完成", "<mark>三月底前</mark>完成", "完成"),
        ("for all men", "for some men", "for <mark>all</mark> men", "for <mark>some</mark> men"),
        ("a<b", "a<c", "a&lt;<mark>b</mark>", "a&lt;<mark>c</mark>"),
        ("", "", "", ""),
    ],
)  # fmt: skip
def test_changed_words_are_marked(one: str, other: str, left: str, right: str) -> None:
    assert tuple(map(str, compared(one, other))) == (left, right)


def test_where_a_text_was_cut_nothing_is_marked() -> None:
    assert "mark" not in "".join(compared("修好路再种树又浇水", "修好路再种树", whole=False))
    assert "mark" in "".join(compared("修好路再种树又浇水", "修好路再种树"))


@pytest.mark.parametrize(
    ("share", "told"),
    [(0, "0.0%"), (0.0004, "<0.1%"), (0.25, "25.0%"), (0.99999, "99.9%"), (1.0, "100%")],
)
def test_shares_are_told_without_exaggeration(share: float, told: str) -> None:
    assert percent(share) == told


@pytest.mark.parametrize("sign", "=+-@＝＋－＠")
def test_no_cell_is_a_formula(sign: str) -> None:
    text = f' \t\n{sign}1+1|cmd,"x"\r\n'
    summary = made(text, text)
    rows = list(csv.reader(io.StringIO(spreadsheet(summary.longest))))
    assert len(rows) == 2 and [len(r) for r in rows] == [len(COLUMNS)] * 2
    assert [c for c in rows[1] if c.lstrip()[:1] == sign] == []
    assert f'\'{sign}1+1|cmd,"x"' in rows[1]
    assert rows[1][-3:] == ["改写", "自上而下", "否"]
    assert list(csv.reader(io.StringIO(spreadsheet(summary.longest, "en"))))[1][-3:] == [
        "Adapted",
        "Down",
        "No",
    ]


@pytest.mark.parametrize(
    ("name", "told"),
    [("320000202401010001", "'320000202401010001"), ("0012", "'0012"), ("1e5", "'1e5"), ("2021-3", "2021-3")],
)
def test_ids_keep_their_digits(name: str, told: str) -> None:
    one = made().longest[0]
    stretch = replace(one.a, document=Named(name))
    rows = list(csv.reader(io.StringIO(spreadsheet([replace(one, a=stretch)]))))
    assert rows[1][1:3] == [told, told]
