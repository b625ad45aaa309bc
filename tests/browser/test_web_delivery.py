"""A division in a real browser: picked, given to units, asked about, answered in Excel, printed."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from served import environment, free_port
from web_browser import FLAGS

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def browser_path() -> tuple[str, str]:
    browser, chromedriver = shutil.which("chromium"), shutil.which("chromedriver")
    if browser is None or chromedriver is None:
        pytest.skip("needs chromium and chromedriver, which are not installed")
    return browser, chromedriver


@pytest.fixture(scope="module")
def server(browser_path: tuple[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demo, served as ``luoshi demo`` serves it."""
    import os

    port = free_port()
    data = tmp_path_factory.mktemp("delivery") / "demo"
    command = [sys.executable, "-m", "luoshi", "demo", "--data", str(data), "--port", str(port)]
    log = data.with_suffix(".log")
    env = {n: v for n, v in environment(data).items() if n != "LUOSHI_DATA"}
    with log.open("wb") as out:
        process = subprocess.Popen(command, env=env, stdout=out, stderr=out, start_new_session=True)
    try:
        until = time.monotonic() + 300
        while "http://" not in log.read_text(errors="replace"):
            assert process.poll() is None and time.monotonic() < until, log.read_text(errors="replace")
            time.sleep(0.5)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


@pytest.fixture(scope="module")
def downloads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("downloads")


@pytest.fixture(scope="module")
def driver(browser_path: tuple[str, str], downloads: Path) -> Iterator[Any]:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = browser_path[0]
    for flag in FLAGS:
        options.add_argument(flag)
    options.add_experimental_option("prefs", {"download.default_directory": str(downloads)})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    found = webdriver.Chrome(options=options, service=Service(browser_path[1]))
    try:
        yield found
    finally:
        found.quit()


def wait(what: Callable[[], Any], seconds: float = 20) -> Any:
    from selenium.common.exceptions import StaleElementReferenceException

    until = time.monotonic() + seconds
    while True:
        try:
            if out := what():
                return out
        except StaleElementReferenceException:
            pass
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.1)


def find(driver: Any, selector: str) -> Any:
    return wait(lambda: (driver.find_elements("css selector", selector) or [None])[0])


def every(driver: Any, selector: str) -> list[Any]:
    found: list[Any] = driver.find_elements("css selector", selector)
    return found


def sign_in(driver: Any, server: str, name: str) -> None:
    driver.get(server + "/account/login/")
    driver.delete_all_cookies()
    driver.get(server + "/account/login/")
    find(driver, "[name=login]").send_keys(name)
    find(driver, "[name=password]").send_keys("luoshi-demo\n")
    wait(lambda: "/account/login" not in driver.current_url)


def press(driver: Any, selector: str) -> None:
    """Presses a button and waits for the page that comes of it."""
    old = find(driver, "main")
    button = find(driver, selector)
    driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", button)
    button.click()

    def gone() -> bool:
        from selenium.common.exceptions import WebDriverException

        try:
            return not old.is_enabled()
        except WebDriverException:
            return True

    wait(gone)
    find(driver, "main")


def edit(driver: Any, row: int, name: str, value: str) -> None:
    """Words a cell anew in its place."""
    rows = lambda: every(driver, "table.items tbody tr:not(.band)")  # noqa: E731
    button = wait(
        lambda: rows()[row].find_elements("css selector", f"button.cell[hx-get*='/cell/{name}']")[0]
    )
    driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", button)
    button.click()
    box = find(driver, ".cell-form [name=value]")
    wait(lambda: box == driver.switch_to.active_element)
    box.clear()
    box.send_keys(value)
    find(driver, ".cell-form button.primary").click()
    wait(lambda: not every(driver, ".cell-form"))


def downloaded(downloads: Path, ending: str, known: set[Path]) -> Path:
    found: Path = wait(lambda: [p for p in downloads.glob(f"*.{ending}") if p not in known])[0]
    return found


