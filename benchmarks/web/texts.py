"""Made-up policy documents with the places of everything in them known, so that nothing needs to be read."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

FIELDS = {
    "agriculture": ("高标准农田", "节水灌溉设施", "农产品冷链", "种业基地", "农机服务站"),
    "consumption": ("便民生活圈", "社区商业网点", "老字号街区", "夜间消费集聚区"),
    "culture": ("公共图书馆分馆", "旅游驿站", "博物馆展陈", "非遗工坊"),
    "digital": ("政务数据平台", "视频监控联网点", "智慧停车系统", "一网通办窗口"),
    "education": ("公办幼儿园", "寄宿制学校食堂", "职业院校实训中心", "教师周转房"),
    "energy": ("充电桩", "分布式光伏", "配电台区", "储能电站"),
    "environment": ("入河排污口", "城镇污水管网", "矿山生态修复", "危险废物处置设施"),
    "finance": ("政府性融资担保", "普惠贷款", "专项债券项目", "预算绩效评价"),
    "industry": ("产业园区标准厂房", "技术改造项目", "专精特新企业", "首台套装备"),
    "infrastructure": ("农村公路", "老旧小区", "燃气管道", "危桥", "城市内涝点"),
    "livelihood": ("社区食堂", "乡镇卫生院", "养老服务中心", "托育机构", "零工市场"),
    "market": ("企业开办专窗", "公平竞争审查", "招投标平台", "信用修复窗口"),
    "science": ("重点实验室", "中试基地", "科技成果转化", "院士工作站"),
    "security": ("应急避难场所", "消防站", "危险化学品企业", "地质灾害隐患点"),
}
VERBS = ("新建", "改造", "提升", "推进", "完善", "建设", "整治", "更新", "建立健全", "开展")
COUNTED = ("处", "个", "座", "项", "家", "公里")
HEADS = ("加快发展", "补齐短板", "优化服务", "强化保障", "深化改革", "守牢底线", "提高质量", "夯实基础")
KINDS = ("实施意见", "行动方案", "工作要点", "实施方案", "若干措施", "三年行动计划")


@dataclass(slots=True)
class Said:
    """One sentence: what it asks, of whom, until when; ``start`` and ``end`` in the document's text."""

    start: int
    end: int
    quote: str
    verb: str
    object: str
    domain: str
    provision: int
    units: list[dict[str, str | None]] = field(default_factory=list)
    target: dict[str, object] | None = None
    deadline: str = ""
    deadline_quote: str = ""
    ongoing: bool = False
    places: list[dict[str, str]] = field(default_factory=list)
    strength: int = 3


@dataclass(slots=True)
class Part:
    """A node of the outline."""

    start: int
    end: int
    label: str
    title: str


@dataclass(slots=True)
class Text:
    """A document."""

    title: str
    number: str
    date: str
    text: str = ""
    paragraphs: list[list[object]] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)


def document(
    random_: random.Random,
    number: int,
    issuer: str,
    departments: list[str],
    places: list[str],
    sentences: int,
) -> Text:
    """A document of ``issuer`` with that many sentences, each one a commitment."""
    year = 2019 + number % 8
    about = random_.choice(list(FIELDS))
    title = f"{issuer}关于{random_.choice(FIELDS[about])}等重点工作的{random_.choice(KINDS)}（{number}）"
    out = Text(
        title, f"{issuer[:1]}政发〔{year}〕{number}号", f"{year}-{1 + number % 12:02d}-{1 + number % 28:02d}"
    )
    _line(out, title, "title", 0)
    for i in range(sentences):
        if i % 13 == 0:
            n = len(out.parts) + 1
            if out.parts:
                out.parts[-1].end = len(out.text)
            label, head = f"{_chinese(n)}、", f"{random_.choice(HEADS)}{random_.choice('甲乙丙丁戊己庚辛')}"
            out.parts.append(Part(len(out.text), len(out.text), label, head))
            _line(out, label + head, "heading", 1)
        _say(out, random_, departments, places)
    out.parts[-1].end = len(out.text)
    return out


def _line(out: Text, line: str, kind: str, level: int) -> int:
    start = len(out.text)
    out.text += line + "\n"
    out.paragraphs.append([start, start + len(line), kind, level, ""])
    return start


def _say(out: Text, r: random.Random, departments: list[str], places: list[str]) -> None:
    domain = r.choice(list(FIELDS))
    verb, thing = r.choice(VERBS), r.choice(FIELDS[domain])
    place, year = r.choice(places), 2025 + r.randrange(6)
    chosen = r.sample(departments, k=min(len(departments), 1 + r.randrange(3)))
    units: list[dict[str, str | None]] = [
        {"name": name, "role": "responsible" if i else "lead", "code": None} for i, name in enumerate(chosen)
    ]
    due, target = "", None
    words = f"在{place}{verb}{thing}"
    if r.random() < 0.7:
        value, measure = r.randrange(2, 400), r.choice(COUNTED)
        target = {
            "quote": f"{value}{measure}",
            "indicator": thing,
            "comparison": "eq",
            "value": value,
            "unit": measure,
        }
        words += f"{value}{measure}"
    if r.random() < 0.6:
        due = f"{year}年底前"
        words = f"{due}，{words}"
    line = f"{words}，第{len(out.said) + 1}项任务由{'、'.join(chosen)}负责。"
    start = _line(out, line, "body", 0)
    out.said.append(
        Said(
            start, start + len(line), line, verb, thing, domain, len(out.parts) - 1, units, target,
            f"{year}-12-31" if due else "", due, not due and r.random() < 0.3,
            [{"quote": place, "code": ""}], 1 + r.randrange(7),
        )
    )  # fmt: skip


def _chinese(n: int) -> str:
    digits = "零一二三四五六七八九"
    tens, ones = divmod(n, 10)
    return (("" if tens == 1 else digits[tens]) + "十" if tens else "") + (
        digits[ones] if ones or not tens else ""
    )
