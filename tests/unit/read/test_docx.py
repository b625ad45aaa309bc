"""Word files: numbers that Word computes, changes, boxes, notes, tables; every character is accounted for."""

from __future__ import annotations

import contextlib
import zipfile
from pathlib import Path

import pytest
from docx_writer import W, box, cell, level, lists, numbered, p, r, row, table, word
from ole_writer import compound

from luoshi.errors import Damaged, EmptyFile, InputError, TooLarge
from luoshi.extract import extract
from luoshi.model import Reading
from luoshi.read import coverage_gaps, read
from luoshi.read.formats.docx.numbering import spell
from luoshi.structure import structure

TABLE = Path(__file__).with_name("spell.tsv")
SPELLED = [
    line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")
]


@pytest.mark.parametrize(("number", "style", "expected"), SPELLED)
def test_numbers_as_word_writes_them(number: str, style: str, expected: str) -> None:
    assert spell(int(number), style) == expected


def opened(tmp_path: Path, body: str, parts: dict[str, str] | None = None, **more: bytes) -> Reading:
    path = tmp_path / "made.docx"
    path.write_bytes(word(body, parts, {f"word/{k}": v for k, v in more.items()}))
    (reading,) = read(path)
    assert coverage_gaps(reading) == ()
    return reading


def texts(reading: Reading) -> list[str]:
    return [b.text for b in reading.blocks]


def reasons(reading: Reading) -> dict[str, str]:
    return {d.reason: d.quote for d in reading.dropped if d.reason != "white space"}


OUTLINE = (
    level(0, "chineseCounting", "%1、")
    + level(1, "chineseCounting", "（%2）")
    + level(2, "decimal", "%3.", suffix="space")
    + level(3, "decimal", "（%4）")
)


def test_the_levels_of_an_official_document(tmp_path: Path) -> None:
    body = "".join(
        numbered(text, depth)
        for depth, text in [(0, "总体要求"), (1, "原则"), (1, "目标"), (0, "任务"), (1, "修路"),
                            (2, "勘测"), (2, "施工"),
                            (3, "分段"), (1, "架桥"), (2, "设计")]
    )  # fmt: skip
    reading = opened(tmp_path, body, {"numbering": lists(OUTLINE)})
    assert texts(reading) == [
        "一、总体要求", "（一）原则", "（二）目标", "二、任务", "（一）修路", "1. 勘测", "2. 施工",
        "（1）分段", "（二）架桥", "1. 设计",
    ]  # fmt: skip
    assert [b.label for b in reading.blocks][:2] == ["一、", "（一）"]
    assert reading.blocks[0].body.offsets[:2].tolist() == [-1, -1]


def test_a_second_list_of_one_definition_counts_on(tmp_path: Path) -> None:
    nums = {
        1: (0, ""),
        2: (0, ""),
        3: (0, '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'),
    }
    body = numbered("甲", num=1) + numbered("乙", num=2) + numbered("丙", num=3) + numbered("丁", num=3)
    reading = opened(tmp_path, body, {"numbering": lists(OUTLINE, nums=nums)})
    assert texts(reading) == ["一、甲", "二、乙", "一、丙", "二、丁"]


def test_a_level_that_does_not_begin_anew(tmp_path: Path) -> None:
    through = level(0, "decimal", "第%1章") + level(1, "decimal", "第%2条", more='<w:lvlRestart w:val="0"/>')
    body = "".join(numbered(t, d) for d, t in [(0, "甲"), (1, "乙"), (1, "丙"), (0, "丁"), (1, "戊")])
    reading = opened(tmp_path, body, {"numbering": lists(through)})
    assert [t.replace(" ", "") for t in texts(reading)] == [
        "第1章甲",
        "第1条乙",
        "第2条丙",
        "第2章丁",
        "第3条戊",
    ]


def test_legal_numbers_and_starts(tmp_path: Path) -> None:
    both = level(0, "chineseCounting", "%1、", start=3) + level(
        1, "decimal", "%1.%2", more="<w:isLgl/>", suffix="space"
    )
    body = numbered("甲") + numbered("乙", 1) + numbered("丙", 1)
    reading = opened(tmp_path, body, {"numbering": lists(both)})
    assert texts(reading) == ["三、甲", "3.1 乙", "3.2 丙"]


