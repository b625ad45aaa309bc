"""The events in words: actions, kinds of objects, names of fields, values, times, as people read them.

The chain keeps codes and JSON, which never change; what stands here is only how a page says them. What this
table lacks is shown by its code.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist, ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language, pgettext, pgettext_lazy

from luoshi.report.labels import all_labels
from luoshi_web.audit.actions import ACTIONS, STARTS

FIELDS: Mapping[str, Any] = {
    "account_id": pgettext_lazy("field", "账号"),
    "action": pgettext_lazy("field", "办理"),
    "add": pgettext_lazy("field", "新增"),
    "answered_at": pgettext_lazy("field", "答复时间"),
    "answered_by": pgettext_lazy("field", "答复人"),
    "audience": pgettext_lazy("field", "查阅范围"),
    "branch": pgettext_lazy("field", "系统"),
    "checked": pgettext_lazy("field", "核对到的版本"),
    "closed_at": pgettext_lazy("field", "结束时间"),
    "code": pgettext_lazy("field", "编码"),
    "count": pgettext_lazy("field", "数量"),
    "coverage": pgettext_lazy("field", "要求"),
    "division": pgettext_lazy("field", "分工方案"),
    "done": pgettext_lazy("field", "已完成"),
    "drifted": pgettext_lazy("field", "漂移"),
    "end": pgettext_lazy("field", "止"),
    "established_in": pgettext_lazy("field", "立项轮次"),
    "hint": pgettext_lazy("field", "提示"),
    "ids": pgettext_lazy("field", "编号"),
    "issued_at": pgettext_lazy("field", "印发时间"),
    "item_id": pgettext_lazy("field", "任务"),
    "items": pgettext_lazy("field", "任务"),
    "key": pgettext_lazy("field", "内容标识"),
    "kind": pgettext_lazy("field", "种类"),
    "lead": pgettext_lazy("field", "牵头单位"),
    "leader_person": pgettext_lazy("field", "牵头领导"),
    "links": pgettext_lazy("field", "文本对应"),
    "lower_checked": pgettext_lazy("field", "下位核对到的版本"),
    "lower_document": pgettext_lazy("field", "下位文件"),
    "lower_end": pgettext_lazy("field", "下位止"),
    "lower_prefix": pgettext_lazy("field", "下位前文"),
    "lower_start": pgettext_lazy("field", "下位起"),
    "lower_state": pgettext_lazy("field", "下位出处"),
    "lower_suffix": pgettext_lazy("field", "下位后文"),
    "lower_version": pgettext_lazy("field", "下位版本"),
    "made_by_id": pgettext_lazy("field", "建立人"),
    "name": pgettext_lazy("field", "名称"),
    "number": pgettext_lazy("field", "编号"),
    "origin_title": pgettext_lazy("field", "出处文件"),
    "orphaned": pgettext_lazy("field", "失锚"),
    "owner_id": pgettext_lazy("field", "所属单位"),
    "parent": pgettext_lazy("field", "上级单位"),
    "position": pgettext_lazy("field", "次序"),
    "prefix": pgettext_lazy("field", "前文"),
    "program": pgettext_lazy("field", "程序版本"),
    "quote": pgettext_lazy("field", "原文"),
    "responsible": pgettext_lazy("field", "责任单位"),
    "role": pgettext_lazy("field", "角色"),
    "sha256": pgettext_lazy("field", "文件指纹"),
    "skip": pgettext_lazy("field", "跳过"),
    "start": pgettext_lazy("field", "起"),
    "state": pgettext_lazy("field", "状态"),
    "suffix": pgettext_lazy("field", "后文"),
    "support": pgettext_lazy("field", "配合单位"),
    "text": pgettext_lazy("field", "文字"),
    "title": pgettext_lazy("field", "标题"),
    "unit_id": pgettext_lazy("field", "单位"),
    "units": pgettext_lazy("field", "单位"),
    "unsourced": pgettext_lazy("field", "无上位依据"),
    "update": pgettext_lazy("field", "修改"),
    "upper_checked": pgettext_lazy("field", "上位核对到的版本"),
    "upper_document": pgettext_lazy("field", "上位文件"),
    "upper_end": pgettext_lazy("field", "上位止"),
    "upper_prefix": pgettext_lazy("field", "上位前文"),
    "upper_start": pgettext_lazy("field", "上位起"),
    "upper_state": pgettext_lazy("field", "上位出处"),
    "upper_suffix": pgettext_lazy("field", "上位后文"),
    "upper_version": pgettext_lazy("field", "上位版本"),
    "uppers": pgettext_lazy("field", "上位文件数"),
    "valid": pgettext_lazy("field", "有效"),
    "verdict": pgettext_lazy("field", "审核意见"),
    "version": pgettext_lazy("field", "版本"),
    "way": pgettext_lazy("field", "答复方式"),
}
"""Fields that no model names; a model's own name comes first."""

KINDS: Mapping[str, Any] = {
    "library.batch": pgettext_lazy("kind", "上传批次"),
    "library.comparison": pgettext_lazy("kind", "文件比对"),
    "register.commitments": pgettext_lazy("kind", "任务举措"),
    "site.archive": pgettext_lazy("kind", "备份"),
}
"""Kinds of objects that no model names."""

CODED = frozenset({"answer", "answers", "role", "part", "branch", "state", "password"})
"""Fields whose values are codes that no list of choices says in words."""
MOST = 40
"""Members of a list that a page shows; the rest stands in the JSON."""


def action(code: str) -> str:
    """What was done."""
    if code in ACTIONS:
        return str(ACTIONS[code])
    return next((str(said) for start, said in STARTS.items() if code.startswith(start)), code)


