#!/usr/bin/env python3
"""Reading of PDF files and scans: character error, speed and memory, on our own demo documents.

    python benchmarks/reading.py [--pages 1000] [--scans] [--shared ../shared]

The documents are set by typst in one, two and three columns and as tables, so that every character is known;
scans of them are turned by one degree, get noise and a red stamp. Each speed is measured in a new process,
with its memory and that of its child processes. The yardstick (sorting a million pairs of numbers in the same
run) lets figures of two machines be compared. With ``--shared`` real documents with known text are read too.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "lib"))

import made_pages as made  # noqa: E402
from PIL import Image  # noqa: E402

from luoshi.read import Limits, ocr, read_with  # noqa: E402
from luoshi.read.formats.pdf import PdfReader  # noqa: E402
from luoshi.read.formats.pdf.document import Picture, opened  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=1000, help="pages of the long documents")
    parser.add_argument("--scans", action="store_true", help="recognise scans too (half a minute and more)")
    parser.add_argument(
        "--shared", type=Path, default=ROOT.parent / "shared", help="folder of real documents"
    )
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        return one(options.one)
    print(f"yardstick: {yardstick():.2f} s")
    errors(options.shared)
    with tempfile.TemporaryDirectory() as folder:
        speeds(Path(folder), options.pages)
        if options.scans:
            recognition(Path(folder))
    return 0


def yardstick() -> float:
    rng = random.Random(1)
    pairs = [(rng.random(), rng.random()) for _ in range(1_000_000)]
    start = time.perf_counter()
    pairs.sort()
    return time.perf_counter() - start


def text_of(data: bytes) -> str:
    (reading,) = read_with(PdfReader(), data, "made.pdf", Limits())
    return made.text_of(reading)


def errors(shared: Path) -> None:
    print("\ncharacter error of born-digital pages (asked: one column ≤ 0.2 %, two ≤ 0.5 %)")
    for columns, size in ((1, 16.0), (2, 10.5), (3, 9.0)):
        wrong = total = 0.0
        for stem in ("01", "02", "03", "04"):
            parts = [p for p in made.demo(stem) if columns == 1 or p.kind != "table"]
            truth = made.truth(parts)
            found = text_of(made.pdf(made.source(parts, columns=columns, size=size)))
            length = len("".join(truth.split()))
            wrong += made.error(truth, found) * length
            total += length
        print(
            f"  {columns} column{'s' * (columns > 1)}: {100 * wrong / total:.3f} % of {total:,.0f} characters"
        )
    for path in sorted(shared.glob("corpus/layout-govdoc-cn/*/*/*.pdf")):
        truth = path.with_suffix(".txt")
        if truth.is_file():
            expected = truth.read_text(encoding="utf-8")
            print(f"  {path.name}: {100 * made.error(expected, text_of(path.read_bytes())):.3f} % (real)")


def speeds(folder: Path, pages: int) -> None:
    print(f"\nspeed on {pages:,} pages (asked: ≥ 150 pages/s without tables, ≥ 15 with, ≤ 300 MB)")
    parts = [p for stem in ("01", "02") for p in made.demo(stem)]
    rows = next(p for p in made.demo("04") if p.kind == "table").rows
    body = {
        "text": made.source(long(parts, pages), head="云江省人民政府公报"),
        "tables": made.source([made.Part("table", rows=rows[:1] + rows[1:] * max(1, round(pages * 1.33)))]),
    }
    for name, markup in body.items():
        path = folder / f"{name}.pdf"
        path.write_bytes(made.pdf(markup))
        print(f"  {name}: {measured(path)}")


def long(parts: list[made.Part], pages: int) -> list[made.Part]:
    """Parts enough for so many pages; a number in each keeps them apart."""
    out: list[made.Part] = []
    k = 0
    while len(out) < pages * 10.9:
        k += 1
        out += [made.Part(p.kind, f"{p.text}（{k}）") for p in parts]
    return out


def measured(path: Path, **environment: str) -> str:
    """Reads a file in a new process and says how fast, and how large the processes grew."""
    call = [sys.executable, __file__, "--one", str(path)]
    done = subprocess.run(call, capture_output=True, text=True, check=True, env={**os.environ, **environment})
    got = json.loads(done.stdout.splitlines()[-1])
    speed = got["pages"] / got["wall"]
    return (
        f"{got['pages']:,} pages, {speed:,.1f} pages/s ({1 / speed:.2f} s a page), wall {got['wall']:.1f} s, "
        f"CPU {got['cpu']:.1f} s, memory {got['own']:.0f} MB and {got['child']:.0f} MB in a child"
    )


def one(path: Path) -> int:
    """In the new process: read a file, print what it cost."""
    data = path.read_bytes()
    reader = PdfReader()
    peak = Peak()
    start = time.perf_counter()
    (reading,) = read_with(reader, data, path.name, Limits())
    wall = time.perf_counter() - start
    child = peak.stop()
    with opened(data, path.name, 20.0) as document:
        pages = document.pages
    assert reading.blocks
    own = resource.getrusage(resource.RUSAGE_SELF)
    print(
        json.dumps(
            {
                "pages": pages, "wall": wall, "cpu": own.ru_utime + own.ru_stime + peak.cpu,
                "own": peak_of(Path("/proc/self")), "child": child,
            }
        )
    )  # fmt: skip
    return 0


def peak_of(place: Path) -> float:
    """The largest memory of a process so far, in MB (``ru_maxrss`` would count what it was forked from)."""
    status = (place / "status").read_text().splitlines()
    return next((int(x.split()[1]) / 1024 for x in status if x.startswith("VmHWM")), 0.0)


class Peak(threading.Thread):
    """Watches the memory of this process's children (they live on, so no other count of them exists)."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._most = 0.0
        self._cpu: dict[str, float] = {}
        self._on = True
        self.start()

    @property
    def cpu(self) -> float:
        return sum(self._cpu.values())

    def run(self) -> None:
        mine = str(os.getpid())
        while self._on:
            for place in Path("/proc").iterdir():
                if place.name.isdigit():
                    self._look(place, mine)
            time.sleep(0.02)

    def _look(self, place: Path, mine: str) -> None:
        try:
            fields = (place / "stat").read_text().rsplit(")", 1)[1].split()
            if fields[1] != mine:
                return
            self._most = max(self._most, peak_of(place))
        except (OSError, IndexError):
            return
        self._cpu[place.name] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self) -> float:
        self._on = False
        self.join()
        return self._most


