"""Texts of the invented province 云江省 and of the centre above it, as documents with judged sentences."""

from __future__ import annotations

from dataclasses import replace

from luoshi.extract import extract
from luoshi.model import Document
from luoshi.structure import plain

UPPER = """一、夯实湖区渔业根基
要把保护湖泊水面放在首位，率先把近岸养殖池塘建成生态净水池塘，同步扩大芦苇湿地修复范围。
实施鱼种提纯复壮行动，提高淡水鱼苗自给能力。
二、畅通跨湖物流
加快建设环湖轮渡码头体系，提升对下游港口的集散能力。
坚持加大补贴力度和激发渔户干劲相结合，咬定清水目标不放松。
三、培养湖区人才
大力发展水产职业教育，提高渔民整体素质，以渔民高素质发展支撑湖区全面复兴。"""

LOWER = """一、夯实渔业根基
1.守好湖泊水面。把保护湖泊水面放在首位，加快把近岸养殖池塘全部建成生态净水池塘。深入实施鱼种提纯复壮行动，依托省水产所建设两个保种基地。
2.修复湿地。扩大云江芦苇湿地修复范围，开展退塘还湿。
二、畅通跨湖物流
3.建设码头。加快建设环湖轮渡码头体系，推进青石、白沙两港扩建。坚持用好补贴政策和激发渔户干劲相结合，咬定清水目标不放松。
三、培养人才
4.办好水产学校。提高渔民整体素质，以渔民高素质发展支撑云江全面复兴。扩大水产技师学院招生，每年培训渔民2000人次。"""

APART = """一、整顿市容
拆除违章广告牌，清理背街小巷堆物。
二、规范停车
核定路侧车位，公布收费标准。"""


def document(
    text: str,
    *,
    id: str,
    level: str | None = None,
    date: str | None = None,
    kind: str = "opinion",
    title: str = "",
) -> Document:
    """A document whose sentences are judged, as in the pipeline."""
    made = plain(text, id=id, date=date)
    made = made.with_rows(row=replace(made.row, level=level, kind=kind, title=title or id))
    return made.with_rows(sentences=extract(made).sentences)


def upper() -> Document:
    return document(UPPER, id="upper", level="central", date="2031-03-01", title="关于湖区复兴的意见")


def lower() -> Document:
    return document(LOWER, id="lower", level="province", date="2031-06-01", title="云江省湖区复兴实施方案")


def apart() -> Document:
    return document(APART, id="apart", level="city", date="2031-07-01", title="市容整治通告")
