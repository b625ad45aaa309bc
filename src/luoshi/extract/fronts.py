"""Clauses whose verb comes behind a phrase: 围绕甲建设乙, 把甲建成乙, 对甲实行乙."""

from __future__ import annotations

from luoshi.extract.clauses import HIDDEN
from luoshi.extract.parsed import Parsed
from luoshi.extract.reader import Reader, between, modifiers_before, skip_modifiers, unlisted
from luoshi.extract.wording import group, modifiers, pattern, verbs

_AND_SO_ON = pattern("and-so-on")
_AS = pattern("as")
_BA = group("ba")
_LEADS_UP = tuple(sorted(group("leads-up")))
_LISTED = pattern("listed")
_LIGHT = group("light")
_TO = group("dative")
_PUT = pattern("put")


def candidates(reader: Reader, at: int) -> list[tuple[float, int, int]]:
    """Verbs behind a preposition at ``at``: (score, start, end), for the one that the phrase leads up to."""
    text, masked = reader.text, reader.masked
    out: list[tuple[float, int, int]] = []
    for start in reader.starts():
        if start < at + 1 or masked[start] == HIDDEN:
            continue
        word = reader.listed(start)
        if (
            not word
            and start > at + 2
            and text[start - 1] in "等上下中域面点"
            and text[start - 2 : start] != "中等"
        ):
            end = unlisted(reader, start)
            if end and text[end] not in "的、和与及":
                out.append((1.2 - 0.05 * len(out), start, end))
            continue
        if not word or (
            text[start - 1] in "的所之、和与及"
            and not (text[start - 1] == "的" and text[at - 1] == "对" and "n" not in verbs()[word][1])
        ):
            continue
        end = reader.verb_at(start, first=False)
        if end == start:
            continue
        token = reader.token(start)
        noun = "n" in verbs()[word][1] or (token is not None and token.tag[0] == "n")
        score = (1.3 if "c" in verbs()[word][1] else 1.0) if noun else 2.0
        if text[at - 1] in "绕托焦向足" and _LISTED.search(text, end) and "等" not in text[at:start]:
            continue
        before = text[max(at, start - 2) : start]
        if _AND_SO_ON.search(text, at, start) or before.endswith(_LEADS_UP):
            score += 1.5
        elif before in modifiers() or (before == "社会" and word[0] == "公"):
            score += 0.8 if noun else 1.5
        if masked[start - 1] == HIDDEN:
            score += 0.5
        if word in _LIGHT:
            score += 1.0
        out.append((score - 0.05 * len(out), start, end))
    return out


def behind_preposition(reader: Reader, at: int, parsed: Parsed) -> bool:
    """Reads a clause that goes on at ``at`` with a preposition; whether a verb was found."""
    text = reader.text
    preposition = parsed.preposition
    if preposition == "以" and _AS.match(text, at):
        return False
    if preposition == "为":
        after = skip_modifiers(reader, at + (2 if text[at + 1 : at + 2] == "了" else 1), [])
        if reader.verb_at(after) > after and not reader.nominal(after, reader.listed(after)):
            parsed.shape = "purpose"
            return False
    if preposition in _BA:
        return _ba(reader, at, parsed)
    if preposition in ("在", "从") and "上下功夫" in text[at:]:
        stop = text.index("上下功夫", at)
        parsed.object, parsed.verb, parsed.how = (at + 1, stop), (stop + 1, stop + 4), "list"
        return True
    found = candidates(reader, at + len(preposition))
    if not found:
        return False
    value, start, end = max(found)
    if value < 1.1 and preposition not in _TO:
        return False
    begin = modifiers_before(reader, start, at + len(preposition))
    if begin < start:
        parsed.modifiers.extend(between(reader, begin, start))
    parsed.verb, parsed.how = (start, end), "list"
    parsed.object = (end, len(text)) if end < len(text) else None
    if parsed.object is None and preposition in ("对", "对于"):
        parsed.object = (at + len(preposition), begin)
    return True


def _ba(reader: Reader, at: int, parsed: Parsed) -> bool:
    """把 A 建成 B, 把 A 落实到 B, 将 A 纳入 B: the object is A."""
    text = reader.text
    parsed.shape = "ba"
    best: tuple[float, int, int] | None = None
    for start in reader.starts():
        if start < at + 2 or reader.masked[start] == HIDDEN or text[start - 1] in "的所之、":
            continue
        word = reader.listed(start)
        token = reader.token(start)
        end = start + len(word) if word and reader.whole(start, word) else 0
        if not end and token is not None and token.tag[0] == "v" and token.tag != "vn":
            end = token.end
        if not end or end - start > 6:
            continue
        score = 1.0
        tail = "" if text.startswith("作为", end) else text[end : end + 1]
        if (tail and tail in "成为到至在入给于向作") or (
            text[end - 1] in "成为入到至作" and end - start >= 2
        ):
            score = 3.0
        elif word and "n" in verbs()[word][1]:
            score = 0.2
        if tail and tail in "成":
            end += 1
            if text[end : end + 1] == "为":
                end += 1
        elif tail and tail in "为作":
            end += 1
        score -= 0.01 * start
        if best is None or score > best[0]:
            best = (score, start, end)
    if best is None or best[0] < 1.0:
        m = _PUT.search(text, at + 2)
        if m:
            best = (2.0, m.start(), m.end())
    if best is None:
        return False
    _, start, end = best
    begin = modifiers_before(reader, start, at + 1)
    parsed.modifiers.extend(between(reader, begin, start))
    parsed.verb, parsed.object, parsed.how = (start, end), (at + 1, begin), "list"
    return True
