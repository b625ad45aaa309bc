"""Forms of the register."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luoshi.report.labels import all_labels
from luoshi.track import deadlines
from luoshi_web.audit.services import Refused
from luoshi_web.register import drafting
from luoshi_web.register.models import CommitmentType
from luoshi_web.register.templatetags.register import domain_name

DAY = r"^\d{4}(-\d{2}(-\d{2})?)?$"


def day_of(text: str) -> str:
    """The last day that somebody typed, in figures: 2025-06 as it is, 2025年6月底前 as 2025-06-30.

    :raises Refused: when it is none; words without an end (长期坚持) have a box of their own.
    """
    text = text.strip()
    if not text or re.fullmatch(DAY, text):
        return text
    told = deadlines.read(text)
    if not told.day or told.ongoing:
        raise Refused(gettext("完成时限请写成 2025-06-30、2025-06、2025 或 2025年底前。"), "value")
    return told.day


class DayField(forms.CharField):
    """A last day, see :func:`day_of`."""

    def clean(self, value: Any) -> str:
        """What was typed, in figures."""
        try:
            return day_of(str(super().clean(value)))
        except Refused as error:
            raise ValidationError(str(error.message)) from error


def _domains() -> list[tuple[str, str]]:
    keys = sorted(k.partition(".")[2] for k in all_labels() if k.startswith("domain."))
    return [("", "—"), *((k, domain_name(k)) for k in keys)]


class CommitmentForm(forms.Form):
    """What a reviewer may word anew; the source's own words are not among it."""

    text = forms.CharField(label=_("任务事项"), widget=forms.Textarea(attrs={"rows": 3}))
    type = forms.ChoiceField(label=_("类型"), choices=CommitmentType)
    domain = forms.ChoiceField(label=_("领域"), choices=_domains, required=False)
    criterion = forms.CharField(label=_("完成标准"), widget=forms.Textarea(attrs={"rows": 2}), required=False)
    units = forms.CharField(
        label=_("单位"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        help_text=_("如 牵头：甲局、乙局；责任：丙局；配合：丁局"),
    )
    deadline = DayField(label=_("完成时限"), required=False, help_text=_("如 2025-06-30、2025-06 或 2025"))
    ongoing = forms.BooleanField(label=_("长期坚持"), required=False)
    deadline_explanation = forms.CharField(label=_("时限说明"), max_length=400, required=False)
    reason = forms.CharField(label=_("理由"), required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def showing(cls, values: dict[str, Any], revision: int) -> CommitmentForm:
        """A form with a commitment's or a draft's values in it."""
        initial = {n: values[n] for n in cls.base_fields if n in values}
        initial |= {"units": drafting.units_text(values["units"]), "revision": revision}
        return cls(initial=initial)

    def fields_for(self, units: list[dict[str, Any]]) -> tuple[dict[str, Any], int, str]:
        """The fields to be saved, the revision, the reason.

        :param units: those known before, whose codes are kept.
        :raises Refused: with what is wrong, in words.
        """
        if not self.is_valid():
            raise Refused(
                "；".join(f"{self[n].label}：{' '.join(map(str, e))}" for n, e in self.errors.items())
            )
        data = dict(self.cleaned_data)
        revision, reason = data.pop("revision"), data.pop("reason")
        data["text"] = data["text"].replace("\r\n", "\n").strip()
        data["criterion"] = data["criterion"].replace("\r\n", "\n").strip()
        typed = data["units"]
        same = typed.strip() == drafting.units_text(units)
        data["units"] = units if same else drafting.units_of(typed, units)
        return data, revision, reason
