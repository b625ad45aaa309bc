"""ZIP archives and letters: members by their content, names that lead nowhere, bombs, what is encrypted."""

from __future__ import annotations

import io
import os
import struct
import zipfile
from email.message import EmailMessage
from pathlib import Path

import made_formats as made
import pytest

from luoshi.errors import Damaged, EmptyFile, InputError, TooLarge
from luoshi.read import Limits, read
from luoshi.read.formats import container, soffice

TEXT = "第一条 县级人民政府应当建立工作台账。\n第二条 台账于2025年3月底前报送。\n".encode()
OTHER = "第三条 报送的材料应当真实完整，由专人负责。\n".encode()


def packed(*members: tuple[str, bytes], store: bool = False) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED if store else zipfile.ZIP_DEFLATED) as z:
        for name, data in members:
            z.writestr(name, data)
    return out.getvalue()


def paths(file: Path) -> list[str]:
    return [r.source.path.removeprefix(file.as_posix()) for r in read(file)]


def test_members_are_read_by_content(tmp_path: Path) -> None:
    file = tmp_path / "材料.zip"
    parts = made.demo()
    file.write_bytes(
        packed(
            ("方案.docx", made.word(parts, automatic=True)),
            ("清单.dat", made.ledger("xlsx")),
            ("版式.bin", made.ofd(parts)),
            ("条文.txt", TEXT),
            ("__MACOSX/._方案.docx", b"noise"),
            ("子目录/", b""),
        )
    )
    readings = read(file)
    assert [(r.source.path.partition("!/")[2], r.source.reader) for r in readings] == [
        ("方案.docx", "docx"), ("条文.txt", "text"), ("清单.dat", "xlsx"), ("版式.bin", "ofd"),
    ]  # fmt: skip
    assert readings[0].source.path == f"{file.as_posix()}!/方案.docx"


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_names_without_the_mark_for_utf8(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "a.zip"
    plain = "云江省_通知.txt".encode(encoding)
    data = packed(("x" * len(plain), TEXT))
    file.write_bytes(data.replace(b"x" * len(plain), plain))
    assert paths(file) == ["!/云江省_通知.txt"]


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("/etc/passwd", "etc/passwd"),
        ("C:\\Windows\\a.txt", "Windows/a.txt"),
        ("a/../../b.txt", "a/b.txt"),
        ("a\x07b.txt", "a_b.txt"),
        ("..", "unnamed"),
        ("a!/b.txt", "a!_b.txt"),
    ],
)
def test_names_stay_inside(tmp_path: Path, name: str, inside: str) -> None:
    file = tmp_path / "a.zip"
    file.write_bytes(packed((name, TEXT)))
    before = sorted(os.walk(tmp_path))
    assert paths(file) == [f"!/{inside}"]
    assert sorted(os.walk(tmp_path)) == before


