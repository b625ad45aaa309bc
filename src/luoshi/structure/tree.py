"""The outline of one document's lines, whatever its form: labelled, a digest, a report, plain paragraphs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from luoshi.structure import digest, titles
from luoshi.structure.head import merge_titles
from luoshi.structure.labels import read_label
from luoshi.structure.lines import WHITE, Line, bare
from luoshi.structure.outline import CAPTION, PARAGRAPH, Node, Outline, add_paragraphs, grow
from luoshi.structure.shape import is_title_like, plain, role

_CN = "[一二三四五六七八九十百]"
_STUCK = re.compile(
    rf"(?<=[\u4e00-\u9fff”）])\s*"
    rf"(?=(?:\d{{1,3}}[.．、](?!\d)|[（(]{_CN}{{1,3}}[）)]|第{_CN}{{1,5}}[条节])\s*[\u4e00-\u9fff“])"
)
_RUN_ON = re.compile(
    rf"(?<=[。；])\s*"
    rf"(?=(?:\d{{1,3}}[.．、](?!\d)|[（(]{_CN}{{1,3}}[）)]|{_CN}{{1,3}}、|第{_CN}{{1,5}}条[\s　])"
    rf"\s*[\u4e00-\u9fff“])"
)
_HOLDS_HEADING = {"cn-comma", "chapter", "section", "cn-paren", "volume", "book"}
_LEADERS = WHITE + ".．…·—-"


def unstick(lines: Sequence[Line]) -> list[Line]:
    """Part a heading from the label that is stuck to it, and labelled paragraphs that were joined to one.

    The stuck label must go on with its row (its number the next one, or 1 of a new row), so a number inside
    a sentence is left alone.
    """
    newest: dict[str, int] = {}
    out: list[Line] = []
    queue = list(reversed(lines))
    while queue:
        line = queue.pop()
        label = read_label(line.text) if line.entry and not line.block.cells else None
        if label is not None and label.number is not None:
            newest[label.scheme.name] = label.number
        cut = _cut(line, newest) if not line.block.cells else None
        if cut is not None:
            queue.append(line.part(cut))
            line = line.part(0, cut)
        out.append(line)
    return out


def _cut(line: Line, newest: dict[str, int]) -> int | None:
    """Where a stuck label begins."""
    text = line.text
    label = read_label(text)
    if label is not None and label.scheme.name in _HOLDS_HEADING:
        m = _STUCK.search(text, label.end + 2, min(len(text), label.end + 90))
        if m and "。" not in text[: m.start()] and _legal(text[m.end() :], newest, label.scheme.name):
            return m.end()
    if "lines" in line.block.marks:
        for m in _RUN_ON.finditer(text, 4):
            behind = read_label(text[m.end() :])
            if (
                behind
                and behind.number == newest.get(behind.scheme.name, -1) + 1
                and _open_bracket(text, m.start()) == 0
            ):
                return m.end()
    return None


def _open_bracket(text: str, at: int) -> int:
    return sum(text.count(a, 0, at) - text.count(b, 0, at) for a, b in ("（）", "“”", "《》"))


def _legal(rest: str, newest: dict[str, int], outer: str) -> bool:
    label = read_label(rest)
    if label is None or label.number is None or label.scheme.name == outer:
        return False
    return label.number == 1 or label.number == newest.get(label.scheme.name, 0) + 1


def _without_page(entry: str) -> str:
    """An entry of a table of contents without its page number and the leaders before it."""
    end = len(entry)
    while end > max(0, len(entry) - 4) and entry[end - 1].isdecimal():
        end -= 1
    return entry[:end].rstrip(_LEADERS)


def mark_contents(lines: Sequence[Line]) -> None:
    """A table of contents repeats the headings below it: its lines are notes."""
    start = next((i for i, line in enumerate(lines) if role(plain(line.text)) == "toc"), None)
    if start is not None:
        lines[start].kind, lines[start].entry = "note", False
    later: dict[str, list[int]] = {}
    for i, line in enumerate(lines):
        later.setdefault(bare(_without_page(line.text)), []).append(i)
    run: list[int] = []
    for i in range(start + 1 if start is not None else 0, min(len(lines), 400)):
        key = bare(_without_page(lines[i].text))
        label = read_label(lines[i].text)
        again = any(j > i for j in later.get(key, ())) and len(lines[i].text) < 60
        if lines[i].kind in ("title", "note") and start is None:
            continue
        if not again or (start is None and label is None):
            if start is not None or run:
                break
            continue
        run.append(i)
    if len(run) >= (1 if start is not None else 3):
        for i in run:
            lines[i].kind, lines[i].entry = "note", False


def _merge_bold(lines: list[Line]) -> None:
    """Two bold lines on top of each other are one heading set on two lines."""
    i = 0
    while i + 2 < len(lines):
        pair = lines[i : i + 2]
        if all(line.kind == "heading" and line.block.kind == "paragraph" for line in pair) and (
            i == 0 or lines[i - 1].kind != "heading"
        ) and lines[i + 2].kind == "body":  # fmt: skip
            lines[i : i + 2] = [merge_titles(pair)]
        i += 1


def mark_heads(lines: list[Line]) -> None:
    """Mark unlabelled headings that the format does not mark: short bold paragraphs, and short sentences that
    stand alone before long paragraphs, three or more of them alike (the subheads of a work report)."""
    heads: list[int] = []
    for i, line in enumerate(lines[:-1]):
        text = line.text.strip()
        if (
            line.kind != "body"
            or not line.entry
            or line.block.kind != "paragraph"
            or read_label(text) is not None
        ):
            continue
        after = lines[i + 1]
        if "bold" in line.block.marks and is_title_like(line) and len(text) <= 40:
            line.kind = "heading"
        elif (
            _is_short_sentence(text)
            and after.kind == "body"
            and len(after.text) >= 60
            and read_label(after.text) is None
        ):
            heads.append(i)
    for k, i in enumerate(heads):
        near = [j for j in heads[max(0, k - 2) : k + 3] if abs(j - i) <= 12]
        if len(near) >= 3:
            lines[i].kind = "heading"
    _merge_bold(lines)


def _is_short_sentence(text: str) -> bool:
    return 4 <= len(text) <= 32 and text[-1] == "。" and text.count("。") == 1 and text.count("，") <= 2


def of_digest(lines: Sequence[Line], groups: Sequence[digest.Group]) -> Outline:
    """The outline of a digest: an item for each caption, a paragraph for each quote."""
    root = Node(PARAGRAPH, 0, last=len(lines))
    for g in sorted(groups, key=lambda g: g.start):
        node = Node(
            CAPTION, g.start, g.caption.label, g.caption.number, parent=root, last=g.end, title=g.caption.text
        )
        node.kind = "section"
        for i in range(g.start, g.end):
            if lines[i].kind == "body":
                node.children.append(Node(PARAGRAPH, i, parent=node, last=i + 1))
        root.children.append(node)
    return Outline(root)


def outline_of(lines: list[Line], groups: Sequence[digest.Group], box: tuple[int, int] | None) -> Outline:
    """The outline with titles, kinds and addresses."""
    if groups:
        outline = of_digest(lines, groups)
    else:
        mark_heads(lines)
        outline = grow(lines)
        titles.adopt_titles(outline, lines)
        titles.set_titles(outline, lines)
        if box is not None and all(box[0] <= n.first < box[1] for n in outline.nodes):
            _behind_box(outline, lines, box)
        add_paragraphs(outline, lines)
    titles.set_kinds(outline)
    titles.set_eids(outline)
    _speakers(outline, lines)
    return outline


def _behind_box(outline: Outline, lines: Sequence[Line], box: tuple[int, int]) -> None:
    """A box's marks are the only labels of a report: its own paragraphs get their nodes too."""
    for n in outline.root.children:
        n.last = min(n.last, n.first + 1)
    for i in range(box[1], len(lines)):
        if lines[i].kind == "body":
            outline.root.children.append(Node(PARAGRAPH, i, parent=outline.root, last=i + 1))


def _speakers(outline: Outline, lines: Sequence[Line]) -> None:
    """A node has a speaker where all that is said in it is said by one."""
    for n in outline.nodes:
        said = {line.speaker for line in lines[n.first : n.last] if line.kind == "body"}
        n.speaker = said.pop() if len(said) == 1 else None
