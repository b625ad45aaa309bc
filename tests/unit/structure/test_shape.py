"""A line standing alone, and what it is; every pattern of the table fits its own example."""

from __future__ import annotations

import pytest

from luoshi.structure.shape import is_addressee, is_chrome, is_org, role
from luoshi.structure.when import find, is_date_line, parse
from luoshi.structure.words import title_kind
from luoshi.text.lexicon import table


@pytest.mark.parametrize(("name", "example"), [(r[0], r[2]) for r in table("luoshi.structure", "roles.tsv")])
def test_roles_fit_their_examples(name: str, example: str) -> None:
    assert role(example) == name


@pytest.mark.parametrize(("kind", "example"), [(r[0], r[2]) for r in table("luoshi.structure", "kinds.tsv")])
def test_kinds_fit_their_examples(kind: str, example: str) -> None:
    assert title_kind(example) == kind


@pytest.mark.parametrize(
    "text",
    [
        "要大力发展节水农业。",
        "水利厅负责。",
        "云川省节水条例",
        "加强组织领导",
        "到2030年，全省用水总量控制在目标以内",
    ],
)
def test_body_has_no_role(text: str) -> None:
    assert role(text) == ""


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("云川省人民政府办公厅关于印发节水行动方案的通知", "notice"),
        ("云川省节水行动计划（2024—2026年）", "plan"),
        ("省委常委会召开会议 审议《关于加强节水工作的意见》", "meeting"),
        ("关于在林书记考察时所提问题办理情况的函", "other"),
        ("云川省节水管理办法", "measures"),
        ("中华人民共和国节水法", "law"),
        ("让节水成为风尚", ""),
        ("《云川省节水条例》", "regulation"),
        ("云川省2026年政府工作报告", "work-report"),
    ],
)
def test_kind_of_title(title: str, kind: str) -> None:
    assert title_kind(title) == kind


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("当前位置：首页", True),
        ("打印本页", True),
        ("【字体：", True),
        ("打印机采购办法", False),
        ("收藏文物保护", False),
    ],
)
def test_navigation(text: str, expected: bool) -> None:
    assert is_chrome(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("各市（州）人民政府，省直各单位：", True),
        ("水利部：", True),
        ("工作要求如下：我们要做到", False),
        ("一、总体要求：", False),
    ],
)
def test_addressee(text: str, expected: bool) -> None:
    assert is_addressee(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"), [("云川省水利厅", True), ("云川省水利厅 云川省财政厅", True), ("建设水网", False)]
)
def test_organisation(text: str, expected: bool) -> None:
    assert is_org(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024年3月1日", "2024-03-01"),
        ("2024年 3 月1日", "2024-03-01"),
        ("二〇二四年十二月三十一日", "2024-12-31"),
        ("2024年3月", "2024-03"),
        ("2024-03-01 10:20", "2024-03-01"),
        ("Fri, 01 Mar 2024 23:30:00 GMT", "2024-03-01"),
        ("March 1, 2024", "2024-03-01"),
        ("2021-2023年期间", None),
        ("2024年13月40日", None),
        ("", None),
    ],
)
def test_date_of_metadata(text: str, expected: str | None) -> None:
    assert parse(text) == expected


def test_of_several_days_the_last_counts() -> None:
    assert [f.iso(2024) for f in find("会议4月10日至12日在云州举行")] == ["2024-04-12"]
    assert [f.iso(2024) for f in find("会议4月30日至5月2日在云州举行")] == ["2024-05-02"]


def test_date_line() -> None:
    assert is_date_line("2024年3月1日")
    assert not is_date_line("2024年3月1日起施行")
