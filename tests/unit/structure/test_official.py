"""The elements of official documents by GB/T 9704, in made letters, orders and joint notices."""

from __future__ import annotations

import pytest
from made_readings import documents

from luoshi.extract import extract

LETTER = """000036
机密★10年
特急
云川省人民政府文件
云府发〔2024〕3号　　签发人：林远山
=云川省人民政府关于修建山地水窖的请示
国务院：
为解决山区饮水困难，拟修建一批山地水窖。
一、基本情况
全省山区饮水设施不足。
二、有关请求
支持修建山地水窖。
当否，请批示。
附件：1.山地水窖建设清单
2.资金测算表
云川省人民政府
2024年3月1日
（联系人：江清，电话：00000000）
抄送：国家发展改革委，财政部，水利部。
云川省人民政府办公厅　　　2024年3月2日印发
"""
JOINT = """云川省水利厅
云川省财政厅　文件
云川省农业农村厅
云水发〔2025〕12号
云川省水利厅 云川省财政厅 云川省农业农村厅
关于做好冬修水利工作的通知
各市（州）水利局、财政局、农业农村局，各有关单位：
现就冬修水利工作通知如下。
清理沟渠，加固堤防。
云川省水利厅　云川省财政厅　云川省农业农村厅
二〇二五年十月八日
（此件公开发布）
云川省水利厅办公室 2025年10月9日印发
"""
ORDER = """云川省人民政府令
第36号
《云川省节水办法》已经2024年2月6日省人民政府第9次常务会议通过，现予公布，自2024年5月1日起施行。
省　长：林远山
2024年2月20日
=云川省节水办法
第一条　为了节约用水，制定本办法。
第二条　本办法自2024年5月1日起施行。
"""
LETTERHEAD = """云川省教育厅
云教函〔2024〕8号
云川省教育厅关于校园节水工作的复函
云州市教育局：
你局来文收悉，经研究，同意开展校园节水试点。
云川省教育厅（印章）
2024年6月3日
"""


def _elements(text: str) -> list[tuple[str, str]]:
    (document,) = documents(text)
    for e in document.elements:
        assert document.text[e.evidence.start : e.evidence.end] == e.evidence.quote
    return [(e.element, e.value) for e in document.elements]


def test_letter_to_a_higher_body() -> None:
    assert _elements(LETTER) == [
        ("copy-number", "000036"),
        ("secrecy", "机密"),
        ("secrecy-term", "10年"),
        ("urgency", "特急"),
        ("mark", "云川省人民政府"),
        ("number", "云府发〔2024〕3号"),
        ("signer", "林远山"),
        ("title", "云川省人民政府关于修建山地水窖的请示"),
        ("addressees", "国务院"),
        ("body", ""),
        ("attachment", "山地水窖建设清单"),
        ("attachment", "资金测算表"),
        ("signature", "云川省人民政府"),
        ("date", "2024-03-01"),
        ("note", "联系人：江清，电话：00000000"),
        ("copy-to", "国家发展改革委，财政部，水利部"),
        ("printing-body", "云川省人民政府办公厅"),
        ("printing-date", "2024-03-02"),
    ]


def test_the_row_says_the_same() -> None:
    (document,) = documents(LETTER)
    row = document.row
    assert (row.title, row.number, row.date, row.secrecy) == (
        "云川省人民政府关于修建山地水窖的请示",
        "云府发〔2024〕3号",
        "2024-03-01",
        "机密",
    )
    assert row.issuers == ("云川省人民政府",)
    body = next(e.evidence.quote for e in document.elements if e.element == "body")
    assert body.startswith("为解决山区") and body.endswith("当否，请批示。")


def test_what_is_no_running_text_is_a_note() -> None:
    (document,) = documents(LETTER)
    texts = {p.kind: [] for p in document.paragraphs}
    for p in document.paragraphs:
        texts[p.kind].append(document.text[p.start : p.end])
    assert len(texts["note"]) == 13
    assert all("。" in t or t[0] in "一二" for t in texts["body"] + texts.get("heading", []))


