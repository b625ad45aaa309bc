"""The one-file report in a real browser, from a file, without a network."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import made_large
import made_records as made
import pytest

from luoshi.model import Records
from luoshi.report import html

VIEWS = (
    "documents",
    "reading",
    "tasks",
    "compare",
    "coverage",
    "gaps",
    "sources",
    "terms",
    "accounting",
    "problems",
)
ATTACK = "</script><script>window.hit=1</script><img src=x onerror='window.hit=1'>"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    html.write(made.two(), path)
    return path


def visit(driver: Any, path: Path, address: str = "documents") -> None:
    driver.get("about:blank")
    driver.get(f"{path.as_uri()}#{address}")


def texts(driver: Any, selector: str) -> list[str]:
    script = "return [...document.querySelectorAll(arguments[0])].map(x => x.textContent)"
    found: list[str] = driver.execute_script(script, selector)
    return found


def click(driver: Any, selector: str) -> None:
    driver.execute_script("document.querySelector(arguments[0]).click()", selector)


def wrong(driver: Any) -> list[str]:
    return [x["message"] for x in driver.get_log("browser") if x["level"] in ("SEVERE", "WARNING")]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("view", VIEWS)
def test_every_view_draws_without_a_complaint(driver: Any, small: Path, view: str, language: str) -> None:
    visit(driver, small, view + ("?lang=en" if language == "en" else ""))
    assert wrong(driver) == []
    assert len(driver.execute_script("return document.querySelector('main').innerText")) > 60
    assert driver.execute_script("return document.documentElement.lang") == (
        "en" if language == "en" else "zh-CN"
    )
    wide = driver.execute_script("return document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0


def test_every_figure_leads_to_what_it_counts(driver: Any, small: Path) -> None:
    visit(driver, small)
    links = "[...document.querySelectorAll('.figures a')]"
    figures = driver.execute_script(f"return {links}.map(a => [a.querySelector('b').textContent, a.hash])")
    assert len(figures) == 12
    for count, address in figures:
        if address.startswith("#compare"):
            continue
        visit(driver, small, address[1:])
        shown = texts(driver, ".count")
        pressed = texts(driver, ".switcher [aria-pressed=true]")
        assert any(f" {count} " in f" {x} " for x in shown + pressed), (count, address, shown)


def test_tasks_search_filter_sort_open(driver: Any, small: Path) -> None:
    visit(driver, small, "tasks")
    assert texts(driver, ".count") == ["共 28 项"]
    driver.execute_script(
        "const x = document.querySelector('input.search'); x.value = '高标准 200万';"
        "x.dispatchEvent(new Event('input'))"
    )
    assert texts(driver, "td b.verb") == ["增"]
    assert "q=" in driver.execute_script("return location.hash")
    click(driver, ".clear")
    driver.execute_script(
        "const has = s => [...s.options].some(o => o.value === '省财政厅');"
        "const x = [...document.querySelectorAll('select')].find(has);"
        "x.value = '省财政厅'; x.dispatchEvent(new Event('change'))"
    )
    assert texts(driver, ".count") == ["共 3 项"]
    visit(driver, small, "tasks?sort=deadline")
    assert texts(driver, "td.date")[:4] == ["2026-06-30", "2027-12-31", "2030-12-31", "长期坚持"]
    task = next(c for c in made.two().commitments if "大力建设云江" in c.evidence.quote)
    visit(driver, small, f"tasks?id={task.id}")
    assert texts(driver, "tr.detail blockquote .focus") == ["大力建设云江高标准农田"]
    assert "沿江地区→云江" in texts(driver, "tr.detail .edit")


def test_reading_links_text_and_commitments(driver: Any, small: Path) -> None:
    task = next(c for c in made.two().commitments if "用好" in c.evidence.quote)
    visit(driver, small, f"reading?doc={made.LOWER}&c={task.id}")
    assert texts(driver, ".text .chosen") == ["用好对种业企业的支持政策"]
    assert len(texts(driver, ".card.chosen")) == 1
    body = driver.find_element("tag name", "body")
    body.send_keys("j")
    assert texts(driver, ".text .chosen") == ["鼓励青禾种业集团在临江市建设南繁分中心"]
    body.send_keys("kk")
    assert texts(driver, ".text .chosen") == ["加快培育耐旱水稻品种"]
    whole = "".join(texts(driver, ".text p:not(.speaker)"))
    assert whole == made.two().texts[made.LOWER].replace("\n", "")


def test_side_by_side(driver: Any, small: Path) -> None:
    link = made.two().links[6]
    visit(driver, small, f"compare?link={link.id}&lower={made.LOWER}&upper={made.UPPER}")
    assert texts(driver, ".comparing .side .chosen") == ["新建航运职业院校", "推动航运职业教育创新发展"]
    assert texts(driver, ".compared mark.shared") == ["航运职业", "航运职业"]
    assert texts(driver, ".compared .edit") == ["新建→推动", "－院校", "＋创新发展"]
    assert len(texts(driver, ".ribbons path")) == 8
    assert len(texts(driver, ".barcode rect")) == sum(
        s.evidence.document == made.LOWER for s in made.two().sentences
    )


def test_articles_side_by_side(driver: Any, small: Path) -> None:
    visit(driver, small, f"compare?mode=articles&lower={made.LOWER}&upper={made.UPPER}")
    assert wrong(driver) == []
    rows = driver.execute_script(
        "return [...document.querySelectorAll('.articles tr.opens')].map("
        "r => [...r.cells].map(c => c.textContent))"
    )
    linked = [r for r in rows if r[0] != "—"]
    assert linked and all(r[3] != "—" and r[5].endswith("%") for r in linked)
    assert len(texts(driver, ".articlegrid rect")) == len({(r[0], r[3]) for r in linked})
    driver.execute_script(
        "document.querySelector('.articlegrid rect').dispatchEvent(new MouseEvent('click', {bubbles: true}))"
    )
    assert " ↔ " in texts(driver, ".detail .where")[0]
    assert "id=" in driver.execute_script("return location.hash")


def test_coverage_cell_opens_what_is_lost_and_nearly_meant(driver: Any, small: Path) -> None:
    visit(driver, small, "coverage")
    assert len(texts(driver, "td.s-carried")) == 6
    click(driver, "td.s-absent:has(sup) button")
    assert "“港”在此只是地名，不涉及通关" in "".join(texts(driver, ".near"))
    row = next(v for v in made.two().coverage if v.lost)
    visit(driver, small, f"coverage?v={row.id}")
    assert texts(driver, ".lost .word") == list(row.lost)


def test_accounting_shows_every_sentence_and_what_was_left_out(driver: Any, small: Path) -> None:
    visit(driver, small, "accounting")
    assert texts(driver, ".good") == ["✓ 无遗漏", "✓ 无遗漏"]
    records = made.two()
    mine = [s for s in records.sentences if s.evidence.document == made.UPPER]
    left = [x for x in records.dropped if x.document == made.UPPER]
    assert texts(driver, ".count") == [f"共 {len(mine) + len(left)} 项"]


def test_a_hole_in_the_account_is_shown(driver: Any, tmp_path: Path) -> None:
    records = made.two()
    records.sentences.pop(3)
    html.write(records, tmp_path / "a.html")
    visit(driver, tmp_path / "a.html", "accounting")
    assert texts(driver, ".sources .bad") == ["✕ 有遗漏"]


def test_hostile_text_is_shown_as_text(driver: Any, tmp_path: Path) -> None:
    records = made.two()
    records.texts[made.LOWER] += "\n" + ATTACK
    records.documents[1] = replace(records.documents[1], title=ATTACK, source=ATTACK, number=ATTACK)
    html.write(records, tmp_path / "a.html")
    for view in VIEWS:
        visit(driver, tmp_path / "a.html", view)
        assert driver.execute_script("return window.hit === undefined && !document.querySelector('img')")
    visit(driver, tmp_path / "a.html", f"reading?doc={made.LOWER}")
    assert ATTACK in "".join(texts(driver, ".text p"))


def test_odd_addresses_do_no_harm(driver: Any, small: Path) -> None:
    for address in (
        "nothing",
        "tasks?id=%E0%A4%A",
        "reading?doc=x&at=9-",
        "compare?lower=x",
        "coverage?page=99",
        "__proto__",
    ):
        visit(driver, small, address)
        assert wrong(driver) == []
        assert texts(driver, "main")


def test_no_records(driver: Any, tmp_path: Path) -> None:
    html.write(Records(), tmp_path / "a.html")
    for view in VIEWS:
        visit(driver, tmp_path / "a.html", view)
        assert wrong(driver) == []


def test_printing_shows_all_rows(driver: Any, tmp_path: Path) -> None:
    html.write(made_large.large(4, 400, 200), tmp_path / "a.html")
    visit(driver, tmp_path / "a.html", "tasks")
    assert len(texts(driver, "tbody tr.opens")) == 100
    driver.execute_script("dispatchEvent(new Event('beforeprint'))")
    assert len(texts(driver, "tbody tr.opens")) == 400
    driver.execute_script("dispatchEvent(new Event('afterprint'))")
    assert len(texts(driver, "tbody tr.opens")) == 100


@pytest.mark.slow
def test_it_stays_quick_with_forty_documents(driver: Any, tmp_path: Path) -> None:
    html.write(made_large.large(), tmp_path / "a.html")
    begun = time.perf_counter()
    visit(driver, tmp_path / "a.html", "tasks")
    assert texts(driver, ".count") == ["共 5,000 项"]
    assert time.perf_counter() - begun < 30
    for view in VIEWS:
        took = driver.execute_script(
            "const begun = performance.now(); location.hash = '#' + arguments[0];"
            "dispatchEvent(new HashChangeEvent('hashchange')); document.body.offsetHeight;"
            "return performance.now() - begun",
            view,
        )
        assert took < 3000, view


@pytest.mark.corpus
@pytest.mark.slow
def test_the_seed_files(driver: Any, seeds: Path, tmp_path: Path) -> None:
    from luoshi.pipeline import build, load

    build([seeds], tmp_path / "out")
    records = load(tmp_path / "out")
    for view in VIEWS:
        visit(driver, tmp_path / "out" / "report.html", view)
        assert wrong(driver) == []
    visit(driver, tmp_path / "out" / "report.html", "tasks")
    assert texts(driver, ".count") == [f"共 {len(records.commitments):,} 项"]
    visit(driver, tmp_path / "out" / "report.html", "accounting")
    assert texts(driver, ".sources .bad") == []
    for document in records.documents:
        visit(driver, tmp_path / "out" / "report.html", f"reading?doc={document.id}")
        shown = "".join(texts(driver, ".text p:not(.speaker)"))
        assert shown == records.texts[document.id].replace("\n", "")
