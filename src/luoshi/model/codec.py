"""Frozen records to plain JSON values and back, by their type hints.

Stage results are kept on disk in this form: unlike pickles they can be read without running anything.
"""

from __future__ import annotations

import base64
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import numpy as np
from numpy.typing import NDArray

from luoshi.model.records import Evidence, Near

T = TypeVar("T")

_EVIDENCE = tuple(f.name for f in fields(Evidence))


def encode(value: Any) -> Any:
    """Any record, or container of records, as JSON values; :func:`decode` is its inverse."""
    if is_dataclass(value):
        return {f.name: encode(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, np.ndarray):
        return {"dtype": value.dtype.str, "shape": list(value.shape), "b64": _pack(value)}
    if isinstance(value, Mapping):
        return {k: encode(v) for k, v in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(value)
    if isinstance(value, tuple | list):
        return [encode(v) for v in value]
    return value


def _pack(array: NDArray[Any]) -> str:
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode("ascii")


def decode(kind: type[T], plain: Any) -> T:
    """The value of type ``kind`` that :func:`encode` made ``plain`` of.

    :raises (KeyError, TypeError, ValueError): when ``plain`` is not of that form.
    """
    return cast(T, _decode(kind, plain))


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _decode(kind: Any, plain: Any) -> Any:
    origin = get_origin(kind)
    if kind is Any or origin is Literal:
        return plain
    if origin in (Union, types.UnionType):
        return None if plain is None else _decode(_member(kind, plain), plain)
    if origin is tuple:
        args = get_args(kind)
        if len(args) == 2 and args[1] is Ellipsis:
            return tuple([_decode(args[0], v) for v in plain])
        return tuple([_decode(a, v) for a, v in zip(args, plain, strict=True)])
    if origin is list:
        return [_decode(get_args(kind)[0], v) for v in plain]
    if origin is frozenset:
        return frozenset(plain)
    if origin is np.ndarray:
        array = np.frombuffer(base64.b64decode(plain["b64"]), dtype=np.dtype(plain["dtype"]))
        return array.reshape(plain["shape"])
    if origin is not None and issubclass(origin, Mapping):
        return {k: _decode(get_args(kind)[1], v) for k, v in plain.items()}
    if is_dataclass(kind):
        hints = _hints(cast(type, kind))
        return cast(Any, kind)(**{k: _decode(hints[k], v) for k, v in plain.items()})
    if kind is float:
        return float(plain)
    if not isinstance(plain, kind):
        raise TypeError(f"expected {kind.__name__}, found {type(plain).__name__}")
    return plain


def _member(kind: Any, plain: Any) -> Any:
    """The member of a union that a value which is not None belongs to."""
    some = [a for a in get_args(kind) if a is not type(None)]
    for member in some:
        if isinstance(member, type) and isinstance(plain, member):
            return member
    return some[0]


def from_row(kind: type[T], row: Mapping[str, Any]) -> T:
    """The record of type ``kind`` that :func:`luoshi.model.records.to_row` wrote as ``row``."""
    hints = _hints(cast(type, kind))
    out: dict[str, Any] = {}
    for name, hint in hints.items():
        if name == "evidence":
            out[name] = _decode(Evidence, {k: row[k] for k in _EVIDENCE})
        elif name == "near" and row.get("near") is not None:
            out[name] = _near(hint, row["near"])
        elif name == "nearest" and row.get("nearest") is not None:
            out[name] = from_row(_member(hint, row["nearest"]), row["nearest"])
        elif (key := name.rstrip("_")) in row:
            out[name] = _decode(hint, row[key])
    return kind(**out)


def _near(hint: Any, value: Any) -> Any:
    if isinstance(value, list):
        return tuple([from_row(Near, v) for v in value])
    return _decode(hint, value)
