"""The steps on one machine: in this process, or in a few others where that pays."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

CHEAP = 400_000
"""Below this much work (characters, say) starting processes costs more than it saves."""


_YOUNG = 100_000
"""Objects made between two collections: rows have no cycles; looking for some took a sixth of the time."""


def _start_worker() -> None:
    """Let the parent alone decide what Ctrl-C means, and collect seldom."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()
    gc.set_threshold(_YOUNG, 50, 50)


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Garbage is collected seldom, and what is there already (dictionaries, tables) not looked at."""
    before = gc.get_threshold()
    if before[0] >= _YOUNG:
        yield  # within another
        return
    gc.freeze()
    gc.set_threshold(_YOUNG, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def cores() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)


@dataclass(frozen=True, slots=True)
class LocalEngine:
    """Maps a function over items in their order.

    :param workers: processes; 0 means one per core.
    """

    workers: int = 0

    def map(
        self,
        function: Callable[[T], R],
        items: Sequence[T],
        *,
        work: int = CHEAP,
        done: Callable[[], None] = lambda: None,
    ) -> list[R]:
        """``[function(i) for i in items]``, ``done()`` called after each.

        :param work: size of the whole task; where it is small the items run in this process.
        :raises KeyboardInterrupt: on Ctrl-C, after the workers were stopped.
        """
        count = min(self.workers or cores(), len(items))
        if count <= 1 or work < CHEAP:
            with seldom_collected():
                return list(_counted(map(function, items), done))
        context = multiprocessing.get_context("forkserver" if os.name == "posix" else "spawn")
        pool = ProcessPoolExecutor(count, mp_context=context, initializer=_start_worker)
        try:
            futures: list[Future[R]] = [pool.submit(function, item) for item in items]
            return list(_counted((f.result() for f in futures), done))
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _counted(results: Iterable[R], done: Callable[[], None]) -> Iterator[R]:
    for result in results:
        yield result
        done()
