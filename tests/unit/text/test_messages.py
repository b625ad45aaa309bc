"""Every sentence that the program says to a person is told in Chinese."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import luoshi
import luoshi.errors
import luoshi_web
from luoshi.text.lexicon import table
from luoshi.text.messages import TABLES, chinese, language, say

HOUSE = Path(luoshi.__file__).parent
WEB = Path(luoshi_web.__file__).parent
ROWS = [(row, name) for name in TABLES for row in table("luoshi.text", name)]
KNOWN = {row[0] for row, _ in ROWS}
ERRORS = {name for name, kind in vars(luoshi.errors).items() if isinstance(kind, type)} | {"BadArchive"}
SPOKEN = {"say", "tell", "note", "complain", "BadParameter"}
HELD = {"message", "hint", "what", "said", "counts", "done", "ask"}
PUT_TOGETHER = ("{}: {}", "{} {}", "{} is {}", "{} text", "{} with", "{} beside", "…", "  {}")
"""A sentence that begins so is put together of others: its beginning (Page 3 is) varies."""
NOT_SAID = {
    "spark_stages.py", "spark_documents.py", "spark_job.py", "spark.py",  # a cluster's job, for its log
    "numbering.py",
}  # fmt: skip


def _templates(node: ast.expr) -> list[str]:
    """The sentences that an expression may make, ``{}`` for what varies; nothing for a bare name."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.JoinedStr):
        return ["".join(str(v.value) if isinstance(v, ast.Constant) else "{}" for v in node.values)]
    if isinstance(node, ast.IfExp):
        return _templates(node.body) + _templates(node.orelse)
    if isinstance(node, ast.BoolOp):
        return [s for value in node.values for s in _templates(value)]
    return []


def _calls(*roots: Path) -> list[tuple[ast.Call, str, str]]:
    """Every call in the code with the name of what is called (if it may speak) and its place."""
    out = []
    for path in sorted(p for root in roots for p in (root.rglob("*.py") if root.is_dir() else [root])):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if name in SPOKEN - {"tell"} and not {"cli", "luoshi_web"} & set(path.parts):
                    continue  # another thing of that name
                out.append((node, name, f"{path.name}:{node.lineno}"))
    return out


def _assigned(*roots: Path) -> list[tuple[str, str]]:
    """Sentences that a variable holds before they are said."""
    out = []
    for path in sorted(p for root in roots for p in root.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in HELD:
                out += [(said, f"{path.name}:{node.lineno}") for said in _templates(node.value)]
    return out


def _said() -> list[tuple[str, str]]:
    """What problems, errors, findings, notes and closing lines may say, with the place."""
    out: list[tuple[str, str]] = []
    web = [WEB / n for n in ("commands", "operations", "config.py", "database.py")]
    for node, name, at in _calls(HOUSE, *web):
        some: list[ast.expr] = []
        if name == "Problem":
            some = node.args[3:5]
        elif name in ERRORS or name in SPOKEN or any(k.arg == "hint" for k in node.keywords):
            some = [*node.args[:1], *(k.value for k in node.keywords if k.arg == "hint")]
        elif name == "Finding":
            some = [node.args[0], *node.args[2:]]
        elif name == "tell" and len(node.args) > 3:  # what a corpus's reader says of a row
            some = node.args[2:4]
        if at.split(":")[0] not in NOT_SAID:
            out += [(said, at) for a in some for said in _templates(a)]
    out += _assigned(HOUSE / "cli", HOUSE / "pipeline", WEB / "commands", WEB / "operations")
    out += [(s, "magic.tsv") for row in table("luoshi.read", "magic.tsv") for s in row[1:]]
    return out


def test_every_sentence_has_its_chinese() -> None:
    missing = {
        f"{at}: {said}"
        for said, at in _said()
        if re.search(r"[A-Za-z]{2}", said.replace("{}", ""))
        and said not in KNOWN
        and not said.startswith(PUT_TOGETHER)
        and chinese(said) == said
    }
    assert not sorted(missing), "add to src/luoshi/text/data/*.tsv"


def test_no_table_says_a_thing_twice_or_asks_for_a_part_that_is_not_there() -> None:
    said = [row[0] for row, _ in ROWS]
    assert sorted(said) == sorted(set(said))
    for row, name in ROWS:
        parts = {int(n) for n in re.findall(r"\{(\d)\}", row[1])}
        assert len(row) == 2 and parts <= set(range(1, row[0].count("{}") + 1)), (name, row)


@pytest.mark.parametrize(
    ("english", "expected"),
    [
        ("a.docx is empty (0 bytes).", "a.docx是空文件（0字节）。"),
        ("b.pdf has 1,200 pages; the first 1,000 were read.", "b.pdf有1,200页，只读取前1,000页。"),
        ("Pages 3–5 are pictures and were not read.", "第3–5页是图片，未读取。"),
        ("“二是” stands after 3: 二是修好水渠", "“二是”排在第3之后：二是修好水渠"),
        ("something nobody wrote", "something nobody wrote"),
        (
            "f.rar is a RAR archive, and no reader for it is installed.",
            "f.rar的格式是RAR压缩包，没有安装能读它的组件。",
        ),
        ("g.ofd: Page 3 is damaged: cut off.", "g.ofd：第3页已损坏：cut off。"),
        ("nobody: wrote this", "nobody: wrote this"),
    ],
)
def test_table(english: str, expected: str) -> None:
    assert chinese(english) == expected


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "C", "LC_MESSAGES": "zh_CN.UTF-8"}, "zh"),
        ({"LC_ALL": "C", "LUOSHI_LANGUAGE": "zh"}, "zh"),
        ({"LC_ALL": "zh_CN.GBK", "LUOSHI_LANGUAGE": "en"}, "en"),
    ],
)
def test_the_language_is_the_user_s(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], expected: str
) -> None:
    for name in ("LUOSHI_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert language() == expected
    assert say("Check the spelling.") == {"zh": "请检查路径是否写对。", "en": "Check the spelling."}[expected]
