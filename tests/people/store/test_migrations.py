"""The steps lead to the tables that the package works with, on both kinds of database."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.exc import IntegrityError

from dermagrade.errors import StoreError
from dermagrade.people.store.database import Database, open_database
from dermagrade.people.store.schema import AuditRow, Base, RatingRow
from study_scene import opened


def checks(engine: Engine) -> dict[str, str]:
    """Each check constraint with its condition, but for spaces, brackets and what PostgreSQL adds to it."""
    inspector = inspect(engine)
    return {
        str(check["name"]): re.sub(r"[\s()]|::\w+(\svarying)?(\sprecision)?(\[\])?", "", check["sqltext"])
        for table in Base.metadata.tables
        for check in inspector.get_check_constraints(table)
    }


def plain_engine(url: str) -> Engine:
    """A way to the database that does not go through the package."""
    return create_engine(url.replace("postgresql:", "postgresql+psycopg:"))


def test_the_steps_make_the_tables_of_the_schema(db: Database) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []


def test_the_steps_make_the_checks_of_the_schema(new_url: str, tmp_path: Path) -> None:
    whole = plain_engine(new_url)
    Base.metadata.create_all(whole)
    expected = checks(whole)
    assert len(expected) == 6
    Base.metadata.drop_all(whole)
    whole.dispose()
    db = open_database(new_url, tmp_path)
    assert checks(db.engine) == expected
    db.close()


def test_a_step_that_fails_leaves_nothing_behind(new_url: str, tmp_path: Path) -> None:
    engine = plain_engine(new_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE items (whose TEXT)"))
    with pytest.raises(StoreError, match="tables of another program"):
        open_database(new_url, tmp_path)
    assert inspect(engine).get_table_names() == ["items"]
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE items"))
    engine.dispose()
    open_database(new_url, tmp_path).close()


@pytest.mark.parametrize("table", [RatingRow.__tablename__, AuditRow.__tablename__])
def test_rows_cannot_be_emptied_out_or_replaced(db: Database, tmp_path: Path, table: str) -> None:
    opened_scene = opened(db, tmp_path)
    opened_scene.grade(opened_scene.raters[0])
    if db.engine.dialect.name == "sqlite":
        statements = [
            f"REPLACE INTO {table} SELECT * FROM {table}",
            f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
        ]
    else:
        statements = [f"TRUNCATE {table}", f"TRUNCATE {table} CASCADE", "TRUNCATE persons CASCADE"][
            : 3 if table == "ratings" else 2
        ]
    for statement in statements:
        with pytest.raises(IntegrityError, match="only ever added"), db.begin() as session:
            session.execute(text(statement))


def test_a_database_of_a_newer_version_is_left_alone(new_url: str, tmp_path: Path) -> None:
    db = open_database(new_url, tmp_path)
    with db.begin() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    db.close()
    with pytest.raises(StoreError, match="newer version"):
        open_database(new_url, tmp_path)
