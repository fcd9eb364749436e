"""What the tests share."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from postgres_server import postgres as postgres  # a fixture

REPOSITORY = Path(__file__).resolve().parents[1]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take long start first, so that no process is left with one of them when the others have ended."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of real photos, which stays outside the repository; tests that need it are skipped without it."""
    place = Path(os.environ.get("DERMAGRADE_DATA") or REPOSITORY.parent / "shared" / "data")
    if not (place / "acne" / "labels.csv").is_file():
        pytest.skip(f"needs real photos, which are not part of the repository; none in {place} (set DERMAGRADE_DATA)")
    return place


@pytest.fixture
def one_core() -> Iterator[None]:
    """One core for this test and the programs that it starts.

    A training then starts no processes beside itself. Each of them loads torch anew, which takes longer than a training
    of seconds.
    """
    cores = sorted(os.sched_getaffinity(0))
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    os.sched_setaffinity(0, {cores[worker % len(cores)]})
    yield
    os.sched_setaffinity(0, cores)