def test_archives_in_archives_and_the_same_file_twice(tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    file.write_bytes(packed(("b.zip", packed(("c.txt", OTHER))), ("d.txt", TEXT), ("e.txt", TEXT)))
    assert paths(file) == ["!/b.zip!/c.txt", "!/d.txt"]
    assert [p.code for r in read(file) for p in r.problems] == ["duplicate-file"]


@pytest.mark.slow
def test_old_word_files_start_libreoffice_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if soffice.program() is None:
        pytest.skip("needs LibreOffice (scripts/system.sh installs it)")
    runs = []
    convert = soffice.convert
    monkeypatch.setattr(soffice, "convert", lambda files: runs.append(len(files)) or convert(files))
    parts = made.demo()
    file = tmp_path / "a.zip"
    file.write_bytes(packed(*((f"{n}.doc", made.rtf(parts[: 4 + n])) for n in range(3))))
    assert [len(r.blocks) for r in read(file)] == [4, 5, 6]
    assert runs == [3]


def test_nesting_ends(tmp_path: Path) -> None:
    data = packed(("deep.txt", TEXT))
    for _ in range(12):
        data = packed(("in.zip", data))
    file = tmp_path / "a.zip"
    file.write_bytes(data)
    with pytest.raises(InputError, match="nested too deeply"):
        read(file)


def test_a_bomb_is_refused_and_the_rest_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    file.write_bytes(packed(("bomb.txt", b"\0" * (20 << 20)), ("good.txt", TEXT)))
    (reading,) = read(file)
    (problem,) = reading.problems
    assert "bomb" in problem.message
    assert problem.code == "too-large"
    with pytest.raises(TooLarge):
        read(file, limits=Limits(unpacked_bytes=1 << 20))
    file.write_bytes(packed(*((f"{n}.txt", b"x%d" % n) for n in range(60))))
    with pytest.raises(TooLarge, match="60 files"):
        read(file, limits=Limits(members=50))


def test_archives_inside_share_the_budget(tmp_path: Path) -> None:
    inner = packed(*((f"{n}.txt", TEXT + b"%d" % n + b"x" * 4000) for n in range(10)))
    outer = packed(*((f"{n}.zip", inner + b"\0" * n) for n in range(10)))
    file = tmp_path / "a.zip"
    file.write_bytes(outer)
    limits = Limits(unpacked_bytes=len(inner) * 11 + 120_000)
    readings = read(file, limits=limits)
    assert len({r.source.path.split("!/")[1] for r in readings}) < 10
    assert any(p.code == "too-large" for r in readings for p in r.problems)


def test_a_lie_about_sizes(tmp_path: Path) -> None:
    """A member that unpacks to more than its entry says is cut there and refused."""
    data = bytearray(packed(("a.txt", b"A" * 100_000)))
    at = data.index(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 24, 1000)
    file = tmp_path / "a.zip"
    file.write_bytes(bytes(data))
    with pytest.raises(InputError):
        read(file)


def test_encrypted_members_are_problems(tmp_path: Path) -> None:
    data = bytearray(packed(("a.txt", OTHER), ("b.txt", TEXT)))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + at] |= 1
    file = tmp_path / "a.zip"
    file.write_bytes(bytes(data))
    (reading,) = read(file)
    (problem,) = reading.problems
    assert "encrypted" in problem.message and problem.source.endswith("!/a.txt")


