"""Kind, completeness, issuers, level and region of a document."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from luoshi.structure import identity
from luoshi.structure.head import Head
from luoshi.structure.lines import Line
from luoshi.structure.shape import is_org, plain, role
from luoshi.structure.speech import by_bodies, known_people
from luoshi.structure.words import title_kind
from luoshi.text import regions

_FORWARDS = re.compile(r"(?:印发|转发|批转|公布|发布)[\s　]*(.{4,120})的(?:通知|通告|公告|决定|命令|令)")
_SUMMARY = re.compile(r"(?:主要内容如下|以上(?:为|是|系)[^。]*主要内容|（摘要）|\(摘要\)|内容摘要|摘要$)")
_REPORT = re.compile(r"(?:本报讯|本报[\u4e00-\u9fff]{0,8}\d|新华社|中新社|人民网)[^。]{0,40}?(?:讯|电|日)")
_EXCERPT = re.compile(r"摘编|节选|摘录|金句|语录|（节录）|略）|（略|［略］")
_LEADERS = re.compile(
    r"^(?:习近平|李强|赵乐际|王沪宁|蔡奇|丁薛祥|李希|国家主席|国务院总理)|中共中央|中央政治局|^中央|国务院常务会议"
    r"|全国(?:人大|政协|代表大会|人民代表大会)|党的.{1,3}大(?!学)|中国共产党第.{1,4}次|[(（].{1,3}大[)）]$"
)
_OWN_RANK = re.compile(r"(?:副)?(省|自治区|市|州|县|区|旗)(?:委|长|政府|人大|主席)")
_ADOPTER = re.compile(
    r"日\s*([\u4e00-\u9fff]{2,30}?人民代表大会(?:常务委员会)?|[\u4e00-\u9fff]{2,40}?(?:委员会|会议))"
    r"(?=第|全体|会议|[\u4e00-\u9fff]{0,12}(?:通过|批准))"
)
_OF_PEOPLE = re.compile(r"(?:党的[一二三四五六七八九十]+大|总书记)")


@dataclass(frozen=True, slots=True)
class Issue:
    """Issuers of a document and where they stand."""

    issuers: tuple[str, ...]
    branch: str
    level: str | None
    region: str | None


def _forwarded(title: str, lines: Sequence[Line]) -> str:
    """Kind of the text that a notice forwards."""
    if m := _FORWARDS.search(title):
        inner = re.findall(r"《((?:[^《》]|《[^《》]*》)+)》", m.group(1)) or [m.group(1)]
        if kind := title_kind(inner[0]):
            return kind
    for line in lines:
        if line.kind == "part" and role(line.text) != "annex" and (kind := title_kind(line.text)):
            return kind
    return ""


def kind_of(head: Head, lines: Sequence[Line], *, labelled: int, digest: bool) -> str:
    """Kind of a document. A notice that forwards a plan is of the plan's kind."""
    kind = ""
    for title in (head.title, *head.titles):
        kind = kind or title_kind(title)
    if kind == "notice" or (not kind and re.search(r"印发|转发|批转", head.title)):
        return _forwarded(head.title, lines) or kind or "notice"
    if digest:
        return "quotes"
    if "评论员" in head.note("byline") or "社论" in head.note("byline"):
        return "editorial" if "社论" in head.note("byline") else "commentary"
    if head.note("author") and kind in (
        "",
        "commentary",
        "measures",
        "plan",
        "meeting",
        "speech-report",
        "other",
    ):
        return "signed-article" if "occasion" not in head.notes else (kind or "speech-report")
    if kind == "law" and not any(re.match(r"\s*第[一1]条", line.text) for line in lines):
        kind = ""
    if kind in ("meeting", "speech-report"):
        share = by_bodies(lines)
        said = any(line.speaker for line in lines)
        if said:
            return "meeting" if share > 0.5 else "speech-report"
    return kind or _by_form(head, lines, labelled)


