"""Frozen records to plain JSON values and back, by their type hints.

Stage results are kept on disk in this form: unlike pickles they can be read without running anything.
"""

from __future__ import annotations

import base64
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from operator import attrgetter
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import numpy as np
from numpy.typing import NDArray

from luoshi.model.records import Evidence, Near

T = TypeVar("T")

_EVIDENCE = tuple(f.name for f in fields(Evidence))


_ATOMS = frozenset([str, int, float, bool, type(None)])


@dataclass(frozen=True, slots=True)
class _Form:
    """How a record is taken apart: its fields' names, all values at once, and which fields hold records."""

    names: tuple[str, ...]
    values: Callable[[Any], tuple[Any, ...]]
    deep: tuple[int, ...]


@cache
def _form(kind: type) -> _Form | None:
    if not is_dataclass(kind):
        return None
    names = tuple(f.name for f in fields(kind))
    hints = _hints(kind)
    values = attrgetter(*names) if len(names) > 1 else lambda value: tuple(getattr(value, n) for n in names)
    return _Form(names, values, tuple(n for n, name in enumerate(names) if not _flat(hints[name])))


def _flat(hint: Any) -> bool:
    """Whether values of this type are atoms or tuples of such, which JSON writes as they are."""
    if hint in _ATOMS or hint is Ellipsis or get_origin(hint) is Literal:
        return True
    return get_origin(hint) in (Union, types.UnionType, tuple) and all(map(_flat, get_args(hint)))


def encode(value: Any, *, names: bool = True) -> Any:
    """Any record, or container of records, as JSON values; :func:`decode` is its inverse.

    :param names: whether a record becomes an object, or only the list of its values in the fields' order.
    """
    kind: type = type(value)
    if kind in _ATOMS:
        return value
    form = _form(kind)
    if form is not None:
        values = form.values(value)
        if form.deep:
            changed = list(values)
            for n in form.deep:
                changed[n] = encode(changed[n], names=names)
            return dict(zip(form.names, changed, strict=True)) if names else changed
        return dict(zip(form.names, values, strict=True)) if names else values
    if isinstance(value, np.ndarray):
        return {"dtype": value.dtype.str, "shape": list(value.shape), "b64": _pack(value)}
    if isinstance(value, Mapping):
        return {k: encode(v, names=names) for k, v in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(value)
    if isinstance(value, tuple | list):
        return [encode(v, names=names) for v in value]
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
        if isinstance(plain, list):
            names = [f.name for f in fields(kind)]
            return cast(Any, kind)(*[_decode(hints[k], v) for k, v in zip(names, plain, strict=True)])
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
