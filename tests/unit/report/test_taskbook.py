from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import made_records as made
import pytest
from docx.oxml.ns import qn

from luoshi.model import Records
from luoshi.report import taskbook


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("book") / "a.docx"
    taskbook.write(made.two(), path)
    return docx.Document(str(path))


def test_page_of_an_official_document(book: Any) -> None:
    section = book.sections[0]
    sizes = (
        section.page_width,
        section.page_height,
        section.top_margin,
        section.bottom_margin,
        section.left_margin,
        section.right_margin,
    )
    assert [round(x.mm) for x in sizes] == [210, 297, 37, 35, 28, 26]
    assert book.settings.odd_and_even_pages_header_footer
    for footer in (section.footer, section.even_page_footer):
        assert footer.paragraphs[0].text.startswith("— ")
        assert "PAGE" in footer._element.xml


@pytest.mark.parametrize(
    ("style", "font", "size"),
    [
        ("Title", "方正小标宋简体", 22),
        ("Normal", "仿宋_GB2312", 16),
        ("Heading 1", "黑体", 16),
        ("Heading 2", "楷体_GB2312", 16),
    ],
)
def test_fonts(book: Any, style: str, font: str, size: int) -> None:
    found = book.styles[style]
    assert found.element.rPr.rFonts.get(qn("w:eastAsia")) == font
    assert found.font.size.pt == size


def test_tables(book: Any) -> None:
    heads = ["序号", "任务事项", "牵头单位", "责任单位", "完成时限", "依据出处"]
    rows = [[cell.text for cell in row.cells] for table in book.tables for row in table.rows]
    assert all([c.text for c in t.rows[0].cells] == heads for t in book.tables)
    body = [row for row in rows if row != heads]
    assert [row[0] for row in body] == [str(n) for n in range(1, 29)]
    assert body[14] == [
        "15",
        "新增高标准农田200万亩",
        "省农业农村厅",
        "省水利厅、各市政府\n（配合：省财政厅）",
        "2027-12-31",
        "1.建设高标准农田",
    ]
    assert body[12][2:] == ["—", "—", "—", "四"]
    for table in book.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


def test_text(book: Any) -> None:
    text = [p.text for p in book.paragraphs]
    assert text[0] == "任务分解书"
    assert "现将2份文件中的任务事项逐句分解，共28项" in text[1]
    assert "《云江省关于推进沿江地区绿色发展的实施方案》" in text
    assert "（云江省人民政府，云政发〔2024〕12号，2024年6月1日）" in text
    assert text.index("第一章 夯实粮食根基") < text.index("第二章 发展绿色产业")


def test_one_document_and_kinds_that_set_no_tasks(tmp_path: Path) -> None:
    records = made.two()
    records.documents[0] = replace(records.documents[0], kind="commentary", title="勇立潮头")
    taskbook.write(records, tmp_path / "a.docx")
    text = [p.text for p in docx.Document(str(tmp_path / "a.docx")).paragraphs]
    assert text[0] == "《云江省关于推进沿江地区绿色发展的实施方案》任务分解书"
    assert text[-1] == "勇立潮头（评论，2024年3月15日）"


@pytest.mark.parametrize(
    ("date", "spoken"),
    [("2025-06-30", "2025年6月30日"), ("2025-06", "2025年6月"), ("2025", "2025年"), ("—", "—")],
)
def test_spoken_date(date: str, spoken: str) -> None:
    assert taskbook.spoken_date(date) == spoken


def test_no_tasks_and_hostile_text(tmp_path: Path) -> None:
    taskbook.write(Records(), tmp_path / "a.docx")
    assert docx.Document(str(tmp_path / "a.docx")).paragraphs[1].text == "所收文件中没有任务事项。"
    records = made.two()
    records.documents[1] = replace(records.documents[1], title="甲\x00\x0b乙\ud800<w:p/>")
    taskbook.write(records, tmp_path / "b.docx")
    text = [p.text for p in docx.Document(str(tmp_path / "b.docx")).paragraphs]
    assert "《甲\ufffd\ufffd乙\ufffd<w:p/>》" in text


def test_same_records_give_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taskbook.write(made.two(), tmp_path / "a.docx")
    late = time.time() + 86_400
    monkeypatch.setattr(time, "time", lambda: late)
    taskbook.write(made.two(), tmp_path / "b.docx")
    assert (tmp_path / "a.docx").read_bytes() == (tmp_path / "b.docx").read_bytes()
