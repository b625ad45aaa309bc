"""A division in a real browser: picked, given to units, asked about, answered in Excel, printed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from web_browser import (
    choose,
    click,
    complaints,
    downloaded,
    every,
    fill,
    find,
    focused,
    keys,
    leaving,
    outside,
    press,
    says,
    sign_in,
    text,
    value,
    wait,
)

pytestmark = pytest.mark.slow
ROWS = "table.items tbody tr:not(.band)"


def edit(driver: Any, name: str, value: str) -> None:
    """Words a cell of the first row anew in its place."""
    click(driver, f"{ROWS} button.cell[hx-get*='/cell/{name}']")
    focused(driver, ".cell-form [name=value]")
    fill(driver, ".cell-form [name=value]", value)
    click(driver, ".cell-form button.primary")
    wait(lambda: not every(driver, ".cell-form"))


def test_from_commitments_to_a_division_out_for_consultation(driver: Any, server: str) -> None:
    sign_in(driver, server, "shiduban")
    driver.get(server + "/delivery/divisions/")
    click(driver, "[data-open=add-division]")
    fill(driver, "#add-division [name=title]", "云州市医疗服务分工方案")
    press(driver, "#add-division button.primary")
    wait(lambda: driver.current_url.endswith("/pick"))

    # pick two, one item of each; nobody is made responsible by it
    boxes = every(driver, "[data-pick]")[:2]
    for box in boxes:
        box.click()
    assert "2" in text(driver, "[data-picked]")
    press(driver, "button[value=each]")
    wait(lambda: (rows := every(driver, ROWS)) and len(rows) == 2 and all("待定" in r.text for r in rows))

    # in place: criterion and leader; Escape leaves a cell as it was
    from selenium.webdriver.common.keys import Keys

    edit(driver, "criterion", "通过验收")
    edit(driver, "leader", "乔远舟")
    says(driver, ROWS, "通过验收")
    click(driver, "button.cell[hx-get*='/cell/leader']")
    focused(driver, ".cell-form [name=value]")
    keys(driver, "别人", Keys.ESCAPE)
    wait(lambda: not every(driver, ".cell-form"))
    assert "别人" not in text(driver, "table.items")

    # many at once
    click(driver, "[data-check-all]")
    choose(driver, "#bulk [name=field]", given="lead")
    fill(driver, "#bulk [name=value]", "市商务局")
    press(driver, "#bulk button:not([disabled])")
    assert text(driver, "table.items").count("市商务局") >= 2

    # the proposals of one item, with their words
    press(driver, "table.items td.what a")
    wait(lambda: any("原文写明" in o.text for o in every(driver, ".offer")))
    assert text(driver, "blockquote mark")

    # ask the unit
    leaving(driver, driver.back)
    press(driver, ".next a.button")
    press(driver, "form.panel button.primary")
    says(driver, "main", "未反馈")


def test_a_unit_answers_in_excel_and_the_drafter_handles_it(
    driver: Any, server: str, downloads: Path, tmp_path: Path
) -> None:
    sign_in(driver, server, "shishangwu")
    driver.get(server + "/delivery/answers/")
    press(driver, "tbody a")
    known = set(downloads.glob("*.xlsx"))
    click(driver, ".page-head a.button")
    path = downloaded(downloads, "xlsx", known)
    book = openpyxl.load_workbook(path)
    sheet: Any = book.active
    heads = {c.value: c.column - 1 for row in sheet.iter_rows() for c in row if c.value}
    rows = [r for r in sheet.iter_rows() if str(r[0].value or "").isdecimal()]
    for n, row in enumerate(rows):
        row[heads["反馈意见"]].value = "同意" if n else "修改意见"
        row[heads["修改意见或理由"]].value = "" if n else "建议增加市财政局"
    back = tmp_path / "反馈.xlsx"
    book.save(back)
    find(driver, "input[type=file]").send_keys(str(back))
    wait(lambda: "/delivery/imports/" in driver.current_url)
    says(driver, "main", "建议增加市财政局")
    press(driver, "form[action$='/apply'] button.primary")
    assert "建议增加市财政局" in value(driver, "textarea")

    sign_in(driver, server, "shiduban")
    driver.get(server + "/delivery/divisions/")
    press(driver, "tbody a")
    press(driver, ".next a.button.primary")
    fill(driver, ".opinion [name=reason]", "财政局不承担业务工作")
    press(driver, ".opinion button[value=reject]")
    says(driver, ".opinion", "不采纳")
    if every(driver, "[data-open=close]"):
        click(driver, "[data-open=close]")
        press(driver, "#close button.primary")
    assert "送审之前还要办" in text(driver, "main") or "可以送审" in text(driver, "main")


def test_an_issued_division_as_excel_and_word(driver: Any, server: str, downloads: Path) -> None:
    sign_in(driver, server, "duban")
    driver.get(server + "/delivery/divisions/?state=issued")
    press(driver, "tbody a")
    says(driver, "main", "任务已锁定")
    assert not every(driver, "button.cell")
    for ending in ("docx", "xlsx"):
        known = set(downloads.glob(f"*.{ending}"))
        driver.execute_script("document.querySelector('.export-menu').open = true")
        click(driver, f".export-menu a[href$='format={ending}']")
        path = downloaded(downloads, ending, known)
        if ending == "docx":
            book = docx.Document(str(path))
            heads = [c.text for c in book.tables[0].rows[0].cells]
            assert heads == ["序号", "任务事项", "牵头领导", "牵头单位", "责任单位", "完成时限"]
        else:
            assert openpyxl.load_workbook(path).active is not None


def test_a_ledger_is_looked_at_before_it_counts(driver: Any, server: str, tmp_path: Path) -> None:
    sign_in(driver, server, "shiduban")
    made = openpyxl.Workbook()
    sheet: Any = made.active
    for row in (
        ["任务", "谁牵头", "时限"],
        ["更换老旧水表", "市水利局", "2026年底前"],
        ["修复管网", "市水务局", "尽快"],
    ):
        sheet.append(row)
    path = tmp_path / "台账.xlsx"
    made.save(path)
    driver.get(server + "/delivery/imports/")
    find(driver, "input[type=file]").send_keys(str(path))
    press(driver, "form[enctype] button.primary")
    from selenium.webdriver.support.ui import Select

    Select(every(driver, "table.mapping select")[1]).select_by_value("lead")
    press(driver, "#map p button")
    says(driver, "main", "单位库中没有“市水务局”")
    says(driver, "main", "看不懂时限“尽快”")
    choose(driver, ".strangers select", index=1)
    press(driver, "#map p button")
    assert "单位库中没有“市水务局”" not in text(driver, "main")
    press(driver, "form[action$='/apply'] button.primary")
    driver.get(server + "/delivery/?origin=ledger")
    says(driver, "table.items", "更换老旧水表")
    wait(lambda: every(driver, ".facets a[aria-current]"))


def test_nothing_was_asked_of_an_outside_host_and_nothing_went_wrong(driver: Any, server: str) -> None:
    assert outside(driver, server) == []
    assert complaints(driver) == []
