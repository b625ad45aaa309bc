"""Titles of columns, one row per ledger: the fields that they hold."""

from __future__ import annotations

import pytest

from luoshi.track.ledger import FIELDS, field_of, guess

HEADS = [
    ("序号|任务事项|牵头领导|牵头单位|责任单位|完成时限", "number task leader lead responsible deadline"),
    (
        "序号|重点任务|分管领导|主办单位|协办单位|办结时限|备注",
        "number task leader lead support deadline note",
    ),
    (
        "编号|类别|工作任务|工作内容|牵头部门|配合部门|时间节点",
        "code chapter task criterion lead support deadline",
    ),
    ("任务|完成标准|责任单位|责任人|进展情况", "task criterion responsible leader -"),
    ("No.|Work item|Lead unit|Responsible units|Deadline", "number task lead responsible deadline"),
    ("序 号|任务\n事项|牵 头 单 位|完 成 时 限", "number task lead deadline"),
    ("行标识（勿改）|序号|任务事项|反馈意见|修改意见", "code number task answer opinion"),
    ("市级牵头领导|市级牵头单位|市级责任单位|成果形式|复核日期", "leader lead responsible criterion review"),
    ("甲|乙", "- -"),
]


@pytest.mark.parametrize(("titles", "fields"), HEADS)
def test_guess(titles: str, fields: str) -> None:
    assert guess(titles.split("|")) == [f.strip("-") for f in fields.split()]


def test_only_known_fields_and_each_once() -> None:
    found = [f for f in guess(["任务", "任务事项", "事项", "牵头单位", "主办单位"]) if f]
    assert len(found) == len(set(found)) and set(found) <= set(FIELDS)


def test_long_or_strange_titles_hold_nothing() -> None:
    assert field_of("本表由各单位于每月二十五日之前如实填写并报送") == "" and field_of("") == ""
