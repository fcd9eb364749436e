"""Fifty raters who grade at once: what is lost, what is doubled, and how long a rating's round trip takes.

Run by ``make bench``. One server process with SQLite; then two with PostgreSQL, where that is installed. Each rater
sends one answer after the other over HTTP, first without a pause between them, which is the most that fifty raters can
ask of the service, then with 3 s for each photo, which is faster than people grade. Raters, servers and database share
this machine's cores.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from random import Random

import httpx
import numpy as np
from sqlalchemy import func, select

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from dermagrade.people.accounts.sessions import begin_session, cookie_name
from dermagrade.people.store.database import Database, open_database
from dermagrade.people.store.schema import Member, RatingRow, SignIn
from dermagrade.service.settings import read_settings
from persistent_rater import PersistentRater
from postgres_server import PostgresServer, why_not
from service_process import Service
from study_scene import Scene, opened

RATERS = 50
PHOTOS = 20
PAUSE_S = 3.0


def clients_of(db: Database, scene: Scene) -> list[httpx.Client]:
    """A client of each rater with a session of their own, as signing in gives it."""
    settings = read_settings()
    clients = []
    for rater in scene.raters:
        with db.begin() as session:
            secret = begin_session(session, settings, session.get_one(Member, rater))
        with db.read() as session:
            csrf = session.scalars(select(SignIn.csrf).where(SignIn.member_id == rater)).one()
        cookies = {cookie_name(settings): secret}
        clients.append(httpx.Client(cookies=cookies, headers={"x-csrf-token": csrf}, timeout=120))
    return clients


def measure(db: Database, folder: Path, urls: list[str], pause_s: float) -> str:
    """One study graded by all at once; what came of it, in words."""
    scene = opened(db, folder, ordinary=PHOTOS - 2, golden=2, raters=RATERS)
    clients = clients_of(db, scene)
    raters = [
        PersistentRater(partial(urls.__getitem__, number % len(urls)), client, scene.study_id)
        for number, client in enumerate(clients)
    ]
    ready = threading.Barrier(RATERS)

    def work(number: int) -> None:
        rng = Random(number)
        items = raters[number].items()
        ready.wait()
        for item in items:
            # So long a person would look, not all of them equally long.
            time.sleep(rng.uniform(0, 2 * pause_s))
            raters[number].rate(item, float(rng.randint(1, 5)))

    started = time.perf_counter()
    with ThreadPoolExecutor(RATERS) as pool:
        list(pool.map(work, range(RATERS)))
    seconds = time.perf_counter() - started
    for client in clients:
        client.close()
    given = {key for rater in raters for key in rater.given}
    with db.read() as session:
        stored = session.scalars(select(RatingRow.key).where(RatingRow.study_id == scene.study_id)).all()
        items = session.scalar(
            select(func.count(RatingRow.item_id.distinct())).where(RatingRow.study_id == scene.study_id)
        )
    trips_ms = 1000 * np.array([trip for rater in raters for trip in rater.round_trips_s])
    return (
        f"{len(given)} acknowledged, {len(given - set(stored))} lost, {len(stored) - (items or 0)} doubled; "
        f"round trip median {np.median(trips_ms):.0f} ms, p99 {np.percentile(trips_ms, 99):.0f} ms; "
        f"{len(given) / seconds:.0f} ratings/s"
    )


@contextmanager
def services(folder: Path, number: int, **settings: object) -> Iterator[list[str]]:
    """So many server processes on the same data; their addresses."""
    with ExitStack() as stack:
        yield [stack.enter_context(Service(folder, **settings)).url for _ in range(number)]


def run(name: str, db: Database, folder: Path, processes: int, **settings: object) -> None:
    """Both paces on one set-up."""
    with services(folder, processes, data_dir=folder / "data", **settings) as urls:
        for pace, pause_s in (("no pause", 0.0), (f"{PAUSE_S:g} s a photo", PAUSE_S)):
            print(f"{name}, {pace}: {measure(db, folder / 'data', urls, pause_s)}", flush=True)
    db.close()


def main() -> None:
    """Prints one line for each set-up and pace."""
    print(f"{RATERS} raters, {PHOTOS} photos each, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before")
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        run("one process, SQLite", open_database(None, data), Path(folder), 1)
    if reason := why_not():
        print(f"PostgreSQL left out: {reason}")
        return
    place = Path(tempfile.mkdtemp(prefix="dermagrade-postgres-"))
    try:
        server = PostgresServer(place)
        try:
            server.start()
            url = server.new_database()
            with tempfile.TemporaryDirectory() as folder:
                db = open_database(url, Path(folder) / "data")
                run("two processes, PostgreSQL", db, Path(folder), 2, database_url=url)
        finally:
            server.stop()
    finally:
        shutil.rmtree(place)


if __name__ == "__main__":
    main()
