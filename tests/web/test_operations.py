"""Setting up, serving, backup, restore, examination: real processes, both databases."""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3
import subprocess
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import postgres
import pytest
from served import LUOSHI, Served, Visitor, accounts, environment, manifest, serving, wait

TEXT = """岚山省人民政府关于加强水库安全管理的意见

岚政发〔2025〕9号

一、加固工程

（一）除险加固。2027年底前完成86座小型水库除险加固。（牵头单位：省水利厅）
"""
ADD_UNIT = """
from luoshi_web.audit.services import SYSTEM
from luoshi_web.organisation import services
from luoshi_web.organisation.models import Unit
for name in sys.argv[1:]:
    services.add_unit(by=SYSTEM, parent=Unit.objects.get(depth=1), name=name)
"""
COUNTS = """
from luoshi_web.audit.models import AuditEvent
from luoshi_web.organisation.models import Unit, Account
from luoshi_web.library.models import Document, Candidate
print(Unit.objects.count(), Account.objects.count(), Document.objects.count(), Candidate.objects.count(),
      AuditEvent.objects.count())
"""


def database(kind: str, url: str, name: str) -> dict[str, str]:
    """The environment for a new database of a kind."""
    import psycopg

    if kind == "sqlite":
        return {}
    with psycopg.connect(url, autocommit=True) as c:
        c.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    return {"DATABASE_URL": postgres.named(url, name)}


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str, str], Served]]:
    """Makes installations that are not set up yet: ``new("sqlite", "one")``."""
    folder = tmp_path_factory.mktemp("installations")
    server: Any = None
    made: list[Served] = []

    def make(kind: str, name: str) -> Served:
        nonlocal server
        if kind == "postgresql" and server is None:
            server = postgres.server()
            try:
                make.url = server.__enter__()  # type: ignore[attr-defined]
            except postgres.Missing as error:
                server = None
                pytest.skip(str(error))
        env = database(kind, getattr(make, "url", ""), name)
        made.append(Served(folder / f"{kind}-{name}", **env))
        return made[-1]

    yield make
    for it in made:
        it.stop()
    if server is not None:
        server.__exit__(None, None, None)


def filled(it: Served) -> Served:
    """Set up, with accounts and a document that the real worker read."""
    it.luoshi("init", "--data", str(it.folder))
    unit = accounts(it, "reviewer")
    it.start()
    visitor = Visitor(it.url)
    assert visitor.sign_in("reviewer", "a-good-password").status == 302
    visitor.get("/library/")
    form = {"owner": str(unit), "audience": "below"}
    assert visitor.upload("/library/upload", form, "水库.txt", TEXT.encode()).status == 302
    wait(lambda: "除险加固" in visitor.get("/library/documents/1/").text, 240, 1)
    return it


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def source(request: pytest.FixtureRequest, new: Any) -> Served:
    """A served installation with something in it."""
    return filled(new(request.param, "source"))


def test_init_gives_three_administrators_whose_passwords_open_once(tmp_path: Path) -> None:
    with serving(tmp_path / "data") as it:
        again = it.luoshi("init", "--data", str(it.folder), fails=True)
        assert again.returncode == 2 and "set up already" in again.stderr
        assert (it.folder / "secret.key").stat().st_mode & 0o077 == 0
        assert it.folder.stat().st_mode & 0o077 == 0
        assert Visitor(it.url).get("/").headers["Location"].startswith("/account/login/")
        held = it.python(
            "from luoshi_web.organisation.models import Grant\n"
            "print(*sorted(g.role for g in Grant.objects.all()))"
        )
        assert held.split() == ["audit_admin", "security_admin", "system_admin"]
        busy = it.luoshi("serve", "--data", str(it.folder), "--port", str(it.port), fails=True)
        assert busy.returncode == 2 and "Choose another --port" in busy.stderr
        commands = [a for _p, a in it.children()]
        assert any("granian" in a for a in commands) and any("commands.worker" in a for a in commands)
        it.process.send_signal(signal.SIGINT)  # type: ignore[union-attr]
        assert it.process.wait(30) == 0  # type: ignore[union-attr]
        assert not any(str(it.port) in a for _p, a in _processes())


def _processes() -> list[tuple[str, str]]:
    told = subprocess.run(["ps", "-eo", "pid,args"], capture_output=True, text=True, check=True).stdout
    return [tuple(line.split(None, 1)) for line in told.splitlines()[1:] if "granian" in line]  # type: ignore[misc]


