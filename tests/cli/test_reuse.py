"""`luoshi reuse` and `luoshi index` as commands: their files, bad input, interruption."""

from __future__ import annotations

import errno
import gzip
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import made_reuse as made
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import typer

from luoshi.cli import index as cli_index
from luoshi.cli import reuse as cli_reuse
from luoshi.cli.common import interruptible
from luoshi.model import Records
from luoshi.pipeline import store
from luoshi.pipeline.reuse_input import Reading

ROWS = made.rows(5, number=30, copies=25)


def run(*words: object, **more: Any) -> subprocess.CompletedProcess[str]:
    call = [sys.executable, "-m", "luoshi", *map(str, words)]
    return subprocess.run(call, capture_output=True, text=True, check=False, timeout=300, **more)


def write(path: Path, rows: list[Any]) -> Path:
    lines = [r if isinstance(r, str) else json.dumps(r, ensure_ascii=False) for r in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def table(folder: Path, name: str) -> list[dict[str, Any]]:
    return list(pq.read_table(folder / f"{name}.parquet").to_pylist())


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("reuse") / "corpus.jsonl", ROWS)


@pytest.fixture(scope="module")
def found(corpus: Path) -> Path:
    out = corpus.parent / "out"
    done = run("reuse", corpus, "--out", out)
    assert done.returncode == 0, done.stderr
    return out


