"""Every page of the web application, in a real browser, against the rules of axe-core: nothing serious.

Walks each GET route of ``tests/web/permissions.tsv`` as a role that may open it; a part that htmx asks for is
put into the frame of a page. A route that is new in the table is walked without a line here.
"""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from served import free_port
from web_browser import outside

pytestmark = pytest.mark.slow
HERE = Path(__file__).parent
AXE = HERE / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """
const [tags, done] = arguments;
document.querySelectorAll('details').forEach((d) => { d.open = true; });
const rules = { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] };
const told = (r) => r.violations.filter((v) => ['serious', 'critical'].includes(v.impact)).map((v) =>
  `${v.impact} ${v.id}: ` + v.nodes.slice(0, 4).map((n) => n.html.slice(0, 160) + ' — ' + n.any.concat(n.all, n.none).map((c) => c.message).join(' ').slice(0, 200)).join(' | '));
(async () => {
  let found = told(await axe.run(document, rules));
  for (const d of document.querySelectorAll('dialog:not([open])')) {
    d.showModal(); found = found.concat(told(await axe.run(d, rules))); d.close();
  }
  done(found);
})().catch((e) => done(['axe failed: ' + e]));
"""  # noqa: E501
FRAGMENT = """
const [html, done] = arguments;
for (const css of ['library', 'register', 'delivery', 'comparing', 'search']) {
  const l = document.createElement('link'); l.rel = 'stylesheet'; l.href = `/static/luoshi/${css}.css`;
  document.head.append(l);
}
const main = document.getElementById('main'), row = /^\\s*<t[rd]\\b/.test(html);
const head = row && '<thead><tr><th scope="col">A</th></tr></thead>';
main.innerHTML = '<h1>Part</h1>' + (row ? `<table>${head}<tbody>${html}</tbody></table>` : html);
setTimeout(() => done(), 300);
"""


def table() -> dict[str, str]:
    """GET route → a role that may open it."""
    text = (HERE.parent / "web" / "permissions.tsv").read_text(encoding="utf-8")
    lines = [x.split("\t") for x in text.splitlines() if x and not x.startswith("#")]
    roles = lines[0][2:]
    out = {}
    for route, method, *marks in lines[1:]:
        if method == "GET":
            out[route] = next((r for r, m in zip(roles, marks, strict=True) if m != "."), roles[0])
    return out


TABLE = table()


@dataclass
class Site:
    """A server with the world of the web tests, and a browser."""

    base: str
    sessions: dict[str, str]
    driver: Any
    source: str

    def sign_in(self, role: str) -> None:
        """As the city's account of a role; with none, signed out."""
        self.driver.get(self.base + "/healthz")
        self.driver.delete_all_cookies()
        if role:
            key = self.sessions[f"{role}-city"]
            self.driver.add_cookie({"name": "sessionid", "value": key, "path": "/"})

    def address(self, route: str) -> str:
        """The address of a route, whose object is there until the next one is asked for."""
        with urllib.request.urlopen(f"{self.base}/.prepare?route={route}") as answer:
            told = json.loads(answer.read())
        assert "address" in told, f"{route}: {told} (its object is named in tests/lib/web_objects.py)"
        return str(told["address"])

    def findings(self) -> list[str]:
        """What axe finds on the page that is open."""
        self.driver.execute_script(self.source)
        found: list[str] = self.driver.execute_async_script(RUN, TAGS)
        return found


@pytest.fixture(scope="module")
def site(driver: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    if not AXE.exists():
        pytest.skip("needs axe-core: npm ci --prefix tests/browser")
    port = free_port()
    log = tmp_path_factory.mktemp("axe") / "log"
    with log.open("wb") as errors:
        process = subprocess.Popen(
            [sys.executable, str(HERE.parent / "lib" / "web_site.py"), str(port)],
            stdout=subprocess.PIPE, stderr=errors, text=True,
        )  # fmt: skip
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, log.read_text(errors="replace")
    driver.set_script_timeout(60)
    try:
        yield Site(
            f"http://127.0.0.1:{port}", **json.loads(line), driver=driver, source=AXE.read_text("utf-8")
        )
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()


def fetched(site: Site, address: str) -> tuple[int, str, str]:
    """Status, media type and text of an address, as the page's own scripts would get it."""
    script = """
    const [url, done] = arguments;
    fetch(url, { headers: { 'HX-Request': 'true' }, redirect: 'manual' })
      .then(async (r) => done([r.status, r.headers.get('content-type') || '', await r.text()]), (e) => done([0, '', String(e)]));
    """  # noqa: E501
    status, kind, text = site.driver.execute_async_script(script, address)
    return int(status), str(kind), str(text)


@pytest.mark.parametrize("route", sorted(TABLE))
def test_page(route: str, site: Site) -> None:
    role = TABLE[route]
    address = site.address(route)
    site.sign_in("" if route in ("account_login", "mfa_authenticate") else role)
    status, kind, text = fetched(site, address)
    if status in (0, 404) or 300 <= status < 400 or "text/html" not in kind:
        return  # a file, a way to another page, or a second factor that the account has not
    assert status < 500, (route, status)
    if text.lstrip().lower().startswith("<!doctype"):
        site.driver.get(site.base + address)
    else:
        full = fetched_page(site, address)
        site.driver.get(site.base + (address if full else "/organisation/me"))
        if not full:
            site.driver.execute_async_script(FRAGMENT, text)
    assert site.findings() == []


def fetched_page(site: Site, address: str) -> bool:
    """Whether the address, asked for by itself, gives a whole page (and only htmx a part of it)."""
    script = """
    const [url, done] = arguments;
    fetch(url).then((r) => r.text()).then((t) => done(/^\\s*<!doctype/i.test(t)), () => done(false));
    """
    return bool(site.driver.execute_async_script(script, address))


@pytest.mark.parametrize(
    "query", ["q=泵站", "q=泵站&tab=documents", "q=泵站&tab=commitments&year=2025", "q=，"]
)
def test_found(query: str, site: Site) -> None:
    site.sign_in("viewer")
    site.driver.get(f"{site.base}/search/?{query}")
    assert site.findings() == []


@pytest.mark.parametrize(("address", "role"), [("/nothing-here", "viewer"), ("/audit/", "viewer")])
def test_error_pages(address: str, role: str, site: Site) -> None:
    site.sign_in(role)
    site.driver.get(site.base + address)
    assert site.findings() == []


def test_no_request_left_the_host(site: Site) -> None:
    assert outside(site.driver, site.base) == []
