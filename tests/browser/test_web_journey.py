"""Upload → review → confirm → ledger → export in a real browser, against the real server with its worker."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from web_browser import (
    attribute,
    choose,
    click,
    complaints,
    downloaded,
    every,
    fill,
    find,
    keys,
    outside,
    press,
    says,
    sign_in,
    text,
    value,
    wait,
)

pytestmark = pytest.mark.slow
BOX = "#work textarea[name=text]"
READ = "#batch a[href*='/library/documents/']"
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


def states(driver: Any) -> dict[str, str]:
    every = "[...document.querySelectorAll('#items li')].map(x => [x.dataset.key, x.dataset.state])"
    script = f"return Object.fromEntries({every})"
    out: dict[str, str] = driver.execute_script(script)
    return out


def current(driver: Any) -> str:
    return attribute(driver, "#items li[aria-current]", "data-key")


def reviewer(driver: Any, server: str, address: str = "/library/") -> None:
    """Opens a page as the province's reviewer."""
    driver.get(server + address)
    if "/account/login" in driver.current_url:
        sign_in(driver, server, "shenhe", anew=False)


def word_anew(driver: Any, words: str) -> None:
    """Opens the form of the current candidate by key, and words it anew."""
    keys(driver, "e")
    fill(driver, BOX, words)


def test_upload_review_confirm_list_export(driver: Any, server: str, downloads: Path, tmp_path: Path) -> None:
    path = tmp_path / "气象.txt"
    path.write_text(TEXT, encoding="utf-8")

    # upload: the worker reads it while the page waits
    reviewer(driver, server)
    find(driver, "#files").send_keys(str(path))
    wait(lambda: every(driver, READ), 90)
    document = attribute(driver, READ, "href").rstrip("/").rsplit("/", 1)[1]

    # review: accept by key, then edit, then reject with a reason; the source stands beside it
    driver.get(f"{server}/register/review/{document}/")
    says(driver, "article.text", "加密观测站点")
    first = current(driver)
    assert every(driver, f"article.text mark.lit[data-keys~='{first}']")
    keys(driver, "a")
    wait(lambda: states(driver)[first] == "accepted")
    second = wait(lambda: (lambda k: k if k != first else "")(current(driver)))
    assert every(driver, f"article.text mark.is-accepted[data-keys~='{first}']")
    from selenium.webdriver.common.keys import Keys

    word_anew(driver, "更新天气雷达8部")
    find(driver, BOX).send_keys(Keys.CONTROL, Keys.ENTER)
    wait(lambda: states(driver)[second] == "edited")
    third = wait(lambda: (lambda k: k if k not in (first, second) else "")(current(driver)))
    keys(driver, "r")
    fill(driver, "#work input[name=reason]", "与另一条重复\n")
    wait(lambda: states(driver)[third] == "rejected")

    # ledger: facets, one commitment, its place
    driver.get(f"{server}/register/?document={document}")
    texts = [x.text for x in every(driver, "td.what")]
    assert len(texts) == 2 and "更新天气雷达8部" in texts
    find(driver, ".facets a[aria-current]")
    press(driver, "td.what a")
    press(driver, "blockquote a")
    assert "/library/versions/" in driver.current_url

    # export
    driver.get(f"{server}/register/?document={document}")
    known = set(downloads.glob("*.xlsx"))
    click(driver, ".page-head a.button")
    book = downloaded(downloads, "xlsx", known)
    rows = list(openpyxl.load_workbook(book).active.values)
    assert len(rows) == 3 and "更新天气雷达8部" in {r[1] for r in rows}


def test_coverage_gap_disposition_export(driver: Any, server: str, downloads: Path, tmp_path: Path) -> None:
    """A lower document is uploaded and compared; a gap gets its disposition, then it can be exported."""
    path = tmp_path / "气象方案.txt"
    path.write_text(LOWER, encoding="utf-8")
    reviewer(driver, server)
    choose(driver, "#upload select[name=owner]", words="云州市")
    find(driver, "#files").send_keys(str(path))
    wait(lambda: every(driver, READ), 90)
    wait(lambda: not every(driver, "#batch [hx-trigger]"), 90)  # compared as well

    driver.get(server + "/register/coverage/")
    choose(driver, "select[name=upper]", words="云江省人民政府关于加强山区气象服务的意见")
    says(driver, "h1 .quiet", "加强山区气象服务的意见")
    find(driver, "table.heat td.c-partly")
    click(driver, "table.heat td.c-absent")
    click(driver, "#cell input[value=arranged]")
    fill(driver, "#cell [name=reason]", "由市应急局的预案规定")
    click(driver, "#cell button.primary")
    says(driver, "#cell", "由市应急局的预案规定")

    driver.get(server + "/register/gaps/")
    choose(driver, "select[name=upper]", words="云江省人民政府关于加强山区气象服务的意见")
    says(driver, "h1 .quiet", "加强山区气象服务的意见")
    choose(driver, "select[name=said]", words="已研判")
    wait(lambda: "said=any" in driver.current_url)
    known = set(downloads.glob("*.xlsx"))
    click(driver, ".exports a[href*='format=xlsx']")
    book = downloaded(downloads, "xlsx", known)
    rows = [r for r in openpyxl.load_workbook(book).active.values if isinstance(r[0], int)]
    assert len(rows) == 1 and "由市应急局的预案规定" in " ".join(map(str, rows[0]))


def test_what_was_typed_outlives_the_session(driver: Any, server: str) -> None:
    reviewer(driver, server, "/register/review/?left=1")
    press(driver, "tbody a")
    key = current(driver)
    word_anew(driver, "尚未提交的文字")
    driver.delete_cookie("sessionid")
    click(driver, "#work button.primary")
    says(driver, "#messages .message.error a", "登录")
    assert value(driver, BOX) == "尚未提交的文字"
    driver.refresh()  # to the sign-in page, and back
    sign_in(driver, server, "shenhe", anew=False)
    assert "/register/review/" in driver.current_url
    wait(lambda: value(driver, BOX) == "尚未提交的文字")
    assert current(driver) == key
    click(driver, "#work button.primary")
    wait(lambda: states(driver)[key] == "edited")


def test_the_second_reviewer_is_told_and_keeps_his_text(driver: Any, server: str) -> None:
    reviewer(driver, server, "/register/review/?left=1")
    press(driver, "tbody a")
    address, key = driver.current_url, current(driver)
    word_anew(driver, "我的措辞")
    mine = driver.current_window_handle
    driver.switch_to.new_window("tab")
    driver.get(address)
    wait(lambda: current(driver) == key)
    keys(driver, "a")
    wait(lambda: states(driver)[key] == "accepted")
    driver.close()
    driver.switch_to.window(mine)
    click(driver, "#work button.primary")
    said = text(driver, "#messages .message.error")
    assert "省审核员" in said and "已被他人修改" in said
    assert value(driver, BOX) == "我的措辞"


def test_nothing_was_asked_of_an_outside_host_and_nothing_went_wrong(driver: Any, server: str) -> None:
    assert outside(driver, server) == []
    assert complaints(driver, 401, 409) == []
