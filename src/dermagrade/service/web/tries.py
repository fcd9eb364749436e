"""How often a secret was tried: one count for all processes of a service, as a store of the ``limits`` package.

That package brings stores for servers that one would have to run (Redis, Memcached, MongoDB) and one in memory that
each process has for itself. This one is a SQLite file that the processes of one machine share, or is in memory where
there is one process. Why it is no table of the studies' database: ``docs/decisions/0014-one-count-of-tries.md``.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from limits.storage import MovingWindowSupport, Storage

#: Names that are remembered; beyond that those that were seen longest ago are forgotten.
MOST_NAMES = 20_000

#: Seconds to wait for another process that counts.
_LOCK_WAIT_S = 5.0


class Tries(Storage, MovingWindowSupport):
    """The moments of the latest tries, by name.

    Args:
        file: that the processes share; None for memory of this process.
        most_names: names that are remembered.
        clock: seconds that only rise, the same for all processes of the machine.
    """

    STORAGE_SCHEME = None  # it is made by hand, not by an address

    def __init__(
        self,
        file: Path | None = None,
        *,
        most_names: int = MOST_NAMES,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self._most_names, self.clock = most_names, clock
        self._place = ":memory:" if file is None else str(file)
        self._turn = threading.Lock()
        self._opened: sqlite3.Connection | None = None

    def __len__(self) -> int:
        with self._transaction() as db:
            return _number(db)

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Counts tries, if they may be made.

        Args:
            key: the name.
            limit: tries within ``expiry``.
            expiry: seconds.
            amount: tries at once.
        """
        with self._transaction() as db:
            moment = self.clock()
            recent = self._recent(db, key, expiry)
            free = len(recent) + amount <= limit
            self._keep(db, key, [*recent, *[moment] * amount] if free else recent)
            self._forget(db)
        return free

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """The moment of the oldest try that counts, or now, and how many count."""
        with self._transaction() as db:
            recent = self._recent(db, key, expiry)
        return (recent[0] if recent else self.clock()), len(recent)

    def give_back(self, key: str) -> None:
        """Takes the last try off again: it was right."""
        with self._transaction() as db:
            if moments := _moments(db, key):
                self._keep(db, key, moments[:-1])

    def get(self, key: str) -> int:
        """Tries that are remembered, however long ago."""
        with self._transaction() as db:
            return len(_moments(db, key))

    def clear(self, key: str) -> None:
        """Forgets a name."""
        with self._transaction() as db:
            db.execute("DELETE FROM tries WHERE name = ?", (key,))

    def reset(self) -> int:
        """Forgets all names; how many there were."""
        with self._transaction() as db:
            return db.execute("DELETE FROM tries").rowcount

    def check(self) -> bool:
        """Whether it can be read."""
        return len(self) >= 0

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Not counted here: fixed windows let twice as many tries through at their edges."""
        raise NotImplementedError("tries are counted in moving windows")

    def get_expiry(self, key: str) -> float:
        """Likewise."""
        raise NotImplementedError("tries are counted in moving windows")

    @property
    def base_exceptions(self) -> type[Exception] | tuple[type[Exception], ...]:
        """What a store that cannot be used raises."""
        return sqlite3.Error

    def close(self) -> None:
        """Gives the file back; the next try opens it again."""
        with self._turn:
            if self._opened is not None:
                self._opened.close()
                self._opened = None

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """One look and one change, between which nobody else counts."""
        with self._turn:
            db = self._opened = self._opened or self._open()
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
            except BaseException:
                db.execute("ROLLBACK")
                raise
            db.execute("COMMIT")

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._place, timeout=_LOCK_WAIT_S, isolation_level=None, check_same_thread=False)
        # What is lost with the power is of no use after it.
        for pragma in ("journal_mode=WAL", "synchronous=OFF"):
            db.execute(f"PRAGMA {pragma}")
        db.execute("CREATE TABLE IF NOT EXISTS tries (name TEXT PRIMARY KEY, seen REAL, moments TEXT)")
        db.execute("CREATE INDEX IF NOT EXISTS by_seen ON tries (seen)")
        return db

    def _recent(self, db: sqlite3.Connection, key: str, expiry: int) -> list[float]:
        moment = self.clock()
        return [at for at in _moments(db, key) if moment - at < expiry]

    def _keep(self, db: sqlite3.Connection, key: str, moments: list[float]) -> None:
        row = (key, self.clock(), json.dumps(moments))
        db.execute("INSERT OR REPLACE INTO tries (name, seen, moments) VALUES (?, ?, ?)", row)

    def _forget(self, db: sqlite3.Connection) -> None:
        """Lets the names go that were seen longest ago, where there are too many."""
        surplus = _number(db) - self._most_names
        if surplus > 0:
            oldest = "SELECT name FROM tries ORDER BY seen, rowid LIMIT ?"
            db.execute(f"DELETE FROM tries WHERE name IN ({oldest})", (surplus,))


def _number(db: sqlite3.Connection) -> int:
    return int(db.execute("SELECT COUNT(*) FROM tries").fetchone()[0])


def _moments(db: sqlite3.Connection, key: str) -> list[float]:
    row = db.execute("SELECT moments FROM tries WHERE name = ?", (key,)).fetchone()
    return [] if row is None else list(json.loads(row[0]))
