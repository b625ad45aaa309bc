"""The app's place in Django."""

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    """Work items, division, reports, reviews: from a commitment to its delivery."""

    name = "luoshi_web.delivery"
    verbose_name = "落实"