def test_tables_and_their_columns(found: Path) -> None:
    passages = table(found, "passages")
    assert len(passages) > 15
    assert list(passages[0]) == [
        "a", "a_start", "a_end", "b", "b_start", "b_end", "matches", "similarity", "rarity", "relation",
        "direction",
    ]  # fmt: skip
    pairs = {(p["a"], p["b"]) for p in passages}
    rows = table(found, "documents")
    assert {(d["a"], d["b"]) for d in rows if d["passages"]} == pairs
    assert all(not d["passages"] or d["a_share"] or d["b_share"] for d in rows)
    assert {c["document"] for c in table(found, "clusters")} == {x for p in pairs for x in p}
    manifest = json.loads((found / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["kind"] == "reuse" and manifest["counts"]["passages"] == len(passages)


def test_formats_and_splitting_of_the_input_change_nothing(found: Path, tmp_path: Path) -> None:
    expected = (found / "passages.parquet").read_bytes()
    split = tmp_path / "split"
    split.mkdir()
    pq.write_table(pa.Table.from_pylist(ROWS[:11]), split / "a.parquet")
    write(split / "b.jsonl", ROWS[11:20])
    with gzip.open(split / "c.jsonl.gz", "wt", encoding="utf-8") as f:
        f.writelines(json.dumps(r) + "\n" for r in ROWS[20:])
    done = run("reuse", split, "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "passages.parquet").read_bytes() == expected
    mixed = run(
        "reuse", split / "c.jsonl.gz", split / "b.jsonl", split / "a.parquet", "--out", tmp_path / "out2"
    )
    assert mixed.returncode == 0, mixed.stderr
    for name in ("passages", "clusters", "documents"):
        assert (tmp_path / "out2" / f"{name}.parquet").read_bytes() == (
            found / f"{name}.parquet"
        ).read_bytes()


def test_json_lines_and_fields_of_other_names(found: Path, tmp_path: Path) -> None:
    renamed = [{"name": r["id"], "body": r["text"], "date": r["date"], "level": r["level"]} for r in ROWS]
    given = write(tmp_path / "renamed.ndjson", renamed)
    names = ("--id-field", "name", "--text-field", "body", "--jsonl")
    done = run("reuse", given, "--out", tmp_path / "out", *names)
    assert done.returncode == 0, done.stderr
    lines = (tmp_path / "out" / "passages.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(x) for x in lines] == [
        {k: round(v, 4) if isinstance(v, float) else v for k, v in r.items()}
        for r in table(found, "passages")
    ]


def test_documents_as_build_reads_them(tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    shared = "各乡镇要在秋收以前修好通往果园的道路，疏通水渠，补种防护林。"
    (folder / "一.txt").write_text("关于果园的通知\n\n" + shared + "其他事项另行安排。\n", encoding="utf-8")
    (folder / "二.md").write_text(
        "# 关于道路的意见\n\n现将有关事项说明如下。" + shared + "\n", encoding="utf-8"
    )
    done = run("reuse", folder, "--out", tmp_path / "out", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["counts"]["passages"] == 1


BAD_ROWS: dict[str, tuple[list[Any], str]] = {
    "no id": ([*ROWS[:4], {"text": "有文无号"}], "has no id"),
    "empty id": ([*ROWS[:4], {"id": " ", "text": "有文无号"}], "has no id"),
    "no text": ([*ROWS[:4], {"id": "x"}], "has no text"),
    "empty text": ([*ROWS[:4], {"id": "x", "text": " \n"}], "has no text"),
    "text no string": ([*ROWS[:4], {"id": "x", "text": 5}], "a text that is no string"),
    "no object": ([*ROWS[:4], [1, 2]], "is no object"),
    "no JSON": ([*ROWS[:4], '{"id": "x", "te'], "is no JSON"),
}


@pytest.mark.parametrize("what", BAD_ROWS)
def test_a_bad_row_is_told_and_the_others_are_read(what: str, tmp_path: Path) -> None:
    rows, message = BAD_ROWS[what]
    done = run("reuse", write(tmp_path / "bad.jsonl", rows), "--out", tmp_path / "out")
    assert done.returncode == 4
    assert message in done.stderr and "Traceback" not in done.stderr
    assert (tmp_path / "out" / "passages.parquet").is_file()


def test_duplicate_ids_are_told_apart_whatever_their_order(tmp_path: Path) -> None:
    one, other = {**ROWS[0], "text": ROWS[0]["text"] + ROWS[1]["text"]}, {**ROWS[1], "id": ROWS[0]["id"]}
    outs = []
    for n, rows in enumerate(([one, other, ROWS[2]], [ROWS[2], other, one])):
        done = run("reuse", write(tmp_path / f"{n}.jsonl", rows), "--out", tmp_path / f"out{n}")
        assert done.returncode == 0 and f"have the id {ROWS[0]['id']}" in done.stderr
        outs.append(table(tmp_path / f"out{n}", "passages"))
    assert outs[0] == outs[1]
    assert {p[s] for p in outs[0] for s in "ab"} >= {ROWS[0]["id"], ROWS[0]["id"] + "#2"}


EMPTY: dict[str, Callable[[Path], Path]] = {
    "empty file": lambda f: write(f / "e.jsonl", []),
    "empty folder": lambda f: f,
    "only bad rows": lambda f: write(f / "b.jsonl", [{"id": "x"}]),
}


@pytest.mark.parametrize("what", EMPTY)
def test_an_empty_corpus_is_told(what: str, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    done = run("reuse", EMPTY[what](tmp_path / "in"), "--out", tmp_path / "out")
    assert done.returncode == 5
    assert "No document was found" in done.stderr and "Traceback" not in done.stderr


def test_one_document_and_texts_without_letters(tmp_path: Path) -> None:
    rows = [{"id": "a", "text": "。，！"}, {"id": "b", "text": "？？？\n"}]
    for n, some in enumerate((rows, ROWS[:1])):
        done = run("reuse", write(tmp_path / f"{n}.jsonl", some), "--out", tmp_path / f"out{n}")
        assert done.returncode == 0, done.stderr
        assert table(tmp_path / f"out{n}", "passages") == []


def wrong_types(path: Path) -> None:
    pq.write_table(pa.table({"id": ["a", "b"], "text": [1, 2]}), path)


def missing_column(path: Path) -> None:
    pq.write_table(pa.table({"id": ["a"], "body": ["文"]}), path)


def cut(path: Path) -> None:
    pq.write_table(pa.Table.from_pylist(ROWS), path)
    path.write_bytes(path.read_bytes()[:-300])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (wrong_types, "a text that is no string"),
        (missing_column, "has no column text"),
        (cut, "no readable Parquet"),
    ],
)
def test_wrong_parquet_is_told_and_the_others_are_read(
    make: Callable[[Path], None], message: str, corpus: Path, tmp_path: Path, found: Path
) -> None:
    make(tmp_path / "wrong.parquet")
    done = run("reuse", tmp_path / "wrong.parquet", corpus, "--out", tmp_path / "out")
    assert done.returncode == 4
    assert message in done.stderr and "Traceback" not in done.stderr
    assert table(tmp_path / "out", "passages") == table(found, "passages")


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("nowhere.jsonl", "--out", "out"), 2, "None of the given paths exists"),
        (("corpus.jsonl", "--out", "foreign"), 3, "was not made by luoshi"),
        (("corpus.jsonl", "--out", "register"), 3, "register holds the records of luoshi build"),
        (("corpus.jsonl", "--out", "nowhere"), 3, "nowhere cannot be written"),
        (("corpus.jsonl", "--out", "out", "--memory", "much"), 2, "is no size"),
        (("corpus.jsonl", "--out", "out", "--df-cap", "1000"), 2, "--df-cap must lie between"),
        (("corpus.jsonl", "--out", "out", "--preset", "slow"), 2, "no preset slow"),
    ],
)
def test_a_wrong_call_is_told(words: tuple[str, ...], code: int, message: str, tmp_path: Path) -> None:
    write(tmp_path / "corpus.jsonl", ROWS[:3])
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "mine.txt").write_text("x", encoding="utf-8")
    (tmp_path / "nowhere").symlink_to("gone")
    with store.opened(tmp_path / "register") as folder:
        store.write_records(Records(), folder, parquet=False)
        folder.publish(store.head())
    done = run("reuse", *words, cwd=tmp_path)
    assert store.load(tmp_path / "register") == Records()
    assert (done.returncode, message in done.stderr, "Traceback" in done.stderr) == (code, True, False)


