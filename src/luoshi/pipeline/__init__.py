"""The only place that knows the order of the rooms.

:func:`build` reads documents and writes an output folder; :func:`compare` looks at two documents;
:func:`extract_rows` takes text that stands alone; :func:`load` reads an output folder back.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from luoshi.pipeline.build import Built, build
    from luoshi.pipeline.compare import compare
    from luoshi.pipeline.options import Options
    from luoshi.pipeline.progress import Progress, Silent
    from luoshi.pipeline.rows import extract_rows
    from luoshi.pipeline.store import load

__all__ = ["Built", "Options", "Progress", "Silent", "build", "compare", "extract_rows", "load"]

_HOME = {
    "Built": "build", "build": "build", "compare": "compare", "Options": "options", "Progress": "progress",
    "Silent": "progress", "extract_rows": "rows", "load": "store",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """What is asked for, from its module: a search in an index need not wait for the readers of documents."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


class _Package(ModuleType):
    """Keeps ``build`` and ``compare`` the functions: importing a module of that name would set it here."""

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _HOME and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
