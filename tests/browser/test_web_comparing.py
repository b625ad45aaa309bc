"""The comparison pages in a real browser: ribbons, edits, keys, links drawn by hand, coverage, gaps."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from web_browser import (
    attribute,
    click,
    complaints,
    downloaded,
    every,
    fill,
    find,
    focused,
    keys,
    outside,
    press,
    says,
    sign_in,
    wait,
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def supervisor(driver: Any, server: str) -> None:
    """The city's supervisor signed in."""
    sign_in(driver, server, "shiduban")


def ribbons(driver: Any) -> list[str]:
    out: list[str] = driver.execute_script(
        "return [...document.querySelectorAll('.ribbons path')].map(p => p.getAttribute('d'))"
    )
    return out


def current(driver: Any) -> str:
    return attribute(driver, "#tie .tie", "data-key")


def state(driver: Any, key: str) -> str:
    return attribute(driver, f"#ties tr[data-key='{key}']", "data-state")


def open_pair(driver: Any, server: str) -> None:
    """The pair with most links whose lower document is the city's."""
    driver.get(server + "/register/compare/")
    rows = every(driver, "tbody tr")
    row = next(x for x in rows if "三年行动方案" in x.find_element("css selector", "td:nth-child(2)").text)
    row.find_element("css selector", "td:nth-child(2) a").click()
    wait(lambda: every(driver, ".ribbons path"))


def test_ribbons_follow_the_texts_and_the_words_that_changed_show(driver: Any, server: str) -> None:
    from selenium.webdriver.common.action_chains import ActionChains

    open_pair(driver, server)
    before = ribbons(driver)
    driver.execute_script("document.getElementById('lower').scrollTop += 150")
    wait(lambda: ribbons(driver) != before)
    assert every(driver, ".barcode rect")
    mark = next(m for m in every(driver, "#lower mark.r-adapted.tie") if m.is_displayed())
    driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", mark)

    def peeked() -> bool:
        """Points at the mark; what is shown beside it goes with the next scroll, so it is asked for anew."""
        beside = find(driver, ".sides .bar")
        ActionChains(driver).move_to_element(beside).move_to_element(mark).pause(1).perform()
        return find(driver, "#peek").is_displayed() and bool(every(driver, "#peek ins, #peek del"))

    wait(peeked)
    assert every(driver, "#upper mark.lit")


def test_lists_and_suspect_links(driver: Any, server: str) -> None:
    # before anybody judges the links of the new version by itself
    for path, words in (
        ("differences/", "待研判"),
        ("unsourced/", "无上位依据"),
        ("sources/", "占比"),
        ("gaps/", "缺口"),
    ):
        driver.get(f"{server}/register/{path}")
        says(driver, "main", words)
        assert every(driver, "table.data tbody tr td.number, table.data tbody tr td.said")
    driver.get(server + "/register/suspects/")
    rows = every(driver, "section[id^=j]")
    assert rows and every(driver, "section[id^=j] ins")
    press(driver, "section[id^=j] button[value=confirm]")
    assert len(every(driver, "section[id^=j]")) == len(rows) - 1


def open_only(driver: Any) -> None:
    """Shows only links that nobody has judged."""
    driver.execute_script(
        "const x = document.getElementById('state'); x.value = 'open'; x.dispatchEvent(new Event('input'))"
    )


def test_keys_step_confirm_and_reject(driver: Any, server: str) -> None:
    open_pair(driver, server)
    open_only(driver)
    keys(driver, "j")
    first = current(driver)
    assert every(driver, "#upper mark.chosen") and every(driver, "#lower mark.chosen")
    keys(driver, "c")
    wait(lambda: state(driver, first) == "confirmed")
    keys(driver, "j")
    second = wait(lambda: (lambda k: k if k != first else "")(current(driver)))
    keys(driver, "r")
    focused(driver, "#tie input[name=reason]")
    keys(driver, "说的不是一件事\n")
    wait(lambda: state(driver, second) == "rejected")
    says(driver, "#tie", "说的不是一件事")
    driver.refresh()
    assert (state(driver, first), state(driver, second)) == ("confirmed", "rejected")


def test_keys_faster_than_the_server_judge_what_they_were_pressed_at(driver: Any, server: str) -> None:
    open_pair(driver, server)
    open_only(driver)
    rows = "[...document.querySelectorAll('#ties tr[data-key]')]"
    order = driver.execute_script(f"return {rows}.filter(x => !x.hidden).map(x => x.dataset.key)")
    keys(driver, "j", "c", "j", "c")
    wait(lambda: [k for k in order if state(driver, k) == "confirmed"] == order[:2])
    keys(driver, "j", "r")
    focused(driver, "#tie input[name=reason]")
    assert current(driver) == order[2] and state(driver, order[2]) == "open"
    driver.refresh()
    assert [k for k in order if state(driver, k) == "confirmed"] == order[:2]


def test_filters_and_the_table(driver: Any, server: str) -> None:
    open_pair(driver, server)
    shown = "return [...document.querySelectorAll('#ties tr[data-key]')].filter(x => !x.hidden).length"
    total = driver.execute_script(shown)
    click(driver, ".chip[data-relation=verbatim]")
    some = driver.execute_script(shown)
    assert 0 < some < total
    click(driver, "#as-table")
    assert find(driver, "#ties").is_displayed() and not find(driver, ".comparing").is_displayed()
    row = next(x for x in every(driver, "#ties [data-go]") if x.is_displayed())
    key = row.get_attribute("data-go")
    row.click()
    wait(lambda: current(driver) == key)
    click(driver, "#as-table")
    wait(lambda: every(driver, ".ribbons path.chosen"))
    click(driver, ".chip[data-extra=new]")
    assert every(driver, ".sides.show-new")


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
    says(driver, "#tie", "两处说的是一件事")
    assert state(driver, current(driver)) == "confirmed"


def test_coverage_cell_disposition_and_export(driver: Any, server: str, downloads: Path) -> None:
    from selenium.webdriver.common.keys import Keys

    driver.get(server + "/register/coverage/?show=waiting")
    cells = every(driver, "td.c-absent:last-child")
    cell = next(c for c in reversed(cells) if "，" not in c.get_attribute("aria-label"))
    driver.execute_script("arguments[0].scrollIntoView({block: 'center'}); arguments[0].focus()", cell)
    cell.send_keys(Keys.ENTER)
    find(driver, "#cell blockquote")
    click(driver, "#cell input[name=disposition][value=to-add]")
    fill(driver, "#cell textarea", "修订时补入")
    click(driver, "#cell button.primary")
    wait(lambda: "确需补充" in (cell.get_attribute("aria-label") or ""))
    assert "补" in cell.text
    says(driver, "#cell", "修订时补入")

    # a gap without disposition is refused, naming it; those disposed of are exported
    driver.get(server + "/register/gaps/")
    assert "待研判" in attribute(driver, ".exports [title]", "title")
    assert not find(driver, ".exports button").is_enabled()
    driver.get(server + "/register/gaps/export?format=xlsx")
    says(driver, "main", "缺口须有研判意见才能导出")
    driver.get(server + "/register/gaps/?said=any")
    known = set(downloads.glob("*.xlsx"))
    click(driver, ".exports a[href*=xlsx]")
    book = downloaded(downloads, "xlsx", known)
    rows = list(openpyxl.load_workbook(book).active.values)
    assert "修订时补入" in {r[7] for r in rows}


def test_nothing_outside_and_nothing_wrong(driver: Any, server: str) -> None:
    assert outside(driver, server) == []
    assert complaints(driver, 422) == []
