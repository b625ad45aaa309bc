"""Services: the only way to write.

A service is a function with keyword-only arguments, ``by`` (who) among them. Decorated, it runs in one
transaction, is refused to those who may not, and must tell the audit what it did::

    @service("library.document.rename", permission="library.change_document", on="document")
    def rename(*, by: Actor, document: Document, title: str, revision: int) -> Document:
        return change(document, revision=revision, title=title)

Writes to our tables outside a service are refused (:func:`guard`).
"""

from __future__ import annotations

import functools
import inspect
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, ParamSpec, Protocol, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi_web.audit import chain
from luoshi_web.audit.models import Record

P = ParamSpec("P")
R = TypeVar("R")
M = TypeVar("M", bound=models.Model)
V = TypeVar("V", bound=Record)


class Actor(Protocol):
    """Who acts: an account, or the system itself."""

    @property
    def audit_name(self) -> str:
        """The name kept with an event; never reused."""

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Whether the actor may."""


class _System:
    """The program itself: jobs, commands on the server's own machine."""

    audit_name = "system"

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Always."""
        return True


SYSTEM: Actor = _System()


class Conflict(Exception):
    """Somebody else changed the object since the page was loaded; ``current`` is how it stands now."""

    def __init__(self, current: models.Model) -> None:
        super().__init__(f"{current} was changed meanwhile")
        self.current = current


class Refused(Exception):
    """A rule of the trade forbids it; ``message`` says why, in the user's language, ``field`` where."""

    def __init__(self, message: Any, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


@dataclass(slots=True)
class _Running:
    """The outermost service of this thread: who, what, and the events so far."""

    by: Actor
    action: str
    address: str = ""
    events: list[dict[str, str]] = field(default_factory=list)
    quiet: bool = False


BEFORE: list[Callable[[], None]] = []
"""Called when the transaction of an outermost service begins; one that raises stops it."""

_running: ContextVar[_Running | None] = ContextVar("luoshi_running", default=None)
_open: ContextVar[str] = ContextVar("luoshi_open", default="")
address: ContextVar[str] = ContextVar("luoshi_address", default="")
"""The network address of the request that is served; set by middleware, kept with the events."""


FOLLOWERS: dict[str, list[Callable[[set[str]], None]]] = {}
"""By type of object (``register.commitment``): what the rooms above keep true to it, such as an index.

Called with the ids that a service recorded, at its end and in its transaction; writes nothing that needs an
author."""


def _follow(events: list[dict[str, str]]) -> None:
    for kind, followers in FOLLOWERS.items():
        if ids := {e["object_id"] for e in events if e["object_type"] == kind}:
            for follow in followers:
                follow(ids)


def service(action: str, *, permission: str = "", on: str = "") -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Makes a function a service.

    :param action: the name under which the audit keeps it, ``app.object.verb``.
    :param permission: what ``by`` must have, on the argument named ``on`` where one is named.
    :raises TypeError: at import, when the function takes positional arguments or no ``by``.
    """

    def wrap(function: Callable[P, R]) -> Callable[P, R]:
        parameters = inspect.signature(function).parameters
        if any(p.kind is not p.KEYWORD_ONLY for p in parameters.values()) or "by" not in parameters:
            raise TypeError(f"the service {action} must take keyword-only arguments, 'by' among them")
        if on and on not in parameters:
            raise TypeError(f"the service {action} has no argument {on!r}")

        @functools.wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            by: Any = kwargs["by"]
            if permission and not by.has_perm(permission, kwargs.get(on) if on else None):
                raise PermissionDenied(permission)
            if _running.get() is not None:
                return function(*args, **kwargs)
            with transaction.atomic():
                me = _Running(by, action, address.get())
                token = _running.set(me)
                try:
                    chain.enter()
                    for ask in BEFORE:
                        ask()
                    out = function(*args, **kwargs)
                    _follow(me.events)
                    if me.events:
                        chain.append(me.events)
                    elif not me.quiet:
                        raise AssertionError(
                            f"the service {action} recorded nothing; call record() or unchanged()"
                        )
                finally:
                    _running.reset(token)
            return out

        run.service = action  # type: ignore[attr-defined]
        run.permission = permission  # type: ignore[attr-defined]
        return run

    return wrap


def record(
    obj: models.Model | tuple[str, str, str],
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    action: str = "",
) -> None:
    """Tells the audit what was done to ``obj``: the fields that matter, before and after.

    :param obj: a saved row, or ``(type, id, name)`` of something that is none.
    :param action: where one service does several things, the name of this one.
    """
    me = _running.get()
    if me is None:
        raise AssertionError("record() outside a service")
    kind, key, name = obj if isinstance(obj, tuple) else (obj._meta.label_lower, str(obj.pk), str(obj))
    me.events.append(
        {
            "at": datetime.now(UTC).isoformat(timespec="microseconds"),
            "actor": me.by.audit_name,
            "action": action or me.action,
            "object_type": kind,
            "object_id": key,
            "object_name": _clean(name)[:300],
            "before": _json(before),
            "after": _json(after),
            "reason": _clean(reason),
            "address": me.address,
        }
    )


def unchanged() -> None:
    """Says that the service found nothing to do."""
    me = _running.get()
    if me is not None:
        me.quiet = True


def created(obj: M, **after: Any) -> M:
    """Saves a new row and records it; ``after`` defaults to its plain fields.

    :raises Refused: when a text is longer than its field.
    """
    fitting(obj)
    obj.save(force_insert=True)
    record(obj, after=after or snapshot(obj))
    return obj


def change(
    obj: V,
    *,
    revision: int | None = None,
    reason: str = "",
    action: str = "",
    also: dict[str, Any] | None = None,
    **fields: Any,
) -> V:
    """Changes fields of a row and records those that differ.

    :param also: fields whose names are parameters here (a row that keeps its own ``reason``).
    :param revision: the revision that the user saw; ``None`` when the change does not depend on it.
    :raises Conflict: when the row has moved on since.
    :raises Refused: when a text is longer than its field.
    """
    fields |= also or {}
    kind = obj.__class__  # not type(): the request's user is a lazy stand-in
    if revision is not None and obj.revision != revision:
        raise Conflict(kind._default_manager.get(pk=obj.pk))
    before = {n: getattr(obj, n) for n in fields}
    differing = {n: v for n, v in fields.items() if before[n] != v}
    if not differing:
        unchanged()
        return obj
    fitting(obj, differing)
    now = timezone.now()
    rows = kind._default_manager.filter(pk=obj.pk)
    if revision is not None:
        rows = rows.filter(revision=revision)
    if not rows.update(**differing, revision=F("revision") + 1, changed_at=now):
        raise Conflict(kind._default_manager.get(pk=obj.pk))
    for name, value in differing.items():
        setattr(obj, name, value)
    obj.revision += 1
    obj.changed_at = now
    record(obj, before={n: before[n] for n in differing}, after=differing, reason=reason, action=action)
    return obj


def fitting(obj: models.Model, values: Mapping[str, Any] | None = None) -> None:
    """Of the two databases only one looks at lengths; here both do, in words.

    :param values: the fields that are to change; all of a row that is new.
    :raises Refused: when a text is longer than its field.
    """
    if values is None:
        values = {f.attname: getattr(obj, f.attname) for f in obj._meta.concrete_fields}
    for name, value in values.items():
        field = obj._meta.get_field(name)
        most = getattr(field, "max_length", None)
        if most and isinstance(value, str) and len(value) > most:
            label = getattr(field, "verbose_name", name)
            raise Refused(_("“%(label)s”太长，最多 %(most)d 字。") % {"label": label, "most": most}, name)


def snapshot(obj: models.Model) -> dict[str, Any]:
    """The plain fields of a row that say something."""
    skip = {"id", "revision", "created_at", "changed_at", "password"}
    out = {}
    for f in obj._meta.concrete_fields:
        value = getattr(obj, f.attname)
        if (
            f.name not in skip
            and value not in (None, "", [], {})
            and not (isinstance(value, str) and len(value) > 2000)
        ):
            out[f.attname] = value
    return out


def _json(values: Mapping[str, Any] | None) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True, default=_plain) if values else ""


def _plain(value: Any) -> Any:
    if isinstance(value, models.Model):
        return {"id": value.pk, "name": str(value)}
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, set | frozenset):
        return sorted(value)
    return str(value)


def _clean(text: str) -> str:
    """Without what PostgreSQL cannot keep."""
    return text.replace("\x00", "")


# --- the guard: no write to our tables outside a service ----------------------------------------------------

OURS = ("audit_", "organisation_", "library_", "register_", "delivery_", "dashboards_", "api_")


class WriteOutsideService(AssertionError):
    """A row of ours was to be written outside a service: it would have no author."""


@contextmanager
def maintenance(why: str) -> Iterator[None]:
    """Allows writes outside services: migrations, restore, and the rows of a job's own progress."""
    token = _open.set(why)
    try:
        yield
    finally:
        _open.reset(token)


def guard(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Mapping[str, Any]) -> Any:
    """Wraps every statement of every connection."""
    if (
        isinstance(sql, str)
        and sql[:6] in ("INSERT", "UPDATE", "DELETE")
        and _running.get() is None
        and not _open.get()
    ):
        table = sql.split('"', 2)[1] if '"' in sql[:60] else ""
        if table.startswith(OURS):
            raise WriteOutsideService(f"{sql[:6]} {table} outside a service")
    return execute(sql, params, many, context)
