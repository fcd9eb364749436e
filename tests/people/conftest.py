"""The same tests on both kinds of database."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from dermagrade.people.store.database import SQLITE_NAME, Database, open_database
from dermagrade.people.store.schema import AuditRow, Base, RatingRow
from postgres_server import PostgresServer


@pytest.fixture(scope="session")
def sqlite_with_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables and no rows, to be copied."""
    folder = tmp_path_factory.mktemp("tables")
    open_database(None, folder).close()
    return folder / SQLITE_NAME


@pytest.fixture(scope="session")
def postgres_with_tables(postgres: PostgresServer) -> str:
    """The URL of a database with all tables, to be emptied before each use."""
    url = postgres.new_database()
    open_database(url, Path("unused")).close()
    return url


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a database with all tables and no rows is, on SQLite and again on PostgreSQL."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_with_tables"), tmp_path / "studies.sqlite3")
        return f"sqlite:///{tmp_path / 'studies.sqlite3'}"
    url: str = request.getfixturevalue("postgres_with_tables")
    with psycopg.connect(url) as connection:
        # For those who own the server, neither triggers nor references count then.
        connection.execute("SET LOCAL session_replication_role = replica")
        for table in Base.metadata.tables:
            connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
        for table in (RatingRow.__tablename__, AuditRow.__tablename__):
            connection.execute(sql.SQL("ALTER SEQUENCE {} RESTART").format(sql.Identifier(f"{table}_number_seq")))
    return url


@pytest.fixture(params=["sqlite", "postgres"])
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a database without tables is or can be made, on SQLite and again on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'new.sqlite3'}"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.scratch_database()


@pytest.fixture
def db(database_url: str, tmp_path: Path) -> Iterator[Database]:
    """An empty database, on SQLite and again on PostgreSQL."""
    database = open_database(database_url, tmp_path)
    yield database
    database.close()


@pytest.fixture
def sqlite(sqlite_with_tables: Path, tmp_path: Path) -> Iterator[Database]:
    """An empty SQLite database in ``tmp_path``, where the kind makes no difference."""
    shutil.copy(sqlite_with_tables, tmp_path / SQLITE_NAME)
    database = open_database(None, tmp_path)
    yield database
    database.close()
