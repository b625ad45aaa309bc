"""The app's place in Django."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """The frame of every page: navigation, base templates, styles, scripts, template tags."""

    name = "luoshi_web.ui"
    verbose_name = "界面"
