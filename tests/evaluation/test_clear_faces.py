"""The list of clear faces is long enough, clean, and names photos that exist."""

import os
from collections import Counter
from pathlib import Path

import pytest

from dermagrade.evaluation.clear_faces import CLEAR_COPIES, clear_faces

FACES = Path(os.environ.get("DERMAGRADE_DATA", "../shared/data")) / "faces"


def test_each_collection_gives_at_least_150_photos_named_once() -> None:
    faces = clear_faces()
    counts = Counter(collection for collection, _ in faces)
    assert set(counts) == {"scut", "utk"}
    assert min(counts.values()) >= 150
    assert list(faces) == sorted(set(faces))


def test_utk_photos_show_adults_of_every_race_code() -> None:
    fields = [photo.split("_") for collection, photo in clear_faces() if collection == "utk"]
    assert all(18 <= int(age) <= 45 for age, *_ in fields)
    assert {race for _, _, race, *_ in fields} == set("01234")


def test_no_copy_is_itself_listed() -> None:
    assert not set(CLEAR_COPIES) & set(clear_faces())


@pytest.mark.skipif(not FACES.exists(), reason=f"no photos in {FACES}")
def test_every_named_photo_exists() -> None:
    assert all((FACES / collection / photo).is_file() for collection, photo in (*clear_faces(), *CLEAR_COPIES))
