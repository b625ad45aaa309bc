"""The comparison pages in a real browser: ribbons, edits, keys, links drawn by hand, coverage, gaps."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

pytestmark = pytest.mark.slow
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1366,900",
)


@pytest.fixture(scope="module")
def browser_path() -> tuple[str, str]:
    browser, chromedriver = shutil.which("chromium"), shutil.which("chromedriver")
    if browser is None or chromedriver is None:
        pytest.skip("needs chromium and chromedriver, which are not installed")
    return browser, chromedriver


@pytest.fixture(scope="module")
def server(browser_path: tuple[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demo, served as ``luoshi demo`` serves it."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    data = tmp_path_factory.mktemp("comparing") / "demo"
    env = {n: v for n, v in os.environ.items() if not n.startswith(("LUOSHI_", "DATABASE_", "DJANGO_"))}
    command = [sys.executable, "-m", "luoshi", "demo", "--data", str(data), "--port", str(port)]
    log = data.with_suffix(".log")
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
def driver(browser_path: tuple[str, str], server: str, downloads: Path) -> Iterator[Any]:
    """A browser signed in as the city's supervisor."""
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
        found.get(server + "/account/login/")
        find(found, "[name=login]").send_keys("shiduban")
        find(found, "[name=password]").send_keys("luoshi-demo\n")
        wait(lambda: "/account/login" not in found.current_url)
        yield found
    finally:
        found.quit()


def wait(what: Callable[[], Any], seconds: float = 20) -> Any:
    until = time.monotonic() + seconds
    while True:
        if out := what():
            return out
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.1)


def find(driver: Any, selector: str) -> Any:
    return wait(lambda: (driver.find_elements("css selector", selector) or [None])[0])


def keys(driver: Any, *some: str) -> None:
    from selenium.webdriver.common.action_chains import ActionChains

    ActionChains(driver).send_keys(*some).perform()


def ribbons(driver: Any) -> list[str]:
    out: list[str] = driver.execute_script(
        "return [...document.querySelectorAll('.ribbons path')].map(p => p.getAttribute('d'))"
    )
    return out


def current(driver: Any) -> str:
    return str(find(driver, "#tie .tie").get_attribute("data-key"))


def state(driver: Any, key: str) -> str:
    return str(find(driver, f"#ties tr[data-key='{key}']").get_attribute("data-state"))


def open_pair(driver: Any, server: str) -> None:
    """The pair with most links whose lower document is the city's."""
    driver.get(server + "/register/compare/")
    links = driver.find_elements("css selector", "tbody tr")
    row = next(x for x in links if "三年行动方案" in x.find_element("css selector", "td:nth-child(2)").text)
    row.find_element("css selector", "td:nth-child(2) a").click()
    wait(lambda: driver.find_elements("css selector", ".ribbons path"))


def test_ribbons_follow_the_texts_and_the_words_that_changed_show(driver: Any, server: str) -> None:
    from selenium.webdriver.common.action_chains import ActionChains

    open_pair(driver, server)
    before = ribbons(driver)
    driver.execute_script("document.getElementById('lower').scrollTop += 150")
    wait(lambda: ribbons(driver) != before)
    assert driver.find_elements("css selector", ".barcode rect")
    mark = next(
        m for m in driver.find_elements("css selector", "#lower mark.r-adapted.tie") if m.is_displayed()
    )
    driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", mark)
    time.sleep(0.3)
    ActionChains(driver).move_to_element(mark).perform()
    peek = find(driver, "#peek")
    wait(lambda: peek.is_displayed() and peek.find_elements("css selector", "ins, del"))
    assert driver.find_elements("css selector", "#upper mark.lit")


def test_keys_step_confirm_and_reject(driver: Any, server: str) -> None:
    open_pair(driver, server)
    driver.execute_script("document.getElementById('state').value = 'open'")
    driver.execute_script("document.getElementById('state').dispatchEvent(new Event('input'))")
    keys(driver, "j")
    first = wait(lambda: current(driver))
    assert driver.find_elements("css selector", "#upper mark.chosen")
    assert driver.find_elements("css selector", "#lower mark.chosen")
    keys(driver, "c")
    wait(lambda: state(driver, first) == "confirmed")
    keys(driver, "j")
    second = wait(lambda: (lambda k: k if k != first else "")(current(driver)))
    keys(driver, "r")
    # the panel is drawn anew: the field is looked for each time
    wait(lambda: driver.switch_to.active_element == find(driver, "#tie input[name=reason]"))
    find(driver, "#tie input[name=reason]").send_keys("说的不是一件事\n")
    wait(lambda: state(driver, second) == "rejected")
    assert "说的不是一件事" in find(driver, "#tie").text
    driver.refresh()
    assert (state(driver, first), state(driver, second)) == ("confirmed", "rejected")


