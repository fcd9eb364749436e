"""What the tests share."""

import os
from pathlib import Path

import pytest

from postgres_server import postgres as postgres  # a fixture

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of real photos, which stays outside the repository; tests that need it are skipped without it."""
    place = Path(os.environ.get("DERMAGRADE_DATA") or REPOSITORY.parent / "shared" / "data")
    if not (place / "acne" / "labels.csv").is_file():
        pytest.skip(f"needs real photos, which are not part of the repository; none in {place} (set DERMAGRADE_DATA)")
    return place
