"""Reports, digests and interviews, and who says what in them."""

from __future__ import annotations

from made_readings import documents

from luoshi.model import Document

TAIL = "要修复湿地，连通河湖，建好水网，让群众喝上放心水、用上便宜水，把节水贯穿经济社会发展全过程。"
REPORT = f"""林远山主持召开节水座谈会强调 把节水放在首位
■要修复湿地，连通河湖，建好水网，让群众喝上放心水、用上便宜水
■把节水贯穿经济社会发展全过程
本报云州2024年3月9日电　省委书记林远山7日下午在云州主持召开节水座谈会并讲话。他强调，{TAIL}
省委常委王清泉、李长河出席座谈会。
听取大家发言后，林远山发表讲话。他指出，{TAIL}
林远山最后强调，{TAIL}
要一件一件抓落实，抓出成效。
李长河在讲话中表示，要坚决落实林远山书记讲话要求，逐项建立清单，明确时限，定期通报。
张大海、周小溪参加座谈会。
"""


def said(document: Document) -> list[tuple[str | None, str]]:
    return [
        (p.speaker, document.text[p.start : p.start + 6]) for p in document.paragraphs if p.kind == "body"
    ]


def test_report() -> None:
    (document,) = documents(REPORT)
    assert said(document) == [
        ("林远山", "■要修复湿地"),
        ("林远山", "■把节水贯穿"),
        ("林远山", "本报云州20"),
        (None, "省委常委王清"),
        ("林远山", "听取大家发言"),
        ("林远山", "林远山最后强"),
        ("林远山", "要一件一件抓"),
        ("李长河", "李长河在讲话"),
        (None, "张大海、周小"),
    ]
    assert document.box is not None
    assert document.text[document.box[0] : document.box[1]].startswith("■要修复")
    assert document.row.date == "2024-03-07"


def test_nobody_is_given_words_that_are_not_his() -> None:
    (document,) = documents(REPORT)
    for p in document.provisions:
        if "李长河在讲话中" in p.evidence.quote:
            assert p.speaker == "李长河"
        if "出席座谈会。" in p.evidence.quote or "参加座谈会。" in p.evidence.quote:
            assert p.speaker is None


def test_meeting() -> None:
    text = f"省委常委会召开会议 研究节水工作\n会议指出，{TAIL}\n会议强调，{TAIL}\n会议还研究了其他事项。"
    (document,) = documents(text)
    assert [who for who, _ in said(document)] == ["会议", "会议", None]
    assert document.row.kind == "meeting"


def test_captions_set_apart_are_joined_to_their_quotes() -> None:
    lake = "东湖是全省最大的淡水湖，东湖治理取得明显成效，水质连年好转。"
    farm = "节水农业是发展方向，节水农业面积已过百万亩，成绩来之不易。"
    text = (
        "林远山书记节水金句\n"
        f"{lake}\n要继续治理东湖，让东湖更清。\n{farm}\n要推广滴灌，发展节水农业。\n"
        "②2024年5月7日，云南屏，在节水农业现场会上的讲话\n①2024年3月7日，云州，在东湖治理座谈会上的讲话\n"
        "③2024年9月7日，云州，在水价改革推进会上的讲话\n"
        "水价改革不断深化，水价机制初步建立。\n要稳妥推进水价改革。"
    )
    (document,) = documents(text)
    captions = [p for p in document.provisions if p.label]
    assert [(p.label, p.evidence.quote[:4], p.speaker) for p in captions] == [
        ("①", "东湖是全", "林远山"),
        ("②", "节水农业", "林远山"),
        ("③", "水价改革", "林远山"),
    ]
    assert captions[1].title.startswith("2024年5月7日")
    assert document.row.kind == "quotes"


def test_interview() -> None:
    text = (
        "节水条例答记者问\n云川日报：条例何时施行？\n李长河：五月一日。\n准备工作已经就绪。\n"
        "云川电视台：谁来监督？\n王清泉：水利部门。"
    )
    (document,) = documents(text)
    assert [who for who, _ in said(document)] == ["云川日报", "李长河", "李长河", "云川电视台", "王清泉"]
    assert document.provisions[0].title == "条例何时施行？"


def test_an_opinion_that_quotes_has_no_speakers() -> None:
    text = f"关于加强节水工作的意见\n林远山书记指出，{TAIL}\n一、目标\n{TAIL}"
    (document,) = documents(text)
    assert {who for who, _ in said(document)} == {None}


def test_a_caption_that_repeats_the_sentence_beside_it_is_left_out() -> None:
    text = (
        "云川省委全体会议公报\n全会审议通过了《关于节水的意见》。省长李长河就《意见（讨论稿）》向全会作了说明。\n"
        "省长李长河就《中共云川省委关于节水的意见（讨论稿）》作说明。\n" + TAIL
    )
    (document,) = documents(text)
    assert [d.reason for d in document.dropped] == ["caption, repeats the paragraph beside it"]
    assert "作说明。" not in document.text


def test_questions_and_answers_without_names() -> None:
    text = "节水条例问答\n问：何时施行？\n答：五月一日。\n电话：12345。\n问：谁来监督？\n答：水利部门。"
    (document,) = documents(text)
    assert {who for who, _ in said(document)} == {None}
    assert [p.title for p in document.provisions] == ["何时施行？", "", "谁来监督？", ""]
