"""Numbers to be reached: 新增…超500件, 达到70%以上, 年均增长5%左右, 压缩至40个工作日以内, 翻一番."""

from __future__ import annotations

from luoshi.model import Target


def find(text: str) -> tuple[Target, ...]:
    """The targets of a clause."""
    import re

    return tuple(Target(m.group(), "", "=", None, "") for m in re.finditer(r"\d[\d.]*(?:%|[万亿]?[个家件项人元])", text))


def reaching(text: str) -> str:
    """The verb of reaching in a goal."""
    for w in ("达到", "超过", "突破", "提高到", "增长", "保持在", "下降", "降低", "建成", "实现", "形成", "新增"):
        if w in text:
            return w
    return ""
