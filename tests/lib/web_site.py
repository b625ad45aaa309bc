"""The world of the web tests behind a real server, for tests with a browser: ``python web_site.py PORT``.

Prints one line of JSON when it serves: a session for each account of the city. ``GET /.prepare?route=NAME``
makes the object that a route is asked with, takes back what was made for the one before, and answers with the
address. So all requests run in one thread on one connection, inside a transaction that is never committed.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

App = Callable[[dict[str, Any], Any], Iterable[bytes]]


def main(port: int) -> None:
    """Makes the world in a folder of its own and serves it until it is ended."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "web_settings"
    sys.path.insert(0, str(Path(__file__).parent))
    import web_settings

    web_settings.DATABASES["default"]["NAME"] = str(Path(os.environ["LUOSHI_DATA"], "site.sqlite3"))
    import django

    django.setup()
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler

    alone = ThreadPoolExecutor(1)
    app, sessions = alone.submit(_made).result()
    server = ThreadedWSGIServer(
        ("127.0.0.1", port), type("Quiet", (WSGIRequestHandler,), {"log_message": _silent})
    )
    server.set_app(_in_turn(app, alone))
    print(json.dumps({"sessions": sessions}, ensure_ascii=False), flush=True)
    server.serve_forever()


def _silent(*_told: object) -> None:
    """Says nothing."""


def _made() -> tuple[App, dict[str, str]]:
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core import signals
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application
    from django.db import close_old_connections
    from web_world import load, make

    from luoshi_web.audit.services import maintenance

    for signal in (signals.request_started, signals.request_finished):
        signal.disconnect(close_old_connections)  # the transaction outlives the request
    with maintenance("test"):
        call_command("migrate", verbosity=0)
    make()
    world = load()
    sessions = {n: world.client(n).cookies["sessionid"].value for n in world.accounts if n.endswith("-city")}
    return _Preparing(StaticFilesHandler(get_wsgi_application())), sessions


class _Preparing:
    """The application with the one address of our own."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.open: Any = None

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] != "/.prepare":
            return self.app(environ, start_response)
        try:
            told = {"address": self._prepare(parse_qs(environ["QUERY_STRING"])["route"][0])}
        except Exception as error:  # noqa: BLE001 - the test that asked shows it
            told = {"error": f"{type(error).__name__}: {error}"}
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(told).encode()]

    def _prepare(self, route: str) -> str:
        from django.db import transaction
        from django.urls import reverse
        from web_objects import ADDRESS
        from web_world import load

        if self.open is not None:
            transaction.set_rollback(True)
            self.open.__exit__(None, None, None)
        self.open = transaction.atomic()
        self.open.__enter__()
        return reverse(route, kwargs=ADDRESS[route](load()) if route in ADDRESS else None)


def _in_turn(app: App, alone: ThreadPoolExecutor) -> App:
    """Runs every request to its end in the one thread that holds the connection."""

    def whole(environ: dict[str, Any]) -> tuple[tuple[Any, ...], list[bytes]]:
        told: list[tuple[Any, ...]] = []
        answer = app(environ, lambda *head: told.append(head[:2]))
        try:
            body = list(answer)
        finally:
            getattr(answer, "close", _silent)()
        return told[0], body

    def run(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        head, body = alone.submit(whole, environ).result()
        start_response(*head)
        return body

    return run


if __name__ == "__main__":
    main(int(sys.argv[1]))
