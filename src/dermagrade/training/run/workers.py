"""Processes that work for a training side by side, one thread each, and end with the training that began them."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import connection, get_context, parent_process
from multiprocessing.context import SpawnProcess
from typing import Any

import torch

from dermagrade.errors import OutputError


@contextmanager
def one_thread() -> Iterator[None]:
    """Torch computes on one thread meanwhile: the order of additions, so the weights, do not depend on the cores."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def end_with_parent() -> None:
    """Lets this process, which works for another one, end as soon as that one has ended.

    A parent that is killed can end nobody. Who worked on would write into a run that somebody goes on with by then.
    """
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)


def processes(at_once: int | None) -> int:
    """How many processes may work at once: as many as asked for, else as many as this process has cores."""
    return at_once or len(os.sched_getaffinity(0))


def side_by_side(work: Callable[..., None], jobs: Sequence[tuple[Any, ...]], at_once: int) -> None:
    """Runs the jobs in processes of their own, so many at once; in this process where one at a time is asked for.

    Raises:
        OutputError: if a process ended before its work was done; the others are stopped.
    """
    if at_once <= 1 or len(jobs) == 1:
        for job in jobs:
            work(*job)
        return
    context = get_context("spawn")
    waiting, running = list(jobs), list[SpawnProcess]()
    try:
        while waiting or running:
            while waiting and len(running) < at_once:
                process = context.Process(target=_apart, args=(work, waiting.pop(0)), daemon=True)
                process.start()
                running.append(process)
            connection.wait([p.sentinel for p in running])
            for process in [p for p in running if p.exitcode is not None]:
                running.remove(process)
                if process.exitcode:
                    raise OutputError(
                        f"A training process ended with status {process.exitcode}, by want of memory or room on the "
                        "disk, most likely; go on with --resume."
                    )
    finally:
        for process in running:
            process.terminate()
            process.join()


def _apart(work: Callable[..., None], job: tuple[Any, ...]) -> None:
    # An interrupt reaches the whole group; the parent ends this process itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()
    work(*job)
