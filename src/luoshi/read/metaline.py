"""Lines that say what a document is: “索引号：…”, “**发布日期**: …”, the table on top of an official page."""

from __future__ import annotations

import re
from functools import cache

from luoshi.text.lexicon import mapping, table

_VALUE = r"\s*[】\]]?\s*[:：]\s*(?P<value>.*)"


@cache
def _labels() -> dict[str, str]:
    return mapping("luoshi.read", "metadata-labels.tsv")


@cache
def _label() -> re.Pattern[str]:
    names = sorted(_labels(), key=lambda n: (-len(n), n))
    spaced = "|".join(r"[\s\u3000]*".join(map(re.escape, n)) for n in names)
    return re.compile(rf"[【\[]?(?P<label>{spaced})(?P<rest>[】\]]?\s*[:：]?\s*)")


@cache
def chrome_lines() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Patterns of whole lines that belong to no document, each with the reason."""
    return tuple((re.compile(p), reason) for p, reason in table("luoshi.read", "chrome-lines.tsv"))


def chrome_line(text: str) -> str:
    """Why a line belongs to no document, empty where it may."""
    if len(text) > 160:
        return ""
    bare = text.strip()
    return next((reason for pattern, reason in chrome_lines() if pattern.fullmatch(bare)), "")


def label_value(text: str) -> tuple[str, str, bool] | None:
    """``(key, value, marked)`` of a line that begins with a known label; key ``-`` where we keep none.

    ``marked``: a colon or a bracket follows the label, so that a value may stand in the next cell.
    """
    m = _label().match(text.strip())
    if not m:
        return None
    name = re.sub(r"[\s\u3000]", "", m["label"])
    rest = m["rest"]
    value = text.strip()[m.end() :].strip()
    if not rest.strip() and value:
        return None
    return _labels()[name], value, bool(rest.strip())


def several(text: str) -> list[tuple[str, str]]:
    """The pairs of a line that holds nothing else: “来源：… 发布时间：… 点击数：…”; empty otherwise."""
    cuts = []
    for s in re.finditer(r"(?:^|[\s\u3000|｜【\[（(])(?=\S)", text):
        m = _label().match(text, s.end())
        if m and ("：" in m["rest"] or ":" in m["rest"] or "】" in m["rest"]):
            cuts.append((s.end(), m))
    if not cuts or text[: cuts[0][0]].strip(" \u3000【[（(|｜"):
        return []
    out = []
    for (_, m), following in zip(cuts, [*(c[0] for c in cuts[1:]), len(text)], strict=True):
        name = re.sub(r"[\s\u3000]", "", m["label"])
        out.append((_labels()[name], text[m.end() : following].strip(" \u3000|｜【[（()）】]")))
    return out


DATE = re.compile(
    r"(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?(?:\s+\d{1,2}:\d\d(?::\d\d)?)?"
)


def is_metadata_line(text: str) -> list[tuple[str, str]]:
    """The pairs of a line that is metadata and nothing else; empty for running text.

    A value that is a sentence makes the line text: “主题：我们要……。”.
    """
    pairs = several(text)
    if not pairs or len(text) > 400:
        return []
    if any("。" in value or value.count("，") > 1 for _, value in pairs):
        return []
    return pairs
