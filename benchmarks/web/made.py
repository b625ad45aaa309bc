#!/usr/bin/env python3
"""A register of real size, made directly in the database: for load, search, audit and backup figures.

    python benchmarks/web/made.py --data DIR [--commitments 100000] [--documents 1000] [--units 3000]

DATABASE_URL chooses PostgreSQL. The installation must not exist yet. Every document's words are made up, the places of
everything in them known, so that nothing needs to be read; the rows are those that reading, reviewing and comparing
would have written, each commitment with its event in the audit chain. The first two documents are a pair of 400
sentences with links; the third stands above the next fifty, with 200 requirements against each. Accounts
``load00`` … ``load49`` hold the roles in turn; their password is printed. Prints what it made as JSON.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import random
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
PASSWORD = "made-for-load"
ROLES = ("viewer", "viewer", "drafter", "reviewer", "reviewer", "supervisor", "supervisor", "unit_officer")
PENDING, REJECTED = 0.12, 0.04
"""Shares of candidates that nobody decided yet, and that were rejected."""
PAIR, UPPER, LOWERS = 400, 200, 50
DEPARTMENTS = (
    "发展改革", "教育", "科学技术", "工业和信息化", "公安", "民政", "司法", "财政", "人力资源社会保障", "自然资源",
    "生态环境", "住房城乡建设", "交通运输", "水利", "农业农村", "商务", "文化旅游", "卫生健康", "应急管理", "市场监管",
    "统计", "医疗保障",
)  # fmt: skip


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    told.add_argument("--data", type=Path, required=True)
    told.add_argument("--commitments", type=int, default=100_000)
    told.add_argument("--documents", type=int, default=1_000)
    told.add_argument("--units", type=int, default=3_000)
    args = told.parse_args()
    from luoshi_web.commands import common

    if (args.data / "luoshi.toml").exists() or (args.data / "luoshi.sqlite3").exists():
        raise SystemExit(f"{args.data} exists already.")
    common.start(args.data, must_exist=False)
    common.migrate()
    print(json.dumps(make(args.commitments, args.documents, args.units), ensure_ascii=False))


def make(commitments: int, documents: int, units: int) -> dict[str, Any]:
    """Makes everything in one transaction; what there is of each, and the seconds it took."""
    from django.db import transaction

    from luoshi_web.audit.services import maintenance

    since = time.perf_counter()
    with maintenance("made for measuring"), transaction.atomic():
        made = Made(commitments, documents, units)
        made.organisation()
        made.library()
        made.comparisons()
        made.chain()
        made.finish()
    out: dict[str, Any] = dict(made.counts)
    return out | {"password": PASSWORD, "seconds": round(time.perf_counter() - since, 1)}


class Made:
    """The rows, room by room."""

    def __init__(self, commitments: int, documents: int, units: int) -> None:
        self.random = random.Random(20_261_120)
        self.wanted, self.documents, self.units_wanted = commitments, documents, units
        self.counts: dict[str, int] = {}
        self.events: list[dict[str, str]] = []
        self.texts: list[Any] = []
        self.versions: list[Any] = []
        self.sentence_ids: list[list[int]] = []

    def put(self, rows: Iterator[Any] | list[Any]) -> None:
        from rows import insert

        some = list(rows)
        if some:
            name = some[0]._meta.model_name
            self.counts[name] = self.counts.get(name, 0) + insert(some)

    def organisation(self) -> None:
        from django.contrib.auth.hashers import make_password

        from luoshi_web.organisation.models import Account, Grant

        self.tree = _units(self.units_wanted)
        self.put(self.tree)
        self.regions = [u for u in self.tree if u.kind == "region"]
        secret = make_password(PASSWORD)
        homes = [self.regions[0], *[r for r in self.regions if r.depth == 2][:10]]
        accounts = [
            Account(
                pk=n + 1,
                username=f"load{n:02d}",
                name=f"压测{n:02d}",
                unit=homes[n % len(homes)],
                password=secret,
            )
            for n in range(50)
        ]
        self.put(accounts)
        self.put(
            [
                Grant(pk=n + 1, account=a, role=ROLES[n % len(ROLES)], unit=a.unit)
                for n, a in enumerate(accounts)
            ]
        )
        self.reviewers = accounts

    def library(self) -> None:
        """Documents with what was found in them, and what was decided about it, some at a time."""
        names = [f"{d}部门" for d in DEPARTMENTS]
        places = [r.name for r in self.regions[1:]] or [self.regions[0].name]
        share = 1 - PENDING - REJECTED
        fixed = [PAIR, PAIR, UPPER][: self.documents]
        rest = max(1, self.documents - len(fixed))
        left = max(0, round(1.01 * self.wanted / share) - sum(fixed))
        sizes = [*fixed, *(left // rest + (i < left % rest) for i in range(self.documents - len(fixed)))]
        import texts

        self._numbers = {
            n: itertools.count(1) for n in ("part", "sentence", "candidate", "decision", "time", "tag")
        }
        for i, size in enumerate(sizes):
            owner = self._owner(i)
            self.texts.append(texts.document(self.random, i + 1, owner.name, names, places, max(1, size)))
        for begin in range(0, len(self.texts), 50):
            self._fifty(begin)

    def _owner(self, i: int) -> Any:
        """The first three as the comparisons need them; then province, cities, counties in turn."""
        if i in (0, 2):
            return self.regions[0]
        below = [r for r in self.regions if r.depth == (3 if i % 10 > 6 else 2)] or self.regions
        return self.regions[0] if i % 10 < 3 and i > LOWERS + 2 else below[i % len(below)]

    def _fifty(self, begin: int) -> None:
        from luoshi_web.library.models import Document, File

        some = list(enumerate(self.texts[begin : begin + 50], begin))
        files, documents, versions = [], [], []
        for i, text in some:
            sha256 = _keep(text.text.encode())
            size = len(text.text.encode())
            owner = self._owner(i)
            f = File(
                pk=i + 1, sha256=sha256, name=f"{i + 1}.txt", size=size, media_type="text/plain", owner=owner
            )
            d = Document(
                pk=i + 1, owner=owner, audience="below", title=text.title, work=text.title, kind="意见",
                number=text.number, issuers=[owner.name], branch="government", level=owner.level,
                region=owner.code, date=text.date,
            )  # fmt: skip
            files.append(f)
            documents.append(d)
            versions.append(_version(i, text, d, f))
        self.put(files)
        for d in documents:
            d.current_id = d.pk
        self.put(documents)
        self.put(versions)
        self.versions += versions
        self._found([(t, v) for (_i, t), v in zip(some, versions, strict=True)])

    def _found(self, some: list[tuple[Any, Any]]) -> None:
        """Outline, sentences, times, candidates; decisions, commitments, tags."""
        from luoshi_web.library.models import Provision, Sentence, TimeExpression

        n = self._numbers
        parts, sentences, times, candidates = [], [], [], []
        for text, version in some:
            mine = [
                Provision(
                    pk=next(n["part"]), version=version, key=_key(version, p.start, "p"), start=p.start, end=p.end,
                    depth=1, kind="section", label=p.label, title=p.title, eid=f"sec_{i + 1}",
                )
                for i, p in enumerate(text.parts)
            ]  # fmt: skip
            parts += mine
            ids = []
            for said in text.said:
                part = mine[said.provision]
                sentence = Sentence(
                    pk=next(n["sentence"]), version=version, key=_key(version, said.start, "s"), start=said.start,
                    end=said.end, provision=part, kind="action",
                )  # fmt: skip
                sentences.append(sentence)
                ids.append(sentence.pk)
                due = None
                if said.deadline:
                    due = TimeExpression(
                        pk=next(n["time"]), version=version, key=_key(version, said.start, "t"), start=said.start,
                        end=said.start + len(said.deadline_quote), kind="deadline", quote=said.deadline_quote,
                        until=said.deadline, explanation="到该年最后一日",
                    )  # fmt: skip
                    times.append(due)
                candidates.append(
                    (_candidate(next(n["candidate"]), version, sentence, part, due, said, text), said, part)
                )
            self.sentence_ids.append(ids)
        self.put(parts)
        self.put(sentences)
        self.put(times)
        self.put([c for c, _s, _p in candidates])
        self._decide(candidates)

    def _decide(self, candidates: list[tuple[Any, Any, Any]]) -> None:
        from luoshi_web.register.models import Commitment, Decision, Tag

        n = self._numbers
        decisions, commitments, joins, tags = [], [], [], []
        for c, said, part in candidates:
            chance = self.random.random()
            if chance < PENDING:
                continue
            rejected = chance < PENDING + REJECTED
            by = self.reviewers[3 if c.pk % 2 else 4]
            anchor = {x: getattr(c, x) for x in ("key", "start", "end", "quote", "prefix", "suffix")}
            where: dict[str, Any] = {"document_id": c.version.document_id, "version": c.version, **anchor}
            d = Decision(
                pk=next(n["decision"]), verdict="rejected" if rejected else "accepted", by=by, score=0.8,
                reason="不是任务" if rejected else "", original={"verb": said.verb}, **where,
            )  # fmt: skip
            decisions.append(d)
            if rejected or len(commitments) + self.counts.get("commitment", 0) >= self.wanted:
                continue
            m = _commitment(d, c, said, part, by, where)
            commitments.append(m)
            joins.append(Commitment.origins.through(pk=m.pk, commitment_id=m.pk, decision_id=d.pk))
            tags += [
                Tag(pk=next(n["tag"]), commitment=m, kind="unit", value=u["name"], role=u["role"])
                for u in m.units
            ]
            tags += [Tag(pk=next(n["tag"]), commitment=m, kind="place", value=p["quote"]) for p in m.places]
            self.events.append(_event(by.username, m))
        self.put(decisions)
        self.put(commitments)
        self.put(joins)
        self.put(tags)

    def comparisons(self) -> None:
        """The pair of long documents, and one above fifty."""
        from luoshi_web.library.models import Comparison

        pairs = [(0, 1)] if len(self.versions) > 1 else []
        pairs += [(2, i) for i in range(3, min(3 + LOWERS, len(self.versions)))]
        rows = [
            Comparison(
                pk=k + 1, upper=self.versions[a], lower=self.versions[b], program="made", links_count=0,
                done_at=datetime.now(UTC),
            )
            for k, (a, b) in enumerate(pairs)
        ]  # fmt: skip
        links: list[Any] = []
        coverage: list[Any] = []
        for row, (a, b) in zip(rows, pairs, strict=True):
            mine = self._links(row, a, b, len(links))
            row.links_count = len(mine)
            links += mine
            coverage += self._coverage(row, a, mine, len(coverage))
        self.put(rows)
        self.put(links)
        self.put(coverage)

    def _links(self, comparison: Any, a: int, b: int, first: int) -> list[Any]:
        from luoshi_web.library.models import Link

        r, above, below = self.random, self.texts[a].said, self.texts[b].said
        out = []
        for i in range(min(len(above), len(below))):
            if r.random() < 0.25:
                continue
            j = max(0, min(len(below) - 1, i + r.randrange(-6, 7)))
            up, low = above[i], below[j]
            relation = r.choice(("verbatim", "adapted", "specified"))
            edits = (
                [{"op": "replace", "upper": up.object, "lower": low.object}] if relation == "adapted" else []
            )
            out.append(
                Link(
                    pk=first + len(out) + 1, comparison=comparison, key=f"l{comparison.pk:05d}{i:05d}",
                    upper_sentence_id=self.sentence_ids[a][i], lower_sentence_id=self.sentence_ids[b][j],
                    upper_start=up.start, upper_end=up.end, lower_start=low.start, lower_end=low.end,
                    relation=relation, score=round(0.5 + r.random() / 2, 3), edits=edits, direction="down",
                    direction_basis="层级",
                )
            )  # fmt: skip
        return out

    def _coverage(self, comparison: Any, a: int, links: list[Any], first: int) -> list[Any]:
        from luoshi_web.library.models import Coverage

        by = {x.upper_sentence_id: x.key for x in links}
        out = []
        for i, said in enumerate(self.texts[a].said):
            sentence = self.sentence_ids[a][i]
            status = ("partly" if i % 4 == 0 else "carried") if sentence in by else "absent"
            out.append(
                Coverage(
                    pk=first + i + 1, comparison=comparison, key=f"c{comparison.pk:05d}{i:05d}",
                    sentence_id=sentence, start=said.start, end=said.end, quote=said.quote, status=status,
                    by=[by[sentence]] if sentence in by else [], lost=[said.object] if status == "partly" else [],
                )
            )  # fmt: skip
        return out

    def chain(self) -> None:
        from luoshi_web.audit import chain

        chain.append(self.events)
        self.counts["auditevent"] = len(self.events)

    def finish(self) -> None:
        from django.apps import apps
        from rows import settle

        ours = ("organisation", "library", "register")
        settle([m for m in apps.get_models(include_auto_created=True) if m._meta.app_label in ours])


def _units(wanted: int) -> list[Any]:
    """Province, its departments, cities with theirs, counties with theirs: as many units as wanted."""
    from luoshi_web.organisation.models import Unit

    out: list[Any] = []

    def add(parent: Any, step: int, name: str, level: str, kind: str, code: str) -> Any:
        depth = parent.depth + 1 if parent else 1
        path = Unit._get_path(parent.path if parent else "", depth, step)
        if parent is not None:
            parent.numchild += 1
        unit = Unit(pk=len(out) + 1, path=path, depth=depth, name=name, level=level, kind=kind, code=code)
        out.append(unit)
        return unit

    def bodies(of: Any, count: int) -> None:
        for k, name in enumerate(DEPARTMENTS[:count]):
            if len(out) < wanted:
                add(of, k + 1, f"{of.name}{name}局", of.level, "department", of.code)

    province = add(None, 1, "岚山省", "province", "region", "970000")
    bodies(province, len(DEPARTMENTS))
    for c in itertools.count():
        if len(out) >= wanted:
            return out
        letter = "东西南北中上下左右前后内外新旧"[c % 15] + (
            "" if c < 15 else "二三四五六七八九"[c // 15 - 1]
        )
        city = add(province, 100 + c, f"{letter}江市", "city", "region", f"97{c + 1:02d}00")
        bodies(city, 18)
        for k in range(9):
            if len(out) < wanted:
                name = f"{letter}{'甲乙丙丁戊己庚辛壬'[k]}县"
                bodies(add(city, 100 + k, name, "county", "region", f"97{c + 1:02d}{k + 21}"), 20)
    return out


def _keep(content: bytes) -> str:
    """An original without waiting for the disk, as there are a thousand."""
    from django.conf import settings

    sha256 = hashlib.sha256(content).hexdigest()
    path: Path = settings.LUOSHI.files / sha256[:2] / sha256
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(0o440)
    return sha256


def _version(i: int, text: Any, document: Any, file: Any) -> Any:
    from luoshi.model import DocumentRow, to_row
    from luoshi_web.library.mapping import text_hash
    from luoshi_web.library.models import Version

    row = DocumentRow(
        f"d{i:08d}", f"{i + 1}.txt", text.title, text.title, "意见", "full", level=document.level,
        number=text.number, date=text.date, characters=len(text.text),
    )  # fmt: skip
    return Version(
        pk=i + 1, document=document, number=1, file=file, ordinal=0, key=row.id, text=text.text,
        text_sha256=text_hash(text.text), characters=len(text.text), row=to_row(row), paragraphs=text.paragraphs,
        program="made",
    )  # fmt: skip


def _candidate(pk: int, version: Any, sentence: Any, part: Any, due: Any, said: Any, text: Any) -> Any:
    from luoshi_web.library.models import Candidate

    return Candidate(
        pk=pk, version=version, key=_key(version, said.start, "c"), start=said.start, end=said.end, sentence=sentence,
        provision=part, type="action", quote=said.quote, prefix=text.text[max(0, said.start - 32) : said.start],
        suffix=text.text[said.end : said.end + 32], verb=said.verb, object=said.object, units=said.units, deadline=due,
        ongoing=said.ongoing, targets=[said.target] if said.target else [], places=said.places,
        strength=said.strength, domain=said.domain,
    )  # fmt: skip


def _commitment(decision: Any, candidate: Any, said: Any, part: Any, by: Any, where: dict[str, Any]) -> Any:
    from luoshi_web.register.models import Commitment

    types = ("quantitative", "project", "institutional", "qualitative")
    return Commitment(
        pk=decision.pk, **where, text=said.quote, type="quantitative" if said.target else types[said.strength % 4],
        criterion=said.target["quote"] if said.target else "", units=said.units, deadline=said.deadline,
        deadline_quote=said.deadline_quote, ongoing=said.ongoing, targets=candidate.targets, places=said.places,
        strength=said.strength, domain=said.domain, chapter=f"{part.label} {part.title}", place_label=part.label,
        score=0.8, confirmed_by=by, checked_version=candidate.version,
    )  # fmt: skip


def _key(version: Any, start: int, kind: str) -> str:
    return f"{kind}{version.pk:07d}{start:07d}"


def _event(actor: str, row: Any) -> dict[str, str]:
    from luoshi_web.audit.services import _json, snapshot

    return {
        "at": "2026-11-20T04:00:00.000000+00:00", "actor": actor, "action": "register.candidate.accept",
        "object_type": "register.commitment", "object_id": str(row.pk), "object_name": row.text[:80], "before": "",
        "after": _json(snapshot(row)), "reason": "", "address": "127.0.0.1",
    }  # fmt: skip


if __name__ == "__main__":
    main()