def _by_form(head: Head, lines: Sequence[Line], labelled: int) -> str:
    """Texts whose titles do not tell: comments and leading articles argue, unnumbered, as “we”."""
    if "number" in head.notes or labelled > 3:
        return "other"
    body = [line.text for line in lines if line.kind == "body" and len(line.text) > 15]
    if len(body) < 3 or any(line.block.kind == "table-row" for line in lines):
        return "other"
    if _REPORT.match(body[0]) and known_people(body):
        return "speech-report"
    if any("：" in text[:12] for text in body[:3]) or re.search(
        r"[？?]$|如何|怎么|攻略|指南|须知|一文|热点|报告[（(]?.{0,4}$", head.title
    ):
        return "other"
    text = "".join(body)
    ours = len(re.findall(r"我们|让我们|总书记|新征程|必须|奋力|要(?!求)", text)) / max(1, len(text) / 100)
    if ours < 0.4:
        return "other"
    if body[-1].rstrip().endswith("！") and re.search(r"让我们", body[-1]):
        return "editorial"
    return "commentary"


def status_of(kind: str, head: Head, lines: Sequence[Line]) -> str:
    """``full``, ``press-report``, ``excerpts`` or ``main-contents``."""
    notes = [line.text for line in lines if line.kind == "note"]
    opening = "".join(line.text for line in lines[:6] if line.kind != "title")
    if any(_SUMMARY.search(t) for t in [head.title, *notes]) or "主要内容如下" in opening:
        return "main-contents"
    if kind == "quotes" or _EXCERPT.search(head.title):
        return "excerpts"
    if kind in ("meeting", "speech-report") and "occasion" not in head.notes:
        return "press-report"
    if kind == "signed-article" and any(
        re.search(r"整理", t) for t in (*notes, *(line.text[-40:] for line in lines[-3:]))
    ):
        return "press-report"
    return "full"


def _signatories(lines: Sequence[Line]) -> tuple[str, ...]:
    out: list[str] = []
    first_part = next((i for i, line in enumerate(lines) if line.kind == "part" and i > 3), len(lines))
    # below the body first: the issuing mark above it may shorten the names
    body = next((i for i, line in enumerate(lines) if line.kind == "body"), 0)
    for line in [*lines[body:first_part], *lines[:body]]:
        if line.kind != "note":
            continue
        text = plain(line.text)
        if out and role(text) == "letterhead":
            continue
        if role(text) == "signed-date":
            text = re.sub(r"[\d〇零○一二三四五六七八九十]{2,4}\s*年.*$", "", text).lstrip("（(")
        if is_org(text):
            out += [n for n in identity.split_issuers(text) if n not in out and identity.standing(n)]
    return tuple(out)


def _of_opening(lines: Sequence[Line]) -> tuple[str, ...]:
    """Who issued a text that a press report hands on: 近日，中共中央、国务院印发了《…》."""
    for line in [line for line in lines if line.kind in ("body", "note")][:2]:
        m = re.search(
            r"(?:近日|日前|\d日)[，,]\s*([\u4e00-\u9fff、]{2,60}?)(?:联合)?(?:印发|发布|公布|出台)(?:了)?《",
            line.text[:200],
        )
        if m:
            return identity.split_issuers(m.group(1))
    return ()


def _of_adoption(notes: Sequence[str]) -> tuple[str, ...]:
    """The body that adopted a text: a congress or its standing committee, a committee of the Party."""
    for note in notes:
        if m := re.search(r"日\s*((?:中华人民共和国)?国务院)(?=令|第|常务)", note):
            return ("国务院",)
        m = _ADOPTER.search(note)
        if m:
            name = re.sub(r"第[一二三四五六七八九十百]+届", "", m.group(1))
            if identity.standing(name):
                return (name,)
    return ()


