"""The command in the user's language: every help page, what goes wrong, what came of a run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from luoshi.cli import app as entry
from luoshi.cli.help import width, wrap

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "demo" / "documents"
NAMES = "|".join(
    (
        r"\bluoshi(?: [a-z]+)?\b",
        r"--?[a-z-]+",
        r"\b[\w./-]+\.(?:jsonl|gz|tsv|toml|html|csv|png|parquet)\b",
        r"\b[A-Z][A-Z_]+\b",
    )
)
"""What is no sentence: calls, options, files, variables and names of formats."""
WORDS = re.compile(r"(?:\b[A-Za-z]{2,}\b[ ,;:.]+){2,}[A-Za-z]{2,}")


def run(*words: object, language: str = "zh", **variables: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "LUOSHI_LANGUAGE": language, "COLUMNS": "80", **variables}
    call = [sys.executable, "-m", "luoshi", *map(str, words)]
    return subprocess.run(call, capture_output=True, text=True, check=False, env=env)


def english(text: str) -> list[str]:
    """Three words of English in a row."""
    return WORDS.findall(re.sub(NAMES, "，", text))


def pages(command: Any, parent: Any = None, name: str = "luoshi") -> Iterator[tuple[str, str]]:
    with command.context_class(command, info_name=name, parent=parent, **command.context_settings) as context:
        yield context.command_path, command.get_help(context)
        for word, below in getattr(command, "commands", {}).items():
            if not below.hidden:
                yield from pages(below, context, word)


@pytest.fixture(scope="module")
def command() -> Any:
    return entry.whole()


def test_no_help_page_has_a_sentence_that_is_not_chinese(
    command: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LUOSHI_LANGUAGE", "zh")
    monkeypatch.setenv("COLUMNS", "300")
    seen = dict(pages(command))
    assert {"luoshi", "luoshi build", "luoshi index query", "luoshi audit verify", "luoshi serve"} <= set(
        seen
    )
    left = {name: found for name, text in seen.items() if (found := english(text))}
    assert not left, "add to src/luoshi/text/data/command.tsv or server.tsv"
    for name, text in seen.items():
        assert text.startswith(f"用法：{name}") and "显示本帮助" in text


def test_the_help_fits_the_terminal_in_both_languages(monkeypatch: pytest.MonkeyPatch, command: Any) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    for told in ("en", "zh"):
        monkeypatch.setenv("LUOSHI_LANGUAGE", told)
        for name, text in pages(command):
            for line in text.splitlines():
                assert width(line) <= 80 or "luoshi " in line, (name, line)


@pytest.mark.parametrize(
    ("words", "code", "message", "todo"),
    [
        (["build"], 2, "缺少参数“路径”", "luoshi build --help"),
        (["build", DEMO], 2, "缺少选项 --out（即 -o）", "用法：luoshi build"),
        (["bild"], 2, "没有这个命令：bild。是否指 build？", "luoshi --help"),
        (["build", DEMO, "--out", "x", "--workrs", "1"], 2, "没有这个选项：--workrs", "--workers"),
        (["build", DEMO, "--out", "x", "--max-mb", "0"], 2, "--max-mb 的值不对：不能小于1", "帮助："),
        (["build", DEMO, "--out", "x", "--max-mb", "ten"], 2, "--max-mb 的值不对：应为整数", "帮助："),
        (["build", DEMO, "--out", "x", "--allow-secrecy", "内部"], 2, "不在可选范围内：秘密, 机密, 绝密", ""),
        (["show", "c1", "c2", "--out", "x"], 2, "多出了参数：c2", "用法："),
        (["build", "nowhere", "--out", "x"], 2, "所给路径都不存在：nowhere", "请检查路径是否写对"),
        (["build", DEMO, "--out", ROOT / "demo"], 3, "不是空文件夹，也不是本程序生成的", "--out"),
        (["show", "c1", "--out", "nowhere"], 2, "nowhere 中没有本程序的记录", "luoshi build 文件… --out"),
        (["compare", "a.txt", "b.txt"], 2, "a.txt不存在", "luoshi compare 上级文件 下级文件"),
        (["reuse", "nowhere", "--out", "x", "--memory", "much"], 2, "much 不是大小", "4G"),
        (["reuse", DEMO, "--out", "x", "--engine", "abacus"], 2, "没有 abacus 这种运行方式", "local、spark"),
        (["reuse", DEMO, "--out", "x", "--preset", "slow"], 2, "没有 slow 这种预设", "thorough"),
        (["index", "query", DEMO / "01-中央意见.html", "-i", "no"], 2, "没有本版程序能读的索引", "index add"),
        (["extract", "nowhere.jsonl", "--out", "x"], 2, "没有这个文件或文件夹", "请核对路径"),
        (["page", "nowhere.pdf"], 2, "nowhere.pdf不存在", "请核对路径"),
        (["doctor", "--data", "nowhere"], 2, "nowhere 中没有安装", "luoshi init --data"),
        (["backup", "x", "--data", "nowhere"], 2, "nowhere 中没有安装", "luoshi init --data"),
    ],
    ids=lambda v: " ".join(str(w).rsplit("/", 1)[-1] for w in v)[:60] if isinstance(v, list) else None,
)  # fmt: skip
def test_what_is_wrong_is_said_in_chinese_with_what_to_do(
    words: list[object], code: int, message: str, todo: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run(*words)
    told = done.stderr.replace(f"{tmp_path}/", "")
    assert done.returncode == code and not done.stdout
    assert message in told.replace("nowhere.pdf不存在", "nowhere.pdf不存在") and todo in told
    assert not english(told)


def test_a_run_tells_in_the_user_s_language_and_keeps_files_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("关于果园的意见\n\n一、加快建设山地果园。\n", encoding="utf-8")
    (tmp_path / "in" / "b.txt").write_bytes(b"")
    found = {}
    for told in ("zh", "en"):
        done = run("build", tmp_path / "in", "--out", tmp_path / told, "--no-reports", language=told)
        assert done.returncode == 4
        found[told] = done
    assert "b.txt是空文件" in found["zh"].stderr and "b.txt is empty" in found["en"].stderr
    assert "共1份文件" in found["zh"].stdout and "1 documents" in found["en"].stdout
    assert not english(found["zh"].stdout + found["zh"].stderr)
    for path in (tmp_path / "zh").glob("*.jsonl"):
        assert path.read_bytes() == (tmp_path / "en" / path.name).read_bytes()


def test_a_database_that_does_not_answer_is_told_in_words(tmp_path: Path) -> None:
    done = run("init", "--data", tmp_path / "x", DATABASE_URL="postgresql://a:b@127.0.0.1:1/c")
    assert done.returncode == 3 and "Traceback" not in done.stderr
    assert "数据库没有应答" in done.stderr and "database_url" in done.stderr
    done = run("init", "--data", DEMO / "01-中央意见.html")
    assert done.returncode == 3 and "不能使用：文件已存在" in done.stderr


def test_a_terminal_without_chinese_is_no_fault(tmp_path: Path) -> None:
    done = run("build", DEMO, "--out", tmp_path / "x", "--no-reports", PYTHONIOENCODING="ascii")
    assert done.returncode == 0 and "Traceback" not in done.stderr
    done = run("readers", "--json", PYTHONIOENCODING="ascii")
    assert done.returncode == 0 and "?" not in done.stdout


@pytest.mark.parametrize(
    ("text", "columns", "expected"),
    [
        ("把文件拆成台账。", 10, ["把文件拆成", "台账。"]),
        ("把文件拆成台。", 12, ["把文件拆成", "台。"]),
        ("read the documents", 10, ["read the", "documents"]),
        ("用 --out 指定", 8, ["用 --out", "指定"]),
        ("", 10, [""]),
        ("示例：luoshi page 第三页.png", 20, ["示例：luoshi page", "第三页.png"]),
    ],
)
def test_lines_break_where_they_may(
    text: str, columns: int, expected: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LUOSHI_LANGUAGE", "zh")
    assert wrap(text, columns) == expected
