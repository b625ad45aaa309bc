"""A picture to a page of glyphs, by RapidOCR's small models, which come with its wheel. Runs in the child."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rapidocr
from numpy.typing import NDArray
from rapidocr import RapidOCR

from luoshi.read.layout.chunks import wide_glyphs
from luoshi.read.layout.page import SPACED, Page, blank
from luoshi.read.ocr import picture as pictures
from luoshi.read.ocr.repair import repair

LEAST_SCORE = 0.4
UPSIDE_DOWN = 0.7
_PARAMS = {
    "Global.use_cls": False,
    "Global.log_level": "critical",
    "Global.text_score": LEAST_SCORE,
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
}


def models() -> dict[str, str]:
    """The models that lie in the wheel, named outright, so that none is ever looked for on the network.

    :raises FileNotFoundError: when the wheel lacks them.
    """
    folder = Path(rapidocr.__file__).parent / "models"
    out: dict[str, str] = {}
    for part, word in (("Det", "det"), ("Rec", "rec")):
        found = sorted(folder.glob(f"*_{word}_*.onnx"))
        if not found:
            raise FileNotFoundError(f"{folder} holds no model for {word}; install rapidocr anew")
        out[f"{part}.model_path"] = str(found[0])
    return out


@dataclass(slots=True)
class _Found:
    """Recognised lines: corners ``float64[n, 4, 2]`` in pixels, texts, scores."""

    quads: NDArray[np.float64]
    texts: list[str]
    scores: list[float]

    @property
    def upright(self) -> float:
        """The share of lines that are wider than high."""
        sides = np.linalg.norm(self.quads[:, 1] - self.quads[:, 0], axis=1)
        heights = np.linalg.norm(self.quads[:, 3] - self.quads[:, 0], axis=1)
        some = np.array([len(t) > 2 for t in self.texts], dtype=np.bool_)
        return float((sides >= heights)[some].mean()) if some.any() else 1.0

    @property
    def sure(self) -> float:
        """Mean score of a character."""
        weights = [len(t) for t in self.texts]
        total = sum(weights)
        return sum(s * w for s, w in zip(self.scores, weights, strict=True)) / total if total else 0.0


class Engine:
    """Loads the models with the first picture."""

    def __init__(self) -> None:
        self._ocr: Any = None

    def page(self, image: pictures.Image, number: int, width: float, height: float) -> Page:
        """The glyphs of a picture that shows a page of the given size in points."""
        image, _ = pictures.fit(image)
        quarter, image, found = self._upright(image)
        if not found.texts:
            return blank(number, width, height)
        wide, high = (height, width) if quarter % 2 else (width, height)
        dots = image.shape[1] / wide
        angle = pictures.skew(image)
        if abs(angle) >= pictures.SKEWED:
            again = self._read(pictures.turn(image, angle))
            again.quads = pictures.turn_points(again.quads, -angle, image.shape[:2])
            found = again if again.texts else found
        page = _page(found, angle, image.shape[:2], dots, number, wide, high)
        page.rules = pictures.rules(image, angle, dots) / np.float32(dots)
        return _turned(page, quarter, width, height)

    def _upright(self, image: pictures.Image) -> tuple[int, pictures.Image, _Found]:
        """The picture so that its text stands upright, and by how many quarters it was turned clockwise."""
        dots = max(image.shape[:2]) / 842.0
        clean = pictures.without_stamps(image, dots)
        found = self._read(clean)
        if not found.texts:
            return 0, clean, found
        turns = [] if found.upright > 0.5 and (found.sure > UPSIDE_DOWN or len(found.texts) < 5) else [2]
        if found.upright <= 0.5:
            turns = [1, 3]
        best = (0, clean, found)
        for quarter in turns:
            other = np.ascontiguousarray(np.rot90(clean, -quarter))
            again = self._read(other)
            if again.texts and again.sure * again.upright > best[2].sure * best[2].upright:
                best = (quarter, other, again)
        return best

    def _read(self, image: pictures.Image) -> _Found:
        if self._ocr is None:
            self._ocr = RapidOCR(params=_PARAMS | models())
        result = self._ocr(image)
        if result.boxes is None or result.txts is None or not len(result.txts):
            return _Found(np.zeros((0, 4, 2)), [], [])
        keep = [i for i, t in enumerate(result.txts) if t.strip()]
        return _Found(
            np.asarray(result.boxes, dtype=np.float64).reshape(-1, 4, 2)[keep],
            [repair(result.txts[i]) for i in keep],
            [float(result.scores[i]) for i in keep],
        )


def _page(
    found: _Found, angle: float, size: tuple[int, int], dots: float, number: int, width: float, height: float
) -> Page:
    """Lines as glyphs: each character gets its share of the line's width."""
    level = pictures.turn_points(found.quads, angle, size)
    share = _share(level, found.texts)
    text: list[str] = []
    shown: list[NDArray[np.float64]] = []
    flat: list[NDArray[np.float64]] = []
    sizes: list[float] = []
    bits: list[int] = []
    scores: list[float] = []
    for quad, even, line, score in zip(found.quads, level, found.texts, found.scores, strict=True):
        cells = np.where(wide_glyphs(line), 1.0, 0.5)
        edges = np.concatenate([[0.0], np.cumsum(cells)]) / cells.sum()
        tall, long = _sides(even)
        em = long / cells.sum()
        em = em if cells.sum() >= 4 and 0.5 * tall <= em <= 1.3 * tall else share * tall
        space = 0
        for k, c in enumerate(line):
            if c.isspace():
                space = SPACED
                continue
            text.append(c)
            shown.append(_box(quad, edges[k], edges[k + 1]))
            flat.append(_box(even, edges[k], edges[k + 1]))
            sizes.append(em / dots)
            bits.append(space)
            scores.append(score)
            space = 0
    return Page(
        number,
        width,
        height,
        "".join(text),
        (np.array(shown) / dots).astype(np.float32),
        np.array(sizes, np.float32),
        np.array(bits, np.uint8),
        confidence=np.array(scores, np.float32),
        level=(np.array(flat) / dots).astype(np.float32),
    )