def test_filters_and_the_table(driver: Any, server: str) -> None:
    open_pair(driver, server)
    shown = "return [...document.querySelectorAll('#ties tr[data-key]')].filter(x => !x.hidden).length"
    every = driver.execute_script(shown)
    find(driver, ".chip[data-relation=verbatim]").click()
    some = driver.execute_script(shown)
    assert 0 < some < every
    find(driver, "#as-table").click()
    assert find(driver, "#ties").is_displayed() and not find(driver, ".comparing").is_displayed()
    row = next(x for x in driver.find_elements("css selector", "#ties [data-go]") if x.is_displayed())
    key = row.get_attribute("data-go")
    row.click()
    wait(lambda: current(driver) == key)
    find(driver, "#as-table").click()
    wait(lambda: driver.find_elements("css selector", ".ribbons path.chosen"))
    find(driver, ".chip[data-extra=new]").click()
    assert driver.find_elements("css selector", ".sides.show-new")


def test_a_link_drawn_by_keys_alone(driver: Any, server: str) -> None:
    from selenium.webdriver.common.keys import Keys

    open_pair(driver, server)
    keys(driver, "a")
    assert find(driver, "#adding").is_displayed()
    keys(driver, "j", "j", Keys.ENTER)
    keys(driver, "j", Keys.ENTER)
    dialog = find(driver, "dialog#add")
    wait(dialog.is_displayed)
    upper = dialog.find_element("css selector", "[data-picked=upper]").text
    assert upper and upper in find(driver, "#upper").text.replace("\n", " ")
    reason = dialog.find_element("name", "reason")
    reason.send_keys("两处说的是一件事\n")
    wait(lambda: "link=" in driver.current_url)
    wait(lambda: "两处说的是一件事" in find(driver, "#tie").text)
    assert state(driver, current(driver)) == "confirmed"


def test_coverage_cell_disposition_and_export(driver: Any, server: str, downloads: Path) -> None:
    from selenium.webdriver.common.keys import Keys

    driver.get(server + "/register/coverage/?show=waiting")
    cells = driver.find_elements("css selector", "td.c-absent:last-child")
    cell = next(c for c in reversed(cells) if "，" not in c.get_attribute("aria-label"))
    driver.execute_script("arguments[0].scrollIntoView({block: 'center'}); arguments[0].focus()", cell)
    cell.send_keys(Keys.ENTER)
    find(driver, "#cell blockquote")
    for option in driver.find_elements("css selector", "#cell input[name=disposition]"):
        if option.get_attribute("value") == "to-add":
            option.click()
    find(driver, "#cell textarea").send_keys("修订时补入")
    find(driver, "#cell button.primary").click()
    wait(lambda: "确需补充" in (cell.get_attribute("aria-label") or ""))
    assert "补" in cell.text and "修订时补入" in find(driver, "#cell").text

    # a gap without disposition is refused, naming it; those disposed of are exported
    driver.get(server + "/register/gaps/")
    assert "待研判" in find(driver, ".exports [title]").get_attribute("title")
    assert not find(driver, ".exports button").is_enabled()
    driver.get(server + "/register/gaps/export?format=xlsx")
    assert "缺口须有研判意见才能导出" in find(driver, "main").text
    driver.get(server + "/register/gaps/?said=any")
    for link in driver.find_elements("css selector", ".exports a"):
        if "xlsx" in link.get_attribute("href"):
            link.click()
            break
    book = wait(lambda: list(downloads.glob("*.xlsx")))[0]
    rows = list(openpyxl.load_workbook(book).active.values)
    assert "修订时补入" in {r[7] for r in rows}


def test_lists_and_suspect_links(driver: Any, server: str) -> None:
    for path, words in (
        ("differences/", "待研判"),
        ("unsourced/", "无上位依据"),
        ("sources/", "占比"),
        ("gaps/", "缺口"),
    ):
        driver.get(f"{server}/register/{path}")
        assert words in find(driver, "main").text
        assert driver.find_elements(
            "css selector", "table.data tbody tr td.number, table.data tbody tr td.said"
        )
    driver.get(server + "/register/suspects/")
    rows = driver.find_elements("css selector", "section[id^=j]")
    assert rows and driver.find_elements("css selector", "section[id^=j] ins")
    find(driver, "section[id^=j] button[value=confirm]").click()
    wait(lambda: len(driver.find_elements("css selector", "section[id^=j]")) == len(rows) - 1)


def test_nothing_outside_and_nothing_wrong(driver: Any, server: str) -> None:
    wanted = []
    for line in driver.get_log("performance"):
        message = json.loads(line["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            wanted.append(message["params"]["request"]["url"])
    assert wanted and [u for u in wanted if not u.startswith((server, "data:", "about:", "blob:"))] == []
    bad = [x["message"] for x in driver.get_log("browser") if x["level"] == "SEVERE"]
    assert [m for m in bad if " 422 " not in m] == []
