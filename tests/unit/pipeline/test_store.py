"""The output folder: foreign ones are refused, ours are updated whole or not at all."""

from __future__ import annotations

import errno
import json
from pathlib import Path

import pytest

from luoshi.errors import FolderBusy, ForeignFolder, OutputError, UsageError, WriteFailed
from luoshi.model import DocumentRow, Records
from luoshi.pipeline import store


def some(title: str = "关于果园的意见") -> Records:
    rows = Records()
    rows.documents.append(DocumentRow("dabc-1", "a.txt", "w", title, "opinion", "full"))
    rows.texts["dabc-1"] = "加快建设果园。"
    return rows


def write(folder: Path, rows: Records) -> None:
    with store.opened(folder) as f:
        store.write_records(rows, f, parquet=False)
        f.publish({**store.head(), "key": "k"})


def test_records_come_back(tmp_path: Path) -> None:
    write(tmp_path / "out", some())
    again = store.load(tmp_path / "out")
    assert again.documents == some().documents
    assert again.texts == some().texts


def test_an_update_replaces_and_removes_what_is_gone(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write(out, some())
    rows = some("关于茶园的意见")
    rows.documents[0] = DocumentRow("ddef-1", "b.txt", "w", "关于茶园的意见", "opinion", "full")
    rows.texts = {"ddef-1": "加快建设茶园。"}
    write(out, rows)
    assert [p.name for p in (out / "texts").iterdir()] == ["ddef-1.txt"]
    assert store.load(out).documents[0].title == "关于茶园的意见"


def test_a_foreign_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(ForeignFolder, match="not made by luoshi"), store.opened(tmp_path):
        pass
    assert sorted(p.name for p in tmp_path.iterdir()) == ["letter.txt"]


def test_a_manifest_of_another_program_makes_it_foreign(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"program": "other"}', encoding="utf-8")
    with pytest.raises(ForeignFolder), store.opened(tmp_path):
        pass


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("x", encoding="utf-8")
    with pytest.raises(OutputError, match="is a file"), store.opened(tmp_path / "out"):
        pass


def test_two_runs_do_not_mix(tmp_path: Path) -> None:
    with store.opened(tmp_path / "out"), pytest.raises(FolderBusy), store.opened(tmp_path / "out"):
        pass


def test_a_first_run_that_was_interrupted_leaves_a_folder_that_can_be_used(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), store.opened(tmp_path / "out") as f:
        store.write_records(some(), f, parquet=False)
        raise KeyboardInterrupt
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [".luoshi"]
    write(tmp_path / "out", some())
    assert store.load(tmp_path / "out").documents


def test_an_interrupted_update_is_not_taken_for_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    write(out, some())
    real = Path.replace
    calls = []

    def fails_in_the_middle(self: Path, target: Path) -> Path:
        calls.append(self)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return real(self, target)

    monkeypatch.setattr(Path, "replace", fails_in_the_middle)
    with pytest.raises(KeyboardInterrupt):
        write(out, some("关于茶园的意见"))
    monkeypatch.undo()
    with pytest.raises(UsageError, match="interrupted"):
        store.load(out)
    write(out, some("关于茶园的意见"))
    assert store.load(out).documents[0].title == "关于茶园的意见"


def test_a_full_disk_leaves_the_old_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    write(out, some())

    def full(*_: object, **__: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(WriteFailed, match="cannot be written") as caught:
        write(out, some("关于茶园的意见"))
    assert "free some room" in caught.value.hint
    monkeypatch.undo()
    assert store.load(out).documents[0].title == "关于果园的意见"


def test_damage_is_noticed(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write(out, some())
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    with store.opened(out) as f:
        assert f.intact(manifest)
        (out / "documents.jsonl").write_text("", encoding="utf-8")
        assert not f.intact(manifest)


def test_a_folder_without_records_says_how_to_make_them(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        store.load(tmp_path)
    assert "luoshi build" in caught.value.hint
