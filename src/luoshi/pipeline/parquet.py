"""The same tables as Parquet; needs the extra ``parquet``."""

from __future__ import annotations

from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from luoshi.errors import MissingExtra
from luoshi.model import Evidence, Records, to_row


def write_parquet(rows: Records, folder: Path) -> None:
    """Writes ``TABLE.parquet`` for every table.

    Column types follow the records' type hints, so an empty table has them too.

    :raises MissingExtra: when pyarrow is not installed.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise MissingExtra(
            "Writing Parquet needs pyarrow.", hint="Install it with: pip install 'luoshi[parquet]'"
        ) from None
    from luoshi.pipeline.store import ROWS

    for table in Records.TABLES:
        schema = pa.schema(_fields(pa, ROWS[table]))
        data = [to_row(row) for row in getattr(rows, table)]
        pq.write_table(pa.Table.from_pylist(data, schema=schema), folder / f"{table}.parquet")


def _fields(pa: Any, kind: Any) -> list[Any]:
    out: list[Any] = []
    for name, hint in get_type_hints(kind).items():
        if name == "evidence":
            out += _fields(pa, Evidence)
        else:
            out.append(pa.field(name.rstrip("_"), _type(pa, hint)))
    return out


def _type(pa: Any, hint: Any) -> Any:
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        hint = next(a for a in get_args(hint) if a is not type(None))
        return _type(pa, hint)
    if origin is tuple:
        args = get_args(hint)
        kind = _type(pa, float if float in args else args[0])
        return pa.list_(kind)
    if origin is Literal:
        return pa.int64() if isinstance(get_args(hint)[0], int) else pa.string()
    if hasattr(hint, "__dataclass_fields__"):
        return pa.struct(_fields(pa, hint))
    return {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_()}[hint]
