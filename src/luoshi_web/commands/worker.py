"""The process that does long work: takes jobs from the database, one after the other."""

from __future__ import annotations

import logging
import os
import threading
import time
from datetime import date
from typing import Any


def main() -> None:
    """Runs until told to stop."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luoshi_web.settings")
    import django

    django.setup()
    logging.getLogger("django_tasks").setLevel(logging.WARNING)
    logging.getLogger("django_tasks_db").setLevel(logging.WARNING)
    threading.Thread(target=_housekeeping, daemon=True).start()
    worker = make(batch=False)
    worker.configure_signals()
    worker.run()


def make(*, batch: bool) -> Any:
    """The worker; with ``batch`` it ends when nothing waits."""
    from django_tasks_db.management.commands.db_worker import Worker

    return Worker(
        queue_names=["default"],
        interval=0.5,
        batch=batch,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=f"{os.getpid()}-{time.time_ns()}"[:64],
        excluded_queue_names=[],
    )


def _housekeeping() -> None:
    """Twice a minute: lost jobs, a search index that a restore left; once a day: the chain's head."""
    from django.conf import settings
    from django.db import close_old_connections

    from luoshi_web.audit import chain
    from luoshi_web.library import jobs
    from luoshi_web.operations.doctor import ALIVE
    from luoshi_web.search import index

    log = logging.getLogger("luoshi_web.worker")
    exported: date | None = None
    while True:
        try:
            close_old_connections()
            (settings.LUOSHI.data / ALIVE).touch()
            jobs.rescue()
            index.refill()
            if exported != date.today():
                chain.export_head(settings.LUOSHI.heads)
                exported = date.today()
        except Exception:
            log.exception("housekeeping")
        time.sleep(30)


if __name__ == "__main__":
    main()
