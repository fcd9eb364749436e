"""The database opens by itself, keeps what it acknowledged, and says in one sentence why it cannot be used."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from dermagrade.errors import StoreError, UsageError
from dermagrade.people.store import database
from dermagrade.people.store.database import SQLITE_NAME, Database, open_database
from dermagrade.people.store.schema import Member, SignIn, now
from dermagrade.people.studies.answers import current_ratings
from postgres_server import PASSWORD, PostgresServer
from service_process import no_writing
from study_scene import opened, people

#: Opens a database when told to, stores one person, and ends.
STORE_ONE = """
import sys
from pathlib import Path
from dermagrade.errors import DermagradeError
from dermagrade.people.store.database import open_database
from dermagrade.people.store.schema import Member
sys.stdin.readline()
try:
    db = open_database(sys.argv[1], Path("unused"))
    with db.begin() as session:
        session.add(Member(name="Somebody"))
    db.close()
except DermagradeError as error:
    sys.exit(str(error))
"""


def store_one(url: str, **options: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", STORE_ONE, url],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,  # type: ignore[call-overload]
    )


def number_of_people(db: Database) -> int | None:
    with db.read() as session:
        return session.scalar(select(func.count()).select_from(Member))


def test_without_a_url_the_database_is_a_file_in_the_data_folder(tmp_path: Path) -> None:
    db = open_database(None, tmp_path / "new" / "data")
    db.close()
    assert (tmp_path / "new" / "data" / SQLITE_NAME).is_file()


def test_sqlite_brings_every_transaction_to_the_disk_and_holds_the_references(sqlite: Database) -> None:
    with sqlite.read() as session:
        found = [session.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous", "foreign_keys")]
    assert found == ["wal", 2, 1]


def test_postgres_brings_every_transaction_to_the_disk_even_where_it_was_told_not_to(postgres: PostgresServer) -> None:
    url = postgres.scratch_database()
    db = open_database(url, Path("unused"))
    with db.begin() as session:
        session.execute(text(f"ALTER DATABASE {url.rpartition('/')[2]} SET synchronous_commit = off"))
    db.close()
    db = open_database(url, Path("unused"))
    with db.read() as session:
        assert session.scalar(text("SHOW synchronous_commit")) == "on"
    with db.begin() as session:
        session.execute(text(f"ALTER DATABASE {url.rpartition('/')[2]} RESET synchronous_commit"))
    db.close()


def test_a_reference_to_nobody_is_refused(db: Database) -> None:
    with pytest.raises(IntegrityError), db.begin() as session:
        session.add(SignIn(digest="d", member_id="nobody", csrf="c", expires_at=now()))


def test_a_transaction_that_raises_leaves_nothing(db: Database) -> None:
    def fail() -> None:
        with db.begin() as session:
            session.add(Member(name="Nobody"))
            session.flush()
            raise RuntimeError("on purpose")

    with pytest.raises(RuntimeError, match="on purpose"):
        fail()
    assert number_of_people(db) == 0


def test_a_transaction_within_another_is_refused_instead_of_hanging(db: Database) -> None:
    with db.begin(), pytest.raises(RuntimeError, match="within another"), db.begin():
        pass
    people(db, 1)


def test_a_reader_waits_for_no_writer_and_sees_nothing_half_done(db: Database) -> None:
    with db.begin() as session:
        session.add(Member(name="Somebody"))
        session.flush()
        assert number_of_people(db) == 0
    assert number_of_people(db) == 1


def test_several_processes_can_make_the_same_database_at_once(new_url: str, tmp_path: Path) -> None:
    processes = [store_one(new_url) for _ in range(3)]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate(timeout=300)[1] for process in processes]
    assert said == [""] * 3
    db = open_database(new_url, tmp_path)
    assert number_of_people(db) == 3
    db.close()


def test_several_threads_can_make_the_same_database_at_once(new_url: str, tmp_path: Path) -> None:
    with ThreadPoolExecutor(6) as pool:
        opened_ones = list(pool.map(lambda _: open_database(new_url, tmp_path), range(6)))
    for one in opened_ones:
        people(one, 1)
    assert number_of_people(opened_ones[0]) == 6
    for one in opened_ones:
        one.close()


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "postgresql://me:a-secret-word@host:port/name",
        "mysql://me:a-secret-word@host/name",
        "sqlite://",
        "sqlite:///:memory:",
        "",
    ],
)
def test_a_wrong_url_is_refused_in_one_sentence_without_its_password(tmp_path: Path, url: str) -> None:
    with pytest.raises(UsageError) as caught:
        open_database(url, tmp_path)
    assert "a-secret-word" not in f"{caught.value} {caught.value.__cause__}"
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)


def test_a_server_that_cannot_be_reached_is_told_in_one_sentence(tmp_path: Path, postgres: PostgresServer) -> None:
    wrong = {
        "postgresql://me:a-secret-word@127.0.0.1:1/name": "cannot be reached",
        postgres.url("postgres", "a-secret-word"): "refused the user or the password",
        postgres.url("no_such_database"): "is not there",
    }
    for url, said in wrong.items():
        with pytest.raises(StoreError, match=said) as caught:
            open_database(url, tmp_path)
        assert not {"a-secret-word", PASSWORD} & set(str(caught.value).split())
        assert "a-secret-word" not in f"{caught.value} {caught.value.__cause__}"
        assert "\n" not in str(caught.value)


def test_the_name_of_a_database_hides_its_password(postgres: PostgresServer) -> None:
    db = open_database(postgres.scratch_database(), Path("unused"))
    assert PASSWORD not in db.name
    db.close()


def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / SQLITE_NAME
    file.write_bytes(b"these are notes, not a database. " * 100)
    with pytest.raises(StoreError, match="damaged or no SQLite database"):
        open_database(None, tmp_path)
    assert file.read_bytes() == b"these are notes, not a database. " * 100


def test_a_damaged_file_is_told_in_one_sentence(tmp_path: Path) -> None:
    open_database(None, tmp_path).close()
    file = tmp_path / SQLITE_NAME
    data = bytearray(file.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    file.write_bytes(data)
    with pytest.raises(StoreError, match="damaged"):
        people(open_database(None, tmp_path), 1)


def test_a_folder_in_place_of_the_file_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / SQLITE_NAME).mkdir()
    with pytest.raises(StoreError, match="cannot be opened"):
        open_database(None, tmp_path)
    (tmp_path / "a file").write_text("")
    with pytest.raises(StoreError, match="cannot be made"):
        open_database(None, tmp_path / "a file")


def test_a_file_that_another_program_holds_is_told_after_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "LOCK_WAIT_S", 0.2)
    db = open_database(None, tmp_path)
    other = sqlite3.connect(tmp_path / SQLITE_NAME, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="locked by another program"):
        people(db, 1)
    other.execute("ROLLBACK")
    other.close()
    people(db, 1)
    db.close()


def test_a_full_disk_is_told_in_one_sentence_and_keeps_what_was_there(sqlite: Database) -> None:
    people(sqlite, 1)
    with sqlite.begin() as session:  # the pool gives the same connection again
        session.execute(text("PRAGMA max_page_count = 1"))
    with pytest.raises(StoreError, match="disk is full"), sqlite.begin() as session:
        session.add_all([Member(name="x" * 200) for _ in range(1000)])
    assert number_of_people(sqlite) == 1


def test_a_file_that_may_not_be_written_is_told_in_one_sentence(sqlite: Database) -> None:
    with sqlite.begin() as session:
        session.execute(text("PRAGMA query_only = ON"))
    with pytest.raises(StoreError, match="read-only"):
        people(sqlite, 1)


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are those of POSIX")
def test_a_disk_that_takes_nothing_is_told_in_one_sentence(tmp_path: Path) -> None:
    process = store_one(f"sqlite:///{tmp_path / 'new.sqlite3'}", preexec_fn=no_writing)
    said = process.communicate("go\n", timeout=300)[1]
    assert process.returncode == 1
    assert said.startswith("The studies' database ")
    assert said.count("\n") == 1


def test_what_was_acknowledged_survives_a_power_cut_of_postgres(postgres: PostgresServer, tmp_path: Path) -> None:
    db = open_database(postgres.scratch_database(), tmp_path)
    scene = opened(db, tmp_path)
    answers = scene.grade(scene.raters[0], 5)
    postgres.kill()
    with pytest.raises(StoreError, match="cannot be reached"):
        scene.tasks(scene.raters[0])
    postgres.start()
    assert [one.key for one in current_ratings(db, scene.study_id)] == [answer.key for answer in answers]
    scene.grade(scene.raters[0])
    db.close()