def test_serving_without_an_installation_says_what_to_do(tmp_path: Path) -> None:
    done = subprocess.run(
        [*LUOSHI, "serve", "--data", tmp_path / "none"], env=environment(tmp_path), capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2 and "luoshi init" in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "none").exists()


@pytest.mark.slow
def test_demo_prints_one_line_and_names_its_accounts(tmp_path: Path) -> None:
    it = Served(tmp_path / "demo")
    try:
        line = it.start("demo")
        assert line == f"Luoshi 落实 serves at {it.url}\n"
        page = Visitor(it.url).get("/account/login/").text
        assert "duban" in page and "luoshi-demo" in page
        visitor = Visitor(it.url)
        assert visitor.sign_in("duban", "luoshi-demo").status == 302
        assert visitor.get("/register/").status == 200
    finally:
        it.stop()
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "something").touch()
    done = it.luoshi("demo", "--data", str(foreign), "--port", str(it.port), fails=True)
    assert done.returncode == 2 and "something else" in done.stderr


@pytest.mark.parametrize("to", ["sqlite", "postgresql"])
def test_a_backup_of_either_database_restores_into_either(
    source: Served, new: Any, to: str, tmp_path: Path
) -> None:
    archive = tmp_path / "one.luoshi"
    told = source.luoshi("backup", str(archive), "--data", str(source.folder)).stdout
    assert "Read back: sound" in told
    assert archive.stat().st_mode & 0o077 == 0
    target = new(to, f"from-{source.folder.name}")
    target.luoshi("restore", str(archive), "--data", str(target.folder))
    before, after = source.python(COUNTS).split(), target.python(COUNTS).split()
    assert after[:4] == before[:4] and int(after[4]) == int(before[4]) + 1
    assert "Sound" in target.luoshi("audit", "verify", "--data", str(target.folder)).stdout
    target.luoshi("backup", str(tmp_path / "two.luoshi"), "--data", str(target.folder))
    one, two = manifest(archive), manifest(tmp_path / "two.luoshi")
    changed = {t for t in one["tables"] if one["tables"][t]["digest"] != two["tables"][t]["digest"]}
    assert changed == {"audit_auditevent"}
    assert {f for f in one["files"] if f.startswith("files/")} == {
        f for f in two["files"] if f.startswith("files/")
    }
    # new rows go on after the restored ones
    target.python(ADD_UNIT, "新设单位")


def test_a_running_server_goes_on_with_the_restored_state(source: Served, tmp_path: Path) -> None:
    archive = tmp_path / "one.luoshi"
    source.luoshi("backup", str(archive), "--data", str(source.folder))
    source.python(ADD_UNIT, "多余的单位")
    visitor = Visitor(source.url)
    visitor.sign_in("reviewer", "a-good-password")
    assert "多余的单位" in visitor.get("/organisation/units/").text
    told = source.luoshi("restore", str(archive), "--data", str(source.folder), "--yes").stdout
    assert visitor.get("/organisation/units/").status == 302  # sessions end
    visitor.sign_in("reviewer", "a-good-password")
    page = visitor.get("/organisation/units/").text
    assert "多余的单位" not in page and "本级" in page
    assert visitor.get("/library/documents/1/").status == 200
    assert "Sound" in source.luoshi("audit", "verify", "--data", str(source.folder)).stdout
    # what was there can be had back
    aside = max((source.folder / "before-restore").glob("*.luoshi"))
    assert str(aside) in told
    source.luoshi("restore", str(aside), "--data", str(source.folder), "--yes")
    visitor.sign_in("reviewer", "a-good-password")
    assert "多余的单位" in visitor.get("/organisation/units/").text


