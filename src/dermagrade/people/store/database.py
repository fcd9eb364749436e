"""The database of the studies: SQLite in the data folder, or PostgreSQL by its URL."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from dermagrade.errors import StoreError, UsageError
from dermagrade.people.store import migrations
from dermagrade.people.store.faults import sentence_of
from dermagrade.people.store.turns import Turns

#: Name of the SQLite file in the data folder.
SQLITE_NAME = "dermagrade.sqlite3"

#: Seconds that a transaction waits for another one's lock before it gives up.
LOCK_WAIT_S = 30

_BEGIN = "dermagrade_begin"


class Database:
    """The studies' database. Each verb of the package is one transaction of it: all of it happens or nothing.

    Args:
        engine: made by :func:`open_database`.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writing = engine.execution_options(**{_BEGIN: "BEGIN IMMEDIATE"})
        # SQLite has one writer at a time, and one that waits sleeps and asks again. Within this process they queue up
        # here instead, so that none is passed over.
        self._turns = Turns() if engine.dialect.name == "sqlite" else None
        self._mine = threading.local()

    @property
    def name(self) -> str:
        """What it is called in messages: the URL without its password."""
        return self.engine.url.render_as_string(hide_password=True)

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """One transaction that may write; it is stored for good when the block ends, and dropped if it raises.

        It must not be held over an ``await``, nor begun within another one.

        Raises:
            StoreError: if the database cannot be used; one sentence.
        """
        if getattr(self._mine, "held", False):
            raise RuntimeError("a transaction of the studies' database was begun within another one")
        with ExitStack() as stack:
            if self._turns is not None:
                try:
                    stack.enter_context(self._turns.turn(LOCK_WAIT_S))
                except TimeoutError as error:
                    raise StoreError("The studies' database is busy with other changes; try again.") from error
            self._mine.held = True
            stack.callback(setattr, self._mine, "held", False)
            yield stack.enter_context(self._session(self._writing))

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One transaction that only reads, and waits for no writer.

        Raises:
            StoreError: if the database cannot be used; one sentence.
        """
        with self._session(self.engine) as session:
            yield session

    def close(self) -> None:
        """Gives back its connections."""
        self.engine.dispose()

    @contextmanager
    def _session(self, engine: Engine) -> Iterator[Session]:
        with explained(self.engine), Session(engine, expire_on_commit=False) as session, session.begin():
            yield session


def open_database(url: str | None, data: Path) -> Database:
    """Opens the database and brings its tables up to date; several processes may do so at once.

    Args:
        url: ``postgresql://user:password@host/name`` or ``sqlite:///file``; None for a SQLite file in ``data``.
        data: folder of the service's data; made where there is none.

    Raises:
        UsageError: if the URL is wrong.
        StoreError: if the database cannot be reached, read or written, or was made by a newer version. No message
            shows the URL's password.
    """
    place = _place(url, data)
    engine = create_engine(place, pool_pre_ping=True, pool_size=20, max_overflow=20, **_options(place))
    if place.get_backend_name() == "sqlite":
        _prepare_sqlite(engine)
    else:
        event.listen(engine, "connect", _prepare_postgres)
    with explained(engine):
        try:
            migrations.upgrade(engine)
        except BaseException:
            engine.dispose()
            raise
    return Database(engine)


@contextmanager
def explained(engine: Engine) -> Iterator[None]:
    """Turns what the database refuses into one sentence; a broken constraint is the caller's own affair."""
    try:
        yield
    except IntegrityError:
        raise
    except PoolTimeoutError as error:
        raise StoreError("The studies' database is busy: no connection became free; try again.") from error
    except DBAPIError as error:
        sentence = sentence_of(error, engine.url)
        if sentence is None:
            raise
        raise StoreError(sentence) from error


def _place(url: str | None, data: Path) -> URL:
    if url is None:
        place = URL.create("sqlite", database=str(data / SQLITE_NAME))
    else:
        try:
            place = make_url(url)
        except (ArgumentError, ValueError):
            # Its text may hold the password, so it is not told, not even as the cause.
            raise UsageError(
                "The URL of the database cannot be understood; write postgresql://user:password@host/name or "
                "sqlite:///file."
            ) from None
    backend = place.drivername.partition("+")[0]
    if backend in {"postgresql", "postgres"}:
        return place.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise UsageError(f"The studies are kept in SQLite or PostgreSQL, not in {backend}.")
    if place.database in {None, "", ":memory:"} or str(place.database).startswith("file:"):
        raise UsageError("The URL of a SQLite database must name a file: sqlite:///file.")
    file = Path(str(place.database))
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"The folder {file.parent} cannot be made ({error.strerror}).") from error
    return URL.create("sqlite", database=str(file))


def _options(place: URL) -> dict[str, Any]:
    if place.get_backend_name() == "sqlite":
        return {"connect_args": {"timeout": LOCK_WAIT_S, "check_same_thread": False}}
    return {"connect_args": {"connect_timeout": 10, "application_name": "dermagrade"}}


def _prepare_sqlite(engine: Engine) -> None:
    """Sets up each connection, and turns the journal into one that lets readers and a writer side by side."""

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: object) -> None:
        # Python's module would begin transactions by itself, and later than they should be.
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout={int(LOCK_WAIT_S * 1000)}",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get(_BEGIN, "BEGIN"))

    until = time.monotonic() + LOCK_WAIT_S
    while True:
        with explained(engine):
            try:
                engine.connect().close()
                return
            except DBAPIError as error:
                # Changing the journal does not wait by itself for another process that does the same.
                if "locked" not in str(error.orig) or time.monotonic() > until:
                    raise
        time.sleep(0.05)


def _prepare_postgres(connection: Any, _record: object) -> None:
    """An answer is acknowledged only when it is on disk, even where the server is set up to be quicker than that."""
    connection.execute(
        "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
    )
    connection.execute(f"SELECT set_config('lock_timeout', '{LOCK_WAIT_S}s', false)")
    connection.commit()
