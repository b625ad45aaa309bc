#!/usr/bin/env python3
"""Fifty people at work on a made register, each thinking ten seconds between two pages.

    python benchmarks/web/made.py --data DIR
    python benchmarks/web/load.py --data DIR [--sessions 50] [--think 10] [--seconds 120]

Starts ``luoshi serve`` on the register that ``made.py`` made, signs the accounts in, and has each session open pages of
a fixed mix at exponentially distributed pauses of ``--think`` seconds on average. Prints for each kind of page how often
it was opened, the median, the 95th percentile and the longest time to its last byte, in milliseconds; then the pages
that the issue names one by one, alone, ten times each. ``--alone`` leaves the sessions out.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "lib"))
from served import Served, Visitor

PASSWORD = "made-for-load"
MIX: tuple[tuple[str, float, str], ...] = (
    # name, weight, address; {n} is a number at random
    ("ledger", 20, "/register/"),
    ("ledger, page", 10, "/register/?page={page}"),
    ("ledger, filtered", 15, "/register/?domain={domain}&year={year}"),
    ("ledger, facets", 15, "/register/facets?domain={domain}"),
    ("commitment", 15, "/register/{commitment}/"),
    ("library", 10, "/library/"),
    ("document", 10, "/library/{document}/"),
    ("search", 10, "/search/?q={word}"),
    ("queue", 5, "/register/queue"),
    ("review", 5, "/register/review/{document}/"),
    ("anchors", 2, "/register/anchors"),
    ("units", 3, "/organisation/units/"),
)
LISTS = (
    "ledger",
    "ledger, page",
    "ledger, filtered",
    "ledger, facets",
    "library",
    "queue",
    "anchors",
    "search",
    "units",
)
"""What the issue calls list pages."""
WORDS = (
    "农村公路",
    "社区食堂",
    "燃气管道",
    "充电桩",
    "改造",
    "冷链",
    "应急",
    "牵头",
    "“一网通办”",
    "实训中心",
)
DOMAINS = (
    "agriculture",
    "consumption",
    "culture",
    "digital",
    "education",
    "energy",
    "environment",
    "industry",
)


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    told.add_argument("--data", type=Path, required=True)
    told.add_argument("--sessions", type=int, default=50)
    told.add_argument("--think", type=float, default=10.0)
    told.add_argument("--seconds", type=float, default=120.0)
    told.add_argument("--processes", type=int, default=2)
    told.add_argument("--alone", action="store_true")
    told.add_argument("--json", type=Path)
    args = told.parse_args()
    env = {k: os.environ[k] for k in ("DATABASE_URL",) if k in os.environ}
    it = Served(args.data.resolve(), **env)
    it.start("serve", "--processes", str(args.processes))
    try:
        routes = addresses(it)
        out = {} if args.alone else load(it, args, routes)
        out["alone"] = alone(it, routes)
    finally:
        it.stop()
    if args.json:
        args.json.write_text(json.dumps(out, ensure_ascii=False, indent=1))


def addresses(it: Served) -> dict[str, str]:
    """The routes as this program names them, so that a moved page is not measured as a missing one."""
    code = """
import json
from django.urls import reverse, NoReverseMatch
out = {}
for name, route, args in (
    ("ledger", "register:commitments", []), ("facets", "register:facets", []), ("commitment", "register:commitment", [1]),
    ("library", "library:shelf", []), ("document", "library:document", [1]), ("search", "search:search", []),
    ("queue", "register:queue", []), ("review", "register:review", [1]), ("anchors", "register:anchors", []),
    ("units", "organisation:units", []), ("export", "register:export", []), ("sides", "register:sides", [1]),
    ("coverage", "register:coverage", [1]), ("coverage3", "register:coverage", [3]),
):
    try:
        out[name] = reverse(route, args=args)
    except NoReverseMatch:
        continue
