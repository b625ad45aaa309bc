"""Forms of the library."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from luoshi_web.library.models import Audience
from luoshi_web.organisation.models import Level


class DocumentForm(forms.Form):
    """A document's head, as an official corrects it."""

    title = forms.CharField(label=_("标题"), max_length=300)
    number = forms.CharField(label=_("文号"), max_length=100, required=False)
    date = forms.RegexField(
        label=_("成文日期"), regex=r"^\d{4}(-\d{2}(-\d{2})?)?$", required=False, help_text=_("如 2025-06-30")
    )
    level = forms.ChoiceField(
        label=_("层级"), choices=[("", "—"), *Level.choices, ("media", _("媒体"))], required=False
    )
    audience = forms.ChoiceField(label=_("查阅范围"), choices=Audience)
    reason = forms.CharField(label=_("理由"), required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput)
