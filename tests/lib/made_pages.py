"""Pages made for tests: our own demo documents set as PDF by typst, and scans of them.

A document is a list of :class:`Part`; :func:`truth` is its text, so that what a reader finds can be compared
character by character.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typst
from PIL import Image, ImageDraw, ImageFilter
from rapidfuzz.distance import Levenshtein

from luoshi.read import read

DEMO = Path(__file__).resolve().parents[2] / "demo" / "documents"
SERIF, SANS = "Noto Serif CJK SC", "Noto Sans CJK SC"


@dataclass(frozen=True)
class Part:
    """``kind``: title, number, heading, body, left, right, table (``rows``)."""

    kind: str
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


@cache
def has_fonts() -> bool:
    """Whether the Chinese fonts are there."""
    if shutil.which("fc-list") is None:
        return False
    found = subprocess.run(
        ["fc-list", ":lang=zh", "family"], capture_output=True, text=True, check=False
    ).stdout
    return SERIF in found and SANS in found


def need_fonts() -> None:
    """Skip the test where the Chinese fonts are missing."""
    if not has_fonts():
        pytest.skip("needs the fonts Noto Serif CJK SC and Noto Sans CJK SC (fonts-noto-cjk)")


@cache
def demo(stem: str) -> tuple[Part, ...]:
    """One of the demo documents, by the beginning of its name, as parts."""
    path = next(p for p in sorted(DEMO.iterdir()) if p.name.startswith(stem))
    (reading,) = read(path)
    out: list[Part] = []
    for i, block in enumerate(reading.blocks):
        if block.kind == "table-row":
            row = tuple(block.text[a:b] for a, b in block.cells)
            if out and out[-1].kind == "table":
                out[-1] = Part("table", rows=(*out[-1].rows, row))
            else:
                out.append(Part("table", rows=(row,)))
            continue
        text = block.text
        centred = block.align == "center" or (block.kind == "heading" and block.level == 1)
        if i == 0 or (centred and len(text) > 12 and "〔" not in text and "（" not in text[:1]):
            kind = "title"
        elif centred:
            kind = "number"
        elif block.align == "right" or re.fullmatch(r"\d{4}年\d{1,2}月\d{1,2}日", text):
            kind = "right"
        elif re.match(r"[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）[^。]{2,20}$", text):
            kind = "heading"
        elif text.endswith("：") and i < 4:
            kind = "left"
        else:
            kind = "body"
        out.append(Part(kind, text))
    return tuple(out)


def truth(parts: Sequence[Part]) -> str:
    """The text of a document, a line a part or a table's row."""
    lines: list[str] = []
    for part in parts:
        lines += ["\t".join(row) for row in part.rows] if part.kind == "table" else [part.text]
    return "\n".join(lines)


def _esc(text: str) -> str:
    return re.sub(r"([\\#$*_`<>@\[\]~=+/\-])", r"\\\1", text)


def source(
    parts: Sequence[Part],
    *,
    columns: int = 1,
    head: str = "",
    size: float = 16,
    numbers: bool = True,
    table_columns: str = "",
) -> str:
    """Typst markup of a document on A4 in the manner of GB/T 9704."""  # fmt: skip
    header = f"header: align(center, text(size: 9pt)[{_esc(head)}])," if head else ""
    numbering = (
        "numbering: (n, ..) => text(size: 14pt)[— #n —], number-align: right + bottom," if numbers else ""
    )
    out = [
        '#set page(paper: "a4", margin: (top: 37mm, bottom: 35mm, left: 28mm, right: 26mm),'
        f" {header} {numbering})",
        f'#set text(font: "{SERIF}", size: {size}pt, lang: "zh", region: "cn")',
        "#set par(justify: true, first-line-indent: (amount: 2em, all: true))",
        "#set par(leading: 0.75em, spacing: 0.75em)",
    ]
    opened = False
    for part in parts:
        text = _esc(part.text)
        if part.kind == "title":
            big = f'text(size: {size * 1.375}pt, weight: "bold")[{text}]'
            title = f"#align(center, par(first-line-indent: 0em, {big}))\n#v(0.6em)"
            out.append(title)
        elif part.kind == "number":
            out.append(f"#align(center, par(first-line-indent: 0em)[{text}])")
        else:
            if columns > 1 and not opened:
                out.append(f"#columns({columns}, gutter: 2em)[")
                opened = True
            out.append(_typst(part, text, table_columns))
    return "\n\n".join([*out, *(["]"] if opened else [])])


