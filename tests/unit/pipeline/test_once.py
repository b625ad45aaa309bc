"""A document that is there twice, once in an archive, is read once."""

from __future__ import annotations

import zipfile
from pathlib import Path

from luoshi.pipeline.discover import discover
from luoshi.pipeline.stages import once, read_file

TEXT = "关于清理积案的通知\n\n一、各乡镇要在2025年6月底前完成积案清理。\n"


def test_the_same_content_inside_and_beside_an_archive(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as z:
        z.write(tmp_path / "a.txt", "副本.txt")
        z.writestr("另一份.txt", TEXT.replace("6月", "9月"))
    found, _ = discover([tmp_path], max_bytes=1 << 20)
    documents = [d for f in found for d in read_file(f, max_bytes=1 << 20).documents]
    kept, problems = once(documents)
    assert [Path(d.row.source).name for d in kept] == ["a.txt", "另一份.txt"]
    assert [(p.code, Path(p.source).name) for p in problems] == [("duplicate-file", "副本.txt")]
    assert len({d.id for d in kept}) == 2
