"""The app's place in Django."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    """The interface for programs."""

    name = "luoshi_web.api"
    verbose_name = _("接口")
