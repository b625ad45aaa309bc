"""Names of classes of units."""

from __future__ import annotations

import pytest

from luoshi.track.classes import levels


@pytest.mark.parametrize(
    ("name", "home", "meant"),
    [
        ("各县（区）人民政府", "city", ("county",)), ("各县（市、区）党委和政府", "city", ("county",)),
        ("各区县", "city", ("county",)), ("各市区人民政府", "city", ("county",)),
        ("全市各县区政府", "city", ("county",)), ("各县（市、区）人民政府", "province", ("county",)),
        ("各市", "province", ("city",)), ("各设区市人民政府", "province", ("city",)),
        ("各市（州）人民政府", "province", ("city",)),
        ("各市、县（区）人民政府", "province", ("city", "county")),
        ("各乡镇（街道）", "county", ("township",)), ("各镇人民政府、街道办事处", "county", ("township",)),
        ("市直各部门", "city", ("own",)), ("市政府各部门", "city", ("own",)),
        ("各市直单位", "city", ("own",)),
        ("各有关部门", "city", ()), ("相关县区", "city", ()), ("柳溪县", "city", ()), ("各市", "county", ()),
        ("各县", "county", ()), ("各", "city", ()), ("", "city", ()),
    ],
)  # fmt: skip
def test_levels(name: str, home: str, meant: tuple[str, ...]) -> None:
    assert levels(name, home) == meant
