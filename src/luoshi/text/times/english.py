"""Time expressions in English: by the end of 2027, within 30 days of publication, from 1 January 2024."""

from __future__ import annotations

from luoshi.text.times.context import Context


def english(ctx: Context) -> None:
    """English expressions."""
