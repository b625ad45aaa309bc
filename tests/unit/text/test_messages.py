"""Every sentence that the readers and the structure say about a file is told in Chinese."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import luoshi
from luoshi.text.lexicon import table
from luoshi.text.messages import chinese

ROOMS = ("read", "structure", "pipeline")
KNOWN = {row[0] for row in table("luoshi.text", "messages.tsv")}


def _templates(node: ast.expr) -> list[str]:
    """The sentences that an expression may make, ``{}`` for what varies; nothing for a bare name."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.JoinedStr):
        return ["".join(str(v.value) if isinstance(v, ast.Constant) else "{}" for v in node.values)]
    if isinstance(node, ast.IfExp):
        return _templates(node.body) + _templates(node.orelse)
    return []


def _said() -> list[tuple[str, str]]:
    """Sentences of all problems in the code, with the place."""
    out = []
    root = Path(luoshi.__file__).parent
    for path in sorted(p for room in ROOMS for p in (root / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Problem":
                at = f"{path.name}:{node.lineno}"
                out += [(said, at) for a in node.args[3:5] for said in _templates(a)]
    return out


def _refusals() -> list[tuple[str, str]]:
    """Hints of what is raised where a file cannot be read at all, and the sentences themselves."""
    out = []
    for path in sorted((Path(luoshi.__file__).parent / "read").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            hints = [k.value for k in node.keywords if k.arg == "hint"] if isinstance(node, ast.Call) else []
            if isinstance(node, ast.Call) and hints:
                said = [s for a in (*node.args[:1], *hints) for s in _templates(a)]
                out += [(s, f"{path.name}:{node.lineno}") for s in said]
    return out + [(s, "magic.tsv") for row in table("luoshi.read", "magic.tsv") for s in row[1:]]


def test_every_problem_has_its_chinese() -> None:
    # a sentence about pages is put together: its beginning (Page 3 is) varies
    put_together = ("{} text", "{} with", "{} beside", "…")
    missing = [
        (said, at) for said, at in _said() if said and said not in KNOWN and not said.startswith(put_together)
    ]
    assert not missing, "add to src/luoshi/text/data/messages.tsv"


def test_every_refusal_has_its_chinese() -> None:
    missing = [
        (s, at)
        for s, at in _refusals()
        if s and s not in KNOWN and not s.startswith(("{}: {}", "{} {}", "{} is {}"))
    ]
    assert not missing, "add to src/luoshi/text/data/messages.tsv"


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
