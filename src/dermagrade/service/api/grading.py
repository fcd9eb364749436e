"""Grades photos in a few threads, so that the loop that serves stays alive, and holds only so many in memory."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TypeVar

from dermagrade.assess.photo import Assessed, assess_photo, choose_conditions
from dermagrade.photo.read import read_photo_bytes
from dermagrade.service.settings import Settings
from dermagrade.service.web.problem import Problem
from dermagrade.weights.model import load_model

Answer = TypeVar("Answer")


class GradingThreads:
    """The threads that grade, and the places for photos in memory.

    A thread whose request gave up works on to its end and keeps its place among the threads, so a photo that takes for
    ever cannot be multiplied by sending it again.
    """

    def __init__(self, settings: Settings) -> None:
        self._threads = ThreadPoolExecutor(settings.photos_at_once, thread_name_prefix="grade")
        self._places = asyncio.Semaphore(settings.uploads_at_once)
        self._timeout_s = settings.answer_timeout_s

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Waits for a place in memory for one photo, and keeps it.

        Raises:
            Problem: 503 if none became free in time.
        """
        try:
            async with asyncio.timeout(self._timeout_s):
                await self._places.acquire()
        except TimeoutError as error:
            raise _busy("The service is busy; send the photo again in a while.") from error
        try:
            yield
        finally:
            self._places.release()

    async def run(self, work: Callable[[], Answer]) -> Answer:
        """What ``work`` gives, from one of the threads.

        Raises:
            Problem: 503 if it took too long, the wait for a thread included.
        """
        future = asyncio.wrap_future(self._threads.submit(work))
        try:
            async with asyncio.timeout(self._timeout_s):
                return await future
        except TimeoutError as error:
            sentence = f"There was no answer within {self._timeout_s:g} seconds; send the photo again in a while."
            raise _busy(sentence) from error

    def close(self) -> None:
        """Begins nothing more; what runs may end."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _busy(sentence: str) -> Problem:
    return Problem(503, sentence, {"retry-after": "10"})


def assess_bytes(data: bytes, *, name: str, conditions: Sequence[str] | None, max_pixels: int) -> Assessed:
    """Reads, screens and grades the bytes of one photo file; as :func:`dermagrade.assess.photo.assess_file` does a
    file.

    Raises:
        PhotoError: if they are not a photo that can be read.
        UsageError: for a condition that there is not.
        WeightsError: if weights are missing or damaged.
    """
    choose_conditions(conditions)
    start = time.perf_counter()
    photo = read_photo_bytes(data, name=name, max_pixels=max_pixels)
    read_ms = 1000 * (time.perf_counter() - start)
    result = assess_photo(photo, conditions=conditions)
    return replace(result, elapsed_ms={"read": read_ms, **result.elapsed_ms})


def load_networks() -> tuple[str, ...]:
    """Loads every network that grading needs; the ids.

    Raises:
        WeightsError: if one is missing or damaged.
    """
    weights = (condition.weights for condition in choose_conditions(None))
    names = dict.fromkeys(["zones", *(name for name in weights if name is not None)])
    return tuple(load_model(name).id for name in names)
