"""Forms of delivery."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi_web.audit.services import Refused
from luoshi_web.delivery import leaders
from luoshi_web.delivery.models import Origin, WorkItem
from luoshi_web.delivery.writing import Wanted, parts_of
from luoshi_web.library.models.documents import Audience
from luoshi_web.organisation.forms import UnitField
from luoshi_web.organisation.models import Unit
from luoshi_web.register.forms import DayField, _domains, day_of

_SPLIT = re.compile(r"[、，,；;\n]+")


def names_of(text: str) -> list[str]:
    """Names of units as typed, in order, each once."""
    return list(dict.fromkeys(n.strip() for n in _SPLIT.split(text) if n.strip()))


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _day() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class ItemForm(forms.Form):
    """What of an item may be worded anew; its sources are not among it."""

    text = forms.CharField(label=gettext_lazy("任务事项"), widget=_area(4))
    criterion = forms.CharField(label=gettext_lazy("完成标准"), widget=_area(2), required=False)
    chapter = forms.CharField(label=gettext_lazy("章节"), max_length=400, required=False)
    leader = forms.CharField(label=gettext_lazy("牵头领导"), max_length=120, required=False)
    leader_person = forms.IntegerField(
        label=gettext_lazy("从任职人员中选择"),
        required=False,
        widget=forms.Select,
        help_text=gettext_lazy("选定后填入姓名；不在名单中的，直接填写牵头领导"),
    )
    lead = forms.CharField(
        label=gettext_lazy("牵头单位"), required=False, help_text=gettext_lazy("多个单位以顿号分开，依次排列")
    )
    responsible = forms.CharField(label=gettext_lazy("责任单位"), widget=_area(2), required=False)
    support = forms.CharField(label=gettext_lazy("配合单位"), widget=_area(2), required=False)
    deadline = DayField(
        label=gettext_lazy("完成时限"),
        required=False,
        help_text=gettext_lazy("如 2025-06-30、2025-06 或 2025"),
    )
    ongoing = forms.BooleanField(label=gettext_lazy("长期坚持"), required=False)
    milestone = forms.CharField(
        label=gettext_lazy("年度节点"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("长期坚持的任务每年做到什么"),
    )
    review_on = forms.DateField(label=gettext_lazy("复核日期"), required=False, widget=_day())
    domain = forms.ChoiceField(label=gettext_lazy("领域"), choices=_domains, required=False)
    reason = forms.CharField(label=gettext_lazy("理由"), required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, led_in: Unit | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound:
            return
        widget: Any = self.fields["leader_person"].widget
        widget.choices = leaders.choices(led_in) if led_in is not None else []
        if not widget.choices:
            del self.fields["leader_person"]

    @classmethod
    def showing(cls, item: WorkItem) -> ItemForm:
        """A form with an item's values in it."""
        initial = {n: getattr(item, n, None) for n in cls.base_fields}
        initial |= {part: "、".join(names) for part, names in parts_of(item).items()}
        initial["leader_person"] = item.leader_person_id
        return cls(initial=initial, led_in=item.owner)

    def told(self) -> tuple[dict[str, Any], list[Wanted], int, str]:
        """Fields, units, revision, reason.

        :raises Refused: with what is wrong, in words.
        """
        data = valid(self)
        revision, reason = data.pop("revision"), data.pop("reason")
        wanted = [
            Wanted(part, n) for part in ("lead", "responsible", "support") for n in names_of(data.pop(part))
        ]
        return self.led(data), wanted, revision, reason

    def led(self, data: dict[str, Any]) -> dict[str, Any]:
        """Fields as the service takes them; a form that offered no person says nothing about one."""
        person = data.pop("leader_person", None)
        fields = {n: clean(v) for n, v in data.items()}
        return fields | {"leader_person_id": person} if "leader_person" in self.data else fields


class OriginForm(ItemForm):
    """An item that goes back to no document."""

    owner = UnitField(label=gettext_lazy("所属单位"), queryset=Unit.objects.none())
    division = forms.IntegerField(required=False, widget=forms.HiddenInput)
    origin = forms.ChoiceField(
        label=gettext_lazy("来源"),
        choices=[(o.value, o.label) for o in (Origin.INSTRUCTION, Origin.MEETING, Origin.PROPOSAL)],
    )
    origin_title = forms.CharField(label=gettext_lazy("来源名称"), max_length=300)
    origin_number = forms.CharField(label=gettext_lazy("来源编号"), max_length=100, required=False)
    origin_date = forms.DateField(label=gettext_lazy("来源日期"), required=False, widget=_day())
    origin_quote = forms.CharField(label=gettext_lazy("来源原文"), widget=_area(3), required=False)
    field_order = ("owner", "origin", "origin_title", "origin_number", "origin_date", "origin_quote")

    def __init__(self, *args: Any, owners: Any, **kwargs: Any) -> None:
        initial = kwargs.get("initial") or {}
        super().__init__(*args, led_in=initial.get("owner"), **kwargs)
        owner: Any = self.fields["owner"]
        owner.queryset = owners
        del self.fields["revision"], self.fields["reason"]


class DivisionForm(forms.Form):
    """A division's own facts."""

    owner = UnitField(label=gettext_lazy("所属单位"), queryset=Unit.objects.none())
    title = forms.CharField(label=gettext_lazy("标题"), max_length=300)
    note = forms.CharField(
        label=gettext_lazy("说明"),
        widget=_area(2),
        required=False,
        help_text=gettext_lazy("印在表后，如牵头单位的排列规则"),
    )
    reach = forms.ChoiceField(label=gettext_lazy("印发后查阅范围"), choices=Audience, initial=Audience.BELOW)

    def __init__(self, *args: Any, owners: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["owner"]
        if owners is None:
            del self.fields["owner"]
            self.fields["revision"] = forms.IntegerField(widget=forms.HiddenInput)
        else:
            owner.queryset = owners
            owner.initial = owners.first()


def valid(form: forms.Form) -> dict[str, Any]:
    """A form's values.

    :raises Refused: when some are wrong, naming them.
    """
    if not form.is_valid():
        wrong = [
            f"{form[n].label if n in form.fields else ''}：{' '.join(map(str, e))}"
            for n, e in form.errors.items()
        ]
        raise Refused("；".join(wrong))
    return dict(form.cleaned_data)


def clean(value: Any) -> Any:
    """Line breaks as the database keeps them."""
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


def said(told: Any, name: str, most: int = 4000) -> str:
    """A form's text without what no database keeps."""
    return str(clean(told.get(name, "").replace("\x00", "")))[:most]


def number(value: str) -> int:
    """A number from a form; what is none is none that was ever shown."""
    return int(value) if value.isdecimal() and len(value) < 12 else 0


CELLS = ("text", "criterion", "leader", "lead", "responsible", "support", "deadline", "chapter", "review_on")
"""Cells that are edited in place."""


def cell_value(name: str, told: Any) -> tuple[dict[str, Any], list[str] | None]:
    """What a cell's form says: fields, or names of units for a part.

    :raises Refused: with what is wrong, in words.
    """
    text = clean(told.get("value", "").replace("\x00", ""))
    if name in ("lead", "responsible", "support"):
        return {}, names_of(text)
    if name == "deadline":
        return {"deadline": day_of(text), "ongoing": told.get("ongoing") == "1"}, None
    if name == "review_on":
        try:
            return {"review_on": date.fromisoformat(text) if text else None}, None
        except ValueError:
            raise Refused(_("日期请写成 2025-06-30。"), "value") from None
    limit = {"leader": 120, "chapter": 400}.get(name, 20000)
    return {name: text[:limit]}, None
