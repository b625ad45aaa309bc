"""Places with their codes."""

from __future__ import annotations

from itertools import pairwise

import pytest

from luoshi.extract import places

PLACES = [
    ("支持朝阳、阜新发展", "210000", [("朝阳市", "211300"), ("阜新市", "210900")]),
    ("走进辽宁省沈阳市", None, [("辽宁省沈阳市", "210100")]),
    ("联结环渤海与辽西北", "210000", [("环渤海", None), ("辽西北", None)]),
    ("服务东北，联通东北亚", None, [("东北", None), ("东北亚", None)]),
    ("大楼西北角有停车场", None, []),
    ("深耕长三角地区、粤港澳大湾区", None, [("长三角地区", None), ("粤港澳大湾区", None)]),
    ("东南沿海地区和东部地区", None, [("东南沿海地区", None), ("东部地区", None)]),
    ("东北三省一区与中部六省", None, [("东北三省一区", None), ("中部六省", None)]),
    ("科尔沁沙地、河西走廊、辽东半岛", None, [("科尔沁沙地", None), ("河西走廊", None), ("辽东半岛", None)]),
    ("江河湖泊，金山银山", None, []),
    ("弘扬东北抗联精神", None, []),
    ("建设滨江步道", "310000", []),
    ("落实医保定点资格", None, []),
    ("支援保定建设", None, [("保定市", "130600")]),
    ("", None, []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "within", "expected"), PLACES, ids=[t[0][:10] for t in PLACES])
def test_places(text: str, within: str | None, expected: list[tuple[str, str | None]]) -> None:
    assert [(m.canonical, m.code) for m in places.find(text, within)] == expected


def test_no_overlap() -> None:
    found = places.find("东北三省一区和辽宁沿海地区、东南沿海地区的日韩企业到京津冀地区投资")
    assert all(a.end <= b.start for a, b in pairwise(found))