def recognition(folder: Path) -> None:
    if not ocr.installed():
        print("\nscans: not installed (pip install 'luoshi[ocr]')")
        return
    print(
        "\nscans at 200 dpi, 1° skew, noise, a stamp"
        " (asked: ≤ 1.5 %, with two processes ≤ 3 s a page, ≤ 1.2 GB each)"
    )
    every: list[Image.Image] = []
    wrong = total = 0.0
    for stem in ("01", "02", "03", "04"):
        parts = made.demo(stem)
        pages = [
            made.scan(p, seed=k, skew=(-1) ** k) for k, p in enumerate(raster(made.pdf(made.source(parts))))
        ]
        every += pages
        truth = made.truth(parts)
        length = len("".join(truth.split()))
        error = made.error(truth, text_of(made.as_pdf(pages)))
        print(f"  {stem}: {100 * error:.3f} %")
        wrong, total = wrong + error * length, total + length
    print(f"  all: {100 * wrong / total:.3f} % of {total:,.0f} characters")
    path = folder / "scan.pdf"
    path.write_bytes(made.as_pdf(every * 2))
    print(f"  speed: {measured(path, LUOSHI_OCR_PROCESSES='2')}")


def raster(data: bytes) -> list[Image.Image]:
    out = []
    with opened(data, "x", 20.0) as document:
        for number in range(1, document.pages + 1):
            shown = document.picture(number, 200 / 72)
            assert isinstance(shown, Picture)
            out.append(Image.frombytes("RGB", (shown.width, shown.height), shown.pixels, "raw", "BGR"))
    return out


if __name__ == "__main__":
    sys.exit(main())