def codes(said: str) -> list[str]:
    """The actions whose words hold ``said``."""
    return [code for code, words in ACTIONS.items() if said in str(words)]


def kind(code: str) -> str:
    """The kind of object: its model's name, else the code."""
    model = _model(code)
    return (
        str(model._meta.verbose_name)
        if model is not None and _named(model._meta)
        else str(KINDS.get(code, code))
    )


def every_kind() -> list[str]:
    """The kinds of objects that the pages name."""
    known = (kind(m._meta.label_lower) for m in apps.get_models() if _named(m._meta))
    return sorted({*known, *(str(x) for x in KINDS.values())})


def kinds(said: str) -> list[str]:
    """The codes of a kind of object that goes by these words."""
    codes = [m._meta.label_lower for m in apps.get_models() if _named(m._meta)]
    return [code for code in (*codes, *KINDS) if kind(code) == said]


def people(actors: Iterable[str]) -> dict[str, str]:
    """The names of accounts by their user names; what the program did itself under its own."""
    rows = get_user_model()._default_manager.filter(username__in=set(actors))
    return {**dict(rows.values_list("username", "name")), "system": pgettext("actor", "系统")}


def called(said: str) -> list[str]:
    """The user names of accounts with this name."""
    rows = get_user_model()._default_manager.filter(name=said)
    own = ["system"] if said == pgettext("actor", "系统") else []
    return [*rows.values_list("username", flat=True), *own]


def moment(at: str) -> str:
    """The time of an event where the reader is, to the second; what is no time stays."""
    try:
        return timezone.localtime(datetime.fromisoformat(at)).strftime("%Y-%m-%d %H:%M:%S")
    except ValueError:
        return at


def changes(object_type: str, before: str, after: str) -> list[tuple[str, str, str]]:
    """The fields of an event: name, value before, value after."""
    model, old, new = _model(object_type), values(before), values(after)
    return [
        (_label(model, n), _value(model, n, old.get(n)), _value(model, n, new.get(n)))
        for n in sorted({*old, *new})
    ]


def values(text: str) -> dict[str, Any]:
    """The fields kept with an event; none where the text is not what we wrote."""
    try:
        told = json.loads(text) if text else {}
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _model(code: str) -> type[models.Model] | None:
    try:
        return apps.get_model(code)
    except (LookupError, ValueError):
        return None


def _named(options: Any) -> bool:
    """Whether somebody gave a model its name; Django makes one of the class otherwise."""
    return not options.verbose_name_raw.isascii()


def _field(model: type[models.Model] | None, name: str) -> Any:
    if model is None:
        return None
    for some in (name, name.removesuffix("_id")):
        try:
            return model._meta.get_field(some)
        except FieldDoesNotExist:
            continue
    return None


def _label(model: type[models.Model] | None, name: str) -> str:
    field = _field(model, name)
    if field is not None and str(getattr(field, "verbose_name", field.name)) != field.name.replace("_", " "):
        return str(field.verbose_name)
    return _called(name)


def _called(name: str) -> str:
    """A field without its model."""
    short = name.removesuffix("_id")
    return str(FIELDS.get(name) or FIELDS.get(short) or _rare("field", name) or _rare("field", short) or name)


@cache
def _table() -> dict[tuple[str, str], tuple[str, str]]:
    """Kind and code → Chinese, English: what is rare in the chain."""
    text = files("luoshi_web.audit").joinpath("data/words.tsv").read_text(encoding="utf-8")
    lines = [x.split("\t") for x in text.splitlines() if x and not x.startswith("#")][1:]
    return {(kind_, code): (zh, en) for kind_, code, zh, en in lines}


def _rare(kind_: str, code: str) -> str:
    pair = _table().get((kind_, code))
    return pair[not (get_language() or "").startswith("zh")] if pair else ""


def _coded(name: str, value: str) -> str:
    """A value that is a code of the program, in words; else as it is."""
    for prefix in ("kind", "type") if name in ("genre", "kind") else (name,):
        if pair := all_labels().get(f"{prefix}.{value}"):
            return pair[not (get_language() or "").startswith("zh")]
    return (_rare("value", value) if name in CODED else "") or value


def _value(model: type[models.Model] | None, name: str, value: Any) -> str:
    field = _field(model, name)
    if isinstance(value, str | int) and not isinstance(value, bool):
        if isinstance(field, models.ForeignKey):
            return _row(field.related_model, value)
        for key, said in getattr(field, "flatchoices", None) or ():
            if key == value:
                return str(said)
        if isinstance(field, models.DateTimeField) and isinstance(value, str):
            return moment(value)
    return _plain(value, name)


def _row(model: Any, key: str | int) -> str:
    """A unit, an account, a post by its name; by its number where it is gone.

    What others hold (documents, commitments) stays a number: who reads the audit need not see their content.
    """
    if model._meta.app_label != "organisation":
        return str(key)
    try:
        return str(model._base_manager.get(pk=key))
    except (ObjectDoesNotExist, ValueError, TypeError, ValidationError):
        return str(key)


def _plain(value: Any, name: str = "") -> str:
    """A value of JSON as people read it; ``name`` is the field that it stands in."""
    if isinstance(value, bool):
        return pgettext("value", "是") if value else pgettext("value", "否")
    if value is None or value in ("", [], {}):
        return "—"
    if isinstance(value, list):
        some = "、".join(_plain(v, name) for v in value[:MOST])
        return some + "……" if len(value) > MOST else some
    if isinstance(value, dict):
        if set(value) == {"id", "name"}:
            return str(value["name"])
        inner = ((n, name if name == "answers" else n, v) for n, v in value.items())
        return "；".join(f"{_called(n)}：{_plain(v, field)}" for n, field, v in inner)
    return _coded(name, value) if isinstance(value, str) else str(value)
