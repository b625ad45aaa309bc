"""Which lines are marks of secrecy, and that a refused document leaves nothing behind."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from made_readings import documents, reading

from luoshi.model import Drop
from luoshi.pipeline import Options, build
from luoshi.structure import refused, structure
from luoshi.structure.secrecy import mark_in

MARKS = [
    ("机密★10年", "机密", "10年"),
    ("机　密 ★ 长期", "机密", "长期"),
    ("秘密　一年", "秘密", "一年"),
    ("绝密★启用前", "绝密", "启用前"),
    ("机密级★10年", "机密", "10年"),
    ("000012 机密★1年 特急", "机密", "1年"),
    ("云办发〔2024〕3号　　秘密★6个月", "秘密", "6个月"),
    ("机密女1年", "机密", "1年"),
    ("密级：秘密", "秘密", ""),
    ("密级  机密", "机密", ""),
    ("文号\t云办发〔2024〕3号\t密级\t机密", "机密", ""),
]


@pytest.mark.parametrize(("text", "level", "term"), MARKS)
def test_marks(text: str, level: str, term: str) -> None:
    mark = mark_in(text)
    assert mark is not None and (mark.level, mark.term) == (level, term)
    assert "".join(text[mark.start : mark.end].split())[:2] == level


@pytest.mark.parametrize(
    "text",
    [
        "保守国家秘密",
        "秘密文件的管理",
        "工作秘密★1年",
        "密级：公开",
        "密级：□秘密 □机密",
        "密级\t秘密\t机密\t绝密",
        "涉及机密★级事项的，按照规定办理。",
        "严格遵守保密规定，不得泄露绝密、机密、秘密。",
    ],
)
def test_mentions_are_no_marks(text: str) -> None:
    assert mark_in(text, front=True) is None


@pytest.mark.parametrize("text", ["秘密", "（机密）", "绝　密"])
def test_a_bare_level_counts_only_where_marks_stand(text: str) -> None:
    assert mark_in(text, front=True) is not None
    assert mark_in(text) is None


BODY = "关于修建山地水窖的通知\n各市水利局：\n加快建设山地水窖工程，保守国家秘密。"


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("机密★10年\n" + BODY, "机密"),
        ("000036\n秘密★1年\n特急\n" + BODY, "秘密"),
        ("秘密\n" + BODY, "秘密"),
        (BODY, None),
        (BODY + "\n秘密\n本办法所称秘密，是指窖址。", None),
        (BODY + "\n绝密★长期\n" + BODY, "绝密"),
    ],
)
def test_level_of_a_document(text: str, level: str | None) -> None:
    assert documents(text)[0].row.secrecy == level


def test_level_in_the_head_of_the_pages_and_in_the_name() -> None:
    made = reading(BODY)
    head = type(made)(made.source, made.blocks, (Drop("running head", "机密"),))
    assert structure(head)[0].row.secrecy == "机密"
    named = type(made.source)("文件/【秘密】水窖.txt", made.source.sha256, 1, "text/plain")
    assert structure(type(made)(named, made.blocks))[0].row.secrecy == "秘密"


def test_what_is_allowed() -> None:
    assert not refused(None, "")
    assert refused("秘密", "") and refused("绝密", "机密")
    assert not refused("秘密", "机密") and not refused("机密", "机密")


SECRET = "秘密★3年\n\n云川省水利厅关于印发节水方案的通知\n\n各市水利局：\n\n加快建设山地水窖工程。\n"
OPEN = "云川省水利厅关于保密工作的通知\n\n各市水利局：\n\n严格保守国家秘密，加强文件管理。\n"


def _holds(folder: Path, words: str) -> list[str]:
    """Files that hold the words; those of the cache, which are packed, are looked at through their count."""
    plain = [p for p in folder.rglob("*") if p.is_file()]
    return [p.name for p in plain if words.encode() in p.read_bytes()]


def test_a_refused_file_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(SECRET, encoding="utf-8")
    (tmp_path / "in" / "b.txt").write_text(OPEN, encoding="utf-8")
    out = tmp_path / "out"
    allowed = build([tmp_path / "in"], out, Options(allow_secrecy="秘密", workers=1))
    assert allowed.counts["documents"] == 2
    assert _holds(out, "山地水窖")
    built = build([tmp_path / "in"], out, Options(workers=1))
    (problem,) = [p for p in built.problems if p.severity == "error"]
    assert problem.code == "secrecy-refused" and "a.txt" in problem.message and "秘密" in problem.message
    assert built.counts["documents"] == 1
    assert not _holds(out, "山地水窖") and not _holds(out, "印发节水方案")
    rows = [json.loads(x) for x in (out / "dropped.jsonl").read_text(encoding="utf-8").splitlines()]
    assert not any("a.txt" in r["source"] for r in rows)
    # one packed result of reading for each file, that of the refused one without its text, one of extraction
    kept = sorted((out / ".luoshi" / "cache").iterdir())
    assert [p.name.split("-")[0] for p in kept] == ["extract", "read", "read"]
