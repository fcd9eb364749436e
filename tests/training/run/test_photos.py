"""The graded photos of a run are read once, the same way for every engine: what is left out and inferred is said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

pytest.importorskip("torch", reason="torch comes with the train extra")

from dermagrade.errors import LabelsError, UsageError
from dermagrade.scales import PIGMENT_9
from dermagrade.training.run.job import Job
from dermagrade.training.run.photos import GradedPhotos, learnt_scale, read_graded
from dullness import DULLNESS


@pytest.fixture
def job(tmp_path: Path) -> Job:
    """Six photos of three persons; the last two are copies of one picture."""
    (tmp_path / "set/photos/deep").mkdir(parents=True)
    for i in range(6):
        pixels = np.random.default_rng(min(i, 4)).integers(0, 255, (8, 8, 3), np.uint8).repeat(12, 0).repeat(12, 1)
        Image.fromarray(pixels).save(tmp_path / f"set/photos/{'deep/' if i == 5 else ''}{i}.png")
    rows = [f"{i}.png,p{i // 2},{i}" for i in range(6)]
    (tmp_path / "set/labels.csv").write_text("\n".join(["photo,subject,grade", *rows]) + "\n")
    (tmp_path / "set/unnamed.csv").write_text("\n".join(["photo,grade", *(f"{i}.png,{i}" for i in range(6))]) + "\n")
    return Job(
        DULLNESS, DULLNESS.recipes["plain"], "plain", tmp_path / "out", tell=lambda _: None, command="x",
        labels=tmp_path / "set/labels.csv", images=tmp_path / "set/photos", folds=2, seed=1,
    )  # fmt: skip


def read(job: Job) -> tuple[GradedPhotos, list[str]]:
    told: list[str] = []
    return read_graded(replace(job, tell=told.append), PIGMENT_9, classed=round), told


def test_every_photo_has_its_file_a_subject_and_a_fold(job: Job) -> None:
    photos, told = read(job)
    assert [path.name for path in photos.files] == [f"{i}.png" for i in range(6)]
    assert photos.files[5].parent.name == "deep"
    assert len(photos.folds) == len(photos) == 6
    assert set(photos.folds) == {0, 1}
    assert photos.grades == (0, 1, 2, 3, 4, 5)
    assert not told
    assert photos.source([0, 1, 2], 1) == "set: 3 graded photos of 2 subjects, without fold 1"


def test_persons_whom_the_table_does_not_name_are_inferred_and_that_is_said(job: Job) -> None:
    photos, told = read(replace(job, labels=job.labels and job.labels.with_name("unnamed.csv")))
    subjects = [label.subject for label in photos.labels]
    assert subjects[4] == subjects[5]
    assert photos.folds[4] == photos.folds[5]
    assert told[0].startswith("Persons inferred: 6 photos without a subject")
    assert list(photos.notes) == told


def test_what_is_excluded_is_left_out_and_makes_it_another_run(job: Job, tmp_path: Path) -> None:
    (tmp_path / "exclude.csv").write_text("photo\n0.png\n")
    photos, told = read(replace(job, exclude=(tmp_path / "exclude.csv",)))
    assert [label.photo for label in photos.labels] == [f"{i}.png" for i in range(1, 6)]
    assert told == ["1 of 6 photos are left out, as --exclude says"]
    assert set(photos.settings) == {"photos", "scale", "labels", "exclude"}
    # A run that was begun before anything could be left out is gone on with.
    assert set(read(job)[0].settings) == {"photos", "scale", "labels"}


def test_the_scale_is_one_that_the_condition_is_labelled_on_and_the_engine_learns(job: Job) -> None:
    assert job.labels is not None
    assert learnt_scale(job, job.labels) == PIGMENT_9
    with pytest.raises(UsageError, match="Dullness is learnt from grades on pigment-9, not on acne-5"):
        learnt_scale(replace(job, scale="acne-5"), job.labels)
    with pytest.raises(UsageError, match="learns grades on acne-hayashi only, not on pigment-9"):
        learnt_scale(job, job.labels, only="acne-hayashi")


def test_a_photo_that_is_missing_and_a_job_without_photos_are_one_sentence(job: Job) -> None:
    assert job.labels is not None
    job.labels.write_text("photo,grade\nnowhere.png,1\n")
    with pytest.raises(LabelsError, match=r"nowhere\.png"):
        read(job)
    with pytest.raises(UsageError, match="needs --images"):
        read(replace(job, images=None))
