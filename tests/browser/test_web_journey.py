"""Upload → review → confirm → ledger → export in a real browser, against the real server with its worker."""

from __future__ import annotations

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
    "--window-size=1366,768",
)
TEXT = """云江省人民政府关于加强山区气象服务的意见

云政发〔2025〕31号

各市、州人民政府：

一、完善监测网络

（一）加密观测站点。2027年底前新建120个山区自动气象站，更新8部天气雷达。（牵头单位：省气象局；责任单位：各市、州人民政府）

（二）健全预警机制。建立山洪灾害气象风险预警机制，推广乡村预警大喇叭。（省气象局、省水利厅按职责分工负责）

云江省人民政府
2025年6月3日
"""

LOWER = """云州市人民政府关于加强山区气象服务的实施方案

云州政发〔2025〕12号

各县（区）人民政府：

为贯彻落实《云江省人民政府关于加强山区气象服务的意见》（云政发〔2025〕31号），制定本方案。

一、完善监测网络

（一）加密观测站点。2027年底前新建36个山区自动气象站。（牵头单位：市气象局）

云州市人民政府
2025年8月20日
"""


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
    data = tmp_path_factory.mktemp("journey") / "demo"
    env = {n: v for n, v in os.environ.items() if not n.startswith(("LUOSHI_", "DATABASE_", "DJANGO_"))}
    command = [sys.executable, "-m", "luoshi", "demo", "--data", str(data), "--port", str(port)]
    log = data.with_suffix(".log")
    with log.open("wb") as out:
        process = subprocess.Popen(command, env=env, stdout=out, stderr=out, start_new_session=True)
    try:
        until = time.monotonic() + 240
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
    until = time.monotonic() + seconds
    while True:
        if out := what():
            return out
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.1)


def find(driver: Any, selector: str) -> Any:
    return wait(lambda: (driver.find_elements("css selector", selector) or [None])[0])


def type_keys(driver: Any, *keys: str) -> None:
    from selenium.webdriver.common.action_chains import ActionChains

    ActionChains(driver).send_keys(*keys).perform()


def states(driver: Any) -> dict[str, str]:
    every = "[...document.querySelectorAll('#items li')].map(x => [x.dataset.key, x.dataset.state])"
    script = f"return Object.fromEntries({every})"
    out: dict[str, str] = driver.execute_script(script)
    return out


def current(driver: Any) -> str:
    return str(find(driver, "#items li[aria-current]").get_attribute("data-key"))


def sign_in(driver: Any, server: str, name: str = "shenhe") -> None:
    if "/account/login" not in driver.current_url:
        driver.get(server + "/account/login/")
    find(driver, "[name=login]").send_keys(name)
    find(driver, "[name=password]").send_keys("luoshi-demo\n")
    wait(lambda: "/account/login" not in driver.current_url)


def test_upload_review_confirm_list_export(driver: Any, server: str, downloads: Path, tmp_path: Path) -> None:
    path = tmp_path / "气象.txt"
    path.write_text(TEXT, encoding="utf-8")
    sign_in(driver, server)

    # upload: the worker reads it while the page waits
    driver.get(server + "/library/")
    find(driver, "#files").send_keys(str(path))
    link = wait(lambda: driver.find_elements("css selector", "#batch a[href*='/library/documents/']"), 90)[0]
    document = link.get_attribute("href").rstrip("/").rsplit("/", 1)[1]

    # review: accept by key, then edit, then reject with a reason; the source stands beside it
    driver.get(f"{server}/register/review/{document}/")
    assert "加密观测站点" in find(driver, "article.text").text
    first = current(driver)
    assert driver.find_elements("css selector", f"article.text mark.lit[data-keys~='{first}']")
    type_keys(driver, "a")
    wait(lambda: states(driver)[first] == "accepted")
    second = wait(lambda: (lambda k: k if k != first else "")(current(driver)))
    assert driver.find_elements("css selector", f"article.text mark.is-accepted[data-keys~='{first}']")
    type_keys(driver, "e")
    box = find(driver, "#work textarea[name=text]")
    box.clear()
    box.send_keys("更新天气雷达8部")
    from selenium.webdriver.common.keys import Keys

    box.send_keys(Keys.CONTROL, Keys.ENTER)
    wait(lambda: states(driver)[second] == "edited")
    third = wait(lambda: (lambda k: k if k not in (first, second) else "")(current(driver)))
    type_keys(driver, "r")
    find(driver, "#work input[name=reason]").send_keys("与另一条重复\n")
    wait(lambda: states(driver)[third] == "rejected")

    # ledger: facets, one commitment, its place
    driver.get(f"{server}/register/?document={document}")
    texts = [x.text for x in driver.find_elements("css selector", "td.what")]
    assert len(texts) == 2 and "更新天气雷达8部" in texts
    find(driver, ".facets a[aria-current]")
    find(driver, "td.what a").click()
    find(driver, "blockquote a").click()
    wait(lambda: "/library/versions/" in driver.current_url)

    # export
    driver.get(f"{server}/register/?document={document}")
    find(driver, ".page-head a.button").click()
    book = wait(lambda: list(downloads.glob("*.xlsx")))[0]
    rows = list(openpyxl.load_workbook(book).active.values)
    assert len(rows) == 3 and "更新天气雷达8部" in {r[1] for r in rows}