print(json.dumps(out))
"""
    found: dict[str, str] = json.loads(it.python(code).splitlines()[-1])
    return found


def mixed(routes: dict[str, str]) -> list[tuple[str, float, str]]:
    """The mix with the routes of this program."""
    out = []
    for name, weight, address in MIX:
        key = {"ledger, page": "ledger", "ledger, filtered": "ledger", "ledger, facets": "facets"}.get(
            name, name
        )
        if key in routes:
            mark = "{" + key + "}"
            base = routes[key].replace("1", mark) if mark in address else routes[key]
            out.append((name, weight, base + ("?" + address.split("?")[1] if "?" in address else "")))
    return out


def load(it: Served, args: argparse.Namespace, routes: dict[str, str]) -> dict[str, object]:
    mix = mixed(routes)
    times: dict[str, list[float]] = {name: [] for name, _w, _a in mix}
    wrong: list[str] = []
    visitors = [Visitor(it.url) for _ in range(args.sessions)]
    for n, visitor in enumerate(visitors):
        answer = visitor.sign_in(f"load{n % 50:02d}", PASSWORD)
        if answer.status != 302:
            raise SystemExit(f"load{n:02d} cannot sign in: {answer.status}")
    begin = time.monotonic() + 2
    end = begin + args.seconds

    def work(n: int) -> None:
        r = random.Random(n)
        time.sleep(max(0.0, begin - time.monotonic()) + r.random() * args.think)
        while time.monotonic() < end:
            name, _weight, address = r.choices(mix, [w for _n, w, _a in mix])[0]
            path = address.format(
                page=r.choice((2, 2, 3, 10, 100, 1500)), domain=r.choice(DOMAINS), year=2025 + r.randrange(6),
                commitment=1 + r.randrange(90_000), document=1 + r.randrange(1000), word=_quoted(r.choice(WORDS)),
            )  # fmt: skip
            since = time.perf_counter()
            answer = visitors[n].get(path)
            times[name].append(1000 * (time.perf_counter() - since))
            if answer.status not in (200, 403, 404):
                wrong.append(f"{answer.status} {path}")
            time.sleep(r.expovariate(1 / args.think))

    before = processor(it)
    threads = [threading.Thread(target=work, args=(n,)) for n in range(args.sessions)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    spent, count = processor(it) - before, sum(map(len, times.values()))
    print(
        f"{count} pages in {args.seconds:.0f} s; {1000 * spent / max(1, count):.0f} ms of processor time each"
    )
    lists = [x for name in LISTS for x in times.get(name, [])]
    print(f"{'page':<20}{'n':>6}{'median':>9}{'p95':>9}{'longest':>9}  ms")
    for name, some in times.items():
        print(_line(name, some))
    print(_line("all list pages", lists))
    for what in wrong[:10]:
        print("WRONG", what)
    return {"times": times, "wrong": wrong}


def alone(it: Served, routes: dict[str, str]) -> dict[str, list[float]]:
    """Single pages, nobody else there."""
    visitor = Visitor(it.url)
    visitor.sign_in("load11", PASSWORD)  # a reviewer of the province: sees everything
    ledger = routes["ledger"]
    some = {
        "ledger": ledger,
        "ledger, page 1500": ledger + "?page=1500",
        "ledger by deadline": ledger + "?sort=deadline",
        "facets": routes["facets"],
        "facets, filtered": routes["facets"] + "?domain=energy",
        "CSV of all rows": routes.get("export", "") + "?format=csv",
        "side by side 400 × 400": routes.get("sides", ""),
        "coverage": routes.get("coverage3", ""),
        "library": routes["library"],
        "document of 400 sentences": routes["document"],
        "review of 400 sentences": routes["review"],
        "search": routes.get("search", "") + "?q=" + _quoted("农村公路"),
    }
    out: dict[str, list[float]] = {}
    for name, path in some.items():
        if not path or path.startswith("?"):
            continue
        out[name] = []
        before = processor(it)
        for _ in range(3 if name.startswith("CSV") else 10):
            since = time.perf_counter()
            answer = visitor.get(path)
            out[name].append(1000 * (time.perf_counter() - since))
        spent = 1000 * (processor(it) - before) / len(out[name])
        size = f"{spent:>6.0f} ms of processor time, {len(answer.body) / 1e3:,.0f} kB"
        print(_line(name, out[name]), "" if answer.status == 200 else f"STATUS {answer.status}", size)
    return out


def processor(it: Served) -> float:
    """Seconds of processor time that the server's processes have used so far; others on the machine do not count."""
    ticks = os.sysconf("SC_CLK_TCK")
    total = 0.0
    for pid, command in it.children():
        if "granian" in command:
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            total += (int(fields[11]) + int(fields[12])) / ticks
    return total


def _line(name: str, some: list[float]) -> str:
    if not some:
        return f"{name:<28}{0:>6}"
    p95 = statistics.quantiles(some, n=20, method="inclusive")[-1] if len(some) > 1 else some[0]
    return f"{name:<28}{len(some):>6}{statistics.median(some):>9.0f}{p95:>9.0f}{max(some):>9.0f}"


def _quoted(word: str) -> str:
    from urllib.parse import quote

    return quote(word)


if __name__ == "__main__":
    main()
