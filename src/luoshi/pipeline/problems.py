"""Problems as rows."""

from __future__ import annotations

from collections.abc import Sequence

from luoshi.model import Problem, ProblemRow, row_id


def problem_rows(problems: Sequence[Problem]) -> list[ProblemRow]:
    """The rows of ``problems``, each once, errors first."""
    order = {"error": 0, "warning": 1, "info": 2}
    out: dict[str, ProblemRow] = {}
    for p in sorted(problems, key=lambda p: (order[p.severity], p.source, p.page or 0)):
        key = row_id(p.source, "problem", f"{p.page}\t{p.code}\t{p.message}")
        out.setdefault(key, ProblemRow(key, p.source, p.page, p.severity, p.code, p.message, p.hint))
    return list(out.values())
