"""The OpenAPI description, arranged for a page: operations by room, schemas by name."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from luoshi_web.api import base, interface
from luoshi_web.api.tokens import ROOMS

INTERFACE = interface.urls
"""Named so that all operations are there before they are described."""
METHODS = ("get", "post", "patch", "put", "delete")


@cache
def described() -> dict[str, Any]:
    """The OpenAPI description."""
    return dict(base.api.get_openapi_schema(path_prefix="/api/v1/"))


def groups() -> list[dict[str, Any]]:
    """The rooms with their operations."""
    out: dict[str, list[dict[str, Any]]] = {}
    for path, methods in described()["paths"].items():
        for method in METHODS:
            if (told := methods.get(method)) is not None:
                out.setdefault(told["tags"][0], []).append(_operation(path, method, told))
    names = {**ROOMS, "tables": _("各类表格")}
    return [{"name": n, "label": names[n], "operations": some} for n, some in out.items()]


def useful(account: Any) -> set[tuple[str, str]]:
    """The scopes, as room and deed, in which an account may do anything at all."""
    found = set()
    for methods in described()["paths"].values():
        for told in methods.values():
            scope, permission = told.get("x-scope", ""), told.get("x-permission", "")
            if scope and (not permission or account.has_perm(permission)):
                room, _colon, what = scope.partition(":")
                found.add((room, what))
    return found


def _operation(path: str, method: str, told: dict[str, Any]) -> dict[str, Any]:
    body = told.get("requestBody", {}).get("content", {})
    kind, content = next(iter(body.items()), ("", dict[str, Any]()))
    answers = [
        (status, type_of(next(iter(a.get("content", {}).values()), dict[str, Any]()).get("schema", {})))
        for status, a in told.get("responses", {}).items()
    ]
    return {
        "id": told["operationId"].rsplit("_", 1)[-1] if "operationId" in told else "",
        "anchor": f"{method}-{path.strip('/').replace('/', '-').replace('{', '').replace('}', '')}",
        "method": method.upper(), "path": path, "text": _words(told.get("description", "")),
        "scope": told.get("x-scope", ""), "permission": told.get("x-permission", ""),
        "parameters": [
            {"name": p["name"], "place": p["in"], "required": p.get("required", False),
             "type": type_of(p.get("schema", {})), "default": p.get("schema", {}).get("default")}
            for p in told.get("parameters", [])
        ],
        "body": type_of(content.get("schema", {})) if content else None, "body_kind": kind,
        "answers": answers,
    }  # fmt: skip


def _words(text: str) -> str:
    """The Chinese or the English half of an operation's description (``中文。English.``)."""
    chinese, _stop, english = text.partition("。")
    return english if (get_language() or "").startswith("en") and english else chinese


def schemas() -> list[dict[str, Any]]:
    """What bodies and answers are made of."""
    out = []
    for name, told in sorted(described().get("components", {}).get("schemas", {}).items()):
        required = set(told.get("required", ()))
        fields = [
            {"name": n, "type": type_of(t), "required": n in required, "default": t.get("default")}
            for n, t in told.get("properties", {}).items()
        ]
        out.append({"name": name, "text": told.get("description", ""), "fields": fields})
    return out


def type_of(told: dict[str, Any]) -> list[tuple[str, str]]:
    """A type in words, as pieces: text and, where it is a schema, its name to link to."""
    if "$ref" in told:
        name = told["$ref"].rsplit("/", 1)[-1]
        return [(name, name)]
    if some := told.get("anyOf") or told.get("oneOf") or told.get("allOf"):
        kept = [t for t in some if t.get("type") != "null"]
        out: list[tuple[str, str]] = []
        for t in kept:
            out += [(" | ", "")] if out else []
            out += type_of(t)
        return out + ([("?", "")] if len(kept) < len(some) else [])
    kind = told.get("type", "")
    if kind == "array":
        return [("[", ""), *type_of(told.get("items", {})), ("]", "")]
    if kind == "object" and isinstance(told.get("additionalProperties"), dict):
        return [("{", ""), *type_of(told["additionalProperties"]), ("}", "")]
    words = told.get("format") or kind or "any"
    return [(str(words), "")]
