"""Whoever asks first has the first turn, and a turn that nobody takes is not lost."""

from __future__ import annotations

import threading
import time

import pytest

from dermagrade.people.store.turns import Turns


def test_turns_are_had_one_at_a_time_in_the_order_of_asking() -> None:
    turns, order, inside = Turns(), list[int](), list[int]()

    def work(number: int) -> None:
        with turns.turn(60):
            inside.append(number)
            assert inside == [number]
            order.append(number)
            inside.remove(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(20)]
    with turns.turn(60):
        for count, thread in enumerate(threads, 1):
            thread.start()
            while len(turns._waiting) < count:
                time.sleep(0.001)
    for thread in threads:
        thread.join()
    assert order == list(range(20))


def test_who_waits_in_vain_is_told_and_holds_up_nobody() -> None:
    turns = Turns()
    entered = threading.Event()
    leave = threading.Event()

    def hold() -> None:
        with turns.turn(60):
            entered.set()
            leave.wait(60)

    thread = threading.Thread(target=hold)
    thread.start()
    entered.wait(60)
    with pytest.raises(TimeoutError), turns.turn(0.01):
        pass
    leave.set()
    thread.join()
    with turns.turn(0.01):
        pass


def test_a_turn_that_ends_in_an_error_is_passed_on() -> None:
    turns = Turns()

    def fail() -> None:
        with turns.turn(60):
            raise RuntimeError("on purpose")

    for _ in range(2):
        with pytest.raises(RuntimeError, match="on purpose"):
            fail()
