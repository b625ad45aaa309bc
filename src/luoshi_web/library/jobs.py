"""Running jobs: claimed, watched by a heartbeat, told step by step, ended for good or bad.

A job's own progress is no change of the register and has no author: it is written outside services.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from typing import Any

from django.db import close_old_connections, connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.errors import LuoshiError
from luoshi_web.audit import services
from luoshi_web.audit.services import maintenance
from luoshi_web.library.models import Job, JobState, Problem

log = logging.getLogger("luoshi_web.jobs")
BEAT = 10
STALE = timedelta(seconds=60)
ATTEMPTS = 3
Worker = Callable[[Job, "Steps"], dict[str, Any]]
_kinds: dict[str, Worker] = {}
"""What does the work of a kind of job."""


def kind(name: str) -> Callable[[Worker], Worker]:
    """Registers the function that does the jobs of a kind."""

    def wrap(function: Worker) -> Worker:
        _kinds[name] = function
        return function

    return wrap


class Lost(Exception):
    """The job is another worker's by now, or gone with a restored state: what this one found is not kept."""


_mine: ContextVar[Job | None] = ContextVar("luoshi_job", default=None)


def still_mine() -> None:
    """Before anything is written for a job: that it is still this worker's.

    :raises Lost: when it is not.
    """
    job = _mine.get()
    if job is not None and not _held(job).exists():
        raise Lost(str(job.pk))


def _held(job: Job) -> QuerySet[Job]:
    same = {"pk": job.pk, "file": job.file_id, "started_at": job.started_at, "state": JobState.RUNNING}
    return Job.objects.filter(**same)


services.BEFORE.append(still_mine)


class Steps:
    """``luoshi``'s progress, written to the job twice a second at most."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._written = 0.0

    def stage(self, name: str, total: int) -> None:
        """A stage of ``total`` steps begins."""
        self.job.stage, self.job.done, self.job.total = name, 0, total
        self._write(now=True)

    def step(self) -> None:
        """One step is done."""
        self.job.done += 1
        self._write()

    def _write(self, *, now: bool = False) -> None:
        if now or time.monotonic() - self._written > 0.5:
            self._written = time.monotonic()
            job = self.job
            _set(job, stage=job.stage, done=job.done, total=job.total, heartbeat=timezone.now())


def enqueue(job: Job, *, urgent: bool = True) -> None:
    """Gives a saved job to the workers; in the same transaction, so that neither exists without the other."""
    from luoshi_web.library.tasks import run_job

    run_job.using(priority=50 if urgent else 0).enqueue(job.pk)


def run(pk: int) -> None:
    """Does a job, unless another worker does; its end is written whatever happens."""
    job = _claim(pk)
    if job is None:
        return
    token = _mine.set(job)
    try:
        with _heartbeat(job):
            result = _kinds[job.kind](job, Steps(job))
    except Lost:
        log.warning("job %s is another worker's by now", pk)
    except LuoshiError as error:
        _fail(job, error.code, error.message, error.hint)
    except Exception as error:
        log.exception("job %s failed", pk)
        _fail(job, "fault", f"{type(error).__name__}: {error}", _("程序出错，已写入服务器日志；可以重试。"))
    else:
        _set(job, state=JobState.DONE, ended_at=timezone.now(), result=result, heartbeat=None)
    finally:
        _mine.reset(token)


def _claim(pk: int) -> Job | None:
    now = timezone.now()
    free = Q(state=JobState.WAITING) | Q(state=JobState.RUNNING, heartbeat__lt=now - STALE)
    with maintenance("job"):
        changed = Job.objects.filter(free, pk=pk).update(
            state=JobState.RUNNING, heartbeat=now, started_at=now, ended_at=None, attempts=F("attempts") + 1
        )
    return Job.objects.select_related("batch", "file").get(pk=pk) if changed else None


def _set(job: Job, **fields: Any) -> None:
    with maintenance("job"):
        _held(job).update(**fields)


def _fail(job: Job, code: str, message: str, hint: str) -> None:
    with maintenance("job"), transaction.atomic():
        if not _held(job).update(state=JobState.FAILED, ended_at=timezone.now(), heartbeat=None):
            return
        Problem.objects.create(
            job=job, file=job.file, severity="error", code=code, message=message, hint=hint
        )


@contextmanager
def _heartbeat(job: Job) -> Iterator[None]:
    """Says every few seconds that the job is alive, even while one step takes minutes."""
    if connection.in_atomic_block:
        yield  # a test's own transaction: another connection would wait for it
        return
    stop = threading.Event()

    def beat() -> None:
        while not stop.wait(BEAT):
            try:
                _set(job, heartbeat=timezone.now())
            except Exception:
                log.warning("no heartbeat for job %s", job.pk, exc_info=True)
                close_old_connections()
        connection.close()

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def rescue() -> int:
    """Gives jobs whose worker died to another one, at most :data:`ATTEMPTS` times; how many were found."""
    lost = Job.objects.filter(state=JobState.RUNNING, heartbeat__lt=timezone.now() - STALE)
    count = 0
    for job in lost:
        count += 1
        if job.attempts >= ATTEMPTS:
            _fail(
                job,
                "worker-died",
                _("处理进程三次中断，已停止。"),
                _("文件可能过大或已损坏；可以重试，或联系系统管理员。"),
            )
            continue
        with maintenance("job"), transaction.atomic():
            if Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(
                state=JobState.WAITING, heartbeat=None
            ):
                enqueue(job)
    return count
