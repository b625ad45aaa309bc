"""What `luoshi reuse` writes for people: summary.html and passages.csv."""

from __future__ import annotations

import csv
import gzip
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import made_reuse as made
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

TITLED = [{**r, "title": f"关于{r['id']}的通知"} for r in made.rows(5, number=30, copies=25)]
TEXTS = {r["id"]: r["text"] for r in TITLED}
SHOWN = ("summary.html", "passages.csv")


def run(*words: object) -> subprocess.CompletedProcess[str]:
    call = [sys.executable, "-m", "luoshi", *map(str, words)]
    return subprocess.run(call, capture_output=True, text=True, check=False, timeout=300)


def write(path: Path, rows: list[Any]) -> Path:
    lines = [r if isinstance(r, str) else json.dumps(r, ensure_ascii=False) for r in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def table(folder: Path, name: str) -> list[dict[str, Any]]:
    return list(pq.read_table(folder / f"{name}.parquet").to_pylist())


def listed(out: Path) -> list[list[str]]:
    data = (out / "passages.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))[1:]


def shown(out: Path) -> list[bytes]:
    return [(out / name).read_bytes() for name in SHOWN]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("summary") / "corpus.jsonl", [*TITLED[:9], "", *TITLED[9:]])


@pytest.fixture(scope="module")
def found(corpus: Path) -> Path:
    out = corpus.parent / "out"
    done = run("reuse", corpus, "--out", out)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[1].endswith("summary.html  (open this first)") and lines[2].endswith("passages.csv")
    return out


def test_the_list_holds_the_words_of_the_documents(found: Path) -> None:
    passages = {(p["a"], p["a_start"], p["b"], p["b_start"]): p for p in table(found, "passages")}
    rows = listed(found)
    assert len(rows) == len(passages) > 15
    best = [int(r[15]) * float(r[17]) for r in rows]
    assert best == sorted(best, reverse=True)
    for r in rows:
        p = passages[(r[2], int(r[5]), r[9], int(r[12]))]
        for x, at in (("a", 1), ("b", 8)):
            text = TEXTS[p[x]][p[f"{x}_start"] : p[f"{x}_end"]]
            assert r[at] == f"关于{p[x]}的通知" and r[at + 6] == text[:500]


def test_the_page_tells_the_corpus_and_what_was_found(found: Path) -> None:
    page = (found / "summary.html").read_text(encoding="utf-8")
    counts = json.loads((found / "manifest.json").read_text(encoding="utf-8"))["counts"]
    for number in (30, sum(map(len, TEXTS.values())), counts["passages"], counts["documents"]):
        assert f"{number:,}" in page
    best = listed(found)[0]
    assert best[1] in page and best[2] in page and "corpus.jsonl" in page and "<mark>" in page
    assert str(found.parent) not in page
    families = {c["cluster"] for c in table(found, "clusters")}
    assert f"共 {len(families)} 个家族" in page


def test_formats_order_and_memory_give_the_same_bytes(corpus: Path, found: Path, tmp_path: Path) -> None:
    split = tmp_path / "split"
    split.mkdir()
    pq.write_table(pa.Table.from_pylist(TITLED[:11]), split / "a.parquet", row_group_size=4)
    write(split / "b.jsonl", TITLED[11:20])
    with gzip.open(split / "c.jsonl.gz", "wt", encoding="utf-8") as f:
        f.writelines(json.dumps(r) + "\n" for r in reversed(TITLED[20:]))
    done = run("reuse", split, "--out", tmp_path / "split-out")
    assert done.returncode == 0, done.stderr
    assert listed(tmp_path / "split-out") == listed(found)
    done = run("reuse", corpus, "--out", tmp_path / "disk", "--memory", "300K", "--threads", "1")
    assert done.returncode == 0, done.stderr
    assert shown(tmp_path / "disk") == shown(found)


def test_the_length_and_language_of_the_list(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run("reuse", corpus, "--out", out, "--top", 3, "--language", "en").returncode == 0
    assert len(listed(out)) == 3 and "Earlier document" in (out / "passages.csv").read_text("utf-8-sig")
    assert run("reuse", corpus, "--out", out, "--top", 0, "--jsonl").returncode == 0
    names = {p.name for p in out.iterdir()}
    assert "passages.csv" not in names and "summary.html" in names
    assert "passages.parquet" not in names and "passages.jsonl" in names
    wrong = run("reuse", corpus, "--out", tmp_path / "wrong", "--language", "fr")
    assert wrong.returncode == 2 and "no language fr" in wrong.stderr


def test_documents_as_build_reads_them_have_their_titles(tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    common = "各乡镇要在秋收以前修好通往果园的道路，疏通水渠，补种防护林。"
    (folder / "一.txt").write_text(f"关于果园的通知\n\n{common}其他事项另行安排。\n", encoding="utf-8")
    (folder / "二.md").write_text(f"# 关于道路的意见\n\n现将事项说明如下。{common}\n", encoding="utf-8")
    for more in ((), ("--memory", "1K")):
        done = run("reuse", folder, "--out", tmp_path / "out", *more)
        assert done.returncode == 0, done.stderr
        [row] = listed(tmp_path / "out")
        assert {row[1], row[8]} == {"关于果园的通知", "关于道路的意见"}
        assert row[7] == row[14] == common
        assert not list((tmp_path / "out").rglob("texts.jsonl"))


def test_hostile_documents(tmp_path: Path) -> None:
    evil = "=SUM(1)</script><script>alert(1)</script>\u202e" + "各村要在秋收以前修好通往果园的道路。" * 3
    rows: list[Any] = [{"id": f"<b>{n}", "text": evil, "title": "@evil\x00", "level": "<i>"} for n in "ab"]
    rows.append({"id": "半", "text": "\ud800" + evil, "title": ["x"]})
    lines = [json.dumps(r) for r in rows]
    done = run("reuse", write(tmp_path / "c.jsonl", lines), "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "out" / "summary.html").read_text(encoding="utf-8")
    assert "<script" not in page and "<b>a" not in page and "<i>" not in page
    assert [c for row in listed(tmp_path / "out") for c in row if c[:1] in "=+-@" and c] == []


def test_a_corpus_without_passages(tmp_path: Path) -> None:
    given = write(tmp_path / "c.jsonl", [TITLED[0]])
    assert run("reuse", given, "--out", tmp_path / "out").returncode == 0
    assert listed(tmp_path / "out") == []
    assert "没有找到" in (tmp_path / "out" / "summary.html").read_text(encoding="utf-8")
