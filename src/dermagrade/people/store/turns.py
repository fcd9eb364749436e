"""Turns: threads that want the same thing get it one at a time, in the order that they asked."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """A lock that passes nobody over, as :class:`threading.Lock` may."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Lock] = deque()

    @contextmanager
    def turn(self, timeout_s: float) -> Iterator[None]:
        """Waits for one's turn, and ends it with the block.

        Raises:
            TimeoutError: if it did not come within so many seconds.
        """
        mine = threading.Lock()
        with self._guard:
            if self._taken:
                mine.acquire()
                self._waiting.append(mine)
            self._taken = True
        came = False
        try:
            came = mine.acquire(timeout=timeout_s)
        finally:
            if not came:
                self._leave(mine)
        if not came:
            raise TimeoutError
        try:
            yield
        finally:
            self._end()

    def _leave(self, mine: threading.Lock) -> None:
        """Waits no longer; a turn that came at the very last moment goes to the next one."""
        with self._guard:
            if mine in self._waiting:
                self._waiting.remove(mine)
                return
        self._end()

    def _end(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False
