"""What a single line is by its form alone: a number, a dateline, an adoption note, a page's navigation …"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from luoshi.structure.labels import read_label
from luoshi.structure.lines import WHITE, Line, bare, ends_sentence
from luoshi.structure.when import WIDE
from luoshi.text.lexicon import mapping, table, words

_PACKAGE = "luoshi.structure"
_DATE = (
    r"(?:(?:19|20)\d{2}[\s　]*年[\s　]*\d{1,2}[\s　]*月[\s　]*\d{1,2}[\s　]*"
    r"(?:日?\s*(?:至|到|—|-)\s*(?:\d{1,2}\s*月\s*)?\d{1,2}\s*)?日"
    r"|(?:19|20)\d{2}[-/.]\d{1,2}[-/.]\d{1,2}"
    r"|[一二][零〇○ＯO九0]{1}[零〇○ＯO一二三四五六七八九0]{2}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日)"
)
_DAY = r"\d{1,2}\s*月\s*\d{1,2}\s*日"
_HAN = r"[\u4e00-\u9fff]"
_NAME = rf"(?:{_HAN}{{2,4}}|{_HAN}[\s　]{{1,3}}{_HAN}|{_HAN}{{2,8}}[·•]{_HAN}{{2,8}})"
_EDGES = WHITE + "\u200b*#"
LONGEST_TITLE = 80
LONGEST_ADDRESSEES = 600
_WIDE = re.compile("[０-９]")
_PASSED_ON = re.compile(r"^[（(](?:转载|转发|转)[）)]\s*(?=\S{4})")
_SEALED = re.compile(r"[（(](?:印章|公章|盖章|签章|章)[）)]$")
_INSIDE = re.compile(r"[（(][^（()）]*[）)]")
_SAYS = re.compile(r"如下|通知|公告|规定|要求|包括|为了|现[将就对]|主要|以下|是$")
LONGEST_ROLE = 1000
_LONGEST_CHROME = 120
_FIGURE = re.compile(r"[图表]\s*\d{1,3}(?:[-—.]\d{1,3})?[\s　:：]")
_ISO_DATE = re.compile(r"(?:19|20)\d{2}-\d{2}-\d{2}")


def _any_of(name: str) -> str:
    return "(?:" + "|".join(sorted(map(re.escape, words(_PACKAGE, name)), key=len, reverse=True)) + ")"


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    keys = (
        "(?:"
        + "|".join(
            r"\s*".join(map(re.escape, "".join(k.split()))) for k in mapping(_PACKAGE, "metadata_keys.tsv")
        )
        + ")"
    )
    org = r"(?:[\u4e00-\u9fff（）()“”]{1,30}" + _any_of("org_ends.tsv") + ")"
    slots = {"DATE": _DATE, "DAY": _DAY, "NAME": _NAME, "KEY": keys, "ORG": org, "POST": _any_of("posts.tsv")}
    out = []
    for role, pattern, *_ in table(_PACKAGE, "roles.tsv"):
        for slot, value in slots.items():
            pattern = pattern.replace("{" + slot + "}", value)
        out.append((role, re.compile(pattern)))
    return tuple(out)


@cache
def _chrome() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{row[0]})" for row in table(_PACKAGE, "chrome.tsv")))


@cache
def _org() -> re.Pattern[str]:
    return re.compile(r"[\u4e00-\u9fff（）()“”·]{1,30}?" + _any_of("org_ends.tsv"))


def plain(text: str) -> str:
    """A line without Markdown marks and white space at its ends."""
    return text.strip(_EDGES)


def is_chrome(text: str) -> bool:
    """Whether a line is nothing but navigation of a web page."""
    text = plain(text)
    if len(text) > _LONGEST_CHROME:
        return False
    return bool(_chrome().fullmatch(text)) or not any(c.isalnum() for c in text)


def role(text: str) -> str:
    """What the line is by its form: one of the roles of ``data/roles.tsv``, or an empty string."""
    text = plain(text)
    return _role(text) if 0 < len(text) <= LONGEST_ROLE else ""


@lru_cache(maxsize=4096)
def _role(text: str) -> str:
    text = text if text.isascii() or not _WIDE.search(text) else text.translate(WIDE)
    for name, pattern in _patterns():
        if pattern.fullmatch(text):
            return name
    return ""


def metadata_item(text: str) -> tuple[str, str] | None:
    """Key and value of a metadata line; the key is that of a reading's metadata or ``-``."""
    key, _, value = re.sub(r"^[\-\s•]*", "", text).replace("*", "").replace("：", ":", 1).partition(":")
    known = {"".join(k.split()): v for k, v in mapping(_PACKAGE, "metadata_keys.tsv").items()}
    name = known.get("".join(key.split()))
    return (name, value.strip()) if name else None


def is_org(text: str) -> bool:
    """Whether a line is names of organisations and nothing else, as under a signed document."""
    parts = [p for p in re.split(r"[\s　、]+", _SEALED.sub("", plain(text))) if p]
    return bool(parts) and len(parts) <= 12 and all(_org().fullmatch(p) for p in parts)


@cache
def _addressee() -> re.Pattern[str]:
    ends = _any_of("org_ends.tsv")[:-1] + "|" + _any_of("addressee_ends.tsv")[3:]
    return re.compile(rf"(?:[各有相省市区县国中][^，。]{{0,60}}|[\u4e00-\u9fff（）()“”·]{{0,40}}{ends})")


def is_addressee(text: str) -> bool:
    """Whether a line names those whom a document is sent to: 各市人民政府，省直各单位："""
    text = plain(text)
    if not text.endswith(("：", ":")) or "。" in text or len(text) > LONGEST_ADDRESSEES or read_label(text):
        return False
    groups = [g for g in re.split(r"[，；,;]", _INSIDE.sub("", text.rstrip("：: 　"))) if g.strip()]
    if not groups or _SAYS.search(text):
        return False
    # of 教育、科技、水利主管部门 the last part tells
    fit = sum(bool(_addressee().fullmatch(g.rpartition("、")[2].strip())) for g in groups)
    return fit == len(groups) or (len(groups) > 2 and fit >= 0.8 * len(groups))


def is_subtitle(text: str) -> bool:
    """Whether a line is a subtitle that begins with a dash."""
    text = plain(text)
    return bool(re.match(r"[—–―]{1,2}\s*[^—―\s]", text)) and not ends_sentence(text) and len(text) <= 60


def is_title_like(line: Line) -> bool:
    """Whether a line could be (a line of) a title: short, unlabelled, no sentence, no other role."""
    text = _PASSED_ON.sub("", plain(line.text))
    size = len(bare(text))
    if not 2 <= size <= LONGEST_TITLE or line.block.kind not in ("paragraph", "heading"):
        return False
    if text[-1] in "！!" and line.block.kind != "heading" and (size > 24 or "我们" in text):
        return False
    if (
        text[0] in "（(【"
        or text[-1] in "，、：:,；;。．"
        or (ends_sentence(text) and not text.endswith(("！", "？", "!", "?")))
    ):
        return False
    if (
        "。" in text
        or _ISO_DATE.search(text)
        or not any(c.isalpha() for c in text)
        or role(text)
        or is_chrome(text)
    ):
        return False
    if (
        _FIGURE.match(text)
        or read_label(text) is not None
        or (re.match(r"[^：:]{1,14}[：:].*[？?]$", text) and line.block.kind != "heading")
    ):
        return False
    return line.block.kind == "heading" or text.count("，") <= 2
