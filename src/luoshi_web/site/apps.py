"""The app's place in Django."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The address book: all routes, home, health, errors."""

    name = "luoshi_web.site"
    verbose_name = "站点"
