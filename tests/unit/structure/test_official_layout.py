"""A letter set by GB/T 9704 as a PDF file: its elements, and where they stand on the pages."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import typst

from luoshi.model import Document
from luoshi.read.opening import read_bytes
from luoshi.read.protocol import Limits
from luoshi.structure import structure

SOURCE = Path(__file__).with_name("redhead.typ")


@cache
def _document() -> Document:
    data = bytes(typst.compile(SOURCE.read_bytes()))
    (reading,) = read_bytes(data, "letter.pdf", "letter.pdf", Limits())
    (document,) = structure(reading)
    return document


def test_elements_of_the_page() -> None:
    found = [(e.element, e.value) for e in _document().elements if e.element != "body"]
    assert found == [
        ("copy-number", "000036"),
        ("secrecy", "机密"),
        ("secrecy-term", "10年"),
        ("urgency", "特急"),
        ("mark", "云川省水利厅"),
        ("mark", "云川省财政厅"),
        ("number", "云水发〔2024〕3号"),
        ("signer", "林远山、江清"),
        ("title", "云川省水利厅 云川省财政厅 关于做好山地水窖建设工作的请示"),
        ("addressees", "省人民政府"),
        ("attachment", "山地水窖建设清单"),
        ("attachment", "省级补助资金测算表"),
        ("signature", "云川省水利厅"),
        ("signature", "云川省财政厅"),
        ("date", "2024-03-01"),
        ("note", "联系人：林一，电话：00000000"),
        ("copy-to", "省发展改革委，省农业农村厅，省审计厅，各市（州）人民政府，省水利厅各直属单位"),
        ("printing-body", "云川省水利厅办公室"),
        ("printing-date", "2024-03-02"),
    ]


def test_boxes_of_elements() -> None:
    places = {e.element: e.evidence.boxes or () for e in _document().elements}
    assert all(places.values())
    assert {box[0] for box in places["title"]} == {1} and {box[0] for box in places["copy-to"]} == {2}
    (secrecy,) = places["secrecy"]
    (number,) = places["number"]
    assert secrecy[2] < number[2] and secrecy[1] < 100
