"""Pictures without a face: train and test share nothing, and chance is the seed's."""

import os
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("skimage", reason="scikit-image comes with the train extra")

from dermagrade.training.zones import noface
from dermagrade.training.zones.drawings.families import TEST_FAMILIES, TRAIN_FAMILIES

ACNE = Path(os.environ.get("DERMAGRADE_DATA", "../shared/data")) / "acne"
needs_photos = pytest.mark.skipif(not (ACNE / "teacher_mesh.npz").exists(), reason=f"no acne photos in {ACNE}")


def test_no_object_is_in_both_splits_and_none_shows_a_person() -> None:
    train, test = set(noface.OBJECTS["train"]), set(noface.OBJECTS["test"])
    assert not train & test
    assert not (train | test) & {"astronaut.png", "camera.png"}


def test_no_drawing_is_in_both_splits() -> None:
    assert not set(TRAIN_FAMILIES) & set(TEST_FAMILIES)


@needs_photos
def test_no_person_lends_backgrounds_to_both_splits() -> None:
    lines = (ACNE / "labels.csv").read_text().splitlines()
    columns = lines[0].split(",")
    subject = {r[0]: r[columns.index("subject")] for r in (line.split(",") for line in lines[1:])}
    train = {subject[path.name] for path, _, _ in noface.backgrounds(ACNE, "train")}
    test = {subject[path.name] for path, _, _ in noface.backgrounds(ACNE, "test")}
    assert train
    assert test
    assert not train & test


@needs_photos
def test_a_photo_that_is_left_out_lends_no_background() -> None:
    every = noface.backgrounds(ACNE, "train")
    without = noface.backgrounds(ACNE, "train", frozenset({every[0][0].name}))
    assert without == tuple(one for one in every if one[0] != every[0][0])
    assert len(without) < len(every)


@pytest.mark.parametrize("split", ["train", "test"])
def test_the_same_seed_makes_the_same_pictures_and_another_seed_others(split: noface.Split) -> None:
    first = noface.noface_pictures(split=split, count=30, size=48, seed=7)
    assert first.shape == (30, 48, 48, 3)
    assert first.dtype == np.uint8
    assert np.array_equal(first, noface.noface_pictures(split=split, count=30, size=48, seed=7))
    assert not np.array_equal(first, noface.noface_pictures(split=split, count=30, size=48, seed=8))


def test_the_splits_make_other_pictures_from_one_seed() -> None:
    train = noface.noface_pictures(split="train", count=20, size=48, seed=3)
    test = noface.noface_pictures(split="test", count=20, size=48, seed=3)
    assert not any(np.array_equal(a, b) for a in train for b in test)


@pytest.mark.parametrize("family", [*set(TRAIN_FAMILIES), *set(TEST_FAMILIES)], ids=lambda f: f.__name__)
@pytest.mark.parametrize("size", [33, 96])
def test_every_family_draws_at_any_size(family: noface.Family, size: int) -> None:
    rng = np.random.default_rng(1)
    for _ in range(20):
        drawn = family(rng, size)
        assert drawn.shape == (size, size, 3)
        assert drawn.dtype == np.uint8


@pytest.mark.parametrize("split", ["train", "test"])
def test_cartoons_and_hands_differ_from_draw_to_draw(split: noface.Split) -> None:
    rng = np.random.default_rng(2)
    for draw in (noface.cartoon, noface.hand):
        assert not np.array_equal(draw(rng, 64, split=split), draw(rng, 64, split=split))
