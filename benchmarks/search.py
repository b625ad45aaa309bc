#!/usr/bin/env python3
"""Search at 100 MB of invented text: time to index, size, time of queries, on SQLite and PostgreSQL.

    python benchmarks/search.py [--mb 100] [--documents 5000] [--data DIR] [--database postgresql://…]

The words are drawn from made-up and official vocabulary with Zipf's frequencies, so that some stand in nearly
every provision and some in a handful. Each query is asked as a page asks it (permission, counts, facets,
snippets) and the results of both databases are printed as a checksum, to be compared. Without ``--data`` a
temporary folder is used; with it, a database that is there already is measured again.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
OFFICIAL = [
    "加快",
    "推进",
    "建设",
    "发展",
    "完善",
    "机制",
    "健全",
    "制度",
    "落实",
    "督查",
    "政策",
    "项目",
    "企业",
    "农业",
    "乡村",
    "振兴",
    "产业",
    "改革",
    "创新",
    "服务",
    "环境",
    "水利",
    "泵站",
    "交通",
    "公路",
    "铁路",
    "教育",
    "学校",
    "医疗",
    "卫生",
    "养老",
    "就业",
    "社会",
    "保障",
    "资金",
    "财政",
    "税收",
    "金融",
    "贷款",
    "土地",
    "规划",
    "城市",
    "社区",
    "生态",
    "保护",
    "污染",
    "治理",
    "森林",
    "河流",
    "粮食",
    "种子",
    "畜牧",
    "渔业",
    "冷链",
    "物流",
    "电商",
    "数字",
    "平台",
    "数据",
    "网络",
    "基站",
    "能源",
    "电力",
    "光伏",
    "安全",
    "应急",
    "消防",
    "执法",
    "监管",
    "考核",
    "通报",
    "问责",
    "牵头",
    "负责",
    "配合",
    "单位",
    "部门",
    "人民政府",
    "办公厅",
    "意见",
    "通知",
    "方案",
    "办法",
    "条例",
    "法规",
    "标准",
    "试点",
    "示范",
    "工程",
    "行动",
    "专项",
    "清单",
    "台账",
    "时限",
    "年底",
    "以上",
    "以下",
    "不少于",
    "达到",
    "新增",
    "更新",
    "改造",
    "扩大",
    "提高",
    "降低",
    "优化",
    "强化",
    "深化",
    "统筹",
    "协调",
    "整合",
    "支持",
    "鼓励",
    "引导",
    "严禁",
    "禁止",
]
QUERIES = (
    "督查", "发展", "的", "加快 建设", "冷链物流", "“推进改革”", "乡村振兴 资金 监管", "人民政府", "发展 -改革",
    "光伏 电力 平台", "泵站更新改造", "5G", "2031年", "不存在的词语组合", "數字鄉村", "畜牧 渔业 种子 粮食",
    "加快推进乡村产业发展", "“考核，通报”", "罕用词", "农业",
)  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mb", type=float, default=100)
    parser.add_argument("--documents", type=int, default=5000)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--database", default="")
    parser.add_argument("--repeat", type=int, default=5)
    told = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="luoshi-search-") as folder:
        data = told.data or Path(folder)
        data.mkdir(parents=True, exist_ok=True)
        _django(data, told.database)
        from django.db import connection

        from luoshi_web.search.models import Entry

        out: dict[str, Any] = {"database": connection.vendor}
        if not Entry.objects.exists():
            out |= _fill(told.mb, told.documents)
        out |= _sizes()
        out |= _queries(told.repeat)
        print(json.dumps(out, ensure_ascii=False, indent=1))
    return 0 if out["slowest_ms"] <= 300 else 1


def _django(data: Path, database: str) -> None:
    os.environ["LUOSHI_DATA"] = str(data)
    os.environ["DJANGO_SETTINGS_MODULE"] = "luoshi_web.settings"
    if database:
        os.environ["DATABASE_URL"] = database
    else:
        os.environ.pop("DATABASE_URL", None)
    from luoshi_web import config

    config.make_key(data)
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def _words(chance: random.Random) -> tuple[list[str], list[float]]:
    """Official words, and three thousand made-up ones of two to four characters, with Zipf's weights."""
    characters = sorted({c for w in OFFICIAL for c in w})
    made = {"".join(chance.choices(characters, k=chance.choice((2, 2, 3, 4)))) for _ in range(3000)}
    words = [*OFFICIAL, "的", "和", "等", *sorted(made), "罕用词"]
    head = [*OFFICIAL]
    chance.shuffle(head)
    words[: len(head)] = head
    return words, list(accumulate(1 / (n + 8) for n in range(len(words))))


def _sentence(chance: random.Random, words: list[str], weights: list[float]) -> str:
    parts = []
    for _ in range(chance.randint(2, 5)):
        some = chance.choices(words, cum_weights=weights, k=chance.randint(4, 9))
        if chance.random() < 0.08:
            some.insert(2, f"{chance.randint(2020, 2035)}年")
        if chance.random() < 0.03:
            some.insert(1, "5G")
        parts.append("".join(some))
    return "，".join(parts) + "。"


