"""The app's place in Django."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from luoshi_web.ui.navigation import Item, add


class SearchConfig(AppConfig):
    """Search over documents, provisions and commitments."""

    name = "luoshi_web.search"
    verbose_name = _("检索")

    def ready(self) -> None:
        """Adds the page, and has the index follow what is written."""
        from luoshi_web.audit.services import FOLLOWERS
        from luoshi_web.search import index

        add(Item(60, _("查询"), _("全文检索"), "search:search", "library.view_document"))
        FOLLOWERS["library.document"] = [*FOLLOWERS.get("library.document", []), index.follow_documents]
        FOLLOWERS["register.commitment"] = [
            *FOLLOWERS.get("register.commitment", []),
            index.follow_commitments,
        ]

        def migrated(**_told: Any) -> None:
            index.ensure()

        post_migrate.connect(migrated, sender=self, weak=False, dispatch_uid="luoshi-search")