def test_joint_notice() -> None:
    bodies = ("云川省水利厅", "云川省财政厅", "云川省农业农村厅")
    assert _elements(JOINT) == [
        *[("mark", b) for b in bodies],
        ("number", "云水发〔2025〕12号"),
        ("title", "云川省水利厅 云川省财政厅 云川省农业农村厅 关于做好冬修水利工作的通知"),
        ("addressees", "各市（州）水利局、财政局、农业农村局，各有关单位"),
        ("body", ""),
        *[("signature", b) for b in bodies],
        ("date", "2025-10-08"),
        ("note", "此件公开发布"),
        ("printing-body", "云川省水利厅办公室"),
        ("printing-date", "2025-10-09"),
    ]


def test_order() -> None:
    assert _elements(ORDER) == [
        ("mark", "云川省人民政府令"),
        ("number", "云川省人民政府令第36号"),
        ("body", ""),
        ("signature", "省　长：林远山"),
        ("date", "2024-02-20"),
    ]


def test_letter_with_a_seal_in_words() -> None:
    assert _elements(LETTERHEAD) == [
        ("mark", "云川省教育厅"),
        ("number", "云教函〔2024〕8号"),
        ("title", "云川省教育厅关于校园节水工作的复函"),
        ("addressees", "云州市教育局"),
        ("body", ""),
        ("signature", "云川省教育厅"),
        ("seal", "印章"),
        ("date", "2024-06-03"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "云川省委召开节水会议\n本报3月1日讯　省委书记林远山3月1日主持召开会议。\n会议强调，要节约用水。",
        "云川省节水条例\n（2024年3月1日云川省人民代表大会常务委员会通过）\n第一条　为了节水，制定本条例。",
        "怎样节水\n随手关上水龙头。\n联系电话：00000000",
        "政府工作报告\n各位代表：\n现在，我向大会报告政府工作。",
    ],
)
def test_other_texts_have_none(text: str) -> None:
    (document,) = documents(text)
    assert document.elements == ()


@pytest.mark.parametrize(
    ("line", "titles"),
    [
        ("附件：山地水窖建设清单", ["山地水窖建设清单"]),
        ("附件：1.建设清单 2.测算表", ["建设清单", "测算表"]),
        ("附件1：建设清单", ["建设清单"]),
        ("附件：三级河长名单", ["三级河长名单"]),
        ("附件：2024年工作要点", ["2024年工作要点"]),
    ],
)
def test_titles_of_attachments(line: str, titles: list[str]) -> None:
    text = f"关于修建水窖的通知\n各市水利局：\n加快修建。\n{line}\n云川省水利厅\n2024年3月1日"
    assert [v for name, v in _elements(text) if name == "attachment"] == titles


def test_a_title_that_has_lost_its_first_character() -> None:
    (document,) = documents(
        "川省水利厅关于修建水窖的通知\n各市水利局：\n加快修建。\n云川省水利厅\n2024年3月1日"
    )
    assert document.row.title == "云川省水利厅关于修建水窖的通知"
    assert document.row.issuers == ("云川省水利厅",)
    assert [p.code for p in document.problems] == ["title-cut"]


def test_no_commitments_in_notes() -> None:
    text = LETTER.replace("2.资金测算表", "2.加快修建山地水窖的任务清单\n3.严格落实责任考核办法")
    (document,) = documents(text)
    found = [c.evidence.quote for c in extract(document).commitments]
    assert found == ["拟修建一批山地水窖", "支持修建山地水窖"]


def test_full_width_digits_in_dates() -> None:
    (document,) = documents("关于修建水窖的通知\n各市水利局：\n加快修建。\n云川省水利厅\n１９９６年３月１日")
    assert document.row.date == "1996-03-01"


def test_zeros_of_every_kind_in_a_year() -> None:
    for year in ("二〇〇四", "二００四", "二○○四", "二零零四", "二OO四"):
        (document,) = documents(
            f"关于修建水窖的通知\n各市水利局：\n加快修建。\n云川省水利厅\n{year}年三月一日"
        )
        assert document.row.date == "2004-03-01", year
