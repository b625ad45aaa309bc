"""Readings made by hand, and the documents that come out of them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from made_readings import documents, outline, reading

from luoshi.extract import extract
from luoshi.model import Mapped
from luoshi.structure import plain, settle, structure

BODY = (
    "节约用水是全省人民的共同责任，关系长远发展，关系子孙后代，必须久久为功、持续推进，一年接着一年干。"
    "各级各部门要把节水放在更加突出的位置，完善制度，落实责任，"
    "加大投入，强化监督，形成全社会共同节水的良好风尚。"
    "要坚持以水定城、以水定地、以水定人、以水定产，"
    "走出一条符合云川实际的节水新路子，为高质量发展提供坚实支撑。"
)

COMPILATION = f"""云川省委召开节水工作会议
4月11日，云川省委节水工作会议在云州召开。省委书记林远山出席会议并讲话。
会议指出，{BODY}
会议强调，{BODY}
省直有关部门负责同志参加会议。
^中共云川省委关于加强节水工作的意见
（2024年4月28日中国共产党云川省第九届委员会第五次全体会议通过）
为加强节水工作，提出如下意见。
一、总体要求
1.指导思想。坚持节水优先。{BODY}
二、重点任务
2.建设水网。连通河湖水系。{BODY}
（以上为《中共云川省委关于加强节水工作的意见》主要内容）
^让节水成为云川的风尚
——一论贯彻落实省委节水工作会议精神
{BODY}
{BODY}
^把节水写在大地上
{BODY}
{BODY}
让我们行动起来，奋力谱写云川节水新篇章！
"""


def test_compilation() -> None:
    found = documents(COMPILATION)
    assert [(d.row.title, d.row.kind, d.row.date, d.row.date_basis) for d in found] == [
        ("云川省委召开节水工作会议", "meeting", "2024-04-11", "compilation"),
        ("中共云川省委关于加强节水工作的意见", "opinion", "2024-04-28", "text"),
        ("让节水成为云川的风尚 ——一论贯彻落实省委节水工作会议精神", "commentary", None, None),
        ("把节水写在大地上", "editorial", None, None),
    ]
    assert [d.row.text_status for d in found] == ["press-report", "main-contents", "full", "full"]
    assert [d.row.level for d in found] == ["province", "province", "media", "media"]
    assert found[1].row.issuers == ("中共云川省委",)
    assert [d.id[-2:] for d in found] == ["-1", "-2", "-3", "-4"]


def test_the_first_ordinal_is_handed_in() -> None:
    (document,) = structure(reading("节水方案\n" + BODY), first=4)
    assert document.id.endswith("-5")


ORDINARY = {
    "chapters and an annex": f"节水行动方案\n{BODY}\n一、目标\n{BODY}\n"
    f"二、任务\n{BODY}\n附件1\n任务分工表\n{BODY}",
    "subheads": f"节水在行动\n{BODY}\n源头严防\n{BODY}\n过程严管\n{BODY}\n后果严惩\n{BODY}",
    "a notice and the plan that it forwards": (
        f"关于印发《云川省节水行动方案》的通知\n云水办〔2024〕3号\n"
        f"各县水务局：\n现将《云川省节水行动方案》印发给你们。\n"
        f"云川省水利厅\n2024年3月1日\n云川省节水行动方案\n{BODY}\n一、目标\n{BODY}\n二、任务\n{BODY}"
    ),
    "a law with contents": f"节水条例\n目录\n第一章 总则\n第二章 附则\n第一章 总则\n"
    f"第一条 {BODY}\n第二章 附则\n第二条 {BODY}",
    "one line": "节水。",
    "nothing": "",
}


@pytest.mark.parametrize("name", ORDINARY)
def test_ordinary_documents_stay_whole(name: str) -> None:
    assert len(documents(ORDINARY[name])) == 1


def test_notice_is_of_the_forwarded_kind_and_keeps_its_title() -> None:
    (document,) = documents(ORDINARY["a notice and the plan that it forwards"])
    row = document.row
    assert (row.title, row.kind, row.number, row.date) == (
        "关于印发《云川省节水行动方案》的通知",
        "plan",
        "云水办〔2024〕3号",
        "2024-03-01",
    )
    assert (row.issuers, row.level, row.branch) == (("云川省水利厅",), "province", "government")
    assert outline(document) == ["1 part 云川省节水行动方案", "2 chapter 一、 目标", "2 chapter 二、 任务"]


def test_title_set_on_several_lines() -> None:
    (document,) = documents(
        f"=云川省人民政府办公厅关于印发\n=节水行动方案的通知\n云政办发〔2024〕8号\n{BODY}"
    )
    assert document.row.title == "云川省人民政府办公厅关于印发节水行动方案的通知"
    assert document.paragraphs[0].kind == "title"
    assert document.sentences[0].kind == "heading"


def test_a_list_of_annexes_is_no_annex() -> None:
    text = (
        f"关于做好节水工作的通知\n各县：\n{BODY}\n"
        f"附件：1.任务分工表\n2.考核办法\n云川省水利厅\n2024年3月1日\n"
        f"附件1\n任务分工表\n{BODY}\n附件2\n考核办法\n{BODY}"
    )
    (document,) = documents(text)
    assert outline(document) == ["1 part 附件1 任务分工表", "1 part 附件2 考核办法"]


@pytest.mark.parametrize(
    ("text", "field", "expected"),
    [
        (
            "云川省人民政府令\n第19号\n《云川省节水办法》已经通过，现予公布，"
            "自2024年5月1日起施行。\n省长　林远山\n2024年3月1日\n"
            "云川省节水办法\n第一条 为了节水，制定本办法。\n第二条 本办法适用于本省。",
            "number",
            "云川省人民政府令第19号",
        ),
        (
            "云川省节水条例\n2023年1月5日 云川省人民代表大会常务委员会通过\n"
            "2024年3月1日 云川省人民代表大会常务委员会修正\n"
            "第一条 为了节水，制定本条例。",
            "date",
            "2024-03-01",
        ),
        (
            "云川省节水条例\n2023年1月5日 云川省人民代表大会常务委员会通过\n2023年3月1日 施行\n第一条 略。",
            "effective",
            "2023-03-01",
        ),
        (
            "云川省节水办法\n第一条 略。\n第二条 本办法自2024年5月1日起施行，有效期五年。",
            "expires",
            "2029-04-30",
        ),
        ("关于节水的通知\n机密★10年\n云水办〔2024〕3号\n各县：\n抓好落实。", "secrecy", "机密"),
        ("云川省节水规划\n落实《水法》和《全国节水规划》（国水〔2021〕7号）。", "number", None),
        (
            "政府工作报告\n——2026年1月26日在云州市第三届人民代表大会第二次会议上\n"
            "市长 林远山\n各位代表：\n现在报告工作。",
            "date",
            "2026-01-26",
        ),
        (
            "政府工作报告\n——2026年1月26日在云州市第三届人民代表大会第二次会议上\n"
            "市长 林远山\n各位代表：\n现在报告工作。",
            "kind",
            "work-report",
        ),
    ],
)
def test_fields(text: str, field: str, expected: str | None) -> None:
    (document,) = documents(text)
    assert getattr(document.row, field) == expected


def test_metadata_fills_what_the_text_leaves_open() -> None:
    metadata = {
        "title": "云川省节水规划",
        "issuer": "云川省水利厅",
        "date": "2024年3月1日",
        "published": "2024-03-05",
    }
    (document,) = documents(BODY, metadata)
    row = document.row
    assert (row.title, row.issuers, row.date, row.date_basis, row.published) == (
        "云川省节水规划",
        ("云川省水利厅",),
        "2024-03-01",
        "metadata",
        "2024-03-05",
    )


def test_cites() -> None:
    (document,) = documents(
        "云川省节水方案\n根据《水法》、《全国节水规划》（国水〔2021〕7号）和《方案》，《云川日报》报道。"
    )
    assert [(c.title, c.number) for c in document.row.cites] == [
        ("水法", None),
        ("全国节水规划", "国水〔2021〕7号"),
    ]


def test_the_year_of_an_event_from_another_file() -> None:
    report = (
        f"林远山主持召开节水型城市建设座谈会强调 把节水放在首位\n"
        f"本报云州3月9日电　省委书记林远山7日下午在云州主持召开节水型城市建设座谈会。他强调，{BODY}"
    )
    digest = (
        f"林远山书记讲话金句\n①2024年3月7日，在节水型城市建设座谈会上的讲话\n"
        f"{BODY}\n②2024年5月7日，在水网工程推进会上的讲话\n{BODY}"
    )
    (alone,) = documents(report)
    assert alone.row.date is None
    (other,) = documents(digest)
    first, _ = settle([alone, other])
    assert (first.row.date, first.row.date_basis) == ("2024-03-07", "batch")
    assert settle([first, other]) == (first, other)


def test_text_alone() -> None:
    document = plain("修复湿地。（水利局负责）", id="row-1", date="2024-01-01")
    assert (document.id, document.row.date, document.row.title) == ("row-1", "2024-01-01", "")
    assert [s.evidence.quote for s in document.sentences] == ["修复湿地。", "（水利局负责）"]
    assert plain("", id="row-2").sentences == ()


def test_a_communique_that_adopts_the_next_text_does_not_swallow_it() -> None:
    text = (
        "=云川省委九届五次全会公报\n（2024年4月28日中国共产党云川省第九届委员会第五次全体会议通过）\n"
        f"全会审议通过了《中共云川省委关于加强节水工作的意见》。{BODY}\n全会强调，{BODY}\n"
        "=中共云川省委关于加强节水工作的意见\n（2024年4月28日中国共产党云川省第九届委员会第五次全体会议通过）\n"
        f"{BODY}\n一、总体要求\n{BODY}"
    )
    assert [d.row.kind for d in documents(text)] == ["communique", "opinion"]


def test_two_notices_with_numbers_of_their_own() -> None:
    text = "\n".join(
        f"#关于{work}工作的通知\n云水〔2024〕{n}号\n各县水务局：\n{BODY}\n云川省水利厅\n2024年3月{n}日"
        for n, work in ((5, "春灌"), (6, "防汛"))
    )
    assert [(d.row.number, d.row.date) for d in documents(text)] == [
        ("云水〔2024〕5号", "2024-03-05"),
        ("云水〔2024〕6号", "2024-03-06"),
    ]


def test_articles_signed_by_commentators() -> None:
    text = f"抓节水要有恒心\n本报评论员\n{BODY}\n{BODY}\n抓水网要有决心\n本报评论员\n{BODY}\n{BODY}"
    assert [(d.row.title, d.row.kind) for d in documents(text)] == [
        ("抓节水要有恒心", "commentary"),
        ("抓水网要有决心", "commentary"),
    ]


def test_a_law_loses_no_article_that_reads_like_a_caption() -> None:
    text = "节水条例\n第一条 县长王清泉主持会议。\n第二条 县长王清泉主持会议。\n第三条 略。"
    (document,) = documents(text)
    assert document.dropped == ()
    assert len(document.provisions) == 3


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("（转载）云川省节水行动方案", "云川省节水行动方案"),
        ("【关注】云川省节水行动方案。", "云川省节水行动方案"),
        ("云川省节水行动方案-云川省水利厅网站", "云川省节水行动方案"),
        ("节 水 行 动 方 案", "节水行动方案"),
        ("**云川省节水行动方案**", "云川省节水行动方案"),
        ("云川省节水行动方案（2024—2026年）", "云川省节水行动方案（2024—2026年）"),
    ],
)
def test_title_as_it_is_cited(title: str, expected: str) -> None:
    (document,) = documents(BODY, {"title": title})
    assert document.row.title == expected


def test_rows_of_tables() -> None:
    text = (
        "云州市节水任务清单\n|序号\t任务\t牵头单位\t完成时限\n|1\t修缮水窖40座；加固堤防\t市水利局\t2025年底前\n"
        "|（二）\t疏浚河道\t市水利局\t2026年6月底前"
    )
    (document,) = documents(text)
    sentences = [(s.kind, s.evidence.quote) for s in document.sentences[1:]]
    assert sentences[:4] == [("heading", c) for c in ("序号", "任务", "牵头单位", "完成时限")]
    assert sentences[4:] == [
        ("heading", "1"),
        ("context", "修缮水窖40座；"),
        ("context", "加固堤防"),
        ("context", "市水利局"),
        ("context", "2025年底前"),
        ("heading", "（二）"),
        ("context", "疏浚河道"),
        ("context", "市水利局"),
        ("context", "2026年6月底前"),
    ]
    found = extract(document)
    dates = {d.id: d.to for d in found.dates}
    assert [(c.evidence.quote, dates[c.deadline or ""]) for c in found.commitments] == [
        ("修缮水窖40座", "2025-12-31"),
        ("加固堤防", "2025-12-31"),
        ("疏浚河道", "2026-06-30"),
    ]
    assert {u.name for c in found.commitments for u in c.units} == {"市水利局"}


def test_a_repeated_merged_cell_says_nothing_of_its_own() -> None:
    made = reading("关于节水的清单\n|修缮水窖\t市水利局")
    again = Mapped.inserted("修缮水窖") + Mapped.inserted("\t") + Mapped.of_source("市财政局", 90)
    (document,) = structure(replace(made, blocks=(*made.blocks, replace(made.blocks[-1], body=again))))
    assert [s.kind for s in document.sentences[-2:]] == ["heading", "context"]


def test_a_dispatch_is_dated_in_the_year_or_month_of_its_publication() -> None:
    text = "云川节水规划\n新华社云州12月14日电 近日，云川省人民政府印发了《云川节水规划》。\n" + BODY
    for published in ("2024年12月", "2024", "2025年1月3日"):
        (document,) = documents(text, {"published": published})
        assert (document.row.date, document.row.date_basis) == ("2024-12-14", "metadata"), published