def test_backup_while_others_write_is_one_moment(source: Served, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        n = 0
        while not stop.is_set():
            n += 1
            source.python(ADD_UNIT, *(f"并发{tmp_path.name}{n}-{k}" for k in range(20)))

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for n in range(3):
            path = tmp_path / f"{n}.luoshi"
            source.luoshi("backup", str(path), "--data", str(source.folder))
            told = manifest(path)
            assert told["head"]["id"] == told["tables"]["audit_auditevent"]["rows"]
            # each unit has its event: the two tables are of one moment
            with zipfile.ZipFile(path) as z:
                events = z.read("tables/audit_auditevent.jsonl").decode().count('"organisation.unit.add"')
            assert events == told["tables"]["organisation_unit"]["rows"]
    finally:
        stop.set()
        thread.join()


def _rewrite(path: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """The archive with some parts changed or left out."""
    out = path.with_name("changed.luoshi")
    with zipfile.ZipFile(path) as z, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as w:
        for name in z.namelist():
            content = change(name, z.read(name))
            if content is not None:
                w.writestr(name, content)
    return out


def _one_word(name: str, content: bytes) -> bytes:
    return (
        content.replace("本级".encode(), "别级".encode())
        if name == "tables/organisation_unit.jsonl"
        else content
    )


def _without_event(name: str, content: bytes) -> bytes:
    return b"".join(content.splitlines(True)[:-1]) if name == "tables/audit_auditevent.jsonl" else content


def _other_original(name: str, content: bytes) -> bytes:
    return content + b"!" if name.startswith("files/") else content


def _lost_original(name: str, content: bytes) -> bytes | None:
    return None if name.startswith("files/") else content


def _outside(name: str, content: bytes) -> bytes:
    if name != "manifest.json":
        return content
    told = json.loads(content)
    told["files"]["files/../../evil"] = [1, "0" * 64]
    return json.dumps(told).encode()


def _newer(name: str, content: bytes) -> bytes:
    if name != "manifest.json":
        return content
    told = json.loads(content)
    told["migrations"].append(["register", "9999_to_come"])
    return json.dumps(told).encode()


@pytest.fixture(scope="module")
def archive(new: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of a served installation."""
    it = filled(new("sqlite", "archived"))
    path = tmp_path_factory.mktemp("archive") / "one.luoshi"
    it.luoshi("backup", str(path), "--data", str(it.folder))
    it.stop()
    return path


@pytest.mark.parametrize(
    "change",
    [_one_word, _without_event, _other_original, _lost_original, _outside, _newer],
    ids=lambda f: f.__name__,
)
def test_an_altered_archive_is_refused_and_changes_nothing(
    archive: Path, tmp_path: Path, change: Any
) -> None:
    it = Served(tmp_path / "data")
    it.luoshi("init", "--data", str(it.folder))
    before = it.python(COUNTS)
    bad = _rewrite(archive, change)
    done = it.luoshi("restore", str(bad), "--data", str(it.folder), "--yes", fails=True)
    assert done.returncode == 4, done.stderr
    assert "Nothing was restored" in done.stderr and "Traceback" not in done.stderr
    assert it.python(COUNTS) == before
    assert not list(it.folder.glob("restore-*")) and not list(it.folder.rglob("*evil*"))
    if change is not _newer:
        check = it.luoshi("restore", str(bad), "--check", fails=True)
        assert check.returncode == 4


@pytest.mark.parametrize("kept", [0, 10, 1000, -1, -400])
def test_a_cut_archive_is_refused(archive: Path, tmp_path: Path, kept: int) -> None:
    cut = tmp_path / "cut.luoshi"
    cut.write_bytes(archive.read_bytes()[:kept])
    it = Served(tmp_path / "data")
    done = it.luoshi("restore", str(cut), "--data", str(it.folder), fails=True)
    assert done.returncode == 4 and "Traceback" not in done.stderr
    assert not it.folder.exists()


def test_an_archive_of_an_earlier_version_is_brought_forward(tmp_path: Path) -> None:
    old = Served(tmp_path / "old")
    code = """
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from luoshi_web.audit.services import maintenance
with maintenance("test"):
    executor = MigrationExecutor(connection)
    ours = ("register", "delivery", "search", "api", "library", "organisation", "audit")
    others = [n for n in executor.loader.graph.leaf_nodes() if n[0] not in ours]
    executor.migrate([*others, ("register", "0001_commitments"), ("audit", "0002_triggers")])
from luoshi_web.operations import backup
from luoshi_web.audit.services import SYSTEM
from luoshi_web.organisation import services
services.add_unit(by=SYSTEM, parent=None, name="旧版省", level="province")
backup.write(Path(sys.argv[1]))
"""
    old.folder.mkdir()
    (old.folder / "secret.key").write_text("x" * 50)
    old.python(code, str(tmp_path / "old.luoshi"))
    it = Served(tmp_path / "new")
    it.luoshi("restore", str(tmp_path / "old.luoshi"), "--data", str(it.folder))
    said = it.python("from luoshi_web.organisation.models import Unit\nprint(Unit.objects.get().name)")
    assert said == "旧版省\n"
    assert "Sound" in it.luoshi("audit", "verify").stdout


def test_a_restore_that_is_killed_leaves_the_old_state(archive: Path, tmp_path: Path) -> None:
    it = Served(tmp_path / "data")
    it.luoshi("init", "--data", str(it.folder))
    before = it.python(COUNTS)
    code = """
import os, signal
from luoshi_web.operations import restore
from luoshi_web.operations.archive import Reader
restore._compare = lambda *a: os.kill(os.getpid(), signal.SIGKILL)
with Reader(Path(sys.argv[1])) as archive:
    restore.run(archive)
"""
    with pytest.raises(AssertionError):
        it.python(code, str(archive))
    assert it.python(COUNTS) == before
    assert it.luoshi("audit", "verify").returncode == 0
    it.luoshi("restore", str(archive), "--yes")


def test_a_backup_says_when_an_original_is_missing_or_altered(archive: Path, tmp_path: Path) -> None:
    it = Served(tmp_path / "data")
    it.luoshi("restore", str(archive), "--data", str(it.folder))
    original = next(p for p in (it.folder / "files").rglob("*") if p.is_file())
    original.chmod(0o600)
    original.write_bytes(b"something else")
    done = it.luoshi("backup", str(tmp_path / "a.luoshi"), fails=True)
    assert done.returncode == 4 and "水库.txt" in done.stdout
    there = it.luoshi("backup", str(tmp_path / "a.luoshi"), fails=True)
    assert there.returncode == 2 and "--force" in there.stderr


# --- the examination ----------------------------------------------------------------------------------------


def faults(it: Served, *told: str) -> dict[str, str]:
    done = it.luoshi("doctor", "--json", *told, fails=True)
    found = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    out = {f["about"]: f["what"] for f in found if f["state"] == "FAULT"}
    assert done.returncode == (1 if out else 0), done.stderr
    assert all(f["todo"] for f in found if f["state"] != "ok")
    return out


def test_the_doctor_finds_nothing_in_a_sound_installation(source: Served) -> None:
    assert faults(source, "--deep") == {}


def test_the_doctor_names_each_fault(archive: Path, tmp_path: Path) -> None:
    it = Served(tmp_path / "data")
    it.luoshi("restore", str(archive), "--data", str(it.folder))
    it.luoshi("doctor", "--mend", fails=True)
    assert faults(it) == {}
    original = next(p for p in (it.folder / "files").rglob("*") if p.is_file())
    content = original.read_bytes()
    original.chmod(0o600)
    original.write_bytes(bytes(len(content)))
    assert faults(it) == {} and "altered" in faults(it, "--deep")["originals"]
    original.unlink()
    assert "missing" in faults(it)["originals"]
    original.write_bytes(content)
    (it.folder / "secret.key").chmod(0o644)
    assert "others may read" in faults(it)["secret key"]
    (it.folder / "secret.key").chmod(0o600)
    shutil.rmtree(it.folder / "static" / "luoshi")
    assert "missing" in faults(it)["static files"]
    (it.folder / "luoshi.toml").write_text('hosts = ["*"]\ndebug = true\nhttps = true\n')
    assert set(faults(it)) == {"static files", "settings", "hosts", "https"}
    (it.folder / "luoshi.toml").write_text("nonsense = 1\n")
    wrong = it.luoshi("doctor", fails=True)
    assert wrong.returncode == 2 and "nonsense" in wrong.stderr
    (it.folder / "luoshi.toml").unlink()
    db = sqlite3.connect(it.folder / "luoshi.sqlite3")
    db.execute("DROP TRIGGER audit_no_delete")
    db.execute("DELETE FROM audit_auditevent WHERE id = 2")
    db.commit()
    db.close()
    assert {"audit triggers", "audit chain"} <= set(faults(it))
    it.luoshi("doctor", "--mend", fails=True)
    assert "audit triggers" not in faults(it)
    db = sqlite3.connect(it.folder / "luoshi.sqlite3")
    db.execute("DELETE FROM django_migrations WHERE app = 'register' AND name LIKE '0001%'")
    db.commit()
    db.close()
    assert "schema" in faults(it)
    (it.folder / "luoshi.sqlite3").write_bytes(b"no database at all" * 1000)
    for rest in it.folder.glob("luoshi.sqlite3-*"):
        rest.unlink()
    assert "database" in faults(it)
