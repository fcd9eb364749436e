"""A database that release 0.1.0 made is opened and upgraded, and every export of its study is what that release wrote.

``release_0_1_0/make.py`` made the files, once, with that release's code.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from dermagrade.people.accounts.invitations import make_invitation
from dermagrade.people.accounts.local_accounts import sign_in
from dermagrade.people.accounts.members import ListedMember, list_members, set_active
from dermagrade.people.accounts.policy import AccountPolicy
from dermagrade.people.accounts.provider_members import enter
from dermagrade.people.accounts.sessions import find_session
from dermagrade.people.store.audit import verify
from dermagrade.people.store.database import SQLITE_NAME, Database, open_database
from dermagrade.people.store.photos import PhotoStore
from dermagrade.people.store.schema import Base
from dermagrade.people.studies.exports.formats import FORMATS
from dermagrade.people.studies.instrument import pictures_of
from dermagrade.people.studies.progress import list_studies
from dermagrade.people.studies.record import StudyRecord, read_study
from dermagrade.people.studies.setup import close_study, reopen_study
from postgres_server import PostgresServer

RELEASE = Path(__file__).parent / "release_0_1_0"
PASSWORD = "quite plain words for tests"
POLICY = AccountPolicy(issuer="https://sign-in.clinic.example", raters=("@clinic.example",))


@dataclass(frozen=True)
class Released:
    """What the release left: its database, opened by the code of today, and the folder with all else."""

    db: Database
    folder: Path

    @property
    def study(self) -> StudyRecord:
        """The study that was graded."""
        found = [line.id for line in list_studies(self.db) if line.state == "closed"]
        assert len(found) == 1
        return read_study(self.db, found[0])

    def member(self, first_name: str) -> ListedMember:
        """A member by their first name."""
        return next(one for one in list_members(self.db) if one.name.startswith(first_name))


@pytest.fixture(params=["sqlite", "postgres"])
def released(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Released]:
    """The database of the release, on SQLite and again on PostgreSQL."""
    folder = RELEASE / request.param
    url = None
    if request.param == "sqlite":
        shutil.copy(folder / SQLITE_NAME, tmp_path / SQLITE_NAME)
    else:
        server: PostgresServer = request.getfixturevalue("postgres")
        url = server.new_database()
        # Lines for the program psql, and settings that older servers do not know, hold no data.
        lines = (folder / "dump.sql").read_text("utf-8").splitlines(keepends=True)
        dump = "".join(line for line in lines if not re.match(r"\\|SET transaction_timeout", line))
        with psycopg.connect(url) as connection:
            connection.execute(dump)
    db = open_database(url, tmp_path)
    yield Released(db, folder)
    db.close()


def without_time(name: str, data: bytes) -> object:
    """What an export holds but for the moment at which it was made."""
    if name == "study.json":
        return re.sub(rb'"exported_at": "[^"]+"', b"", data)
    if name == "workbook.xlsx":
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            return {part: book.read(part) for part in book.namelist() if part != "docProps/core.xml"}
    return data


def test_it_has_the_tables_of_today(released: Released) -> None:
    with released.db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []


@pytest.mark.parametrize("name", FORMATS)
def test_an_export_is_byte_for_byte_what_the_release_wrote(released: Released, name: str) -> None:
    made = FORMATS[name]
    file = released.folder / "exports" / f"{name}{made.ending}"
    expected = file.read_bytes()
    assert len(expected) > 100
    assert without_time(file.name, made.make(released.db, released.study)) == without_time(file.name, expected)


def test_every_export_of_the_release_is_compared(released: Released) -> None:
    names = {f"{made.name}{made.ending}" for made in FORMATS.values()}
    assert {path.name for path in (released.folder / "exports").iterdir()} == names


def test_the_audit_log_is_whole_and_goes_on(released: Released) -> None:
    assert verify(released.db) is None
    said = json.loads((released.folder / "exports" / "study.json").read_text("utf-8"))
    assert len(said["audit"]) > 20
    team, study = released.member("Tom").id, released.study
    reopen_study(released.db, by=team, study_id=study.id)
    close_study(released.db, by=team, study_id=study.id)
    set_active(released.db, by=released.member("Ada").id, member_id=released.member("Rolf").id, active=True)
    assert verify(released.db) is None


def test_every_photo_and_picture_of_the_release_is_there(released: Released) -> None:
    photos = PhotoStore(released.folder / "photos")
    lines = (released.folder / "photos.sha256").read_text("utf-8").splitlines()
    digests = dict(reversed(line.split("  ")) for line in lines)
    study = released.study
    keys = [photo.key for photo in study.photos.values()] + [one.key for one in pictures_of(study.instrument)]
    assert sorted(keys) == sorted(digests)
    for key in keys:
        assert hashlib.sha256(photos.get(key)).hexdigest() == digests[key]


def test_members_of_the_release_sign_in_as_before(released: Released) -> None:
    def enters(email: str, password: str) -> bool:
        secret = sign_in(released.db, POLICY, email=email, password=password)
        return secret is not None and find_session(released.db, POLICY, secret) is not None

    assert enters("ada@clinic.example", PASSWORD)
    assert not enters("tom@clinic.example", PASSWORD), "it was changed"
    assert enters("tom@clinic.example", PASSWORD + " anew")
    assert not enters("rolf@else.example", PASSWORD), "they were shut out"
    assert enters("rita@else.example", PASSWORD)
    claims = {"sub": "vera-1", "name": "Vera Verified", "email": "vera@clinic.example", "email_verified": True}
    before = released.member("Vera").id
    secret = enter(released.db, POLICY, claims)
    found = find_session(released.db, POLICY, secret)
    assert found is not None
    assert (found.id, found.roles) == (before, frozenset({"rater"}))
    assert make_invitation(released.db, by=released.member("Ada").id, name="Somebody new", roles=["team"])
