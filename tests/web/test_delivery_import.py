"""Ledgers in Excel: what the columns hold, row by row, conflicts, then all at once or not at all."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from delivery_objects import division, issued, item
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from web_world import World

from luoshi.report.division import as_xlsx
from luoshi_web.audit.services import SYSTEM
from luoshi_web.delivery import importing, items, printing, writing
from luoshi_web.delivery.models import Assignment, Basis, LedgerImport, WorkItem
from luoshi_web.organisation import services as organisation

HEAD = ["序号", "任务事项", "牵头领导", "牵头单位", "责任单位", "完成时限", "备注"]
ROWS = [
    ["1", "更换老旧水表两万只", "某市长", "江城市", "柳溪县", "2026年底前", ""],
    ["2", "开展节水宣传", "", "江城市水务公司", "", "长期坚持", ""],
    ["3", "修复渗漏管网", "", "江城市", "", "择机完成", ""],
    ["4", "更换老旧水表两万只。", "", "江城市", "", "2026-12-31", ""],
    ["5", "", "", "江城市", "", "", "没有任务"],
]


def book(rows: list[list[str]], head: list[str] | None = None, title: str = "节水工作台账") -> bytes:
    made = openpyxl.Workbook()
    sheet: Any = made.active
    sheet.append([title])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=7)
    sheet.append(head or HEAD)
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def received(world: World, data: bytes, *, alone: bool = False, name: str = "台账.xlsx") -> LedgerImport:
    return importing.receive_ledger(
        by=world.accounts["drafter-city"], owner=world.units["city"],
        division=None if alone else division(world), name=name, data=data,
    )  # fmt: skip


def told(imp: LedgerImport) -> dict[int, tuple[str, list[str]]]:
    return {x.number: (x.action, [p.kind for p in x.problems]) for x in importing.preview(imp).lines}


def test_columns_are_guessed_and_rows_looked_at(world: World) -> None:
    imp = received(world, book(ROWS))
    assert imp.mapping == ["number", "task", "leader", "lead", "responsible", "deadline", "note"]
    assert told(imp) == {
        3: ("add", []), 4: ("add", ["unit"]), 5: ("add", ["deadline"]), 6: ("skip", ["duplicate"]),
        7: ("skip", ["empty"]),
    }  # fmt: skip
    page = world.client("drafter-city").get(f"/delivery/imports/{imp.pk}/").content.decode()
    for words in ("单位库中没有“江城市水务公司”", "看不懂时限“择机完成”", "与第 3 行重复", "没有任务事项"):
        assert words in page
    assert WorkItem.objects.filter(origin="ledger").count() == 0


def test_all_rows_are_written_at_once(world: World) -> None:
    imp = received(world, book(ROWS))
    client = world.client("drafter-city")
    assert client.post(f"/delivery/imports/{imp.pk}/apply", {"revision": 1}).status_code == 302
    made = {i.text: i for i in WorkItem.objects.filter(origin="ledger")}
    assert set(made) == {"更换老旧水表两万只", "开展节水宣传", "修复渗漏管网"}
    first = made["更换老旧水表两万只"]
    assert (first.leader, first.deadline, first.division) == ("某市长", "2026-12-31", division(world))
    lead = first.assignments.get(part="lead")
    assert lead.unit == world.units["city"] and lead.basis == Basis.LEDGER
    assert made["开展节水宣传"].ongoing and made["修复渗漏管网"].deadline_note == "择机完成"
    assert "第3行" in first.origin_title
    assert client.post(f"/delivery/imports/{imp.pk}/apply", {"revision": 2}).status_code == 422, "twice"


def test_when_one_row_fails_none_is_written(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    imp = received(world, book(ROWS))
    add = writing.add
    done: list[int] = []

    def failing(made: WorkItem, *args: Any, **more: Any) -> WorkItem:
        if len(done) == 2:
            raise OperationalError("disk I/O error")
        done.append(1)
        return add(made, *args, **more)

    monkeypatch.setattr(writing, "add", failing)
    answer = world.client("drafter-city").post(f"/delivery/imports/{imp.pk}/apply", {"revision": 1})
    assert answer.status_code == 503
    assert not WorkItem.objects.filter(origin="ledger").exists()
    imp.refresh_from_db()
    assert imp.state == "open"


def test_the_user_corrects_columns_and_names(world: World) -> None:
    organisation.add_unit(by=SYSTEM, parent=world.units["city"], name="江城市水务集团")
    rows = [["更换水表", "江城市水务公司", "2026"]]
    imp = received(world, book(rows, ["要办的事", "谁来办", "什么时候"]))
    assert imp.mapping[:3] == ["", "", ""]
    client = world.client("drafter-city")
    form = {
        "revision": 1, "sheet": "0", "header": "2", "field": ["task", "lead", "deadline", "", "", "", ""],
    }  # fmt: skip
    assert client.post(f"/delivery/imports/{imp.pk}/map", form).status_code == 302
    page = client.get(f"/delivery/imports/{imp.pk}/").content.decode()
    assert '<option value="江城市水务集团">' in page
    form |= {"revision": 2, "unit-江城市水务公司": "江城市水务集团"}
    assert client.post(f"/delivery/imports/{imp.pk}/map", form).status_code == 302
    client.post(f"/delivery/imports/{imp.pk}/apply", {"revision": 3})
    assert Assignment.objects.get(item__text="更换水表").name == "江城市水务集团"


@pytest.mark.parametrize(
    "form",
    [
        {"sheet": "0", "header": "2", "field": ["task", "task"]},
        {"sheet": "7", "header": "1", "field": ["task"]},
        {"sheet": "0", "header": "999", "field": ["task"]},
        {"sheet": "0", "header": "2", "field": ["colour"]},
    ],
)
def test_a_mapping_that_cannot_be_is_refused(world: World, form: dict[str, Any]) -> None:
    imp = received(world, book(ROWS))
    answer = world.client("drafter-city").post(f"/delivery/imports/{imp.pk}/map", {"revision": 1, **form})
    assert answer.status_code == 422


def test_two_who_map_at_once(world: World) -> None:
    imp = received(world, book(ROWS))
    form = {"revision": 1, "sheet": "0", "header": "2", "field": ["number", "task"]}
    url = f"/delivery/imports/{imp.pk}/map"
    assert world.client("drafter-city").post(url, form).status_code == 302
    again = {**form, "field": ["", "task"]}
    assert world.client("supervisor-city").post(url, again).status_code == 409


def test_our_own_export_comes_back_as_changes(world: World) -> None:
    i = item(world)
    d = division(world)
    data = as_xlsx(printing.of_division(d, "working"))
    same = received(world, data)
    assert [x.action for x in importing.preview(same).lines] == ["skip"]
    changed = openpyxl.load_workbook(io.BytesIO(data))
    sheet: Any = changed.active
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value == i.text:
                cell.value = "更新泵站四十二座"
    out = io.BytesIO()
    changed.save(out)
    imp = received(world, out.getvalue())
    (line,) = importing.preview(imp).lines
    assert line.action == "update" and ("任务事项", i.text, "更新泵站四十二座") in line.changes
    importing.apply_ledger(by=world.accounts["drafter-city"], imp=imp, revision=imp.revision)
    i.refresh_from_db()
    assert i.text == "更新泵站四十二座" and i.sources.count() == 1
    assert [a.name for a in i.assignments.all()] == ["江城市", "柳溪县"]


def test_what_somebody_changed_since_the_preview_is_not_written_over(world: World) -> None:
    i = item(world)
    imp = received(world, book([[i.code, "换了说法", "江城市"]], ["编号", "任务事项", "牵头单位"]))
    client, url = world.client("drafter-city"), f"/delivery/imports/{imp.pk}/"
    assert f'name="seen" value="{importing.preview(imp).seen}"' in client.get(url).content.decode()
    form = {"revision": imp.revision, "seen": importing.preview(imp).seen}
    items.change_item(
        by=world.accounts["supervisor-city"], item=i, revision=i.revision, fields={"criterion": "全部通水"}
    )
    answer = client.post(url + "apply", form)
    assert answer.status_code == 422 and "由他人改动" in answer.content.decode()
    i.refresh_from_db()
    assert (i.text != "换了说法", i.criterion) == (True, "全部通水")
    form["seen"] = importing.preview(LedgerImport.objects.get(pk=imp.pk)).seen
    assert client.post(url + "apply", form).status_code == 302
    i.refresh_from_db()
    assert (i.text, i.criterion) == ("换了说法", "全部通水")


def test_a_locked_item_is_not_changed_by_a_ledger(world: World) -> None:
    i = issued(world).items.get()
    rows = [[i.code, "换了说法", "江城市"]]
    imp = received(world, book(rows, ["编号", "任务事项", "牵头单位"]), alone=True)
    (line,) = importing.preview(imp).lines
    assert line.action == "skip" and [p.kind for p in line.problems] == ["locked"]


def test_what_is_there_already_is_left_out_unless_asked_for(world: World) -> None:
    i = item(world)
    imp = received(world, book([["1", i.text, "", "江城市", "", "", ""]]))
    (line,) = importing.preview(imp).lines
    assert line.action == "skip" and line.problems[0].kind == "present" and i.code in line.problems[0].text
    choices = {"rows": {str(line.number): "add"}}
    importing.set_mapping(
        by=world.accounts["drafter-city"], imp=imp, revision=1, sheet=0, header=1, mapping=imp.mapping,
        choices=choices,
    )  # fmt: skip
    assert importing.preview(imp).lines[0].action == "add"


def test_given_up_nothing_stays(world: World) -> None:
    imp = received(world, book(ROWS))
    client = world.client("drafter-city")
    assert client.post(f"/delivery/imports/{imp.pk}/drop").status_code == 302
    assert client.post(f"/delivery/imports/{imp.pk}/apply", {"revision": 2}).status_code == 422
    assert not WorkItem.objects.filter(origin="ledger").exists()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("空.xlsx", b""), ("坏.xlsx", b"PK\x03\x04" + b"\x00" * 40),
        ("老.xls", b"\xd0\xcf\x11\xe0" + b"\x00" * 600),
        ("图.xlsx", b"\x89PNG\r\n\x1a\n" + b"\x00" * 90), ("空.csv", b"\n\n\n"),
    ],
)  # fmt: skip
def test_files_that_are_no_ledger_are_refused_with_words(world: World, name: str, data: bytes) -> None:
    form = {"file": SimpleUploadedFile(name, data), "owner": world.units["city"].pk}
    answer = world.client("drafter-city").post("/delivery/imports/add", form)
    assert answer.status_code == 422 and "没有办成" in answer.content.decode()
    assert not LedgerImport.objects.exists()


def test_a_ledger_of_too_many_rows_is_refused(world: World) -> None:
    data = ("任务事项,牵头单位\n" + "甲,乙\n" * (importing.MOST_ROWS + 1)).encode()
    form = {"file": SimpleUploadedFile("大.csv", data), "owner": world.units["city"].pk}
    answer = world.client("drafter-city").post("/delivery/imports/add", form)
    assert answer.status_code == 422 and "分批" in answer.content.decode()


def test_formulas_and_marks_stay_text(world: World) -> None:
    rows = [
        ["1", '=HYPERLINK("http://a","b")', "", "江城市", "", "2026", ""],
        ["2", "<b>甲</b>", "", "", "", "", ""],
    ]
    data = ("序号,任务事项,牵头领导,牵头单位,责任单位,完成时限,备注\n" + "\n".join(
        ",".join('"' + c.replace('"', '""') + '"' for c in r) for r in rows
    )).encode()  # fmt: skip
    imp = received(world, data, name="台账.csv")
    page = world.client("drafter-city").get(f"/delivery/imports/{imp.pk}/").content.decode()
    assert "<b>甲</b>" not in page and "&lt;b&gt;甲&lt;/b&gt;" in page
    importing.apply_ledger(by=world.accounts["drafter-city"], imp=imp, revision=1)
    sheet: Any = openpyxl.load_workbook(io.BytesIO(as_xlsx(printing.of_division(division(world))))).active
    cells = [c for row in sheet.iter_rows() for c in row if c.value and "HYPERLINK" in str(c.value)]
    assert cells and all(c.data_type == "s" for c in cells)


def test_bands_name_the_chapter(world: World) -> None:
    rows = [["一、节水", "", "", "", "", "", ""], ROWS[0], ["二、供水", "", "", "", "", "", ""], ROWS[1]]
    imp = received(world, book(rows))
    chapters = [x.fields["chapter"] for x in importing.preview(imp).lines]
    assert chapters == ["一、节水", "二、供水"]


def test_nobody_else_sees_a_ledger_that_waits(world: World) -> None:
    imp = received(world, book(ROWS))
    for name in ("drafter-other", "unit_officer-city", "viewer-city"):
        assert world.client(name).get(f"/delivery/imports/{imp.pk}/").status_code in (403, 404)