def test_bullets_have_no_label(tmp_path: Path) -> None:
    reading = opened(tmp_path, numbered("甲"), {"numbering": lists(level(0, "bullet", "\uf0b7"))})
    assert (reading.blocks[0].text, reading.blocks[0].kind) == ("甲", "list-item")


def test_numbers_and_levels_from_styles(tmp_path: Path) -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="A"><w:name w:val="heading 1"/><w:pPr><w:numPr>'
        '<w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="B"><w:name w:val="标题 2"/>'
        '<w:basedOn w:val="A"/><w:pPr><w:numPr>'
        '<w:ilvl w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    body = (
        p("总则", properties='<w:pStyle w:val="A"/>')
        + p("范围", properties='<w:pStyle w:val="B"/>')
        + p("正文在此。")
    )
    reading = opened(tmp_path, body, {"styles": styles, "numbering": lists(OUTLINE)})
    assert [(b.text, b.kind, b.level) for b in reading.blocks] == [
        ("一、总则", "heading", 1), ("（一）范围", "heading", 2), ("正文在此。", "paragraph", 0),
    ]  # fmt: skip


def test_a_level_that_names_its_style(tmp_path: Path) -> None:
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{s}"><w:name w:val="{s}"/><w:pPr><w:numPr>'
        '<w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        for s in ("Part", "Item")
    )
    linked = level(0, "chineseCounting", "%1、", more='<w:pStyle w:val="Part"/>') + level(
        1, "decimal", "%2.", more='<w:pStyle w:val="Item"/>'
    )
    body = "".join(
        p(t, properties=f'<w:pStyle w:val="{s}"/>')
        for t, s in [("甲", "Part"), ("乙", "Item"), ("丙", "Item")]
    )
    reading = opened(tmp_path, body, {"styles": styles, "numbering": lists(linked)})
    assert [t.replace(" ", "") for t in texts(reading)] == ["一、甲", "1.乙", "2.丙"]


def test_a_list_style_lends_its_levels(tmp_path: Path) -> None:
    definitions = lists('<w:styleLink w:val="S"/>' + OUTLINE, '<w:numStyleLink w:val="S"/>')
    reading = opened(tmp_path, numbered("甲", num=2) + numbered("乙", 1, num=2), {"numbering": definitions})
    assert texts(reading) == ["一、甲", "（一）乙"]


def test_tracked_changes(tmp_path: Path) -> None:
    who = 'w:id="1" w:author="a"'
    body = p(
        "应当在",
        f"<w:del {who}>" + r("三月").replace("w:t", "w:delText") + "</w:del>",
        f"<w:ins {who}>{r('五月')}</w:ins>",
        f"<w:moveFrom {who}>{r('抓紧')}</w:moveFrom>",
        "底前办结，",
        f"<w:moveTo {who}>{r('抓紧')}</w:moveTo>",
        "推进。",
    )
    reading = opened(tmp_path, body)
    assert texts(reading) == ["应当在五月底前办结，抓紧推进。"]
    assert reasons(reading) == {"tracked deletion": "三月", "moved elsewhere": "抓紧"}


def test_a_deleted_mark_joins_two_paragraphs(tmp_path: Path) -> None:
    mark = '<w:rPr><w:del w:id="1" w:author="a"/></w:rPr>'
    assert texts(opened(tmp_path, p("前一段未完，", properties=mark) + p("后一段接上。"))) == [
        "前一段未完，后一段接上。"
    ]


def test_the_last_paragraph_with_a_deleted_mark_is_kept(tmp_path: Path) -> None:
    mark = '<w:rPr><w:del w:id="1" w:author="a"/></w:rPr>'
    reading = opened(tmp_path, p("正文。") + p("末段仍在。", properties=mark))
    assert texts(reading) == ["正文。", "末段仍在。"]


def test_boxes_controls_notes(tmp_path: Path) -> None:
    body = (
        p("正文之前", box(p("框内文字"), p("框内第二行")), "正文之后")
        + f"<w:sdt><w:sdtPr/><w:sdtContent>{p('控件里的段落')}</w:sdtContent></w:sdt>"
        + p(
            "有注",
            '<w:r><w:footnoteReference w:id="2"/></w:r>',
            "之处",
            f"<w:sdt><w:sdtContent>{r('与控件')}</w:sdtContent></w:sdt>",
        )
    )
    notes = (
        f'<w:footnote w:type="separator" w:id="0">{p("--")}</w:footnote>'
        f'<w:footnote w:id="2">{p("注文在此")}</w:footnote>'
    )
    reading = opened(tmp_path, body, {"footnotes": notes})
    assert [(b.text, b.kind) for b in reading.blocks] == [
        ("正文之前正文之后", "paragraph"), ("框内文字", "paragraph"), ("框内第二行", "paragraph"),
        ("控件里的段落", "paragraph"), ("有注之处与控件", "paragraph"), ("注文在此", "note"),
    ]  # fmt: skip