def test_what_is_no_document_is_a_warning(tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    file.write_bytes(packed(("logo.gif", b"GIF89a" + bytes(range(200))), ("b.txt", TEXT)))
    (reading,) = read(file)
    assert [p.severity for p in reading.problems] == ["warning"]


def test_nothing_to_read(tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    file.write_bytes(packed())
    with pytest.raises(EmptyFile, match="without any document"):
        read(file)
    file.write_bytes(packed(("a.bin", bytes(range(256)) * 4)))
    with pytest.raises(InputError, match="nothing in it can be read"):
        read(file)
    file.write_bytes(packed(("a.txt", TEXT))[:-20])
    with pytest.raises(Damaged):
        read(file)


def test_containers_are_told_apart_by_their_entries() -> None:
    word, ofd = made.word(made.demo(), automatic=False), made.ofd(made.demo())
    assert container.holds(word[:65536], "word/")
    assert container.office(word[:65536])
    assert not container.office(ofd[:65536])
    folder = packed(("word/通知.docx", word), ("OFD/a.ofd", ofd), store=True)
    assert not container.holds(folder[:65536], "word/")
    assert "OFD.xml" not in container.names(folder[:65536])
    assert container.names(b"PK\x03\x04") == ()


def test_an_archive_with_a_folder_called_word(tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    file.write_bytes(packed(("word/方案.docx", made.word(made.demo(), automatic=False)), store=True))
    assert paths(file) == ["!/word/方案.docx"]


# letters


def letter(text: str = "各乡镇：\n请于2025年3月底前报送台账。\n", **headers: str) -> EmailMessage:
    out = EmailMessage()
    for name, value in {
        "From": "督查室 <dc@example.cn>", "To": "all@example.cn", "Subject": "关于报送台账的通知",
        "Date": "Mon, 06 Jan 2025 09:00:00 +0800", **headers,
    }.items():  # fmt: skip
        out[name] = value
    out.set_content(text)
    return out


def test_a_letter_and_what_hangs_on_it(tmp_path: Path) -> None:
    message = letter()
    message.add_alternative(
        "<html><body><p>各乡镇：</p><p>请于2025年3月底前报送台账。</p></body></html>", subtype="html"
    )
    message.add_attachment(
        made.ledger("xlsx"), maintype="application", subtype="octet-stream", filename="任务清单.xlsx"
    )
    message.add_attachment(
        packed(("内.txt", TEXT)), maintype="application", subtype="zip", filename="附件.zip"
    )
    file = tmp_path / "a.eml"
    file.write_bytes(message.as_bytes())
    readings = read(file)
    assert paths(file) == ["!/letter.html", "!/任务清单.xlsx", "!/附件.zip!/内.txt"]
    assert readings[0].metadata["title"] == "关于报送台账的通知"
    assert readings[0].metadata["published"] == "2025-01-06"
    assert readings[0].blocks[1].text == "请于2025年3月底前报送台账。"


@pytest.mark.parametrize("charset", ["utf-8", "gb2312", "gb18030", "big5"])
def test_charsets(tmp_path: Path, charset: str) -> None:
    message = letter()
    message.set_content(
        "請於本月底前報送台賬。\n" if charset == "big5" else "请于本月底前报送台账。\n", charset=charset
    )
    file = tmp_path / "a.eml"
    file.write_bytes(message.as_bytes())
    (reading,) = read(file)
    assert reading.blocks[0].text.startswith(("请", "請")) and reading.blocks[0].text.endswith("。")


def test_a_letter_in_a_letter(tmp_path: Path) -> None:
    outer = letter("转发如下。\n")
    outer.add_attachment(letter("第一条 务必按时报送。\n", Subject="原件"), filename="原件.eml")
    file = tmp_path / "a.eml"
    file.write_bytes(outer.as_bytes())
    assert paths(file) == ["!/letter.txt", "!/原件.eml!/letter.txt"]


def test_a_page_saved_by_a_browser(tmp_path: Path) -> None:
    page = "<html><body><h1>关于防汛的通知</h1><p>各乡镇要在5月底前备齐物资，落实值守人员。</p></body></html>"
    message = EmailMessage()
    message["From"], message["Subject"] = "<Saved by Blink>", "关于防汛的通知"
    message["Snapshot-Content-Location"] = "https://example.cn/1.html"
    message["Date"] = "Mon, 06 Jan 2025 09:00:00 +0800"
    message.set_content(page, subtype="html")
    message.add_related(b"GIF89a", maintype="image", subtype="gif", cid="<a>")
    file = tmp_path / "a.mht"
    file.write_bytes(message.as_bytes())
    (reading,) = read(file)
    assert [b.text for b in reading.blocks] == ["关于防汛的通知", "各乡镇要在5月底前备齐物资，落实值守人员。"]
    assert reading.metadata == {"title": "关于防汛的通知"}


@pytest.mark.parametrize(
    "data",
    [
        b"From: a\nTo: b\nSubject: c\nDate: d\n\n",
        b"From: a\nTo: b\nSubject: c\nContent-Type: multipart/mixed; boundary=x\n\n--x\n",
        b"From: a\nTo: b\nSubject: =?utf-8?b?////?=\nContent-Transfer-Encoding: base64\n\n%%%%",
        b"From: a\nTo: b\nSubject: c\nContent-Type: text/plain; charset=nonsense\n\n\x01\x00\x02\x00\x00",
    ],
)
def test_letters_that_say_nothing(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "a.eml"
    file.write_bytes(data)
    with pytest.raises(InputError):
        read(file)
