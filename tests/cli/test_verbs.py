"""The command as a user runs it: a process of its own, on the demo province's documents."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "demo" / "documents"


def luoshi(*words: object, **options: object) -> subprocess.CompletedProcess[str]:
    call = [sys.executable, "-m", "luoshi", *map(str, words)]
    return subprocess.run(call, capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload,no-any-return]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("built") / "records"
    done = luoshi("build", DEMO, "--out", out)
    assert done.returncode == 0, done.stderr
    return out


def rows(folder: Path, table: str) -> list[dict[str, object]]:
    return [json.loads(x) for x in (folder / f"{table}.jsonl").read_text(encoding="utf-8").splitlines()]


def test_version_and_help() -> None:
    assert luoshi("--version").stdout.startswith("luoshi ")
    for verb in ("build", "compare", "show", "extract", "readers"):
        done = luoshi(verb, "--help")
        assert done.returncode == 0
        assert "Example: luoshi " + verb in done.stdout


def test_build_names_the_report_first(built: Path) -> None:
    done = luoshi("build", DEMO, "--out", built)
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert "unchanged" in lines[0]
    assert lines[1].split()[0] == str(built / "report.html") and "first" in lines[1]
    assert [Path(x.split()[0]).suffix for x in lines[1:-1]] == [".html", ".xlsx", ".docx"]
    assert all(Path(x.split()[0]).is_file() for x in lines[1:-1])
    assert lines[-1].endswith(f"{built}/*.jsonl")


def test_every_quote_is_the_text_at_its_span(built: Path) -> None:
    texts = {p.stem: p.read_text(encoding="utf-8") for p in (built / "texts").iterdir()}
    seen = 0
    for table in (
        "provisions",
        "sentences",
        "commitments",
        "entities",
        "dates",
        "terms",
        "coverage",
        "unsourced",
    ):
        for row in rows(built, table):
            assert texts[row["document"]][row["start"] : row["end"]] == row["quote"], (table, row["id"])  # type: ignore[index,misc]
            seen += 1
    for link in rows(built, "links"):
        for end in (link["lower"], link["upper"]):
            assert texts[end["document"]][end["start"] : end["end"]] == end["quote"]  # type: ignore[index,call-overload]
            seen += 1
    assert seen > 300


def test_the_same_input_gives_the_same_bytes(built: Path, tmp_path: Path) -> None:
    done = luoshi("build", DEMO, "--out", tmp_path / "again", "--workers", 1)
    assert done.returncode == 0, done.stderr
    for path in sorted(p for p in built.rglob("*") if p.is_file() and ".luoshi" not in p.parts):
        if path.name != "manifest.json":
            assert (tmp_path / "again" / path.relative_to(built)).read_bytes() == path.read_bytes(), path.name


def test_a_changed_file_is_read_again_and_the_rest_kept(tmp_path: Path) -> None:
    given = tmp_path / "given"
    shutil.copytree(DEMO, given)
    out = tmp_path / "out"
    assert luoshi("build", given, "--out", out, "--no-reports").returncode == 0
    before = {r["id"] for r in rows(out, "commitments")}
    extra = "\n## 四、附则\n\n13. **建设山地果园气象站。** 2025年底前建设山地果园气象站12座。（市气象局）\n"
    path = given / "03-云州市三年行动方案.md"
    path.write_text(path.read_text(encoding="utf-8") + extra, encoding="utf-8")
    assert luoshi("build", given, "--out", out, "--no-reports").returncode == 0
    after = rows(out, "commitments")
    assert any("山地果园气象站" in str(r["quote"]) for r in after)
    # ids hang on content: those of the other files are still there
    assert len(before & {r["id"] for r in after}) > len(before) / 2


def test_json_is_for_programs(built: Path) -> None:
    done = luoshi("build", DEMO, "--out", built, "--json")
    summary = json.loads(done.stdout)
    assert summary["counts"]["documents"] == len(rows(built, "documents"))
    assert done.stderr == ""


def test_show_finds_any_record_by_the_beginning_of_its_id(built: Path) -> None:
    row = rows(built, "commitments")[3]
    done = luoshi("show", row["id"], "--out", built)
    assert done.returncode == 0, done.stderr
    assert "".join(str(row["quote"]).split()) in "".join(done.stdout.split())
    again = json.loads(luoshi("show", row["id"], "--out", built, "--json").stdout)
    assert again["table"] == "commitments" and again["quote"] == row["quote"]
    missing = luoshi("show", "c-nothing", "--out", built)
    assert missing.returncode == 2 and "No record" in missing.stderr


def test_compare_keeps_the_roles_that_it_is_told(tmp_path: Path) -> None:
    (tmp_path / "upper.txt").write_text("湖区保护要点\n要修复湖滨湿地，建立巡湖制度。\n", encoding="utf-8")
    (tmp_path / "lower.txt").write_text(
        "云江省湖区保护方案\n修复湖滨湿地，建立巡湖员制度。\n", encoding="utf-8"
    )
    done = luoshi("compare", "upper.txt", "lower.txt", "--json", cwd=tmp_path)
    found = json.loads(done.stdout)
    assert {x["direction"] for x in found["links"]} == {"down"}
    assert {c["status"] for c in found["coverage"]} >= {"carried"}


def test_compare_prints_lineage_and_coverage(tmp_path: Path) -> None:
    done = luoshi("compare", DEMO / "01-中央意见.html", DEMO / "03-云州市三年行动方案.md")
    assert done.returncode == 0, done.stderr
    assert "乱罚款" in done.stdout
    found = json.loads(
        luoshi("compare", DEMO / "01-中央意见.html", DEMO / "03-云州市三年行动方案.md", "--json").stdout
    )
    assert found["links"] and found["coverage"]


def test_extract_keeps_the_rows_and_adds_what_it_found(tmp_path: Path) -> None:
    given = tmp_path / "rows.jsonl"
    text = "到2027年，建成山地果园50万亩。（牵头单位：省农业农村厅；配合单位：省财政厅）"
    given.write_text(
        json.dumps({"id": "r1", "text": text, "date": "2024-05-01", "mine": 7}, ensure_ascii=False) + "\n",
        encoding="utf-8",
    )
    out = tmp_path / "found.jsonl"
    done = luoshi("extract", given, "--out", out)
    assert done.returncode == 0, done.stderr
    row = json.loads(out.read_text(encoding="utf-8"))
    assert row["mine"] == 7 and row["text"] == text
    assert {(u["name"], u["role"]) for u in row["units"]} == {
        ("省农业农村厅", "lead"),
        ("省财政厅", "support"),
    }
    assert [(d["kind"], d["to"]) for d in row["dates"]] == [("deadline", "2027-12-31")]
    assert row["commitments"] and row["entities"]


def test_readers_are_listed() -> None:
    names = {r["name"] for r in json.loads(luoshi("readers", "--json").stdout)}
    assert {"text", "markdown", "html"} <= names


BAD = [
    ("empty.txt", b"", "empty-file"),
    ("binary.txt", bytes(range(256)) * 40, "not-text"),
    ("zeros.md", b"\0" * 5000, "empty-file"),
    ("cut.html", "<html><body><p>加快建设".encode()[:-1], None),
    ("mixed.txt", "一、加快建设果园。\n".encode() * 30 + b"\xff\xfe" + "二、推进改造。".encode(), None),
]


@pytest.mark.parametrize(("name", "data", "code"), BAD, ids=[b[0] for b in BAD])
def test_a_bad_file_is_a_problem_and_the_others_are_read(
    tmp_path: Path, name: str, data: bytes, code: str | None
) -> None:
    given = tmp_path / "given"
    given.mkdir()
    (given / name).write_bytes(data)
    (given / "good.txt").write_text("关于果园的意见\n\n一、加快建设果园。\n", encoding="utf-8")
    done = luoshi("build", given, "--out", tmp_path / "out", "--no-reports")
    assert "Traceback" not in done.stderr
    assert done.returncode == (4 if code else 0), done.stderr
    problems = rows(tmp_path / "out", "problems")
    if code:
        bad = [p for p in problems if p["code"] == code]
        assert bad and name in str(bad[0]["message"]) and bad[0]["hint"]
    assert any("good.txt" in str(d["source"]) for d in rows(tmp_path / "out", "documents"))


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["build", "nowhere", "--out", "out"], 2, "nowhere"),
        (["build", "hollow", "--out", "out"], 5, "hollow"),
        (["build", "good.txt", "--out", "foreign"], 3, "not made by luoshi"),
        (["build", "good.txt", "--out", "good.txt"], 3, "is a file"),
        (["build", "good.txt"], 2, "--out"),
        (["compare", "good.txt", "nowhere.txt"], 2, "nowhere.txt"),
        (["compare", "good.txt", "good.txt"], 2, "the same file"),
        (["show", "x", "--out", "foreign"], 2, "no records"),
        (["extract", "nowhere.jsonl", "--out", "x.jsonl"], 2, "nowhere.jsonl"),
        (["extract", "good.txt", "--out", "x.jsonl"], 2, "not JSON"),
        (["extract", "rows.jsonl", "--out", "./rows.jsonl"], 2, "would replace rows.jsonl itself"),
        (["extract", "rows.jsonl", "--out", "foreign"], 3, "name a file"),
        (["frobnicate"], 2, "frobnicate"),
    ],
    ids=lambda v: " ".join(v) if isinstance(v, list) else None,
)
def test_a_wrong_call_is_told_in_words(tmp_path: Path, words: list[str], code: int, said: str) -> None:
    (tmp_path / "hollow").mkdir()
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "letter.txt").write_text("dear", encoding="utf-8")
    (tmp_path / "good.txt").write_text("一、加快建设果园。\n", encoding="utf-8")
    (tmp_path / "rows.jsonl").write_text('{"id": "1", "text": "加快建设果园。"}\n', encoding="utf-8")
    done = luoshi(*words, cwd=tmp_path)
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(p.name for p in (tmp_path / "foreign").iterdir()) == ["letter.txt"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o500)
    done = luoshi("build", DEMO, "--out", tmp_path / "locked" / "out")
    assert done.returncode == 3 and "permission" in done.stderr.lower()


def test_a_large_file_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "large.txt").write_text("加快建设果园。\n" * 80_000, encoding="utf-8")
    (tmp_path / "good.txt").write_text("一、加快建设果园。\n", encoding="utf-8")
    done = luoshi(
        "build", tmp_path / "large.txt", tmp_path / "good.txt", "--out", tmp_path / "out", "--max-mb", 1
    )
    assert done.returncode == 4
    assert "large.txt" in done.stderr and "--max-mb" in done.stderr


def test_interruption_leaves_the_folder_whole(tmp_path: Path, built: Path) -> None:
    out = tmp_path / "out"
    shutil.copytree(built, out)
    before = (out / "manifest.json").read_bytes()
    given = tmp_path / "given"
    shutil.copytree(DEMO, given)
    for n in range(30):
        text = (DEMO / "03-云州市三年行动方案.md").read_text(encoding="utf-8")
        (given / f"{n}.md").write_text(text.replace("云州", f"第{n}州"), encoding="utf-8")
    call = [sys.executable, "-m", "luoshi", "build", str(given), "--out", str(out)]
    run = subprocess.Popen(call, stderr=subprocess.PIPE, text=True)
    time.sleep(1.0)
    run.send_signal(signal.SIGINT)
    _, errors = run.communicate(timeout=60)
    assert run.returncode == 130, errors
    assert "Traceback" not in errors
    assert (out / "manifest.json").read_bytes() == before
