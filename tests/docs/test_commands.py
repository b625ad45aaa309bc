"""Commands in the documents: each has a verb and options that exist; those of docs/zh are run in order."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from made_pdf import document, text

from luoshi.cli.app import whole

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "demo" / "documents"
PAGES = [
    p
    for p in sorted([*ROOT.glob("README*.md"), *ROOT.glob("docs/**/*.md")])
    if p.name not in ("cli.md", "CHANGELOG.md")
]
RUN = [ROOT / "docs" / "zh" / "tutorial.md", ROOT / "docs" / "zh" / "how-to.md"]
CALL = re.compile(r"(?:^|[\s/`])luoshi ((?:[a-z]+ ?)+(?:[^#`|>;]*))")


def calls(page: Path) -> Iterator[list[str]]:
    """The words after ``luoshi`` of each call, in blocks and within sentences."""
    told = page.read_text(encoding="utf-8")
    blocks = re.findall(r"^```(?:sh|console|text|ini)\n(.*?)^```", told, re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    lines += [line for line in told.splitlines() if line.startswith("    ")]
    lines += re.findall(r"`(luoshi [^`]+)`", told)
    for line in lines:
        if found := CALL.findall(line.split("  #")[0]):
            yield found[-1].replace("'", "").split()


@pytest.fixture(scope="module")
def command() -> Any:
    return whole()


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_call_has_a_verb_and_options_that_exist(page: Path, command: Any) -> None:
    for words in calls(page):
        verb, path = command, []
        for word in words:
            if word.strip("，、。") not in getattr(verb, "commands", {}):
                break
            verb = verb.commands[word]
            path.append(word)
        told = f"{page.name}: luoshi {' '.join(words)}"
        assert path or words[0].startswith("-"), told
        known = {o for p in verb.params for o in (*p.opts, *p.secondary_opts)} | {"--help", "-h"}
        for word in words:
            if re.match(r"--?[a-z]", word):
                assert re.sub(r"[^a-zA-Z-].*", "", word) in known, told


def workplace(folder: Path) -> Path:
    """A folder with what the documents speak of."""
    (folder / ".venv").symlink_to(sys.prefix)
    (folder / "demo").symlink_to(ROOT / "demo")
    (folder / "我的文件").mkdir()
    shutil.copytree(DEMO, folder / "文件")
    shutil.copy(DEMO / "01-中央意见.html", folder / "我的文件" / "上级.html")
    shutil.copy(DEMO / "03-云州市三年行动方案.md", folder / "我的文件" / "下级.md")
    task = "到2027年，建成山地果园50万亩，改造老茶园3万亩，建立护林员巡护制度。"
    rows = [{"id": f"例{n}", "text": f"第{n}份。{task}", "date": f"202{n}-05-01"} for n in (3, 4)]
    for name in ("语料.jsonl", "文本.jsonl"):
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / name).write_text("".join(lines), encoding="utf-8")
    words = ((200, 760, 20, "关于果园建设的通知"), (72, 700, 14, "各县要加快建设山地果园50万亩。"))
    (folder / "通知.pdf").write_bytes(document([text(words)]))
    return folder


def run(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PATH": f"{sys.prefix}/bin:{os.environ['PATH']}", "LUOSHI_LANGUAGE": "zh"}
    return subprocess.run(
        ["bash", "-c", line], cwd=folder, env=env, capture_output=True, text=True, check=False
    )


def first_id(path: Path) -> str:
    return str(json.loads(path.read_text(encoding="utf-8").splitlines()[0])["id"])


@pytest.mark.slow
@pytest.mark.parametrize("page", RUN, ids=lambda p: p.stem)
def test_the_commands_of_the_chinese_documents_run(page: Path, tmp_path: Path) -> None:
    folder = workplace(tmp_path)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for block in re.findall(r"^```sh\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL):
        for line in block.splitlines():
            if found := re.fullmatch(r"make ([a-z-]+)", line):
                recipe = re.search(rf"^{found[1]}:.*\n\t@?\$\(BIN\)/(luoshi .*)", makefile, re.MULTILINE)
                assert recipe, line
                if " demo --data" in recipe[1]:
                    continue  # serves until it is stopped
                line = recipe[1]
            if "通知编号" in line:
                assert run("luoshi build 通知.pdf --out 通知结果/", folder).returncode == 0
                line = line.replace("通知编号", first_id(folder / "通知结果" / "commitments.jsonl"))
            if "编号" in shlex.split(line):
                line = line.replace("编号", first_id(folder / "demo-out" / "commitments.jsonl"))
            done = run(line, folder)
            assert done.returncode == 0, (line, done.stdout, done.stderr)
