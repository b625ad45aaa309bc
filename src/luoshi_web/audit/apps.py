"""The app's place in Django."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    """Who did what and when."""

    name = "luoshi_web.audit"
    verbose_name = _("审计")

    def ready(self) -> None:
        """Puts the guard on every connection; migrations are exempt."""
        from luoshi_web.audit import navigation, services

        navigation.install()

        def join(connection: Any, **_: Any) -> None:
            if services.guard not in connection.execute_wrappers:
                connection.execute_wrappers.append(services.guard)

        def begin(**_: Any) -> None:
            services._open.set("migrate")

        def end(**_: Any) -> None:
            services._open.set("")

        connection_created.connect(join, weak=False, dispatch_uid="luoshi-guard")
        pre_migrate.connect(begin, weak=False, dispatch_uid="luoshi-migrate")
        post_migrate.connect(end, weak=False, dispatch_uid="luoshi-migrated")
