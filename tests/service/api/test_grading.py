"""The threads that grade are few, however many requests give up."""

from __future__ import annotations

import asyncio
import threading

import pytest

from dermagrade.service.api.grading import GradingThreads
from dermagrade.service.settings import Settings
from dermagrade.service.web.problem import Problem


def test_work_that_is_given_up_keeps_its_thread_until_it_ends() -> None:
    go_on = threading.Event()
    begun = []

    def endless() -> None:
        begun.append(threading.get_ident())
        go_on.wait(60)

    async def many() -> list[object]:
        grader = GradingThreads(Settings(photos_at_once=2, answer_timeout_s=0.2))
        given_up = await asyncio.gather(*(grader.run(endless) for _ in range(6)), return_exceptions=True)
        at_work = len(begun)
        go_on.set()
        assert at_work == 2
        assert await grader.run(lambda: "free again") == "free again"
        grader.close()
        return given_up

    given_up = asyncio.run(many())
    assert all(isinstance(error, Problem) and error.status == 503 for error in given_up)
    assert len(begun) == 2, "work that nobody waits for any more was begun"


def test_who_finds_no_place_is_told_to_come_back() -> None:
    async def second() -> None:
        grader = GradingThreads(Settings(uploads_at_once=1, answer_timeout_s=0.1))
        async with grader.place():
            with pytest.raises(Problem) as caught:
                async with grader.place():
                    raise AssertionError("there was a second place")
        assert caught.value.status == 503
        assert caught.value.headers["retry-after"].isdecimal()
        async with grader.place():
            pass
        grader.close()

    asyncio.run(second())


def test_the_answer_of_the_work_comes_back_and_so_does_its_error() -> None:
    async def both() -> None:
        grader = GradingThreads(Settings())
        assert await grader.run(lambda: 6 * 7) == 42
        with pytest.raises(ZeroDivisionError):
            await grader.run(lambda: 1 / 0)
        grader.close()

    asyncio.run(both())
