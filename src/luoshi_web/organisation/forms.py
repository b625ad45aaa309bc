"""Forms of units and accounts."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from luoshi_web.organisation.models import Level, Person, Role, Unit, UnitKind


class UnitField(forms.ModelChoiceField[Unit]):
    """A unit, shown with its depth."""

    def label_from_instance(self, obj: Any) -> str:
        """Indented by depth."""
        return f"{'　' * (obj.depth - 1)}{obj}"


class UnitForm(forms.Form):
    """A unit's own facts."""

    name = forms.CharField(label=_("名称"), max_length=200)
    short_name = forms.CharField(label=_("简称"), max_length=60, required=False)
    level = forms.ChoiceField(label=_("层级"), choices=Level)
    kind = forms.ChoiceField(label=_("性质"), choices=UnitKind)
    code = forms.CharField(label=_("行政区划代码"), max_length=12, required=False)
    valid_from = forms.DateField(
        label=_("设立日期"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    duties = forms.CharField(
        label=_("主要职责（三定）"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )


class AddUnitForm(UnitForm):
    """A unit with its place in the tree; the page of the unit above names that one."""

    parent = forms.ModelChoiceField(queryset=Unit.objects.all(), widget=forms.HiddenInput)


class ChangeUnitForm(forms.Form):
    """What of a unit may change."""

    name = forms.CharField(label=_("名称"), max_length=200)
    short_name = forms.CharField(label=_("简称"), max_length=60, required=False)
    aliases = forms.CharField(
        label=_("其他写法"), required=False, help_text=_("文件中的其他叫法，以顿号分开")
    )
    code = forms.CharField(label=_("行政区划代码"), max_length=12, required=False)
    valid_from = forms.DateField(
        label=_("设立日期"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    valid_to = forms.DateField(
        label=_("撤销日期"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    successor = UnitField(label=_("承继单位"), queryset=Unit.objects.all(), required=False)
    duties = forms.CharField(
        label=_("主要职责（三定）"), required=False, widget=forms.Textarea(attrs={"rows": 6})
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def clean_aliases(self) -> list[str]:
        """The names one by one."""
        names = (n.strip() for n in re.split(r"[、，,；;\n]", self.cleaned_data["aliases"]))
        return list(dict.fromkeys(n for n in names if n))


def _day(label: Any, *, required: bool = False) -> forms.DateField:
    return forms.DateField(label=label, required=required, widget=forms.DateInput(attrs={"type": "date"}))


class PostForm(forms.Form):
    """A post of a unit."""

    name = forms.CharField(label=_("岗位"), max_length=100)
    duties = forms.CharField(label=_("职责"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    valid_from = _day(_("设立日期"))
    valid_to = _day(_("撤销日期"))
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)


class PersonForm(forms.Form):
    """A person's name."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)


class AppointForm(forms.Form):
    """Who holds a post, from when on: somebody known, or a new person."""

    person = forms.ModelChoiceField(
        label=_("人员"), queryset=Person.objects.order_by("name", "pk"), required=False
    )
    name = forms.CharField(label=_("或新人员的姓名"), max_length=60, required=False)
    since = _day(_("任职日期"))
    until = _day(_("免职日期"))

    def clean(self) -> dict[str, Any]:
        """One of the two must be told."""
        data: dict[str, Any] = super().clean() or {}
        if not data.get("person") and not str(data.get("name", "")).strip():
            raise forms.ValidationError(_("请选择人员，或填写新人员的姓名。"))
        return data


class RelieveForm(forms.Form):
    """Until when somebody holds a post."""

    until = _day(_("免职日期"), required=True)


class AccountForm(forms.Form):
    """A new account."""

    username = forms.CharField(label=_("用户名"), max_length=60)
    name = forms.CharField(label=_("姓名"), max_length=60)
    unit = UnitField(label=_("所在单位"), queryset=Unit.objects.all())


class GrantForm(forms.Form):
    """A role for a unit and all below it."""

    role = forms.ChoiceField(label=_("角色"), choices=Role)
    unit = UnitField(label=_("单位范围"), queryset=Unit.objects.all())
    until = forms.DateField(
        label=_("有效期至"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