def test_missing_pyarrow_is_told_before_the_work(tmp_path: Path) -> None:
    call = "import sys; sys.modules['pyarrow'] = None; from luoshi.cli import main; main()"
    words = ["reuse", write(tmp_path / "rows.jsonl", ROWS), "--out", tmp_path / "out"]
    for more, code in (([], 6), (["--jsonl"], 0)):
        told = subprocess.run(
            [sys.executable, "-c", call, *map(str, words), *more], capture_output=True, text=True, check=False
        )
        assert (told.returncode, "Traceback" in told.stderr) == (code, False)
    assert (tmp_path / "out" / "documents.jsonl").is_file()


def test_a_full_disk_is_told_and_the_next_run_goes_on(corpus: Path, found: Path, tmp_path: Path) -> None:
    call = ("reuse", corpus, "--out", tmp_path / "out", "--memory", "300K")

    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    done = run(*call, preexec_fn=small_files)
    assert done.returncode == 3, done.stderr
    assert os.strerror(errno.EFBIG) in done.stderr and "Traceback" not in done.stderr
    assert run(*call).returncode == 0
    for name in ("passages", "clusters", "documents"):
        assert (tmp_path / "out" / f"{name}.parquet").read_bytes() == (found / f"{name}.parquet").read_bytes()


@pytest.mark.parametrize("wait", [0.6, 0.9, 1.3, 1.8])
def test_an_interrupted_run_goes_on_to_the_same_bytes(wait: float, found: Path, tmp_path: Path) -> None:
    call = ["reuse", found.parent / "corpus.jsonl", "--out", tmp_path / "out", "--memory", "300K"]
    child = subprocess.Popen(
        [sys.executable, "-m", "luoshi", *map(str, call)], stderr=subprocess.PIPE, text=True
    )
    time.sleep(wait)
    child.send_signal(signal.SIGINT)
    _, errors = child.communicate(timeout=60)
    assert child.returncode in (0, 130, -signal.SIGINT) and "Traceback" not in errors
    assert run(*call).returncode == 0
    for name in ("passages", "clusters", "documents"):
        assert (tmp_path / "out" / f"{name}.parquet").read_bytes() == (found / f"{name}.parquet").read_bytes()
    assert not (tmp_path / "out" / ".luoshi" / "reuse").exists()