def issue_of(kind: str, head: Head, lines: Sequence[Line], metadata: Mapping[str, str]) -> Issue:
    """Issuers (by title, letterhead, signature, adoption note, metadata) and their standing."""
    title = head.title
    found = () if kind in ("meeting", "speech-report", "quotes") else identity.issuers_of_title(title)
    if not found and (text := " ".join(head.notes.get("letterhead", ())) or head.note("order-head")):
        found = identity.split_issuers(re.sub(r"文\s*件(?=\s|$)|(?<=.)令$", "", text))
    if kind == "communique":
        found = found or (re.sub(r"公报$", "", title).strip(),)
    if (
        not found
        or re.match(r"关于|印发", title)
        or re.search(r"等\s*[\d一二三四五六七八九十]*\s*(?:个)?(?:部门|单位|部委)", title)
    ):
        signed = _signatories(lines)
        found = signed if len(signed) >= len(found) else found
    if not found and kind in ("law", "regulation", "measures", "opinion", "plan", "other"):
        found = _of_adoption(head.notes.get("adoption", ()))
    found = _of_opening(lines) or found
    if not found and metadata.get("issuer"):
        found = identity.split_issuers(metadata["issuer"])
    if kind == "signed-article" and (author := head.note("author")):
        return _of_author(author)
    if kind in ("commentary", "editorial"):
        named = metadata.get("publisher") or metadata.get("author") or metadata.get("issuer") or ""
        return Issue((named,) if named else (), "media", "media", None)
    places = [s for name in found if (s := identity.standing(name)) is not None]
    if places:
        first = next((p for p in places if p.level), places[0])
        return Issue(found, first.branch, first.level or _level_of_title(kind, title)[0], first.region)
    level, region = _level_of_title(kind, title)
    if kind == "work-report":
        return _of_report(head, lines, level, region)
    return Issue(found, _branch(kind, title), level, region)


def _of_report(head: Head, lines: Sequence[Line], level: str | None, region: str | None) -> Issue:
    """A government's report on its work: the government, told from the occasion where the title is silent."""
    occasion = head.note("occasion", "adoption")
    opening = "".join(line.text for line in lines[:6])
    if region is None and (
        m := re.search(r"在([\u4e00-\u9fff]{2,12}?)第[一二三四五六七八九十]+届", occasion)
    ):
        region, level = identity.region_of(m.group(1))
    if region is None and "国务院" in head.title:
        return Issue(("国务院",), "government", "central", None)
    if region is None and re.search(
        r"代表国务院|在第[一二三四五六七八九十]+届全国人民代表大会", opening + occasion
    ):
        return Issue(("国务院",), "government", "central", None)
    place = regions.get(region) if region else None
    issuers = (place.name + "人民政府",) if place is not None and "政府工作报告" in head.title else ()
    return Issue(issuers, "government", level, region)


def _of_author(author: str) -> Issue:
    name = re.split(r"[（(\s　]", author)[0]
    post = author[len(name) :].strip("（()） 　")
    place = identity.standing(re.sub(r"(?:书记|省长|市长|主任|主席|部长|局长|厅长).*$", "", post))
    code, level = identity.region_of(post)
    branch = "party" if "委书记" in post or "党委" in post else place.branch if place else "other"
    return Issue((name,), branch, level or (place.level if place else None), code)


def _branch(kind: str, title: str) -> str:
    if kind in ("law", "regulation"):
        return "congress"
    if re.search(r"习近平|总书记|中共|党委|全会|政治局|中央", title):
        return "party"
    return "government" if kind in ("opinion", "plan", "measures", "notice", "work-report") else "other"


def _level_of_title(kind: str, title: str) -> tuple[str | None, str | None]:
    code, level = identity.region_of(title.lstrip("0123456789年 "))
    if code:
        return level, code
    if _LEADERS.search(title) or (kind in ("quotes",) and _OF_PEOPLE.search(title)):
        return "central", None
    if kind == "law" or title.startswith("中华人民共和国"):
        return "central", None
    if m := _OWN_RANK.match(title):
        return {"省": "province", "自治区": "province", "市": "city", "州": "city"}.get(
            m.group(1), "county"
        ), None
    return identity.level_by_rank(title), None
