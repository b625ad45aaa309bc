"""The app's place in Django."""

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    """Commitments that somebody confirmed, links and dispositions that somebody judged."""

    name = "luoshi_web.register"
    verbose_name = "登记"