def _sides(quad: NDArray[np.float64]) -> tuple[float, float]:
    """Height and length of a line."""
    tall = float(np.linalg.norm(quad[3] - quad[0]) + np.linalg.norm(quad[2] - quad[1])) / 2
    return tall, float(np.linalg.norm(quad[1] - quad[0]) + np.linalg.norm(quad[2] - quad[3])) / 2


def _share(quads: NDArray[np.float64], texts: list[str]) -> float:
    """The font size as a share of a line's height, by the long lines, whose characters tell their size."""
    some: list[float] = []
    for quad, text in zip(quads, texts, strict=True):
        wide = int(wide_glyphs(text).sum())
        if wide >= 8 and wide >= 0.8 * len(text):
            tall, long = _sides(quad)
            some.append(long / (wide + 0.5 * (len(text) - wide)) / max(1.0, tall))
    return min(1.1, max(0.5, float(np.median(some)))) if some else 0.8


def _box(quad: NDArray[np.float64], start: float, end: float) -> NDArray[np.float64]:
    """The upright box around a part of a line."""
    top = quad[0] + np.outer((start, end), quad[1] - quad[0])
    low = quad[3] + np.outer((start, end), quad[2] - quad[3])
    both = np.concatenate([top, low])
    return np.concatenate([both.min(axis=0), both.max(axis=0)])


def _turned(page: Page, quarter: int, width: float, height: float) -> Page:
    """A page whose picture was turned clockwise: the boxes as it is shown; the layout keeps its own.

    The layout of a picture that lies on its side goes by the upright boxes, whose page is as wide as the
    shown one is high.
    """
    if quarter == 0:
        return page
    page.level_size = (page.width, page.height)
    page.width, page.height = width, height
    x0, y0, x1, y1 = page.boxes.T
    if quarter == 1:
        out = (y0, height - x1, y1, height - x0)
    elif quarter == 2:
        out = (width - x1, height - y1, width - x0, height - y0)
    else:
        out = (width - y1, x0, width - y0, x1)
    page.boxes = np.stack(out, axis=1).astype(np.float32)
    return page
