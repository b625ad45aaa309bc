"""What browser tests share: a browser, a demo server, steps that outlive a page drawn anew under them.

Selenium is imported late: tests that need no browser must be collected without it.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from served import environment, free_port

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--window-size=1366,768",
)
PASSWORD = "luoshi-demo"


@contextmanager
def browser(downloads: Path | None = None) -> Iterator[Any]:
    """Chromium without a window; the test skips where it is missing."""
    chromium, chromedriver = shutil.which("chromium"), shutil.which("chromedriver")
    if chromium is None or chromedriver is None:
        pytest.skip("needs chromium and chromedriver, which are not installed")
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in FLAGS:
        options.add_argument(flag)
    if downloads is not None:
        options.add_experimental_option("prefs", {"download.default_directory": str(downloads)})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    found = webdriver.Chrome(options=options, service=Service(chromedriver))
    try:
        yield found
    finally:
        found.quit()


@contextmanager
def demo(folder: Path) -> Iterator[str]:
    """The demo as ``luoshi demo`` serves it, its data in ``folder``; its address."""
    port = free_port()
    command = [sys.executable, "-m", "luoshi", "demo", "--data", str(folder), "--port", str(port)]
    log = folder.with_suffix(".log")
    env = {n: v for n, v in environment(folder).items() if n != "LUOSHI_DATA"}
    with log.open("wb") as out:
        process = subprocess.Popen(command, env=env, stdout=out, stderr=out, start_new_session=True)
    try:
        until = time.monotonic() + 300
        while "http://" not in log.read_text(errors="replace"):
            assert process.poll() is None and time.monotonic() < until, log.read_text(errors="replace")
            time.sleep(0.5)
        yield f"http://127.0.0.1:{port}"
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(30)


def wait(what: Callable[[], Any], seconds: float = 30) -> Any:
    """Asks until the answer is true; that. A part of the page that was replaced meanwhile is asked again."""
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


def every(driver: Any, selector: str) -> list[Any]:
    found: list[Any] = driver.find_elements("css selector", selector)
    return found


def find(driver: Any, selector: str) -> Any:
    """The first element, once it is there."""
    return wait(lambda: (every(driver, selector) or [None])[0])


def attribute(driver: Any, selector: str, name: str) -> str:
    """An attribute of the first element, in one step."""
    return str(wait(lambda: (find(driver, selector).get_attribute(name) or "",))[0])


def text(driver: Any, selector: str) -> str:
    """What the first element says, in one step."""
    return str(wait(lambda: (find(driver, selector).text,))[0])


def says(driver: Any, selector: str, words: str) -> None:
    """Waits until the first element says these words."""
    wait(lambda: words in find(driver, selector).text)


def value(driver: Any, selector: str, script: str = "return arguments[0].value") -> str:
    """What a field holds now."""
    return str(wait(lambda: (driver.execute_script(script, find(driver, selector)),))[0])


def click(driver: Any, selector: str) -> None:
    """Clicks on the first element, again where the page was drawn anew under the pointer."""
    from selenium.common.exceptions import ElementClickInterceptedException, ElementNotInteractableException

    def once() -> bool:
        button = find(driver, selector)
        driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", button)
        try:
            button.click()
        except (ElementClickInterceptedException, ElementNotInteractableException):
            return False
        return True

    wait(once)


def fill(driver: Any, selector: str, words: str) -> None:
    """Puts words into a field in place of what it holds."""
    from selenium.common.exceptions import ElementNotInteractableException

    def once() -> bool:
        box = find(driver, selector)
        try:
            box.clear()
            box.send_keys(words)
        except ElementNotInteractableException:
            return False
        return True

    wait(once)


def keys(driver: Any, *some: str) -> None:
    """Presses keys wherever the focus is."""
    from selenium.webdriver.common.action_chains import ActionChains

    ActionChains(driver).send_keys(*some).perform()


def focused(driver: Any, selector: str) -> None:
    """Waits until an element has the focus."""
    wait(lambda: driver.execute_script("return document.activeElement.matches(arguments[0])", selector))


def choose(driver: Any, selector: str, *, words: str = "", given: str = "", index: int = -1) -> None:
    """Chooses an option by its words, its value or its place."""
    from selenium.webdriver.support.ui import Select

    def once() -> bool:
        field = Select(find(driver, selector))
        if words:
            field.select_by_visible_text(words)
        elif given:
            field.select_by_value(given)
        else:
            field.select_by_index(index)
        return True

    wait(once)


def leaving(driver: Any, act: Callable[[], Any]) -> None:
    """Does something that leads to another page, and waits until it is there."""
    from selenium.common.exceptions import WebDriverException

    old = find(driver, "main")
    act()

    def gone() -> bool:
        try:
            return not old.is_enabled()
        except WebDriverException:
            return True

    wait(gone)
    wait(lambda: driver.execute_script("return document.readyState") == "complete")
    find(driver, "main")


def press(driver: Any, selector: str) -> None:
    """Clicks on what leads to another page, and waits until it is there."""
    leaving(driver, lambda: click(driver, selector))


def sign_in(driver: Any, server: str, name: str, *, anew: bool = True) -> None:
    """Signs an account of the demo in; ``anew`` as a new visitor, else on the page that is open."""
    if anew:
        driver.get(server + "/account/login/")
        driver.delete_all_cookies()
        driver.get(server + "/account/login/")
    find(driver, "[name=login]").send_keys(name)
    find(driver, "[name=password]").send_keys(PASSWORD + "\n")
    wait(lambda: "/account/login" not in driver.current_url)


def downloaded(folder: Path, ending: str, known: set[Path]) -> Path:
    """The file that came besides those known, whole."""
    found: Path = wait(lambda: [p for p in folder.glob(f"*.{ending}") if p not in known])[0]
    return found


def outside(driver: Any, server: str) -> list[str]:
    """The addresses of other hosts that were asked for; there must have been requests at all."""
    asked = []
    for line in driver.get_log("performance"):
        message = json.loads(line["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            asked.append(message["params"]["request"]["url"])
    assert asked
    return [u for u in asked if not u.startswith((server, "data:", "blob:", "about:", "chrome:"))]


def complaints(driver: Any, *expected: int) -> list[str]:
    """What the browser's console holds against the pages, but for answers of the expected status."""
    found = [x["message"] for x in driver.get_log("browser") if x["level"] == "SEVERE"]
    return [m for m in found if not any(f" {status} " in m for status in expected)]