def test_what_stands_aside_is_left_out_with_its_reason(tmp_path: Path) -> None:
    parts = {
        "header1": p("云江省人民政府公报"),
        "footer1": p("第1页"),
        "comments": f'<w:comment w:id="1">{p("此处再议")}</w:comment>',
    }
    reading = opened(tmp_path, p("正文", r("不给看", "<w:vanish/>"), "在此。"), parts)
    assert texts(reading) == ["正文在此。"]
    assert reasons(reading) == {
        "hidden text": "不给看", "running head": "云江省人民政府公报\n", "running foot": "第1页\n",
        "comment": "此处再议\n",
    }  # fmt: skip


def field(instruction: str, result: str) -> str:
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    code = f"<w:r><w:instrText>{instruction}</w:instrText></w:r>"
    return mark.format("begin") + code + mark.format("separate") + r(result) + mark.format("end")


def test_fields_show_their_result(tmp_path: Path) -> None:
    simple = f'<w:fldSimple w:instr="DATE">{r("2025年6月")}</w:fldSimple>'
    link = f'<w:hyperlink r:id="x">{r("附件")}</w:hyperlink>'
    reading = opened(tmp_path, p("见", field(" REF a ", "第三条"), "，", simple, "，", link, "。"))
    assert texts(reading) == ["见第三条，2025年6月，附件。"]
    assert reasons(reading) == {"field instruction": " REF a "}


