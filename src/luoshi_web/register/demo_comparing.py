"""The comparison pages' part of the demo: some links judged, some gaps disposed of, one document revised."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile

from luoshi_web.library import jobs
from luoshi_web.library.models import Comparison, Job, JobState
from luoshi_web.library.services import receive
from luoshi_web.organisation.models import Account
from luoshi_web.register import disposing, gaps, judging, lists, ties
from luoshi_web.register.models import JudgedLink

SAID = (
    ("arranged", "另有专项方案部署"),
    ("inapplicable", "辖区内没有这类情况"),
    ("elsewhere", "年度工作要点中已有安排"),
    ("to-add", "修订时补入任务清单"),
)
DIFFERENCES = (
    ("reasonable", "按本地基数测算，已经报备"),
    ("correct", "指标低于上位文件，修订时更正"),
    ("ignored", "只是语序不同"),
)
OLD = "建成产地冷藏保鲜设施260座"
REVISED = (
    (OLD, "建成产地冷藏保鲜设施280座、冷链集配中心3个"),
    ("全市农产品加工转化率达到68%以上", "全市农产品加工转化率达到69%以上"),
)
"""Words of the city's plan before and after its revision: a link in doubt, a disposition in doubt."""


def compare() -> None:
    """Judges links and gaps between province, city and county, then brings the city's revised plan; once."""
    reviewer = Account.objects.filter(username="shiduban").first()
    if reviewer is None or JudgedLink.objects.exists():
        return
    pairs = [c for c in ties.comparisons(reviewer).order_by("pk") if reviewer.has_perm(judging.JUDGE, c)]
    for pair in pairs:
        _judge(reviewer, pair)
        _dispose(reviewer, pair)
    for n, row in enumerate(lists.difference_rows(lists.differences(reviewer, {})[:12], reviewer)):
        if n % 3 != 2 and reviewer.has_perm(judging.JUDGE, row["pair"]):
            verdict, reason = DIFFERENCES[n % len(DIFFERENCES)]
            judging.judge_difference(
                by=reviewer, comparison=row["pair"], key=row["t"].key, revision=row["t"].revision,
                verdict=verdict, reason=reason,
            )  # fmt: skip
    _add(reviewer, pairs)
    _revise(reviewer, pairs)


def _judge(by: Account, pair: Comparison) -> None:
    """Most of the surest links are confirmed, the weakest one is rejected."""
    some = sorted(ties.ties(pair), key=lambda t: -(t.score or 0))
    for n, t in enumerate(some[:-1]):
        revised = OLD in pair.lower.text[slice(*t.lower)] or OLD in pair.upper.text[slice(*t.upper)]
        if revised or (n < len(some) // 2 and n % 4 != 3):
            judging.judge(by=by, comparison=pair, key=t.key, revision=0, verdict="confirmed")
    if len(some) >= 8:
        judging.judge(
            by=by, comparison=pair, key=some[-1].key, revision=0, verdict="rejected",
            reason="只有套语相同，说的不是一件事",
        )  # fmt: skip


def _dispose(by: Account, pair: Comparison) -> None:
    """Every second gap of the first twelve has its disposition."""
    table = gaps.matrix(by, pair.upper.document, pair.lower.document_id)
    for n, gap in enumerate(gaps.gaps(table, {})[:12]):
        if n % 2 == 0:
            disposition, reason = SAID[n // 2 % len(SAID)]
            found = pair.coverage.get(pk=gap.cell.pk)
            disposing.dispose(
                by=by, comparison=pair, coverage=found, revision=0, disposition=disposition, reason=reason
            )


def _add(by: Account, pairs: list[Comparison]) -> None:
    """One link drawn by hand, at a near miss."""
    for pair in pairs:
        for found in pair.coverage.filter(status="absent").order_by("start"):
            if found.near and disposing.known_of(pair, found.start, found.end) is None:
                near = found.near[0]
                judging.add(
                    by=by,
                    comparison=pair,
                    upper=(found.start, found.end),
                    lower=(near["start"], near["end"]),
                    relation="specified",
                    reason="换了说法，实为同一件事",
                    difference="narrowed",
                )
                return


def _revise(by: Account, pairs: list[Comparison]) -> None:
    """The city's plan comes in a revised version, so that a confirmed link with its old words is in doubt."""
    mine = [d for c in pairs for d in (c.upper.document, c.lower.document) if d.owner_id == by.unit_id]
    for document in mine:
        version = document.current
        data = version.file.path.read_bytes() if version else b""
        if version is None or OLD.encode() not in data:
            continue
        for old, new in REVISED:
            data = data.replace(old.encode(), new.encode())
        upload = SimpleUploadedFile(f"修订-{version.file.name}", data)
        receive(by=by, owner=document.owner, audience="below", files=[upload], max_bytes=1 << 26)
        for kind in ("read", "compare"):
            rows = Job.objects.filter(kind=kind, state=JobState.WAITING).order_by("pk")
            for pk in list(rows.values_list("pk", flat=True)):
                jobs.run(pk)
        return
