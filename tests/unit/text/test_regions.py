"""Names of regions in running text."""

from __future__ import annotations

import time

import pytest

from luoshi.text import regions

FIND = [
    ("辽宁省沈阳市浑南区开工", ["210000", "210100", "210112"]),
    ("吉林省白山市、吉林通化", ["220000", "220600", "220000", "220500"]),
    ("请沈阳、大连、朝阳等市于月底前报送", ["210100", "210200", "211300"]),
    ("川渝联合办学", [None]),
    ("力求长治久安，白银价格回落，更新县域目录", []),
    ("服务上海市民，走进北京市场", ["310000", "110000"]),
    ("朝阳区政府", [None]),
    ("北京市朝阳区", ["110000", "110105"]),
    ("安徽省和县", ["340000", "340523"]),
    ("呼和浩特市新城区改造新城区道路", ["150100", "150102"]),
    ("延边朝鲜族自治州敦化市", ["222400", "222403"]),
    ("喀左县与喀喇沁左翼蒙古族自治县", ["211324", "211324"]),
    ("重庆市渝中区和江北区", ["500000", "500103", "500105"]),
    ("顺应城市更新，滨海城市治理，高密度布局", []),
    ("", []),
]

CODES = [
    ("沪", None, "310000"),
    ("辽宁", None, "210000"),
    ("吉林", None, "220000"),
    ("吉林市", None, "220200"),
    ("辽宁省沈阳市", None, "210100"),
    ("朝阳区", None, None),
    ("朝阳区", "110000", "110105"),
    ("鼓楼区", "320100", "320106"),
    ("京津冀", None, None),
    ("襄樊市", None, "420600"),
    ("没有这个地方", None, None),
    ("", None, None),
]


@pytest.mark.parametrize(("text", "codes"), FIND)
def test_find(text: str, codes: list[str | None]) -> None:
    assert [m.code for m in regions.find(text)] == codes


@pytest.mark.parametrize(("name", "within", "code"), CODES)
def test_code_of(name: str, within: str | None, code: str | None) -> None:
    assert regions.code_of(name, within) == code


def test_shared_name_is_settled_by_the_text_or_by_the_document() -> None:
    (_, mention) = regions.find("长春市今年开工。朝阳区先行。")
    assert mention.code == "220104"
    assert regions.find("朝阳区先行", within="110000")[0].code == "110105"
    assert regions.find("朝阳区先行")[0].codes == ("110105", "220104")


def test_group_lists_its_members() -> None:
    (mention,) = regions.find("京津冀协同")
    assert (mention.name, mention.code, mention.codes) == ("京津冀", None, ("110000", "120000", "130000"))


def test_table_is_sound() -> None:
    everything = {c: regions.get(c) for c in ("210000", "210100", "210112")}
    assert [r and r.level for r in everything.values()] == ["province", "city", "county"]
    assert regions.ancestors("210112") == ("210100", "210000")
    assert regions.ancestors("000000") == ()


def test_every_region_is_found_by_its_full_name_after_the_one_above() -> None:
    missed = []
    for code, region in regions._regions().items():
        chain = [r.name for c in reversed(regions.ancestors(code)) if (r := regions.get(c))]
        if regions.code_of("".join([*chain, region.name])) != code:
            missed.append(region.name)
    assert missed == []


def test_speed() -> None:
    text = "推动沈阳市和大连市产业园区建设，完善基础设施，提高服务水平。" * 20_000
    start = time.process_time()
    assert len(regions.find(text)) == 40_000
    assert len(text) / (time.process_time() - start) > 500_000
