"""What the readers say of a file, in Chinese where the page is Chinese: each kind that a reader can give."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.utils import translation

import luoshi
from luoshi import errors
from luoshi_web.library import problems
from luoshi_web.library.models import Problem

HAN = re.compile("[\u4e00-\u9fff]")


def said(code: str, message: str, language: str = "zh-hans") -> tuple[str, str]:
    with translation.override(language):
        return problems.words(Problem(code=code, message=message, hint="Do it again."))


@pytest.mark.parametrize(
    ("code", "message", "expected"),
    [
        ("too-large", "a.pdf has 80 MiB, the limit is 64 MiB.", "文件有 80 MB，超过 64 MB 的上限。"),
        ("too-large", "a.zip: nested too deeply.", "压缩包套得太深。"),
        ("too-large", "a.pdf has 900 pages, the limit is 800.", "文件有 900 页，超过 800 页的上限。"),
        ("damaged", "a.pdf is encrypted: it opens with a password only.", "文件有密码保护，打不开。"),
        ("damaged", "a.pdf is damaged: it is cut off, or no PDF file.", "文件不完整，或者不是 PDF。"),
        ("damaged", "something new", "文件已损坏，无法读取。"),
        ("empty-file", "a.docx holds no text, only 3 pictures.", "文件中只有 3 张图片，没有文字。"),
        ("page-lost", "Page 7 was not recognised: it is blank.", "第 7 页没有读出文字。"),
        (
            "unsure-recognition", "Page 2: “完成率九成” is a doubtful reading (confidence 0.61).",
            "第 2 页：“完成率九成”识别把握不大。",
        ),
        ("secrecy-refused", "a is marked 机密 and …", "文件标有密级“机密”，未读入，文字没有留存。"),
        ("numbering-gap", "“（四）” follows （二）: （四）完善机制", "编号“（四）”前有缺号：（四）完善机制"),
        ("hidden-sheets", "Hidden sheets are not read: 底稿、旧表.", "隐藏的工作表没有读取：底稿、旧表。"),
        ("never-heard-of", "Something.", "读取时有一处需要留意（never-heard-of）。"),
        ("same-text", "《甲》与已有版本文字相同。", "《甲》与已有版本文字相同。"),
    ],
)  # fmt: skip
def test_words(code: str, message: str, expected: str) -> None:
    assert said(code, message)[0] == expected
    assert said(code, message, "en") == (message, "Do it again.")


def test_a_hint_is_chinese_too() -> None:
    assert said("damaged", "a.pdf is encrypted")[1] == "请解除密码后再上传。"


def test_every_kind_of_problem_has_its_words() -> None:
    """Codes are literals in the readers' sources, and those of the errors they raise."""
    source = Path(luoshi.__file__).parent
    text = "".join(
        p.read_text(encoding="utf-8")
        for room in ("read", "structure")
        for p in sorted((source / room).rglob("*.py"))
    )
    named = set(re.findall(r'"(?:error|warning|info)",\s*"([a-z]+(?:-[a-z]+)*)"', text))
    named |= set(re.findall(r'_note\(\w+, "([a-z-]+)"', text))
    raised = [errors.EmptyFile, errors.NotText, errors.TooLarge, errors.Damaged, errors.UnknownFormat]
    named |= {e.code for e in raised} | {"input", "missing-extra", "secrecy-refused", "duplicate-file"}
    assert len(named) > 25
    assert sorted(c for c in named if "（" in said(c, "Something odd.")[0]) == []


def test_no_row_leaves_english_or_a_gap() -> None:
    for rows in problems._rows().values():
        assert rows[-1][0].pattern == "" or len(rows) == 1
        for pattern, message, hint in rows:
            assert HAN.search(message) and (not hint or HAN.search(hint))
            message.format(*["x"] * pattern.groups)
