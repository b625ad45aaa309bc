"""What stands in the text and is none of it: captions of pictures; a summary in a box is marked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from rapidfuzz import fuzz

from luoshi.structure.labels import read_label
from luoshi.structure.lines import Line, bare
from luoshi.structure.shape import role
from luoshi.text.lexicon import words

_GRAM = 8
_BOX_MARK = re.compile(r"[■●◆▲◎★▪□○◇]")
_PICTURE = re.compile(
    r"作(?:了)?(?:说明|报告|讲话|发言|主持)|主持(?:会议|大会|全会)?|出席|讲话|发言|致辞|考察|调研|会见|合影"
)
_CAPTION_LENGTH = 160
_ALIKE = 82.0


def _grams(text: str) -> set[str]:
    text = bare(text)
    return {text[i : i + _GRAM] for i in range(len(text) - _GRAM + 1)}


def boxed(lines: Sequence[Line]) -> tuple[int, int] | None:
    """Lines of a summary that stands in a box before the body and repeats it; ``None`` without one.

    Two or more paragraphs with the same mark (■) near the top, most of whose words come again below.
    """
    first = next(
        (i for i, line in enumerate(lines) if line.kind == "body" and _BOX_MARK.match(line.text)), None
    )
    if first is None or any(line.kind == "body" for line in lines[:first]):
        return None
    mark = lines[first].text[0]
    last = first
    while last < len(lines) and lines[last].text.startswith(mark):
        last += 1
    if last - first < 2 or last >= len(lines):
        return None
    below: set[str] = set()
    for line in lines[last:]:
        below |= _grams(line.text)
    inside = [_grams(line.text.lstrip(mark)) for line in lines[first:last]]
    total = sum(len(g) for g in inside)
    shared = sum(len(g & below) for g in inside)
    return (first, last) if total and shared >= 0.6 * total else None


def speakers_of_box(lines: Sequence[Line], box: tuple[int, int]) -> None:
    """A paragraph of the box is said by whoever says the paragraph of the body that it repeats."""
    body = [(line, _grams(line.text)) for line in lines[box[1] :] if line.speaker]
    for line in lines[box[0] : box[1]]:
        mine = _grams(line.text)
        votes: dict[str, int] = {}
        for other, grams in body:
            if other.speaker and (shared := len(mine & grams)):
                votes[other.speaker] = votes.get(other.speaker, 0) + shared
        ranked = sorted(votes.items(), key=lambda v: -v[1])
        # only where the box repeats one speaker's words
        if (
            ranked
            and ranked[0][1] >= 0.5 * max(1, len(mine))
            and (len(ranked) == 1 or ranked[1][1] * 5 < ranked[0][1])
        ):
            line.speaker = ranked[0][0]


def _without_titles(text: str) -> str:
    return bare(re.sub(r"《[^《》]*》", "《》", text))


@cache
def _office_and_name() -> re.Pattern[str]:
    posts = "|".join(sorted(words("luoshi.structure", "posts.tsv"), key=len, reverse=True))
    return re.compile(rf"(?:{posts})([\u4e00-\u9fff]{{2,3}})")


def _names(text: str) -> set[str]:
    """Two characters behind an office: the beginnings of the names of those who hold one."""
    return {m.group(1)[:2] for m in _office_and_name().finditer(text)}


def drop_captions(lines: Sequence[Line], *, news: bool) -> None:
    """Leave out captions of pictures: those that say so, and, in news, a short paragraph of its own that
    tells once more, of the same person, what the paragraph beside it tells."""
    for i, line in enumerate(lines):
        if line.kind != "body" or line.drop or line.block.kind not in ("paragraph", "caption"):
            continue
        if line.block.kind == "caption" or role(line.text) == "caption":
            line.drop = "caption"
            continue
        text = line.text.strip()
        if not news or read_label(text) is not None or not _names(text):
            continue
        if (
            len(text) > _CAPTION_LENGTH
            or text.count("。") != 1
            or not text.endswith("。")
            or not _PICTURE.search(text)
        ):
            continue
        for near in (i - 1, i + 1):
            if 0 <= near < len(lines) and lines[near].kind == "body" and _tells_again(text, lines[near].text):
                line.drop = "caption, repeats the paragraph beside it"
                break


def _tells_again(caption: str, text: str) -> bool:
    short = _without_titles(caption)
    if len(short) < 8:
        return False
    for sentence in re.findall(r"[^。]+。", text):
        other = _without_titles(sentence)
        if not _names(caption) & _names(sentence):
            continue
        if other != short and abs(len(other) - len(short)) > 0.6 * max(len(other), len(short)):
            continue
        if (
            fuzz.token_set_ratio(" ".join(short), " ".join(other)) >= _ALIKE
            and fuzz.ratio(short, other) >= 65
        ):
            return True
    return False