def _texts(megabytes: float, documents: int) -> Iterator[str]:
    chance = random.Random(20)
    words, weights = _words(chance)
    each = int(megabytes * 1e6 / 3 / documents)
    for n in range(documents):
        lines, size = [f"关于{chance.choice(words)}{chance.choice(words)}工作的意见", ""], 0
        item = 0
        while size < each:
            item += 1
            body = "".join(_sentence(chance, words, weights) for _ in range(chance.randint(2, 5)))
            line = f"（{item}）{chance.choice(words)}{chance.choice(words)}。{body}"
            lines.append(line)
            size += len(line)
        yield "\n".join(lines)
        if n % 500 == 0:
            print(f"{n} documents", file=sys.stderr)


def _fill(megabytes: float, documents: int) -> dict[str, Any]:
    from django.db import transaction

    from luoshi_web.audit.services import SYSTEM, maintenance
    from luoshi_web.organisation import services
    from luoshi_web.search import index

    unit = services.add_unit(by=SYSTEM, parent=None, name="测试省", level="province", kind="region")
    account, _password = services.add_account(by=SYSTEM, username="reader", name="测试", unit=unit)
    services.grant_role(by=SYSTEM, account=account, role="viewer", unit=unit)
    size = 0
    with maintenance("benchmark"), transaction.atomic():
        for n, text in enumerate(_texts(megabytes, documents)):
            size += len(text.encode())
            _document(n, text, unit)
    since, cpu = time.perf_counter(), time.process_time()
    entries = index.rebuild()
    return {
        "megabytes": round(size / 1e6, 1), "documents": documents, "entries": entries,
        "index_s": round(time.perf_counter() - since, 1), "index_cpu_s": round(time.process_time() - cpu, 1),
    }  # fmt: skip


def _document(n: int, text: str, unit: Any) -> None:
    from luoshi_web.library.models import Document, File, Provision, Version

    title = text.partition("\n")[0]
    file = File.objects.create(sha256=f"{n:064x}", name=f"{n}.txt", size=len(text), owner=unit)
    document = Document.objects.create(
        owner=unit, audience="below", title=title, work=title, kind=("意见", "通知", "方案", "办法")[n % 4],
        number=f"测政发〔{2010 + n % 16}〕{n}号", issuers=[f"测试省第{n % 40}局"], date=f"{2010 + n % 16}-06-01",
        level=("province", "city", "county")[n % 3],
    )  # fmt: skip
    version = Version.objects.create(
        document=document, number=1, file=file, ordinal=0, key=f"d{n}", text=text, characters=len(text),
        text_sha256=hashlib.sha256(text.encode()).hexdigest(), program="benchmark",
    )  # fmt: skip
    rows, at = [], 0
    for i, line in enumerate(text.split("\n")):
        if line.startswith("（"):
            label = line.partition("）")[0] + "）"
            rows.append(
                Provision(
                    version=version,
                    key=f"p{i}",
                    start=at,
                    end=at + len(line),
                    depth=1,
                    kind="item",
                    label=label,
                )
            )
        at += len(line) + 1
    Provision.objects.bulk_create(rows, 1000)
    Document.objects.filter(pk=document.pk).update(current=version)


def _sizes() -> dict[str, Any]:
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE")
            cursor.execute(
                "SELECT pg_total_relation_size('search_words'), pg_database_size(current_database())"
            )
            index, whole = cursor.fetchone()
        else:
            cursor.execute("SELECT sum(length(block)) FROM search_words_data")
            index = cursor.fetchone()[0]
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
            whole = cursor.fetchone()[0]
    return {"index_mb": round(index / 1e6, 1), "database_mb": round(whole / 1e6, 1)}


def _processor() -> Callable[[], float]:
    """Seconds of processor time spent so far, by this process and by the database's own for it (if here)."""
    from django.db import connection

    own = time.process_time
    if connection.vendor != "postgresql":
        return own
    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")
        cursor.execute("SELECT pg_backend_pid()")
        stat = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    if not stat.exists():
        return own
    tick = os.sysconf("SC_CLK_TCK")

    def both() -> float:
        told = stat.read_text().rpartition(")")[2].split()
        return own() + (int(told[11]) + int(told[12])) / tick

    return both


def _queries(repeat: int) -> dict[str, Any]:
    from luoshi_web.organisation.models import Account
    from luoshi_web.search.find import find

    rows = {}
    checksum = hashlib.sha256()
    busy = _processor()
    for q in QUERIES:
        times, before = [], busy()
        for page in range(1, repeat + 1):
            account = Account.objects.get(username="reader")
            since = time.perf_counter()
            found = find(account, {"q": q}, page=page)
            times.append(1000 * (time.perf_counter() - since))
            checksum.update(repr([found.total, [h.entry.pk for h in found.hits if h.entry]]).encode())
        rows[q] = {
            "hits": found.total,
            "median_ms": round(statistics.median(times)),
            "worst_ms": round(max(times)),
            "cpu_ms": round(1000 * (busy() - before) / repeat),
        }
    return {
        "queries": rows,
        "median_ms": statistics.median(r["median_ms"] for r in rows.values()),
        "slowest_ms": max(r["median_ms"] for r in rows.values()),
        "median_cpu_ms": statistics.median(r["cpu_ms"] for r in rows.values()),
        "most_cpu_ms": max(r["cpu_ms"] for r in rows.values()),
        "results": checksum.hexdigest()[:16],
    }


if __name__ == "__main__":
    raise SystemExit(main())
