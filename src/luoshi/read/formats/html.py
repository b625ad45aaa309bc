"""Web pages: the main text with headings, lists and tables; what surrounds it is dropped with the reason."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from html import unescape

from luoshi.model import Problem, Reading, Source
from luoshi.read.account import CONTROL, MARKUP, WHITE, Ledger
from luoshi.read.decode import peek
from luoshi.read.flat import decoded, reading
from luoshi.read.frontmatter import front_matter
from luoshi.read.lines import Line
from luoshi.read.normalise import shows
from luoshi.read.protocol import Limits
from luoshi.read.reflow import reflow
from luoshi.read.trim import trim
from luoshi.read.web import metadata as page_metadata
from luoshi.read.web.main import Choice, choose
from luoshi.read.web.runs import Run, runs
from luoshi.read.web.tables import data_tables, rows
from luoshi.read.web.tree import Node, Page, parse

NAVIGATION = "navigation"
_CHARSET = re.compile(r"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{2,20})", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7};?|#[xX][0-9a-fA-F]{1,6};?|[a-zA-Z][a-zA-Z0-9]{1,31};)")
_CERTAIN = re.compile(
    r"\A[\s\ufeff]*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*(?:<!doctype\s+html|<html[\s>])", re.I | re.S
)
_TAGS = re.compile(
    r"</?(?:p|div|span|table|t[rdh]|li|ul|ol|br|h[1-6]|strong|b|a|img|font|section|body|em)(?:\s[^<>]*)?/?>",
    re.I,
)
_BLOCKS = re.compile(r"<(?:p|div|table|td|li|section|body|br|h[1-6])(?:\s[^<>]*)?/?>", re.I)
_FILE = re.compile(r"\.(?:pdf|docx?|wps|xlsx?|et|ofd|rar|zip|pptx?|txt|ceb)(?:$|[?#])", re.I)


class HtmlReader:
    """Reads pages and fragments of HTML, whatever their name ends with."""

    name = "html"
    extensions: tuple[str, ...] = (".html", ".htm", ".xhtml", ".shtml")

    def score(self, head: bytes, name: str) -> float:
        """0.95 for a page that says so, else by how much of the text is tags."""
        text = peek(head)
        if not text:
            return 0.0
        end, _ = front_matter(text)
        if _CERTAIN.match(text, end) or _CERTAIN.match(text[end : end + 4000]):
            return 0.95
        tags = sum(len(m.group()) for m in _TAGS.finditer(text, end))
        blocks = len(_BLOCKS.findall(text, end))
        if blocks >= 3 and tags >= 0.04 * (len(text) - end):
            return 0.8
        named = name.lower().endswith(self.extensions)
        return 0.3 if blocks and named else 0.0

    def read(self, data: bytes, source: Source, limits: Limits) -> tuple[Reading, ...]:
        """One reading."""
        text = decoded(data, source, limits)
        ledger = Ledger(text.text)
        start, metadata = front_matter(text.text)
        ledger.drop(0, start, "metadata")
        document = _Document(text.text, parse(text.text, start, limits.nesting), ledger)
        trimmed = trim(document.lines(), page=True)
        found = {**trimmed.metadata, **document.metadata, **metadata}
        for reason, line in trimmed.taken:
            ledger.drop_body(line.body, reason)
        flow = reflow(trimmed.kept)
        for reason, body, _ in flow.dropped:
            ledger.drop_body(body, reason)
        problems = document.problems(source.path, text.encoding)
        return (reading(text, source, "text/html", flow.blocks, ledger, metadata=found, problems=problems),)


class _Document:
    """The document of a page: its lines, its metadata, and the claims on the rest."""

    def __init__(self, text: str, page: Page, ledger: Ledger) -> None:
        self._text = text
        self._page = page
        self._ledger = ledger
        self._linked = 0.0
        self.metadata: dict[str, str] = {}

    def lines(self) -> list[Line]:
        """The lines of the document in order."""
        root = self._page.root
        everything = list(runs(self._text, root, _unshown(root)))
        choice = choose(root, everything)
        self._claim(choice)
        chrome = set(choice.chrome)
        inside = list(runs(self._text, choice.main, chrome))
        places = {int(r.line.body.offsets.max()) for r in inside}
        outside = [r for r in everything if int(r.line.body.offsets.max()) not in places]
        found, used = page_metadata.of_lines(outside)
        for i in used:
            self._ledger.drop_body(outside[i].line.body, "metadata")
        self.metadata = {**page_metadata.head(self._text, root), **found}
        self._linked = sum(r.linked for r in inside) / max(1, sum(len(r.line.text) for r in inside))
        _forget_page_alignment([r.line for r in inside])
        lines = rows(inside, data_tables(choice.main, inside))
        rest = [r for i, r in enumerate(outside) if i not in used]
        return [*self._title(lines, rest, choice), *lines, *self._attachments(lines, rest, choice)]

    def _attachments(self, lines: list[Line], outside: list[Run], choice: Choice) -> list[Line]:
        """Files that the page offers below its text, where the text does not name them itself."""
        named = _letters("".join(line.text for line in lines))
        out = []
        for run in outside:
            line = run.line
            below = int(line.body.offsets.max()) > choice.main.start
            if not below or run.linked < 0.5 * len(line.text) or not _links_file(run):
                continue
            if any(n in choice.chrome for n in (run.block, *run.block.ancestors())):
                continue
            own = _letters(line.text)
            if len(own) >= 4 and own not in named and _FILE.sub("", line.text) not in ("下载", "附件下载"):
                line.kind, line.level, line.closed = "list-item", 1, True
                out.append(line)
        return out

    def problems(self, path: str, encoding: str) -> list[Problem]:
        """What a user should know of the page."""
        out = []
        label = _CHARSET.search(self._text[:4000])
        if label and not _same_encoding(label[1], encoding):
            message = (
                f"The page calls itself {label[1]}, its bytes are {encoding}; it was read as {encoding}."
            )
            out.append(Problem(path, "info", "encoding-label", message))
        if self._linked > 0.6:
            message = (
                "Most of the page's text is in links: it looks like a list of documents, not a document."
            )
            out.append(Problem(path, "warning", "link-list", message, "Save the pages that it leads to."))
        return out

    def _claim(self, choice: Choice) -> None:
        """Give every character outside the document its reason; what is kept is kept all the same."""
        ledger = self._ledger
        inside: set[Node] = set()
        for node in choice.main.walk():
            inside.add(node)
        reasons: dict[Node, str] = {}
        for node in self._page.root.walk():
            above = reasons.get(node.parent, "") if node.parent is not None else ""
            own = choice.chrome.get(node, "") or above
            if node.tag in ("title", "meta", "head"):
                own = "metadata"
            if own:
                reasons[node] = own
            if node.tag:
                continue
            if (own or node not in inside) and not self._text[node.start : node.end].isspace():
                ledger.drop(node.start, node.end, own or NAVIGATION)
            elif "&" in self._text[node.start : node.end]:
                self._claim_entities(node)
        for a, b in self._page.markup:
            ledger.drop(a, b, MARKUP)
        for a, b in self._page.scripts:
            ledger.drop(a, b, "script")

    def _claim_entities(self, node: Node) -> None:
        """Of an entity only the ``&`` stands for its character; one for a blank is white space."""
        for m in _ENTITY.finditer(self._text, node.start, node.end):
            plain = unescape(m.group())
            if plain == m.group():
                continue
            if shows(plain):
                self._ledger.drop(m.start() + 1, m.end(), MARKUP)
            else:  # a blank or an invisible character may be left out later, then all of it goes
                self._ledger.drop(*m.span(), WHITE if plain.isspace() else CONTROL)

    def _title(self, lines: list[Line], outside: list[Run], choice: Choice) -> list[Line]:
        """The title above the text, where the text does not begin with it."""
        wanted = _letters(self.metadata.get("title", ""))
        if len(wanted) < 4:
            return []
        opening = _letters("".join(line.text for line in lines[:12]))[:600]
        above = [
            run
            for run in outside
            if run.linked <= 0.5 * len(run.line.text)
            and run.line.body.offsets.max() <= choice.main.start
            and _is_title(_letters(run.line.text), wanted)
        ]
        known = wanted in opening
        chosen = next((r for r in above if r.line.kind == "heading"), above[-1] if above else None)
        for run in above:
            if known or (run is not chosen and _letters(run.line.text) == wanted):
                self._ledger.drop_body(run.line.body, "duplicate")
        if known or chosen is None or _letters(chosen.line.text) in opening:
            return []
        chosen.line.closed = True
        chosen.line.kind, chosen.line.level = "heading", chosen.line.level or 1
        return [chosen.line]


def _links_file(run: Run) -> bool:
    """Whether a line is a link to a file."""
    return any(n.tag == "a" and _FILE.search(n.attrs.get("href", "")) for n in _of_line(run))


def _of_line(run: Run) -> Iterator[Node]:
    """The elements in the block of a line that hold its first character, and the block's own links."""
    first, last = int(run.line.body.offsets.min()), int(run.line.body.offsets.max())
    block = run.block if run.block.tag != "body" else None
    for node in block.walk() if block is not None else ():
        if node.tag and node.start <= last and node.end > first:
            yield node


def _same_encoding(label: str, encoding: str) -> bool:
    try:
        named = codecs.lookup(label).name
    except LookupError:
        return False
    return named == codecs.lookup(encoding).name.removesuffix("-sig") or (
        {named, encoding} <= {"gb2312", "gbk", "gb18030"} or (encoding == "utf-8" and named == "ascii")
    )


def _is_title(own: str, wanted: str) -> bool:
    """Whether a line above the text is the title that the page names, whole or with a little around it."""
    if own == wanted:
        return True
    if len(own) < 6:
        return False
    return (own in wanted and len(own) >= 0.5 * len(wanted)) or (
        wanted in own and len(own) <= len(wanted) + 8
    )


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)


def _forget_page_alignment(lines: list[Line]) -> None:
    """Where most long lines are centred or set right, the alignment is the page's and says nothing."""
    long = [line for line in lines if line.width >= 30]
    for align in ("center", "right"):
        if len(long) >= 3 and sum(line.align == align for line in long) > 0.6 * len(long):
            for line in lines:
                if line.align == align:
                    line.align = ""


def _unshown(root: Node) -> set[Node]:
    return {
        n for n in root.walk() if n.tag in ("head", "noscript", "select", "iframe", "template", "textarea")
    }
