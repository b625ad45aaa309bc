"""The pages by keyboard alone: all is reached, the focus is seen, dialogs return it, questions come first."""

from __future__ import annotations

from typing import Any

import pytest
from web_browser import complaints, every, find, keys, sign_in, wait

pytestmark = pytest.mark.slow
TAB, ENTER, ESCAPE = "\ue004", "\ue007", "\ue00c"
MOST = 260
"""Stops of a page that are walked."""
STEP = """
const e = document.activeElement;
if (!e || e === document.body) return null;
if (!e.dataset.walked) { window.walked = (window.walked || 0) + 1; e.dataset.walked = window.walked; }
const s = getComputedStyle(e), box = e.getBoundingClientRect(), next = e.nextElementSibling;
const ring = (x) => x.outlineStyle !== 'none' && parseFloat(x.outlineWidth) >= 1.5;
const seen = ring(s) || (e.classList.contains('visually-hidden') && next && ring(getComputedStyle(next)));
return { id: Number(e.dataset.walked), seen, inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
         what: e.tagName + '.' + e.className + ' ' + (e.getAttribute('aria-label') || e.textContent || e.name || '').trim().slice(0, 40) };
"""  # noqa: E501
LEFT = """
const shown = (e) => e.checkVisibility({ visibilityProperty: true }) && !e.disabled && e.tabIndex >= 0 && !e.closest('dialog:not([open])');
const radios = (e) => e.type === 'radio';
return [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
  .filter((e) => shown(e) && !radios(e) && !e.dataset.walked).map((e) => e.outerHTML.slice(0, 120));
"""  # noqa: E501
PAGES = (
    "/", "/library/", "/register/review/", "/register/anchors/", "/register/compare/",
    "/register/coverage/", "/register/gaps/", "/register/differences/", "/register/suspects/",
    "/register/?size=20", "/delivery/divisions/", "/delivery/answers/", "/delivery/imports/",
    "/library/terms/", "/search/?q=农产品", "/organisation/units/", "/account/tokens/", "/account/password/",
)  # fmt: skip


@pytest.fixture(scope="module")
def signed(driver: Any, server: str) -> str:
    sign_in(driver, server, "duban")
    return server


@pytest.mark.parametrize("page", PAGES)
def test_tab_reaches_everything_and_is_seen(page: str, driver: Any, signed: str) -> None:
    driver.get(signed + page)
    find(driver, "main")
    wait(lambda: not every(driver, "[hx-trigger=load]:has(> p.quiet:only-child)"))
    seen: dict[int, dict[str, Any]] = {}
    for _ in range(MOST):
        keys(driver, TAB)
        told = driver.execute_script(STEP)
        if told is None or told["id"] in seen:
            break
        seen[told["id"]] = told
    assert [x["what"] for x in seen.values() if not x["seen"]] == []
    assert [x["what"] for x in seen.values() if not x["inside"]] == []
    if len(seen) < MOST:
        assert driver.execute_script(LEFT) == []


@pytest.mark.parametrize(
    ("page", "opener"), [("/delivery/divisions/", "[data-open]"), ("/register/commitments/1/", "[data-open]")]
)
def test_a_dialog_keeps_the_focus_and_gives_it_back(page: str, opener: str, driver: Any, signed: str) -> None:
    driver.get(signed + page)
    driver.execute_script("arguments[0].focus()", find(driver, opener))
    keys(driver, ENTER)
    find(driver, "dialog[open]")
    for _ in range(25):
        keys(driver, TAB)
        assert driver.execute_script(
            "const e = document.activeElement; return e === document.body || Boolean(e.closest('dialog'))"
        )
    keys(driver, ESCAPE)
    wait(lambda: not every(driver, "dialog[open]"))
    assert driver.execute_script("return document.activeElement.matches(arguments[0])", opener)


def test_what_is_not_confirmed_is_not_sent(driver: Any, signed: str) -> None:
    """Forms that htmx sends and forms that the browser sends: the question comes before both."""
    driver.get(signed + "/account/tokens/")
    driver.execute_script("""
      window.sent = 0; window.asked = 0; window.answer = false;
      window.confirm = () => { window.asked += 1; return window.answer; };
      for (const [id, how] of [['one', ''], ['two', 'hx-post="/nowhere" hx-swap="none"']]) {
        document.getElementById('main').insertAdjacentHTML('beforeend',
          `<form id="${id}" action="/nowhere" method="post" ${how} data-confirm="{n} 条，确定吗？"><select name="s"><option data-count="3">x</option></select><button>go</button></form>`);
      }
      htmx.process(document.getElementById('main'));
      document.getElementById('one').addEventListener('submit', (e) => { window.sent += 1; e.preventDefault(); });
      document.body.addEventListener('htmx:beforeRequest', (e) => { window.sent += 1; e.preventDefault(); });
    """)  # noqa: E501
    for form in ("one", "two"):
        driver.execute_script(f"document.querySelector('#{form} button').click()")
    assert driver.execute_script("return [window.asked, window.sent]") == [2, 0]
    driver.execute_script("window.answer = true")
    for form in ("one", "two"):
        driver.execute_script(f"document.querySelector('#{form} button').click()")
    wait(lambda: driver.execute_script("return [window.asked, window.sent]") == [4, 2])
    assert complaints(driver) == []
