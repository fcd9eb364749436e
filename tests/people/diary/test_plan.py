"""The diary's tables, as planned: consent comes first, nothing of a file is kept, and one deletion takes everything."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, delete, event, func, inspect, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dermagrade.people.diary.plan import (
    Consent,
    Deletion,
    DiaryAnswer,
    DiaryPhoto,
    DiarySeries,
    DiarySeriesPhoto,
    Export,
    Person,
    PlannedTable,
)
from dermagrade.people.store.database import Database
from dermagrade.people.store.schema import Base, new_id

DIGEST = hashlib.sha256(b"the pixels").hexdigest()


@pytest.fixture
def engine(new_url: str) -> Iterator[Engine]:
    """A database with the planned tables, on SQLite and again on PostgreSQL."""
    made = create_engine(new_url.replace("postgresql:", "postgresql+psycopg:"))
    if made.dialect.name == "sqlite":
        event.listen(made, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys=ON"))
    PlannedTable.metadata.create_all(made)
    yield made
    made.dispose()


def a_person(session: Session, called: str = "Mia") -> tuple[Person, Consent]:
    person = Person(called=called)
    session.add(person)
    session.flush()
    consent = Consent(person_id=person.id, purpose="keep", text_digest=DIGEST, given_by="self")
    session.add(consent)
    session.flush()
    return person, consent


def a_photo(person: Person, consent: Consent, digest: str = DIGEST) -> DiaryPhoto:
    return DiaryPhoto(
        person_id=person.id, consent_id=consent.id, key=new_id(), digest=digest, width=400, height=300, taken_at=None
    )


def a_whole_diary(session: Session, called: str = "Mia") -> Person:
    person, consent = a_person(session, called)
    photo, series = a_photo(person, consent), DiarySeries(person_id=person.id, title="Left cheek")
    session.add_all([photo, series, Export(person_id=person.id)])
    session.flush()
    session.add(DiaryAnswer(photo_id=photo.id, model={"acne": "acne-2026.11@1f3a9c2e"}, record={"acne": {}}))
    session.add(DiarySeriesPhoto(series_id=series.id, photo_id=photo.id, person_id=person.id, position=0))
    session.flush()
    return person


def test_no_photo_is_kept_without_consent(engine: Engine) -> None:
    with Session(engine) as session:
        person = Person(called="Mia")
        session.add(person)
        session.flush()
        session.add(a_photo(person, Consent(id="nobody's")))
        with pytest.raises(IntegrityError):
            session.flush()


def test_the_consent_of_somebody_else_is_none(engine: Engine) -> None:
    with Session(engine) as session:
        mia, _ = a_person(session)
        _, of_tom = a_person(session, "Tom")
        session.add(a_photo(mia, of_tom))
        with pytest.raises(IntegrityError):
            session.flush()


def test_a_series_holds_photos_of_one_person_alone(engine: Engine) -> None:
    with Session(engine) as session:
        mia, _ = a_person(session)
        series = DiarySeries(person_id=mia.id, title="Left cheek")
        tom, of_tom = a_person(session, "Tom")
        photo = a_photo(tom, of_tom)
        session.add_all([series, photo])
        session.flush()
        session.add(DiarySeriesPhoto(series_id=series.id, photo_id=photo.id, person_id=mia.id, position=0))
        with pytest.raises(IntegrityError):
            session.flush()


def test_one_deletion_takes_everything_of_one_person_and_nothing_of_another(engine: Engine) -> None:
    below = (Person, Consent, DiaryPhoto, DiaryAnswer, DiarySeries, DiarySeriesPhoto, Export)
    with Session(engine) as session:
        mia = a_whole_diary(session)
        a_whole_diary(session, "Tom")
        session.add(Deletion(person_id=mia.id, asked_by="self", photos=1))
        session.flush()
        session.execute(delete(Person).where(Person.id == mia.id))
        assert [session.scalar(select(func.count()).select_from(table)) for table in below] == [1] * len(below)
        assert session.scalars(select(Person.called)).one() == "Tom"
        assert session.scalars(select(Deletion.photos)).one() == 1


def test_who_withdraws_consent_has_what_it_was_for_deleted(engine: Engine) -> None:
    with Session(engine) as session:
        a_whole_diary(session)
        session.execute(delete(Consent))
        assert session.scalar(select(func.count()).select_from(DiaryPhoto)) == 0
        assert session.scalar(select(func.count()).select_from(DiaryAnswer)) == 0
        assert session.scalar(select(func.count()).select_from(Person)) == 1


def test_a_photo_has_no_column_for_anything_of_its_file_but_pixels_and_time() -> None:
    columns = {column.name for column in DiaryPhoto.__table__.columns}
    pixels = {"key", "digest", "width", "height"}
    assert columns == {"id", "person_id", "consent_id", "taken_at", "received_at"} | pixels


def test_every_table_but_that_of_deletions_hangs_on_the_person() -> None:
    loose = {
        name
        for name, table in PlannedTable.metadata.tables.items()
        if name != "diary_persons" and not any(key.ondelete == "CASCADE" for key in table.foreign_keys)
    }
    assert loose == {"diary_deletions"}


def test_no_database_has_these_tables_yet(db: Database) -> None:
    planned, there = set(PlannedTable.metadata.tables), set(inspect(db.engine).get_table_names())
    assert len(planned) == 8
    assert not planned & there
    assert not planned & set(Base.metadata.tables)


def test_the_decision_names_every_part_of_the_plan() -> None:
    page = Path(__file__).parents[3] / "docs/decisions/0012-a-diary-for-the-person-photographed.md"
    text = page.read_text("utf-8")
    for words in ("Consent precedes storage", "Random names", "No metadata", "Export of everything", "deleted person"):
        assert words in text
