"""A server that is killed at any moment loses no acknowledged rating and stores none twice."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select, text

from dermagrade.people.store.audit import verify
from dermagrade.people.store.database import SQLITE_NAME, Database, open_database
from dermagrade.people.store.schema import AuditRow, RatingRow
from persistent_rater import PersistentRater
from postgres_server import PostgresServer
from service_process import Service
from signed import make_people, sign_in
from study_scene import Scene, opened

pytestmark = pytest.mark.long

RATERS, PHOTOS = 4, 50
RATINGS = RATERS * PHOTOS
KILLS = 10


@dataclass
class Outcome:
    """What is left after the ratings and the kills.

    Attributes:
        raters: the clients, with what was acknowledged to each.
        kills: how often the server process was killed.
        scene: the study.
    """

    raters: list[PersistentRater]
    kills: int
    scene: Scene


class Mortal:
    """A server that can be killed and comes back at another port."""

    def __init__(self, folder: Path, **settings: object) -> None:
        self._start: Callable[[], Service] = lambda: Service(folder, **settings)
        self.service = self._start()

    def url(self) -> str:
        """Where it is, or was last."""
        return self.service.url

    def kill(self) -> None:
        """SIGKILL, then a new process."""
        self.end()
        self.service = self._start()

    def end(self) -> None:
        """SIGKILL."""
        self.service.__exit__(None, None, None)


def rate_while_killing(db: Database, folder: Path, disturb: Callable[[], None] | None, **settings: object) -> Outcome:
    """200 ratings of four raters at once, while the server is killed ten times.

    Args:
        db: an empty database.
        folder: of the server.
        disturb: done once, half-way between two kills; None for nothing.
        settings: of the server.
    """
    people = make_people(db, RATERS)
    scene = opened(
        db, folder / "data", ordinary=PHOTOS - 5, golden=5, persons=(people.team, *people.raters), raters=RATERS
    )
    server = Mortal(folder, **settings)
    try:
        clients = [sign_in(server.url(), f"rater{number}@clinic.example") for number in range(1, RATERS + 1)]
        raters = [PersistentRater(server.url, client, scene.study_id) for client in clients]
        ready = threading.Barrier(RATERS)

        def work(number: int) -> None:
            items = raters[number].items()
            ready.wait()
            for place, item in enumerate(items):
                raters[number].rate(item, float(1 + place % 5))

        rng = Random(20)
        # Each time after so many acknowledged ratings, and a moment that may fall anywhere into the next ones.
        moments = sorted(rng.sample(range(2, RATINGS - 8), KILLS))
        kills = 0
        with ThreadPoolExecutor(RATERS) as pool:
            running = [pool.submit(work, number) for number in range(RATERS)]
            for number, moment in enumerate(moments):
                while sum(len(rater.given) for rater in raters) < moment and not all(one.done() for one in running):
                    time.sleep(0.001)
                time.sleep(rng.uniform(0, 0.03))
                server.kill()
                kills += 1
                if disturb is not None and number == KILLS // 2:
                    disturb()
            for one in running:
                one.result()
        for client in clients:
            client.close()
    finally:
        server.end()
    return Outcome(raters, kills, scene)


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def outcome(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcome]:
    """One run on each kind of database; that of PostgreSQL has its own server killed once, too."""
    folder = tmp_path_factory.mktemp("killed")
    data = folder / "data"
    if request.param == "sqlite":
        db = open_database(None, data)
        yield rate_while_killing(db, folder, None, data_dir=data)
    else:
        server: PostgresServer = request.getfixturevalue("postgres")
        url = server.new_database()
        db = open_database(url, data)

        def power_cut() -> None:
            server.kill()
            server.start()

        yield rate_while_killing(db, folder, power_cut, data_dir=data, database_url=url)
    db.close()


def rows(outcome: Outcome) -> list[RatingRow]:
    with outcome.scene.db.read() as session:
        return list(session.scalars(select(RatingRow).order_by(RatingRow.number)))


def test_the_server_was_killed_ten_times_and_every_rating_was_acknowledged(outcome: Outcome) -> None:
    assert outcome.kills == KILLS
    assert sum(len(rater.given) for rater in outcome.raters) == RATINGS
    assert sum(rater.resent for rater in outcome.raters) > 0


def test_no_acknowledged_rating_is_lost(outcome: Outcome) -> None:
    stored = {row.key: (row.item_id, row.grade) for row in rows(outcome)}
    assert stored == {key: said for rater in outcome.raters for key, said in rater.given.items()}


def test_no_rating_is_doubled(outcome: Outcome) -> None:
    found = rows(outcome)
    assert len(found) == RATINGS
    assert max(Counter(row.key for row in found).values()) == 1
    assert max(Counter(row.item_id for row in found).values()) == 1


def test_the_database_and_its_log_are_whole(outcome: Outcome) -> None:
    db = outcome.scene.db
    assert verify(db) is None
    with db.read() as session:
        assert len(session.scalars(select(AuditRow).where(AuditRow.what == "study.locked")).all()) == 1
        if db.engine.dialect.name == "sqlite":
            assert Path(str(db.engine.url.database)).name == SQLITE_NAME
            assert session.scalars(text("PRAGMA integrity_check")).all() == ["ok"]
