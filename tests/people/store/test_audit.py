"""The log shows what was changed in it, even by somebody who has the database's own password."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, text

from dermagrade.people.store.audit import record, verify
from dermagrade.people.store.database import Database
from dermagrade.people.store.schema import AuditRow


def note(db: Database, *words: str) -> None:
    for word in words:
        with db.begin() as session:
            record(session, who="somebody", what=word, study_id="s", number=1.5, words=["ä", None, True])


def without_triggers(db: Database, statement: str) -> None:
    """What somebody can do who may change the database's own rules."""
    with db.begin() as session:
        if db.engine.dialect.name == "sqlite":
            names = session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all()
            for name in names:
                session.execute(text(f"DROP TRIGGER {name}"))
        else:
            session.execute(text("SET LOCAL session_replication_role = replica"))
        session.execute(text(statement))


def test_an_untouched_log_fits_together(db: Database) -> None:
    assert verify(db) is None
    note(db, "one", "two", "three")
    assert verify(db) is None
    with db.read() as session:
        row = session.scalars(select(AuditRow).order_by(AuditRow.number)).first()
    assert row is not None
    assert (row.what, row.details) == ("one", {"number": 1.5, "words": ["ä", None, True]})


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE audit SET who = 'nobody' WHERE number = 2", 2),
        ("UPDATE audit SET details = '{}' WHERE number = 3", 3),
        ("UPDATE audit SET at = '2020-01-01 00:00:00.000000' WHERE number = 1", 1),
        ("DELETE FROM audit WHERE number = 2", 3),
        ("DELETE FROM audit WHERE number = 1", 2),
    ],
)
def test_a_row_that_was_changed_or_taken_out_shows(db: Database, statement: str, found: int) -> None:
    note(db, "one", "two", "three")
    without_triggers(db, statement)
    assert verify(db) == found


def test_rows_written_at_the_same_time_still_make_one_chain(db: Database) -> None:
    barrier = threading.Barrier(8)

    def write(number: int) -> None:
        barrier.wait()
        note(db, *[f"{number}.{n}" for n in range(5)])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    assert verify(db) is None
    with db.read() as session:
        assert len(session.scalars(select(AuditRow)).all()) == 40


def test_what_the_transaction_took_back_is_not_in_the_log(db: Database) -> None:
    def fail() -> None:
        with db.begin() as session:
            record(session, who=None, what="lost")
            raise RuntimeError("on purpose")

    with pytest.raises(RuntimeError, match="on purpose"):
        fail()
    note(db, "kept")
    with db.read() as session:
        assert [row.what for row in session.scalars(select(AuditRow))] == ["kept"]
    assert verify(db) is None