def _typst(part: Part, text: str, table_columns: str) -> str:
    if part.kind == "heading":
        return f'#text(font: "{SANS}", weight: "medium")[{text}]'
    if part.kind == "left":
        return f"#par(first-line-indent: 0em)[{text}]"
    if part.kind == "right":
        return f"#align(right)[{text} #h(4em)]"
    if part.kind == "table":
        many = len(part.rows[0])
        widths = table_columns or "(" + ", ".join(["auto", "1fr"] + ["5.5em"] * (many - 2)) + ")"
        cells = ", ".join(f"[{_esc(c)}]" for row in part.rows for c in row)
        return (
            f"#[#set par(first-line-indent: 0em, justify: false)\n#set text(size: 12pt)\n"
            f"#table(columns: {widths}, inset: 5pt, {cells})]"
        )
    return text


@cache
def pdf(markup: str) -> bytes:
    """The PDF file of a typst document."""
    need_fonts()
    return bytes(typst.compile(markup.encode()))


def scan(
    image: Image.Image, *, seed: int = 1, skew: float = 1.0, noise: float = 10.0, stamp: bool = True
) -> Image.Image:
    """A page as a scanner gives it: red stamp, turned by some degrees, soft, with noise and specks."""
    rng = np.random.default_rng(seed)
    page = image.convert("RGB")
    width, height = page.size
    if stamp:
        page = _stamped(page, (int(width * 0.68), int(height * 0.55)), int(width * 0.115))
    page = page.rotate(skew, resample=Image.Resampling.BILINEAR, fillcolor=(255, 255, 255))
    page = page.filter(ImageFilter.GaussianBlur(0.7))
    values = np.asarray(page, dtype=np.float32) * 0.93 + 10
    values += rng.normal(0, noise, values.shape).astype(np.float32)
    specks = rng.random((height, width))
    values[specks < 0.0004] = 20
    return Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))


def _stamped(page: Image.Image, middle: tuple[int, int], radius: int) -> Image.Image:
    """A round red seal over the text: the darker of the two shows, as ink on ink does."""
    layer = Image.new("RGB", page.size, "white")
    draw = ImageDraw.Draw(layer)
    x, y = middle
    red = (215, 45, 50)
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=red, width=max(3, radius // 18))
    star = []
    for k in range(10):
        r = radius * (0.42 if k % 2 == 0 else 0.17)
        angle = np.pi * k / 5 - np.pi / 2
        star.append((x + r * np.cos(angle), y + r * np.sin(angle)))
    draw.polygon(star, fill=red)
    for k in range(9):
        angle = np.pi * (0.85 + k * 0.1625)
        cx, cy = x + 0.75 * radius * np.cos(angle), y + 0.75 * radius * np.sin(angle)
        s = radius * 0.09
        draw.rectangle((cx - s, cy - s, cx + s, cy + s), outline=red, width=3)
    return Image.fromarray(np.minimum(np.asarray(page), np.asarray(layer)))


def as_pdf(images: Sequence[Image.Image], dpi: float = 200) -> bytes:
    """Pictures as the pages of a PDF file without text."""
    out = io.BytesIO()
    images[0].save(out, "PDF", save_all=True, append_images=list(images[1:]), resolution=dpi, quality=85)
    return out.getvalue()


def error(expected: str, found: str) -> float:
    """Character error rate, white space aside."""
    a, b = "".join(expected.split()), "".join(found.split())
    return Levenshtein.distance(a, b) / max(1, len(a))


def differences(expected: str, found: str) -> list[str]:
    """What differs, for messages."""
    a, b = "".join(expected.split()), "".join(found.split())
    return [
        a[max(0, o.src_start - 6) : o.src_start]
        + f"[{a[o.src_start : o.src_end]}→{b[o.dest_start : o.dest_end]}]"
        for o in Levenshtein.opcodes(a, b)
        if o.tag != "equal"
    ]


def text_of(reading: Any) -> str:
    """The text of a reading's blocks, a line each."""
    return "\n".join(b.text for b in reading.blocks)
