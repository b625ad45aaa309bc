"""Names of units as documents write them: (name, unit found, how)."""

from __future__ import annotations

import pytest

from luoshi.track.matching import Directory, KnownUnit

UNITS = [
    KnownUnit(1, "晴川省", (), "1", "晴川省", "province"),
    KnownUnit(2, "晴川省水利厅", (), "11", "晴川省", "province"),
    KnownUnit(3, "北岭市", (), "12", "北岭市", "city"),
    KnownUnit(4, "北岭市水利局", ("市水务局",), "121", "北岭市", "city"),
    KnownUnit(5, "北岭市发展和改革委员会", (), "122", "北岭市", "city"),
    KnownUnit(6, "竹溪县", (), "123", "竹溪县", "county"),
    KnownUnit(7, "竹溪县水利局", (), "1231", "竹溪县", "county"),
    KnownUnit(8, "南港市", (), "13", "南港市", "city"),
    KnownUnit(9, "南港市水利局", (), "131", "南港市", "city"),
    KnownUnit(10, "北岭市人力资源和社会保障局", ("市人社局",), "124", "北岭市", "city"),
]
NAMES = [
    ("北岭市水利局", 4, "name"),
    ("市水务局", 4, "alias"),
    ("市水利局", 4, "spelling"),
    ("市发展改革委", 5, "spelling"),
    ("市发改委", 5, "spelling"),
    ("市发展和改革委员会", 5, "spelling"),
    ("县水利局", 7, "spelling"),
    ("竹溪县人民政府", 6, "spelling"),
    ("竹溪县政府", 6, "spelling"),
    ("省水利厅", 2, "spelling"),
    ("市水利局（牵头）", 4, "spelling"),
    ("市人力资源社会保障局", 10, "spelling"),
    ("市气象局", None, ""),
]


@pytest.mark.parametrize(("name", "key", "how"), NAMES)
def test_find_from_the_city(name: str, key: int | None, how: str) -> None:
    found = Directory(UNITS, scope="12").find(name)
    assert (found.key, found.how) == (key, how)


def test_what_fits_several_is_not_taken() -> None:
    found = Directory(UNITS).find("市水利局")
    assert found.key is None and found.how == "several" and {k for k, _n, _s in found.near} == {4, 9}


def test_what_is_only_similar_is_offered() -> None:
    found = Directory(UNITS, scope="12").find("北岭水利局")
    assert found.key is None and found.near[0][1] == "北岭市水利局"
    assert Directory(UNITS, scope="12").find("某某公司").near == ()


def test_a_name_of_documents_comes_near_too() -> None:
    found = Directory(UNITS, scope="12").find("市水政局")
    assert found.key is None and "北岭市水利局" in {n for _k, n, _s in found.near}