def bounded(rows: list[Any], tmp_path: Path) -> tuple[dict[str, Any], float]:
    began = time.perf_counter()
    done = run("reuse", write(tmp_path / "many.jsonl", rows), "--out", tmp_path / "out", "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["counts"], time.perf_counter() - began


def test_a_sentence_repeated_very_often(tmp_path: Path) -> None:
    sentence = "各村要在秋收以前修好通往果园的道路，疏通水渠。"
    rows = [
        {"id": "one", "text": sentence * 100_000}, {"id": "two", "text": "其他。" + sentence * 20_000},
        {"id": "three", "text": sentence},
    ]  # fmt: skip
    counts, seconds = bounded(rows, tmp_path)
    assert counts["documents"] >= 1 and seconds < 60
    many = [{"id": f"m{n}", "text": sentence} for n in range(50_000)]
    counts, seconds = bounded(many, tmp_path)
    assert counts["passages"] == 49_999 and seconds < 60


def test_all_documents_equal(tmp_path: Path) -> None:
    counts, seconds = bounded([{**ROWS[3], "id": f"e{n}"} for n in range(3_000)], tmp_path)
    assert counts["passages"] == 2_999 and seconds < 60
    families = table(tmp_path / "out", "clusters")
    assert {f["documents"] for f in families} == {3_000}


def test_an_index_grows_and_answers(corpus: Path, found: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    for n, part in enumerate((ROWS[:12], ROWS[12:20], ROWS[20:])):
        done = run("index", "add", write(tmp_path / f"{n}.jsonl", part), "--index", index, "--json")
        assert done.returncode == 0, done.stderr
    grown = [p for f in sorted((index / "passages").glob("*.parquet")) for p in pq.read_table(f).to_pylist()]
    pairs = {(p["a"], p["b"]) for p in grown if p["matches"] >= 40}
    whole = {(p["a"], p["b"]) for p in table(found, "passages") if p["matches"] >= 40}
    assert len(whole) > 10 and len(pairs & whole) >= 0.95 * len(whole)
    again = run("index", "add", tmp_path / "1.jsonl", "--index", index)
    assert (
        again.returncode == 0
        and "holds a document" in again.stderr
        and again.stdout.startswith("0 documents")
    )
    query = tmp_path / "query.txt"
    query.write_text("新的文件。" + ROWS[15]["text"][20:160] + "完。", encoding="utf-8")
    asked = run("index", "query", query, "--index", index, "--json")
    assert asked.returncode == 0, asked.stderr
    best = json.loads(asked.stdout)[0]
    assert best["document"] == ROWS[15]["id"] and abs(best["start"] - 20) < 12 and best["matches"] > 100
    # the ends move to borders of clauses, in either text to its own
    assert best["file_start"] <= 6 and best["file_end"] >= 140
    shown = run("index", "query", query, "--index", index, "--limit", "2", "--out", tmp_path / "rows.jsonl")
    assert shown.returncode == 0 and ROWS[15]["id"] in shown.stdout
    assert len((tmp_path / "rows.jsonl").read_text(encoding="utf-8").splitlines()) == min(
        2, len(json.loads(asked.stdout))
    )


def test_an_index_told_wrong(tmp_path: Path) -> None:
    given = write(tmp_path / "c.jsonl", ROWS[:3])
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "x").write_text("x", encoding="utf-8")
    calls = (
        (("index", "add", given, "--index", tmp_path / "foreign"), 3),
        (("index", "query", given, "--index", tmp_path / "foreign"), 2),
        (("index", "query", tmp_path / "none.txt", "--index", tmp_path), 2),
    )
    for words, code in calls:
        done = run(*words)
        assert (done.returncode, "Traceback" in done.stderr) == (code, False), done.stderr


def test_an_index_keeps_its_preset(tmp_path: Path) -> None:
    """Another preset for an index that is there is refused; without one its own settings hold."""
    index = tmp_path / "index"
    first, second = write(tmp_path / "a.jsonl", ROWS[:3]), write(tmp_path / "b.jsonl", ROWS[3:5])
    assert run("index", "add", first, "--index", index, "--preset", "fast").returncode == 0
    done = run("index", "add", second, "--index", index, "--preset", "thorough")
    assert (done.returncode, done.stdout) == (2, "") and "seeds of 8 characters, not of 7" in done.stderr
    for words in ((), ("--preset", "fast")):
        done = run("index", "add", second, "--index", index, *words)
        assert done.returncode == 0, done.stderr
    settings = json.loads((index / "index.json").read_text(encoding="utf-8"))["settings"]
    assert (settings["n"], settings["df_cap"]) == (8, 16)


def test_rows_are_looked_up_one_by_one(tmp_path: Path) -> None:
    index = tmp_path / "index"
    assert run("index", "add", write(tmp_path / "c.jsonl", ROWS[:20]), "--index", index).returncode == 0
    asked = [{"id": f"q{n}", "text": ROWS[n]["text"][20:160]} for n in (4, 15)]
    file = write(tmp_path / "asked.jsonl", [*asked, {"id": "none"}])
    done = run("index", "query", file, "--index", index, "--json")
    assert done.returncode == 4
    rows = json.loads(done.stdout)
    for n, row in zip((4, 15), asked, strict=True):
        mine = [r for r in rows if r["file_document"] == row["id"] and r["document"] == ROWS[n]["id"]]
        assert mine and mine[0]["matches"] > 100
        assert all(0 <= r["file_start"] < r["file_end"] <= len(row["text"]) for r in mine)
    told = run("index", "query", file, "--index", index)
    assert told.returncode == 4 and "no text" in told.stderr and "q15" in told.stdout
    other = write(tmp_path / "other.jsonl", [{"name": "x", "body": asked[0]["text"]}])
    words = ("--id-field", "name", "--text-field", "body")
    assert run("index", "query", other, "--index", index, *words).returncode == 0


def test_levels_and_dates_that_say_nothing_are_told(tmp_path: Path) -> None:
    """A problem for each value, as a warning: the rows are read, but their passages have no direction."""
    rows = [
        {**ROWS[0], "level": "galaxy", "date": "2021-01-05"},
        {**ROWS[0], "id": "two", "level": "central", "date": "5 May 2021"},
        {**ROWS[0], "id": "three", "level": "galaxy", "date": "2021"},
    ]  # fmt: skip
    out = tmp_path / "out"
    done = run("reuse", write(tmp_path / "c.jsonl", rows), "--out", out)
    assert done.returncode == 0, done.stderr
    lines = (out / "problems.jsonl").read_text(encoding="utf-8").splitlines()
    told = [(p["code"], p["severity"]) for p in map(json.loads, lines)]
    assert sorted(told) == [("unknown-date", "warning"), ("unknown-level", "warning")]
    assert {p["direction"] for p in table(out, "passages")} == {"unknown"}


@pytest.mark.parametrize(
    ("words", "range_"),
    [
        (("-n", "0"), "between 4 and 30, not 0"),
        (("-n", "31"), "between 4 and 30"),
        (("--min", "3"), "between 4 and 10000"),
        (("--df-cap", "251"), "between 2 and 250"),
        (("--top", "-1"), "greater than or equal to 0"),
        (("--memory", "0"), "at least 1K"),
    ],
)
def test_options_out_of_range_are_refused(
    words: tuple[str, str], range_: str, corpus: Path, tmp_path: Path
) -> None:
    done = run("reuse", corpus, "--out", tmp_path / "out", *words)
    assert done.returncode == 2 and range_ in done.stderr and words[0] in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("verb", [cli_reuse, cli_index])
def test_an_interruption_tells_what_stays(verb: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """One line: what is as it was, and how to go on."""
    with pytest.raises(typer.Exit) as ended, interruptible(verb.STAYS):
        raise KeyboardInterrupt
    said = capsys.readouterr().err.strip()
    assert ended.value.exit_code == 130 and len(said.splitlines()) == 1
    assert "run the same command again" in said.lower() and ("unchanged" in said or "as it was" in said)


@pytest.mark.corpus
def test_what_the_real_documents_share(seeds: Path, tmp_path: Path) -> None:
    """How much of the first file stands in the third and the fifth; stock phrases are told apart."""
    done = run("reuse", seeds, "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    texts: dict[str, tuple[str, str]] = {}
    for path in sorted(seeds.iterdir()):
        for batch in Reading([path], "id", "text").batches():
            texts.update((a.id, (path.name[:3], text)) for a, text in batch)
    passages = table(tmp_path / "out", "passages")

    def share(one: str, other: str) -> float:
        covered = {i: bytearray(len(text)) for i, (name, text) in texts.items() if name == one}
        for p in passages:
            for x, y in ("ab", "ba"):
                if p[x] in covered and texts[p[y]][0] == other:
                    start, end = p[f"{x}_start"], p[f"{x}_end"]
                    covered[p[x]][start:end] = b"\1" * (end - start)
        return sum(map(sum, covered.values())) / sum(map(len, covered.values()))

    assert share("000", "002") >= 0.60 and share("000", "004") >= 0.45
    relations = {p["relation"] for p in passages}
    assert relations == {"verbatim", "adapted", "stock"}
