"""JSON Lines, a document a row."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from luoshi.errors import UnknownFormat
from luoshi.model import Reading
from luoshi.read import read

BODY = '一、修缮水窖\n\n各市要按照《\n节水条例\n》的规定，修缮山地水窖40座，"优先"保障山区。\n\n二、加固堤防'


def _readings(tmp_path: Path, *lines: str, newline: str = "\n") -> tuple[Reading, ...]:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(newline.join(lines).encode())
    return read(path)


def _accounted(readings: tuple[Reading, ...], source: str) -> None:
    count = np.zeros(len(source), dtype=int)
    for r in readings:
        assert r.source.length == len(source)
        for b in r.blocks:
            np.add.at(count, b.body.offsets[b.body.offsets >= 0], 1)
        for d in r.dropped:
            assert d.source_span and source[slice(*d.source_span)] == d.quote
            count[slice(*d.source_span)] += 1
    assert (count == 1).all()


@pytest.mark.parametrize("escaped", [True, False])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_row_is_a_document(tmp_path: Path, escaped: bool, newline: str) -> None:
    rows = [
        {"id": 1, "title": "节水工作方案", "date": "2024-03-01", "text": BODY, "tags": ["水", {"text": "x"}]},
        {"content": "关于河道的通知\n\n各县：\n\n疏浚河道。", "发文字号": "云水发〔2024〕3号", "year": 2024},
    ]
    lines = [json.dumps(r, ensure_ascii=escaped) for r in rows]
    one, two = found = _readings(tmp_path, *lines, newline=newline)
    assert [b.text for b in one.blocks] == [
        "节水工作方案",
        "一、修缮水窖",
        '各市要按照《节水条例》的规定，修缮山地水窖40座，"优先"保障山区。',
        "二、加固堤防",
    ]
    assert one.blocks[0].kind == "heading"
    assert one.metadata == {"title": "节水工作方案", "date": "2024-03-01"}
    assert [b.text for b in two.blocks] == ["关于河道的通知", "各县：", "疏浚河道。"]
    assert two.metadata == {"number": "云水发〔2024〕3号", "date": "2024"}
    _accounted(found, newline.join(lines))


def test_what_is_no_row_is_left_out_and_told(tmp_path: Path) -> None:
    lines = [
        '{"text": "修缮水窖。"}',
        "{broken",
        "",
        '["text"]',
        '{"name": "x"}',
        '{"text": "加固堤防\\ud800。"}',
    ]
    found = _readings(tmp_path, *lines)
    assert [b.text for r in found for b in r.blocks] == ["修缮水窖。", "加固堤防\ufffd。"]
    assert [p.message.split(" ")[1] for p in found[0].problems] == ["2", "4", "5"]
    _accounted(found, "\n".join(lines))


def test_json_without_texts_is_refused(tmp_path: Path) -> None:
    for text in ('{"a": 1}\n', '{"text": 3}\n', '{"text": ""}\n', '[{"text": "修缮水窖"}]'):
        with pytest.raises(UnknownFormat, match="JSON"):
            _readings(tmp_path, text)


def test_a_title_that_the_text_repeats_stands_once(tmp_path: Path) -> None:
    (found,) = _readings(tmp_path, '{"title": "节水方案", "text": "节水方案\\n\\n修缮水窖。"}')
    assert [b.text for b in found.blocks] == ["节水方案", "修缮水窖。"]