def test_from_commitments_to_a_division_out_for_consultation(driver: Any, server: str) -> None:
    sign_in(driver, server, "shiduban")
    driver.get(server + "/delivery/divisions/")
    find(driver, "[data-open=add-division]").click()
    find(driver, "#add-division [name=title]").send_keys("云州市医疗服务分工方案")
    press(driver, "#add-division button.primary")
    wait(lambda: driver.current_url.endswith("/pick"))

    # pick two, one item of each; nobody is made responsible by it
    boxes = every(driver, "[data-pick]")[:2]
    for box in boxes:
        box.click()
    assert "2" in find(driver, "[data-picked]").text
    press(driver, "button[value=each]")
    rows = wait(lambda: every(driver, "table.items tbody tr:not(.band)"))
    assert len(rows) == 2 and all("待定" in r.text for r in rows)

    # in place: criterion and leader; Escape leaves a cell as it was
    edit(driver, 0, "criterion", "通过验收")
    edit(driver, 0, "leader", "乔远舟")
    assert "通过验收" in every(driver, "table.items tbody tr:not(.band)")[0].text
    cell = every(driver, "button.cell[hx-get*='/cell/leader']")[0]
    cell.click()
    from selenium.webdriver.common.keys import Keys

    find(driver, ".cell-form [name=value]").send_keys("别人", Keys.ESCAPE)
    wait(lambda: not every(driver, ".cell-form"))
    assert "别人" not in find(driver, "table.items").text

    # many at once
    find(driver, "[data-check-all]").click()
    from selenium.webdriver.support.ui import Select

    Select(find(driver, "#bulk [name=field]")).select_by_value("lead")
    find(driver, "#bulk [name=value]").send_keys("市商务局")
    press(driver, "#bulk button:not([disabled])")
    assert find(driver, "table.items").text.count("市商务局") >= 2

    # the proposals of one item, with their words
    every(driver, "table.items td.what a")[0].click()
    offers = wait(lambda: every(driver, ".offer"))
    assert any("原文写明" in o.text for o in offers)
    assert find(driver, "blockquote mark").text

    # ask the unit
    driver.back()
    driver.get(wait(lambda: find(driver, ".next a.button").get_attribute("href")))
    press(driver, "form.panel button.primary")
    assert "未反馈" in find(driver, "main").text


def test_a_unit_answers_in_excel_and_the_drafter_handles_it(
    driver: Any, server: str, downloads: Path, tmp_path: Path
) -> None:
    sign_in(driver, server, "shishangwu")
    driver.get(server + "/delivery/answers/")
    find(driver, "tbody a").click()
    known = set(downloads.glob("*.xlsx"))
    find(driver, ".page-head a.button").click()
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
    assert "建议增加市财政局" in find(driver, "main").text
    press(driver, "form[action$='/apply'] button.primary")
    assert "建议增加市财政局" in find(driver, "textarea").get_attribute("value")

    sign_in(driver, server, "shiduban")
    driver.get(server + "/delivery/divisions/")
    find(driver, "tbody a").click()
    find(driver, ".next a.button.primary").click()
    find(driver, ".opinion [name=reason]").send_keys("财政局不承担业务工作")
    press(driver, ".opinion button[value=reject]")
    assert "不采纳" in find(driver, ".opinion").text
    if every(driver, "[data-open=close]"):
        find(driver, "[data-open=close]").click()
        press(driver, "#close button.primary")
    assert "送审之前还要办" in find(driver, "main").text or "可以送审" in find(driver, "main").text


def test_an_issued_division_as_excel_and_word(driver: Any, server: str, downloads: Path) -> None:
    sign_in(driver, server, "duban")
    driver.get(server + "/delivery/divisions/?state=issued")
    find(driver, "tbody a").click()
    assert "任务已锁定" in find(driver, "main").text and not every(driver, "button.cell")
    for ending in ("docx", "xlsx"):
        known = set(downloads.glob(f"*.{ending}"))
        driver.execute_script("document.querySelector('.export-menu').open = true")
        find(driver, f".export-menu a[href$='format={ending}']").click()
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
    text = find(driver, "main").text
    assert "单位库中没有“市水务局”" in text and "看不懂时限“尽快”" in text
    Select(find(driver, ".strangers select")).select_by_index(1)
    press(driver, "#map p button")
    assert "单位库中没有“市水务局”" not in find(driver, "main").text
    press(driver, "form[action$='/apply'] button.primary")
    driver.get(server + "/delivery/?origin=ledger")
    assert "更换老旧水表" in find(driver, "table.items").text
    wait(lambda: every(driver, ".facets a[aria-current]"))


def test_nothing_was_asked_of_an_outside_host_and_nothing_went_wrong(driver: Any, server: str) -> None:
    wanted = []
    for line in driver.get_log("performance"):
        message = json.loads(line["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            wanted.append(message["params"]["request"]["url"])
    assert wanted and [u for u in wanted if not u.startswith((server, "data:", "about:", "blob:"))] == []
    assert [x["message"] for x in driver.get_log("browser") if x["level"] == "SEVERE"] == []
