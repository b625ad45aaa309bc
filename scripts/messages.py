#!/usr/bin/env python
"""Gathers the texts of the web application, keeps their English, compiles it; ``--check`` only looks.

The texts in the code are Chinese and need no catalogue; each room has one for English. A text that several
rooms use is translated in the first of them.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings

CREATED = datetime(2000, 1, 1, tzinfo=UTC)
"""Stands in every compiled catalogue, so that the same texts make the same bytes."""
WEB = Path(__file__).resolve().parents[1] / "src" / "luoshi_web"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
ROOMS = (
    "ui",
    "audit",
    "organisation",
    "library",
    "register",
    "delivery",
    "dashboards",
    "search",
    "api",
    "site",
    "commands",
)


def sources(room: Path) -> Iterator[tuple[str, io.BytesIO]]:
    """Python code and templates (as Python) of a room."""
    from django.utils.translation.template import templatize

    for path in sorted(room.rglob("*")):
        name = path.relative_to(WEB).as_posix()
        if path.suffix == ".py" and "migrations" not in path.parts:
            yield name, io.BytesIO(path.read_bytes())
        elif path.suffix in (".html", ".txt") and "templates" in path.parts:
            yield name, io.BytesIO(templatize(path.read_text(encoding="utf-8"), origin=name).encode())


def gather(room: Path) -> Catalog:
    """The texts of a room with the files that use them."""
    out = Catalog(locale="en", charset="utf-8", header_comment="# English of the texts in this room.")
    for name, data in sources(room):
        for _line, message, _comments, context in extract(
            "python", data, KEYWORDS, (), {"encoding": "utf-8"}
        ):
            first = message if isinstance(message, str) else message[0]
            if first:
                out.add(message, locations=[(name, 0)], context=context)
    return out


def merge(found: Catalog, path: Path) -> Catalog:
    """The texts found, with the English that is known."""
    if path.is_file():
        with path.open("rb") as f:
            known = read_po(f, locale="en")
        for message in found:
            old = known.get(message.id, message.context) if message.id else None
            if old is not None:
                message.string = old.string
    return found


def written(catalog: Catalog) -> bytes:
    """The catalogue as a file, the same for the same texts."""
    out = io.BytesIO()
    write_po(out, catalog, width=110, sort_by_file=True, omit_header=True)
    head = 'msgid ""\nmsgstr ""\n"Language: en\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    head += '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
    return head.encode() + out.getvalue()


def given(path: Path | None) -> dict[str, str]:
    """English that a file of pairs gives."""
    if path is None:
        return {}
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t", 1) for line in lines if "\t" in line)


def main() -> int:
    """Gathers and compiles; with ``--check`` says what is missing or stale."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    parser.add_argument(
        "--fill", type=Path, help="a file of lines TEXT<tab>ENGLISH to take over (context^TEXT for pgettext)"
    )
    told = parser.parse_args()
    check, fill = told.check, given(told.fill)
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    if not settings.configured:
        settings.configure(USE_I18N=True)
    missing: list[str] = []
    stale: list[str] = []
    seen: set[tuple[str | None, object]] = set()
    for name in ROOMS:
        room = WEB / name
        if not room.is_dir():
            continue
        path = room / "locale" / "en" / "LC_MESSAGES" / "django.po"
        catalog = merge(gather(room), path)
        for message in list(catalog):
            key = (message.context, message.id)
            if message.id and key in seen:
                catalog.delete(message.id, message.context)
            elif message.id:
                seen.add(key)
                full = f"{message.context}^{message.id}" if message.context else message.id
                if isinstance(full, str) and full in fill:
                    message.string = fill[full]
                english = message.string or ""
                if not (english if isinstance(english, str) else all(english)):
                    missing.append(f"{message.locations[0][0]}: {message.id}")
        if not len(catalog):
            continue
        text = written(catalog)
        if not path.is_file() or path.read_bytes() != text:
            stale.append(path.relative_to(WEB).as_posix())
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text)
            compiled = read_po(io.BytesIO(text), locale="en")
            compiled.creation_date = CREATED
            with path.with_suffix(".mo").open("wb") as f:
                write_mo(f, compiled)
    for line in missing:
        print("no English:", line, file=sys.stderr)
    if check and stale:
        print("run scripts/messages.py; stale:", ", ".join(stale), file=sys.stderr)
    return 1 if missing or (check and stale) else 0


if __name__ == "__main__":
    sys.exit(main())