def test_a_table_of_contents_is_left_out(tmp_path: Path) -> None:
    control = (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
        f"<w:sdtContent>{p('一、总则……1')}</w:sdtContent></w:sdt>"
    )
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> TOC \\o </w:instrText></w:r>'
    typed = p(begin, '<w:r><w:fldChar w:fldCharType="separate"/></w:r>', "二、任务……2") + p(
        "三、保障……3", '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    reading = opened(tmp_path, control + typed + p("正文开始。"))
    assert texts(reading) == ["正文开始。"]
    assert "table of contents" in reasons(reading)


def test_breaks(tmp_path: Path) -> None:
    line = "<w:r><w:br/></w:r>"
    centre = '<w:jc w:val="center"/>'
    body = (
        p("关于印发方案", line, "的通知", properties=centre)
        + p("第一行。", line, "第二行。", "<w:r><w:tab/></w:r>", "制表")
        + p('<w:r><w:br w:type="page"/></w:r>', "新的一页")
    )
    reading = opened(tmp_path, body)
    assert texts(reading) == ["关于印发方案 的通知", "第一行。", "第二行。制表", "新的一页"]
    assert reading.blocks[0].align == "center"
    assert "page-break" in reading.blocks[3].marks


def test_symbols_rubies_and_formulas(tmp_path: Path) -> None:
    ruby = "<w:r><w:ruby><w:rt>{}</w:rt><w:rubyBase>{}</w:rubyBase></w:ruby></w:r>".format(r("mèng"), r("孟"))
    body = p(ruby, "山", '<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>',
             "<m:oMath><m:r><m:t>a+b</m:t></m:r></m:oMath>",
             '<w:r><w:noBreakHyphen/></w:r>', "末")  # fmt: skip
    reading = opened(tmp_path, body)
    assert texts(reading) == ["孟山•a+b-末"]
    assert reasons(reading) == {"pronunciation": "mèng"}


HEAD = ("序号", "任务", "牵头单位", "完成时限")


def test_merged_cells(tmp_path: Path) -> None:
    first, more = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    body = table(
        row(*HEAD),
        row(cell("一、产业", '<w:gridSpan w:val="4"/>')),
        row("1", "建成冷库2座", cell("县商务局", first), "2025年6月底前"),
        row("2", "开办超市3家", cell("", more), "2025年底前"),
        row("3", cell("新建仓库", '<w:gridSpan w:val="2"/>'), "2026年底前"),
    )
    reading = opened(tmp_path, body)
    assert texts(reading)[1:] == [
        "一、产业", "1\t建成冷库2座\t县商务局\t2025年6月底前", "2\t开办超市3家\t县商务局\t2025年底前",
        "3\t新建仓库\t\t2026年底前",
    ]  # fmt: skip
    found = {c.evidence.quote: c for d in structure(reading) for c in extract(d).commitments}
    assert [u.name for u in found["开办超市3家"].units] == ["县商务局"]
    assert found["新建仓库"].deadline


def test_a_merged_task_is_one_task(tmp_path: Path) -> None:
    first, more = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    body = table(
        row(*HEAD),
        row("1", cell("建成冷库2座", first), "县商务局", "2025年"),
        row("2", cell("", more), "县财政局", "2025年"),
    )
    assert texts(opened(tmp_path, body))[2] == "2\t\t县财政局\t2025年"


def test_rows_that_were_deleted_and_tables_in_cells(tmp_path: Path) -> None:
    gone = '<w:tr><w:trPr><w:del w:id="1" w:author="a"/></w:trPr>' + cell("删去的行") + "</w:tr>"
    inner = table(row("内一", "内二"))
    outer = f"<w:tc><w:tcPr/>{p('外')}{inner}{p('层')}</w:tc>"
    reading = opened(tmp_path, table(row("甲", "乙"), gone, f"<w:tr>{outer}{cell('旁')}</w:tr>"))
    assert texts(reading) == ["甲\t乙", "外 层\t旁", "内一\t内二"]
    assert [b.table for b in reading.blocks] == [1, 1, 2]
    assert reasons(reading) == {"tracked deletion": "删去的行"}


def test_strict_files(tmp_path: Path) -> None:
    path = tmp_path / "strict.docx"
    path.write_bytes(word(p("严格格式的正文。")))
    parts = {}
    with zipfile.ZipFile(path) as z:
        parts = {i.filename: z.read(i) for i in z.infolist()}
    strict = b"http://purl.oclc.org/ooxml/"
    parts["word/document.xml"] = parts["word/document.xml"].replace(
        W.encode(), strict + b"wordprocessingml/main"
    )
    parts["_rels/.rels"] = parts["_rels/.rels"].replace(
        b"http://schemas.openxmlformats.org/officeDocument/2006/", strict + b"officeDocument/"
    )
    with zipfile.ZipFile(path, "w") as z:
        for name, data in parts.items():
            z.writestr(name, data)
    assert texts(read(path)[0]) == ["严格格式的正文。"]


def test_macros_and_pictures_are_said(tmp_path: Path) -> None:
    picture = "<w:r><w:drawing><a:blip r:embed='x'/></w:drawing></w:r>"
    reading = opened(tmp_path, p("正文。", picture), **{"vbaProject.bin": b"x"})
    assert {x.code for x in reading.problems} == {"macros", "pictures"}


def test_what_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(compound(["EncryptedPackage", "EncryptionInfo"]))
    with pytest.raises(Damaged, match="encrypted with a password"):
        read(path)
    path.write_bytes(word("<w:p/>"))
    with pytest.raises(EmptyFile):
        read(path)
    good = word(p("正文。" * 50))
    for size in (40, len(good) // 2, len(good) - 30):
        path.write_bytes(good[:size])
        with pytest.raises(InputError):
            read(path)
    path.write_bytes(word("<w:p></w:x>"))
    with pytest.raises(Damaged, match="well-formed"):
        read(path)
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
    path.write_bytes(word(p("正文。"), extra={"word/document.xml": bomb}))
    with pytest.raises(Damaged, match="entities"):
        read(path)
    path.write_bytes(word(p("正文。"), extra={"word/document.xml": b"<a>" + b" " * (40 << 20) + b"</a>"}))
    with pytest.raises(TooLarge, match="bomb"):
        read(path)


def test_boxes_in_boxes_end(tmp_path: Path) -> None:
    body = p("最里层")
    for _ in range(60):
        body = p(f"<w:r><w:pict><v:textbox><w:txbxContent>{body}</w:txbxContent></v:textbox></w:pict></w:r>")
    path = tmp_path / "a.docx"
    path.write_bytes(word(p("正文。") + body))
    with contextlib.suppress(InputError):
        assert texts(read(path)[0])[0] == "正文。"


@pytest.mark.corpus
def test_real_files(shared: Path) -> None:
    for path in sorted((shared / "corpus" / "docx").glob("*.docx")):
        for reading in read(path):
            assert coverage_gaps(reading) == (), path.name
            assert reading.blocks
