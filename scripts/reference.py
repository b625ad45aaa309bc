#!/usr/bin/env python3
"""Writes the reference of the command, English and Chinese, from its help; `--check` only compares."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGES = {"en": ROOT / "docs" / "reference" / "cli.md", "zh": ROOT / "docs" / "zh" / "cli.md"}
COLUMNS = "100"

INTRO = {
    "en": """# The command

Written by `make docs` from `luoshi --help`; do not edit. [中文](../zh/cli.md)

Exit codes: 0 done; 2 the call does not fit; 3 the output folder cannot be used; 4 done, but some of the input
could not be read (each is a row of `problems`); 5 no document found; 6 an optional part is not installed;
130 interrupted; 1 a fault of the program itself.

Help and messages are in Chinese where the locale (`LC_ALL`, `LC_MESSAGES`, `LANG`) is Chinese, else English;
`LUOSHI_LANGUAGE=zh` or `en` settles it. What is written into files does not depend on it.
""",
    "zh": """# 命令一览

由 `make docs` 依 `luoshi --help` 生成，请勿手改。[英文版](../reference/cli.md)

退出码：0 完成；2 命令写得不对；3 输出文件夹不能用；4 已完成，但有的文件没能读入（逐份列在 `problems`）；
5 没有找到文件；6 缺少选装组件；130 被中断；1 程序自身的缺陷。

系统语言（`LC_ALL`、`LC_MESSAGES`、`LANG`）为中文时，帮助和提示都是中文，否则为英文；也可以用
`LUOSHI_LANGUAGE=zh` 或 `en` 指定。写入文件的内容不受影响。
""",
}


def helps(command: Any, parent: Any = None, name: str = "luoshi") -> Iterator[tuple[str, str]]:
    """The path and the help of a command and of all below it."""
    with command.context_class(command, info_name=name, parent=parent, **command.context_settings) as context:
        yield context.command_path, command.get_help(context).strip()
        for word, below in getattr(command, "commands", {}).items():
            if not below.hidden:
                yield from helps(below, context, word)


def page(language: str, command: Any) -> str:
    """The whole reference in a language."""
    os.environ["LUOSHI_LANGUAGE"] = language
    parts = [f"## {path}\n\n```text\n{text}\n```\n" for path, text in helps(command)]
    return "\n".join([INTRO[language], *parts])


def main() -> int:
    """Writes the pages, or compares them."""
    os.environ["COLUMNS"] = COLUMNS
    from luoshi.cli.app import whole

    command = whole()
    for language, path in PAGES.items():
        text = page(language, command)
        if "--check" not in sys.argv:
            path.write_text(text, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != text:
            print(f"{path.relative_to(ROOT)} is old: run make docs", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
