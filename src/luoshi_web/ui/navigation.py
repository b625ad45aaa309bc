"""The navigation: each app adds its pages when it is ready; a visitor sees those that he may open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse


@dataclass(frozen=True, slots=True)
class Item:
    """A page in the navigation: place in the order, group, label, route, permission needed."""

    order: int
    group: Any
    label: Any
    route: str
    permission: str


_items: dict[str, Item] = {}


def add(item: Item) -> None:
    """Adds a page; once per route."""
    _items[item.route] = item


def of(account: Any) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """The groups with label, address and route of the pages that an account may open."""
    out: dict[str, list[tuple[str, str, str]]] = {}
    for item in sorted(_items.values(), key=lambda i: i.order):
        if account.has_perm(item.permission):
            out.setdefault(str(item.group), []).append((str(item.label), reverse(item.route), item.route))
    return list(out.items())
