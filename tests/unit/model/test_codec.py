"""What is kept on disk comes back equal."""

from __future__ import annotations

import json

import numpy as np
import pytest

from luoshi.model import (
    CommitmentRow,
    CoverageRow,
    DateRow,
    Document,
    DocumentRow,
    Evidence,
    Mapped,
    Near,
    Paragraph,
    Target,
    Unit,
    UnsourcedRow,
    to_row,
)
from luoshi.model.codec import decode, encode, from_row
from luoshi.model.records import Edit, LinkRow

PLACE = Evidence("d1", 2, 6, "建设果园", "加快", "。", (3, 9), ((1, 1.5, 2.0, 3.0, 4.0),))
LINK = LinkRow("l1", PLACE, PLACE, "adapted", 0.9, edits=(Edit("replace", "山区", "云江"),))
ROWS = [
    CommitmentRow(
        "c1", PLACE, "action", "p1", None, ("加快",), "建设", "果园", units=(Unit("县农业农村局", "lead"),),
        targets=(Target("50万亩", "果园", "=", 500000.0, "亩"),), strength=4,
    ),
    DateRow("t1", PLACE, "deadline", None, "2027-12-31", None, "至该年年末"),
    LINK,
    CoverageRow("v1", PLACE, "d2", "partly", ("l1",), ("果园",), (Near(PLACE, "只是地点", ("果园",), 0.4),)),
    UnsourcedRow("u1", PLACE, "c1", LINK),
    UnsourcedRow("u2", PLACE, "c1", None),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda r: r.id)
def test_rows_come_back_from_json(row: object) -> None:
    assert from_row(type(row), json.loads(json.dumps(to_row(row)))) == row


def test_evidence_is_flat_and_from_has_its_plain_name() -> None:
    row = to_row(ROWS[1])
    assert row["quote"] == "建设果园"
    assert "evidence" not in row
    assert "from" in row and "from_" not in row


def test_a_document_comes_back_with_its_origins() -> None:
    row = DocumentRow("d1", "a.txt", "w", "关于果园的意见", "opinion", "full", issuers=("云江省人民政府",))
    document = Document(row, Mapped.of_source("加快建设果园。", 5), (Paragraph(0, 7),), box=(0, 3))
    again = decode(Document, json.loads(json.dumps(encode(document))))
    assert again.row == row
    assert again.text == document.text
    assert np.array_equal(again.body.offsets, document.body.offsets)
    assert again.paragraphs == document.paragraphs
    assert again.box == (0, 3)
    assert again.evidence(2, 6) == document.evidence(2, 6)


def test_damaged_values_are_refused() -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        decode(DocumentRow, {"id": 1})
