"""The one-file HTML report: opens from a USB stick, connects to nothing, works without a server.

The data lie in the file as JSON that holds no ``<``; the script builds every view with text nodes, and a
content security policy with the hashes of our own script and style forbids anything else to run or load.
So what stands in a document stays text, whatever it is.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from luoshi.model import Records
from luoshi.report.files import replace_file
from luoshi.report.labels import label
from luoshi.report.payload import payload

_MODULES = "core data shared table texts reading tasks articles compare coverage gaps documents lists main"
SCRIPTS = tuple(f"{name}.js" for name in _MODULES.split())
"""The script's modules in the order in which they are joined."""

_IMPORT = re.compile(r'^import (\{[^}]*\}) from "\./(\w+)\.js";\n', re.M)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|let|class) (\w+))", re.M)


def write(records: Records, path: Path) -> None:
    """Write the report; byte-identical for identical records.

    :raises WriteFailed: the file cannot be written.
    """
    replace_file(path, render(records).encode("utf-8", "replace"))


def render(records: Records) -> str:
    """The report as one string."""
    environment = Environment(
        loader=PackageLoader("luoshi.report", "templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    script, style = bundle(), _asset("report.css")
    return environment.get_template("report.html").render(
        label=label,
        policy=_policy(script, style),
        script=Markup(script),
        style=Markup(style),
        data=Markup(safe_json(payload(records))),
    )


def safe_json(value: Any) -> str:
    """JSON that may stand inside a ``script`` element: without ``<``, ``>``, ``&`` and the line separators
    that older script engines take for line ends."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return re.sub("[<>&\u2028\u2029]", lambda m: f"\\u{ord(m[0]):04x}", text)


@cache
def bundle() -> str:
    """The modules as one script: each in a function of its own that returns its exports."""
    parts = ["const modules = {};"]
    for name in SCRIPTS:
        text = _asset(name)
        exports = ", ".join(_EXPORT.findall(text))
        body = _EXPORT.sub("", _IMPORT.sub(r"const \1 = modules.\2;\n", text))
        parts.append(f"modules.{name.removesuffix('.js')} = (() => {{\n{body}return {{ {exports} }};\n}})();")
    return "\n".join(parts) + "\n"


@cache
def _asset(name: str) -> str:
    return files("luoshi.report").joinpath("templates", name).read_text(encoding="utf-8")


def _policy(script: str, style: str) -> str:
    return (
        f"default-src 'none'; script-src {_digest(script)}; style-src {_digest(style)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def style_policy(style: str) -> str:
    """A content security policy for a page without a script."""
    return (
        f"default-src 'none'; style-src {_digest(style)}; img-src data:; base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"
