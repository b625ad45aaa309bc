"""Titles, kinds and addresses of the nodes of an outline."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from luoshi.structure.lines import Line, ends_sentence
from luoshi.structure.outline import ATTACHED, HEADING, PARAGRAPH, TURN, Node, Outline

LONGEST_TITLE = 80
LONGEST_RUN_IN = 45
_RUN_IN = re.compile(rf"[^。！？；\n]{{2,{LONGEST_RUN_IN}}}[。！？][”’）]*")
_DEFINED = re.compile(r"([^，。；：、\n]{4,40})，(?:就是|即是|是指|指的是|即)")
_BRACKET_TITLE = re.compile(r"[（(【〔\[]([^（）()【】〔〕\[\]]{2,40})[）)】〕\]](?=[\s　]|$|[^\s，。；、])")
_SPACED_TITLE = re.compile(r"([^\s　，。；：]{2,24})(?:[\s　]{2,}|　)(?=\S{6,})")
_COLON_TITLE = re.compile(r"([^：:，。；、！？\n]{2,18})[：:]\s*(?=\S)")
_TRIM = " 　\t。．.：:；;、，,*#"

PREFIX = {
    "part": "part",
    "chapter": "chp",
    "section": "sec",
    "article": "art",
    "paragraph": "para",
    "item": "item",
}
_FIXED = {
    "book", "volume", "annex", "attached", "chapter", "section", "article",
    "en-part", "en-chapter", "en-section", "en-article",
}  # fmt: skip


def _joined(text: str) -> str:
    """A title as it is quoted: markup and final punctuation gone, 总　则 made 总则."""
    text = text.strip(_TRIM)
    if re.fullmatch(r"\S(?:[\s　]+\S){1,3}", text):
        text = re.sub(r"[\s　]+", "", text)
    return re.sub(r"[\s　]+", " ", text)


def _run_in(text: str, start: int) -> tuple[int, int] | None:
    """Span of a short first sentence with more text behind it."""
    m = _RUN_IN.match(text, start)
    if m is None or not text[m.end() :].strip():
        return None
    inner = m.group()
    if inner.count("，") + inner.count(",") > 2:
        return None
    return start, m.end()


def _whole(node: Node, line: Line) -> bool:
    """Whether the line holds nothing but the label and a title."""
    rest = line.text[node.words :].strip(" 　\t*")
    if not rest or len(rest) > LONGEST_TITLE or re.search(r"[。！？；](?=.)", rest):
        return False
    more = _holds_more(node) and not _ends_list(node)
    if ends_sentence(rest):
        return more and len(rest) <= LONGEST_RUN_IN and rest[-1] in "。？?" and not _is_article(node)
    if rest[-1] in "：:":
        return len(rest) <= 16 and not _is_article(node)
    return not _is_article(node) or (len(rest) <= 30 and "，" not in rest)


def _holds_more(node: Node) -> bool:
    return bool(node.children) or node.last > node.first + 1


def _ends_list(node: Node) -> bool:
    """Whether the nodes of the same row before this one hold nothing but their own line, so that what follows
    the last of them follows the whole list."""
    row = [n for n in node.parent.children if n.scheme.name == node.scheme.name] if node.parent else []
    others = [n for n in row if n is not node]
    return bool(others) and not node.children and not any(_holds_more(n) for n in others)


def _is_article(node: Node) -> bool:
    return node.scheme.name in ("article", "en-article")


def _span(text: str, start: int, end: int) -> tuple[int, int]:
    return start, len(text[:end].rstrip())


def _article_title(node: Node, text: str) -> tuple[int, int] | None:
    for pattern in (_BRACKET_TITLE, _SPACED_TITLE):
        if (m := pattern.match(text, node.words)) and not m.group(1).isdigit():
            return m.span()
    return None


def set_titles(outline: Outline, lines: Sequence[Line]) -> None:
    """Find every node's title.

    A short first sentence counts as a run-in title only where most nodes of the same scheme have one.
    """
    nodes = [n for n in outline.nodes if n.scheme not in (PARAGRAPH, TURN) and not n.title]
    for n in outline.nodes:
        if n.scheme is TURN and lines[n.first].text.rstrip().endswith(("？", "?")):
            n.title = _joined(re.split(r"[：:]", lines[n.first].text, maxsplit=1)[-1])[:LONGEST_TITLE]
    votes: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for n in nodes:
        text = lines[n.first].text
        if n.scheme.name in ("article", "en-article") or _whole(n, lines[n.first]):
            continue
        vote = votes[n.scheme.name]
        vote[0] += _run_in(text, n.words) is not None
        vote[1] += 1
    for n in nodes:
        text = lines[n.first].text
        span: tuple[int, int] | None = None
        if _whole(n, lines[n.first]):
            span = _span(text, n.words, len(text))
        elif n.scheme.name in ("article", "en-article"):
            span = _article_title(n, text)
        elif votes[n.scheme.name][0] * 2 >= votes[n.scheme.name][1]:
            span = _run_in(text, n.words)
        if span is None and n.scheme.name not in ("article", "en-article"):
            m = _COLON_TITLE.match(text, n.words) or _DEFINED.match(text, n.words)
            span = m.span(1) if m else None
        n.title_span = span
        n.title = _joined(text[span[0] : span[1]]) if span else ""
        if n.scheme.name in ("article", "en-article") and span:
            n.title = n.title.strip("（）()【】〔〕[]")
        if n.scheme in (HEADING, ATTACHED) and not n.title:
            n.title = _joined(text)


def adopt_titles(outline: Outline, lines: Sequence[Line]) -> None:
    """A chapter or annex whose label stands alone takes the next line as its title."""
    for n in outline.nodes:
        nxt = n.first + 1
        if n.title or lines[n.first].text[n.words :].strip(_TRIM) or nxt >= n.last:
            continue
        text = lines[nxt].text
        taken = any(c.first == nxt for c in n.children)
        if n.scheme.name == "article" or taken or ends_sentence(text) or len(text) > LONGEST_TITLE:
            continue
        if lines[nxt].kind in ("body", "heading", "part"):
            n.title = _joined(text)
            lines[nxt].kind = "heading"


def set_kinds(outline: Outline) -> None:
    """Part, chapter, section, article, paragraph or item: by the scheme, else by the place in the tree."""
    running = _running(outline)
    for n in outline.nodes:
        above = n.parent.kind if n.parent is not None else ""
        if n.scheme.name in _FIXED:
            n.kind = n.scheme.kind
        elif n.scheme is HEADING:
            n.kind = {"": "chapter", "part": "chapter", "chapter": "section"}.get(above, "paragraph")
        elif n.scheme is PARAGRAPH:
            n.kind = "paragraph"
        elif n.scheme is TURN:
            n.kind = "section"
        elif above in ("article", "paragraph", "item") or n.scheme.rank >= 18:
            n.kind = "item"
        elif n.scheme.name in ("num", "num-fullstop", "num-comma", "dec-2"):
            n.kind = "article" if n.scheme.name in running or above in ("", "part") else "paragraph"
        elif n.scheme.name == "cn-comma" and above == "chapter":
            n.kind = "section"
        else:
            n.kind = n.scheme.kind


def _running(outline: Outline) -> set[str]:
    """Schemes whose numbers run on through several parents (articles through chapters)."""
    parents: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for n in outline.nodes:
        if n.number is not None and n.parent is not None:
            parents[n.scheme.name][id(n.parent)].append(n.number)
    out = set()
    for name, rows in parents.items():
        firsts = [row[0] for row in rows.values()]
        if len(firsts) > 1 and all(b > a for a, b in pairwise(firsts)):
            out.add(name)
    return out


def set_eids(outline: Outline) -> None:
    """Addresses in the style of Akoma Ntoso: ``chp_1__art_3__para_2``; unique in the document."""
    seen: set[str] = set()
    ordinals: dict[tuple[int, str], int] = defaultdict(int)
    for n in outline.nodes:
        above = n.parent.eid if n.parent is not None and n.parent.eid else ""
        key = (id(n.parent), n.kind)
        ordinals[key] += 1
        number = str(n.number) if n.number is not None else str(ordinals[key])
        if n.sub:
            number += f"-{n.sub}"
        eid = base = (above + "__" if above else "") + f"{PREFIX[n.kind]}_{number}"
        again = 2
        while eid in seen:
            eid = f"{base}-{again}" if not n.sub else f"{base}.{again}"
            again += 1
        seen.add(eid)
        n.eid = eid
