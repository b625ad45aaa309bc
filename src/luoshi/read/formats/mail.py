"""E-mail (.eml) and pages that browsers save so (.mht): the letter, and the documents that hang on it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parsedate_to_datetime

from luoshi.errors import Damaged, InputError
from luoshi.model import Reading, Source
from luoshi.read.formats.archive import INSIDE, Gathered, inside, read_member
from luoshi.read.protocol import Limits

_HEADERS = re.compile(
    rb"\A(?:From [^\r\n]*\r?\n)?(?:[A-Za-z][A-Za-z0-9-]*:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){3,}"
)
_KNOWN = re.compile(
    rb"^(?:From|To|Date|Subject|Received|MIME-Version|Message-ID|Return-Path|Content-Type|Delivered-To|"
    rb"X-Mailer):",
    re.I | re.M,
)
_PARTS = 500


class EmlReader:
    """Reads letters with what is attached to them."""

    name = "eml"
    extensions: tuple[str, ...] = (".eml", ".mht", ".mhtml")

    def score(self, head: bytes, name: str) -> float:
        """0.96 where the file begins with the headers of a letter."""
        m = _HEADERS.match(head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n"))
        known = {k.lower() for k in _KNOWN.findall(m.group())} if m else set()
        return 0.96 if len(known) >= 3 else 0.5 if known and name.lower().endswith(self.extensions) else 0.0

    def read(self, data: bytes, source: Source, limits: Limits) -> tuple[Reading, ...]:
        """The reading of the letter, if it says anything, then those of its attachments.

        :raises InputError: when nothing in it can be read.
        """
        data = data.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
        try:
            message = BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(data)
            metadata = _metadata(message)
            parts = _parts(message)
        except (ValueError, LookupError, TypeError, AttributeError, IndexError, KeyError) as error:
            raise Damaged(f"{source.path} is a damaged letter: {error}.", hint="Save it again.") from error
        found = Gathered()
        for name, body, content in parts:
            path = f"{source.path}{INSIDE}{name}"
            if content:
                _letter(found, path, body, metadata, limits)
            elif body:
                found.add(body, path, limits)
        return found.finish(source, "a letter")


def _letter(found: Gathered, path: str, body: bytes, metadata: dict[str, str], limits: Limits) -> None:
    """The letter's own text; one that says nothing is no problem."""
    if not body.strip():
        return
    try:
        readings = read_member(body, path, limits)
    except InputError:
        return
    found.readings += [replace(r, metadata={**metadata, **r.metadata}) for r in readings]


def _metadata(message: EmailMessage) -> dict[str, str]:
    out = {}
    if subject := str(message.get("Subject", "")).strip():
        out["title"] = subject
    if "Saved by" in str(message.get("From", "")) or message.get("Snapshot-Content-Location"):
        return out  # a page that a browser saved: its date is that of the saving
    if sender := str(message.get("From", "")).strip():
        out["author"] = sender
    if sent := _sent(str(message.get("Date", ""))):
        out["published"] = f"{sent:%Y-%m-%d}"
    return out


def _sent(value: str) -> datetime | None:
    try:
        return parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError):
        return None


def _parts(message: EmailMessage) -> list[tuple[str, bytes, bool]]:
    """Name, bytes and whether it is the letter's own text, of each part; of alternatives the richest."""
    out: list[tuple[str, bytes, bool]] = []
    body = message.get_body(("html", "plain"))
    if isinstance(body, EmailMessage):
        kind = "html" if body.get_content_type() == "text/html" else "txt"
        out.append((f"letter.{kind}", _text(body), True))
    for n, part in enumerate(message.walk()):
        if n > _PARTS:
            break
        name = part.get_filename()
        if part is body or (part.is_multipart() and part.get_content_type() != "message/rfc822"):
            continue
        if part.get_content_type() == "message/rfc822":
            inner = part.get_payload()
            if isinstance(inner, list) and inner and isinstance(inner[0], EmailMessage):
                out.append((inside(name or "attached.eml"), inner[0].as_bytes(), False))
            continue
        if not name or (
            part.get_content_disposition() == "inline" and part.get_content_maintype() == "image"
        ):
            continue
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes):
            out.append((inside(name), payload, False))
    return out


def _text(part: EmailMessage) -> bytes:
    """A text part in UTF-8, whatever its label says; where the label is wrong the bytes as they are."""
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return b""
    charset = (part.get_content_charset() or "").lower()
    charset = "gb18030" if charset in ("gb2312", "gbk", "x-gbk", "gb_2312-80") else charset
    try:
        return payload.decode(charset or "utf-8").encode()
    except (LookupError, UnicodeDecodeError):
        return payload
