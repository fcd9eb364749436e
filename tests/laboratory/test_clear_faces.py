"""The list of clear faces is long enough, clean, and names photos that exist."""

import os
from collections import Counter
from pathlib import Path

import pytest

from laboratory.clear_faces import clear_copies, clear_faces, listed, set_aside

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
    assert not set(clear_copies()) & set(clear_faces())


@pytest.mark.skipif(not FACES.exists(), reason=f"no photos in {FACES}")
def test_every_named_photo_exists() -> None:
    named = (*clear_faces(), *set_aside(), *clear_copies(), *listed("other_ages.csv"))
    assert all((FACES / collection / photo).is_file() for collection, photo in named)


def test_the_clear_faces_are_all_of_the_pool_that_trains_nothing() -> None:
    assert set(clear_faces()) <= set(set_aside())


def test_the_ages_that_do_not_train_are_in_the_names() -> None:
    assert all(not 10 <= int(name.split("_")[0]) <= 60 for _, name in listed("other_ages.csv"))