def test_coverage_gap_disposition_export(driver: Any, server: str, downloads: Path, tmp_path: Path) -> None:
    """A lower document is uploaded and compared; a gap gets its disposition, then it can be exported."""
    from selenium.webdriver.support.ui import Select

    path = tmp_path / "气象方案.txt"
    path.write_text(LOWER, encoding="utf-8")
    driver.get(server + "/library/")
    Select(find(driver, "#upload select[name=owner]")).select_by_visible_text("云州市")
    find(driver, "#files").send_keys(str(path))
    wait(lambda: driver.find_elements("css selector", "#batch a[href*='/library/documents/']"), 90)
    wait(lambda: not driver.find_elements("css selector", "#batch [hx-trigger]"), 90)  # compared as well

    driver.get(server + "/register/coverage/")
    upper = Select(find(driver, "select[name=upper]"))
    upper.select_by_visible_text("云江省人民政府关于加强山区气象服务的意见")
    wait(lambda: "加强山区气象服务的意见" in find(driver, "h1 .quiet").text)
    find(driver, "table.heat td.c-partly")
    find(driver, "table.heat td.c-absent").click()
    find(driver, "#cell input[value=arranged]").click()
    find(driver, "#cell [name=reason]").send_keys("由市应急局的预案规定")
    find(driver, "#cell button.primary").click()
    wait(lambda: "由市应急局的预案规定" in find(driver, "#cell").text)

    driver.get(server + "/register/gaps/")
    Select(find(driver, "select[name=upper]")).select_by_visible_text(
        "云江省人民政府关于加强山区气象服务的意见"
    )
    wait(lambda: "加强山区气象服务的意见" in find(driver, "h1 .quiet").text)
    Select(find(driver, "select[name=said]")).select_by_visible_text("已研判")
    wait(lambda: "said=any" in driver.current_url)
    known = set(downloads.glob("*.xlsx"))
    find(driver, ".exports a[href*='format=xlsx']").click()
    book = wait(lambda: set(downloads.glob("*.xlsx")) - known).pop()
    rows = [r for r in openpyxl.load_workbook(book).active.values if isinstance(r[0], int)]
    assert len(rows) == 1 and "由市应急局的预案规定" in " ".join(map(str, rows[0]))


def test_what_was_typed_outlives_the_session(driver: Any, server: str) -> None:
    driver.get(server + "/register/review/?left=1")
    if "/account/login" in driver.current_url:
        sign_in(driver, server)
    find(driver, "tbody a").click()
    key = current(driver)
    type_keys(driver, "e")
    box = find(driver, "#work textarea[name=text]")
    box.clear()
    box.send_keys("尚未提交的文字")
    driver.delete_cookie("sessionid")
    find(driver, "#work button.primary").click()
    link = find(driver, "#messages .message.error a")
    assert "登录" in link.text and box.get_attribute("value") == "尚未提交的文字"
    driver.refresh()  # to the sign-in page, and back
    sign_in(driver, server)
    assert "/register/review/" in driver.current_url
    box = find(driver, "#work textarea[name=text]")
    wait(lambda: box.get_attribute("value") == "尚未提交的文字")
    assert current(driver) == key
    find(driver, "#work button.primary").click()
    wait(lambda: states(driver)[key] == "edited")


def test_the_second_reviewer_is_told_and_keeps_his_text(driver: Any, server: str) -> None:
    driver.get(server + "/register/review/?left=1")
    find(driver, "tbody a").click()
    wait(
        lambda: (
            "/register/review/" in driver.current_url and driver.find_elements("css selector", "#items li")
        )
    )
    address, key = driver.current_url, current(driver)
    type_keys(driver, "e")
    box = find(driver, "#work textarea[name=text]")
    box.clear()
    box.send_keys("我的措辞")
    mine = driver.current_window_handle
    driver.switch_to.new_window("tab")
    driver.get(address)
    wait(lambda: current(driver) == key)
    type_keys(driver, "a")
    wait(lambda: states(driver)[key] == "accepted")
    driver.close()
    driver.switch_to.window(mine)
    find(driver, "#work button.primary").click()
    message = find(driver, "#messages .message.error").text
    assert "省审核员" in message and "已被他人修改" in message
    assert box.get_attribute("value") == "我的措辞"


def test_nothing_was_asked_of_an_outside_host_and_nothing_went_wrong(driver: Any, server: str) -> None:
    import json

    wanted = []
    for line in driver.get_log("performance"):
        message = json.loads(line["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            wanted.append(message["params"]["request"]["url"])
    assert wanted and [u for u in wanted if not u.startswith((server, "data:", "about:", "blob:"))] == []
    bad = [x["message"] for x in driver.get_log("browser") if x["level"] == "SEVERE"]
    assert [m for m in bad if " 401 " not in m and " 409 " not in m] == []
