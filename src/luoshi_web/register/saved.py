"""Saved views: a table's filters under a name, one's own; each room's services name their table."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from luoshi_web.audit.services import Refused, change, created, record, snapshot, unchanged
from luoshi_web.register.models import SavedView

MOST = 100
"""Views of a table that an account may keep."""


def keep(by: Any, table: str, name: str, query: str) -> SavedView:
    """Keeps filters under a name; the same name again replaces them. Called in a service."""
    name = name.strip()[:60]
    if not name:
        raise Refused(_("请填写名称。"), "name")
    mine = SavedView.objects.filter(account=by, table=table)
    view = mine.filter(name=name).first()
    if view is not None:
        return change(view, query=query[:2000])
    if mine.count() >= MOST:
        raise Refused(_("已保存 %d 个视图，请先删去不用的。") % MOST)
    view = SavedView(account=by, table=table, name=name, query=query[:2000])
    return created(view, **snapshot(view))


def forget(by: Any, table: str, name: str) -> None:
    """Forgets filters; there may be none of the name. Called in a service."""
    view = SavedView.objects.filter(account=by, table=table, name=name).first()
    if view is None:
        unchanged()
        return
    record(view, before=snapshot(view))
    view.delete()
