"""The app's place in Django."""

from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    """Pages that count and compare over the register and its delivery."""

    name = "luoshi_web.dashboards"
    verbose_name = "总览"
