"""OFD: pages, positions, templates, several documents, seals, what is broken."""

from __future__ import annotations

import io
import re
import time
import zipfile
from pathlib import Path

import ofd_writer as w
import pytest

from luoshi.errors import Damaged, EmptyFile, InputError, TooLarge
from luoshi.model import Reading
from luoshi.read import Limits, ocr, read
from luoshi.read.formats.ofd.content import deltas
from luoshi.read.pages import picture

BODY = (
    "各县（区）人民政府要在2025年9月底前完成地质灾害隐患点排查，建立台账，"
    "逐点落实责任人和监测人，做到不漏一处、不留死角。"
)
LONG = [
    w.Paragraph("关于防御山洪灾害的通知", "title"),
    w.Paragraph("一、压实责任"),
    *[w.Paragraph(f"{n}. {BODY}") for n in range(1, 30)],
    w.Paragraph("二、强化督导"),
    w.Paragraph(BODY),
    w.Paragraph("2025年4月18日", "right"),
]


def opened(tmp_path: Path, data: bytes, name: str = "made.ofd") -> tuple[Reading, ...]:
    path = tmp_path / name
    path.write_bytes(data)
    return read(path)


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def changed(data: bytes, name: str, old: str, new: str) -> bytes:
    """The package with a part's text changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for info in source.infolist():
            part = source.read(info).decode()
            if info.filename == name:
                assert old in part
                part = part.replace(old, new)
            target.writestr(info.filename, part)
    return out.getvalue()


def test_text_is_whole_and_paragraphs_are_joined_over_lines_and_pages(tmp_path: Path) -> None:
    (reading,) = opened(tmp_path, w.write(LONG))
    assert [bare(b.text) for b in reading.blocks] == [bare(p.text) for p in LONG]
    assert max(b.page for b in reading.blocks) > 3
    assert {d.reason for d in reading.dropped} == {"page number"}
    assert reading.source.media_type == "application/ofd"
    assert reading.source.length == 0
    assert reading.blocks[0].align == "center"
    assert reading.blocks[-1].align == "right"


def test_each_character_has_its_box(tmp_path: Path) -> None:
    (reading,) = opened(tmp_path, w.write(LONG[:3]))
    title = reading.blocks[0].body
    assert title.glyphs is not None
    page, x0, y0, x1, y1 = title.glyphs[0].tolist()
    size = w.EM * 1.375
    left = (w.LEFT + (w.WIDE - w.width(title.text) * size) / 2) * 72 / 25.4
    assert page == 1
    assert abs(x0 - left) < 0.6
    assert abs((x1 - x0) - size * 72 / 25.4) < 0.6
    base = (w.TOP + w.EM) * 72 / 25.4
    assert y0 < base < y1 + 0.1
    boxes = reading.blocks[2].body.boxes()
    assert boxes is not None and len(boxes) >= 2
    assert all(0 <= b[1] < b[3] <= 595.4 and 0 <= b[2] < b[4] <= 842 for b in boxes)


def test_several_documents_in_one_package_are_several_readings(tmp_path: Path) -> None:
    docs = [
        w.Doc(w.typeset([w.Paragraph(f"第{n}份文件的正文，须在年底前办结。")]), f"题名{n}") for n in (1, 2)
    ]
    first, second = opened(tmp_path, w.package(docs))
    assert "第1份" in first.blocks[0].text
    assert "第2份" in second.blocks[0].text
    assert second.metadata["title"] == "题名2"
    assert second.blocks[0].page == 2


def test_a_template_belongs_to_its_first_page(tmp_path: Path) -> None:
    pages = w.typeset(LONG)
    for page in pages:
        page.templates.append("90")
    head = w.PageSpec([w.Piece("云江省自然资源厅文件", 60, 22, 8)])
    (reading,) = opened(tmp_path, w.package([w.Doc(pages, templates={"90": head})]))
    assert sum("自然资源厅文件" in b.text for b in reading.blocks) == 1
    dropped = [d for d in reading.dropped if "自然资源厅" in d.quote]
    assert len(dropped) == len(pages) - 1
    assert all(d.reason == "running head" and d.boxes for d in dropped)


def test_attachments_and_seals_are_listed(tmp_path: Path) -> None:
    doc = w.Doc(w.typeset(LONG[:3]), attachments=["隐患点清单.xlsx"], seals=["云江省数字证书中心"])
    (reading,) = opened(tmp_path, w.package([doc]))
    codes = {p.code: p for p in reading.problems}
    assert "隐患点清单.xlsx" in codes["attachments"].message
    assert "seal 2024-07-01 09:00:00 云江省数字证书中心" in codes["signature"].message
    assert "not verified" in codes["signature"].message


def test_a_table_by_its_rules(tmp_path: Path) -> None:
    rows = [
        ("序号", "事项", "责任单位"),
        ("1", "修建护坡三处，并做好排水，确保安全度汛", "县水务局"),
        ("2", "清淤", "县住建局"),
    ]
    (reading,) = opened(tmp_path, w.write([LONG[0], *[w.Paragraph("", "cells", r) for r in rows]]))
    table = [b for b in reading.blocks if b.kind == "table-row"]
    assert [tuple(bare(b.text[a:z]) for a, z in b.cells) for b in table] == rows


@pytest.mark.parametrize(
    ("extra", "reason"),
    [
        ('Visible="false"', "hidden text"),
        ('Alpha="0"', "hidden text"),
        ('CTM="0.8 0.6 -0.6 0.8 0 0"', "watermark"),
    ],
)
def test_what_is_no_text_is_dropped(tmp_path: Path, extra: str, reason: str) -> None:
    pages = w.typeset(LONG[:5])
    pages[0].pieces.append(w.Piece("内部资料严禁外传", 60, 150, 12, extra))
    (reading,) = opened(tmp_path, w.package([w.Doc(pages)]))
    assert not any("严禁" in b.text for b in reading.blocks)
    assert [d.reason for d in reading.dropped if "严禁外传" in d.quote] == [reason]


def test_a_page_that_is_a_picture_without_recognition(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ocr, "installed", lambda: False)
    pages = [*w.typeset(LONG[:3]), w.PageSpec(pictures=1)]
    (reading,) = opened(tmp_path, w.package([w.Doc(pages)]))
    (problem,) = [p for p in reading.problems if p.severity == "error"]
    assert (problem.code, problem.page) == ("missing-extra", 2)
    assert "luoshi[ocr]" in problem.hint
    with pytest.raises(EmptyFile, match="pictures only"):
        opened(tmp_path, w.package([w.Doc([w.PageSpec(pictures=1)] * 2)]))


@pytest.mark.slow
def test_a_scanned_page_is_recognised_where_its_picture_stands(tmp_path: Path) -> None:
    if not ocr.installed():
        pytest.skip("needs luoshi[ocr]")
    text = "县级人民政府应当建立台账"
    (tmp_path / "one.ofd").write_bytes(w.package([w.Doc([w.PageSpec([w.Piece(text, 40, 60, 8)])])]))
    shown = picture(tmp_path / "one.ofd", 1, dpi=150)
    scanned = w.package([w.Doc([*w.typeset(LONG[:3]), w.PageSpec(pictures=1)], picture=shown)])
    (reading,) = opened(tmp_path, scanned)
    found = next(b for b in reading.blocks if b.page == 2)
    assert bare(found.text) == text
    (box,) = found.body.boxes() or ()
    # the picture of the page stands 20 mm from the left and is 170 mm wide
    assert abs(box[1] - (20 + 40 * 170 / 210) * 72 / 25.4) < 12
    assert "recognised" in {p.code for p in reading.problems}


def test_signs_without_a_meaning_are_said(tmp_path: Path) -> None:
    pages = [w.PageSpec([w.Piece("正常文字在这里", 30, 40), w.Piece("\ue001\ue002\ue003\ue004", 30, 60)])]
    (reading,) = opened(tmp_path, w.package([w.Doc(pages)]))
    assert [p.code for p in reading.problems] == ["unreadable-font"]


@pytest.mark.parametrize(
    ("value", "wanted", "expected"),
    [
        ("g 3 5", 3, [5, 5, 5]),
        ("2 g 2 5 1", 4, [2, 5, 5, 1]),
        ("5", 3, [5, 5, 5]),
        ("", 3, []),
        ("1 2 3 4", 2, [1, 2]),
        ("g 99999999 1", 2, [1, 1]),
        ("g x 1 2", 2, [2, 2]),
        ("5,5", 2, [5, 5]),
        ("nan 1", 2, []),
    ],
)
def test_deltas(value: str, wanted: int, expected: list[float]) -> None:
    assert deltas(value, wanted) == expected


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("OFD.xml", "Doc_0/Document.xml", "/Doc_0/Document.xml"),
        ("OFD.xml", "Doc_0/Document.xml", "Doc_0\\Document.xml"),
        ("OFD.xml", "Doc_0/Document.xml", "doc_0/document.XML"),
        ("Doc_0/Document.xml", "Pages/Page_0/", "/Doc_0/Pages/Page_0/"),
        ("Doc_0/Document.xml", "Pages/Page_0/", "Doc_0/Pages/Page_0/"),
        ("Doc_0/Document.xml", w.NAMESPACE, "http://www.ofdspec.org"),
    ],
)
def test_names_and_namespaces_as_programs_write_them(tmp_path: Path, part: str, old: str, new: str) -> None:
    (reading,) = opened(tmp_path, changed(w.write(LONG[:3]), part, old, new))
    assert bare(reading.blocks[0].text) == LONG[0].text


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("Doc_0/Document.xml", "0 0 210 297", "0 1e308 210 297"),
        ("Doc_0/Document.xml", "0 0 210 297", "0 0 -1 nan"),
        ("Doc_0/Pages/Page_0/Content.xml", 'Font="1"', 'Font="1" HScale="1e308"'),
        ("Doc_0/Pages/Page_0/Content.xml", 'Font="1"', 'Font="1" HScale="0"'),
    ],
)
def test_numbers_that_are_none(tmp_path: Path, part: str, old: str, new: str) -> None:
    (reading,) = opened(tmp_path, changed(w.write(LONG[:3]), part, old, new))
    assert bare(reading.blocks[0].text) == LONG[0].text


def test_vertical_text_is_read_down(tmp_path: Path) -> None:
    lines = ["山区治理须久久为功", "不可一蹴而就"]
    page = w.PageSpec([w.Piece(t, 150 - 12 * n, 40, 6, 'ReadDirection="90"') for n, t in enumerate(lines)])
    data = w.package([w.Doc([page])])
    out = changed(data, "Doc_0/Pages/Page_0/Content.xml", "DeltaX", "DeltaY")
    (reading,) = opened(tmp_path, out)
    assert bare("".join(b.text for b in reading.blocks)) == "".join(lines)


def test_broken_parts(tmp_path: Path) -> None:
    data = w.write(LONG)
    (reading,) = opened(
        tmp_path, changed(data, "Doc_0/Pages/Page_1/Content.xml", "<ofd:Content>", "<ofd:Conten>")
    )
    assert ("page-damaged", 2) in {(p.code, p.page) for p in reading.problems}
    assert reading.blocks[0].page == 1
    with pytest.raises(InputError):
        opened(tmp_path, data[: len(data) // 2])
    with pytest.raises(Damaged, match=r"OFD|Office"):
        opened(
            tmp_path, changed(data, "OFD.xml", "<ofd:DocBody>", "<!DOCTYPE x [<!ENTITY a 'b'>]><ofd:DocBody>")
        )
    with pytest.raises(EmptyFile):
        opened(tmp_path, w.package([w.Doc([])]))


def test_too_many_pages(tmp_path: Path) -> None:
    path = tmp_path / "many.ofd"
    path.write_bytes(w.package([w.Doc([w.PageSpec([w.Piece("一", 30, 40)])] * 12)]))
    with pytest.raises(TooLarge, match="12 pages"):
        read(path, limits=Limits(pages=10))


def test_content_decides_not_the_name(tmp_path: Path) -> None:
    (reading,) = opened(tmp_path, w.write(LONG[:3]), "renamed.docx")
    assert reading.source.reader == "ofd"


@pytest.mark.corpus
def test_real_files(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every real file is read or refused by name; the letter has its paragraphs."""
    monkeypatch.setattr(ocr, "installed", lambda: False)  # seconds a page, and tested above
    texts = {}
    for path in sorted((shared / "corpus" / "ofd").glob("*.ofd")):
        try:
            readings = read(path)
        except InputError as error:
            texts[path.name] = f"! {error.code}"
            continue
        texts[path.name] = "".join(b.text for r in readings for b in r.blocks)
    assert sum(not t.startswith("!") for t in texts.values()) >= 19
    letter = next(v for k, v in texts.items() if "testPathFillOpacity" in k)
    assert len(letter) > 150
    assert letter.endswith("日")


@pytest.mark.slow
def test_speed(tmp_path: Path) -> None:
    """Two hundred pages a second on a machine of our own; a quarter of that must do on one that is busy."""
    path = tmp_path / "long.ofd"
    path.write_bytes(w.write(LONG * 12))
    read(path)
    start = time.process_time()
    (reading,) = read(path)
    pages = max(b.page for b in reading.blocks)
    assert pages / (time.process_time() - start) > 50
