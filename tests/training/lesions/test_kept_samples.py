"""Samples outlast the process that read them, with versions that bear another condition and are graded as before."""

from pathlib import Path

import matplotlib
import numpy as np
import pytest
from PIL import Image

pytest.importorskip("torch", reason="torch comes with the train extra")
import torch

from dermagrade.tables.labels import PhotoLabel
from dermagrade.training.lesions.data import LesionSampler, LesionSamples, load_samples
from dermagrade.training.lesions.kept_samples import keep_samples, kept_samples, paint_samples, with_painted

#: The public-domain portrait that the demo uses.
PORTRAIT = Path(matplotlib.__file__).parent / "mpl-data" / "sample_data" / "grace_hopper.jpg"
GRADED, NO_FACE, CLEAR = range(3)


@pytest.fixture
def samples(tmp_path: Path) -> LesionSamples:
    """The portrait with two lesions marked, a wall, and the portrait as a clear face; kept in ``tmp_path/kept``."""
    picture = Image.open(PORTRAIT)
    face = picture.resize((round(512 * picture.width / picture.height), 512))
    face.save(tmp_path / "a.png")
    face.save(tmp_path / "c.png")
    Image.new("RGB", (300, 200), (128, 128, 128)).save(tmp_path / "b.png")
    labels = [PhotoLabel("a.png", "p", 1, count=2), PhotoLabel("b.png", "q", 0, count=0)]
    marks = {"a.png": np.array([[190.0, 170.0, 3.0], [150.0, 160.0, 3.0]])}
    files = {label.photo: tmp_path / label.photo for label in labels}
    made = load_samples(labels, files, [marks], [("utk/c.png", tmp_path / "c.png")], {})
    keep_samples(tmp_path / "kept", made)
    return made


def test_kept_samples_come_back_as_they_were(samples: LesionSamples, tmp_path: Path) -> None:
    back = kept_samples(tmp_path / "kept")
    assert back.names == samples.names
    assert np.array_equal(back.pixels, samples.pixels)
    for was, now in zip(samples.lesions, back.lesions, strict=True):
        assert [None if m is None else m.tolist() for m in was] == [None if m is None else m.tolist() for m in now]


def test_a_face_is_painted_and_a_picture_without_one_is_not(samples: LesionSamples, tmp_path: Path) -> None:
    paint_samples(tmp_path / "painted", tmp_path / "kept", learnt="acne", seed=4, at_once=1)
    painted = with_painted(kept_samples(tmp_path / "kept"), tmp_path / "painted").painted
    assert {row: len(versions) for row, versions in painted.items()} == {GRADED: 2, CLEAR: 2}
    first, second = painted[GRADED]
    assert (first != samples.pixels[GRADED]).any()
    assert (first != second).any()


def test_painting_goes_on_where_it_stopped_and_ends_the_same(samples: LesionSamples, tmp_path: Path) -> None:
    once, twice = tmp_path / "once", tmp_path / "twice"
    paint_samples(once, tmp_path / "kept", learnt="acne", seed=4, at_once=1)
    twice.mkdir()
    (once / "part2").rename(twice / "part2")  # the clear face was painted before the stop
    paint_samples(twice, tmp_path / "kept", learnt="acne", seed=4, at_once=1)
    paint_samples(once, tmp_path / "kept", learnt="acne", seed=4, at_once=1)
    found = [with_painted(samples, folder).painted for folder in (once, twice)]
    assert all(np.array_equal(found[0][row], found[1][row]) for row in (GRADED, CLEAR))


def test_a_painted_version_is_shown_with_the_grade_and_the_lesions_of_the_photo(
    samples: LesionSamples, tmp_path: Path
) -> None:
    paint_samples(tmp_path / "painted", tmp_path / "kept", learnt="acne", seed=4, at_once=1)
    samples = with_painted(samples, tmp_path / "painted")
    plain = LesionSampler(samples, 3, 256).batch([GRADED, NO_FACE], patch=None, spread=0)
    under = LesionSampler(samples, 3, 256, others=1.0).batch([GRADED, NO_FACE], patch=None, spread=0)
    assert not torch.equal(plain.image[0], under.image[0])
    assert torch.equal(plain.image[1], under.image[1])
    assert torch.equal(plain.density, under.density)
    assert torch.equal(plain.grade, under.grade)


def test_each_share_holds_for_its_own_faces(samples: LesionSamples, tmp_path: Path) -> None:
    paint_samples(tmp_path / "painted", tmp_path / "kept", learnt="acne", seed=4, at_once=1)
    samples = with_painted(samples, tmp_path / "painted")
    sampler, times = LesionSampler(samples, 5, 64, others=0.2, clear_others=0.8), 300
    plain = {row: LesionSampler(samples, 5, 64).batch([row], patch=None, spread=0).image for row in (GRADED, CLEAR)}
    shown = {
        row: sum(not torch.equal(sampler.batch([row], patch=None, spread=0).image, plain[row]) for _ in range(times))
        for row in (GRADED, CLEAR)
    }
    assert shown[GRADED] / times == pytest.approx(0.2, abs=0.09)
    assert shown[CLEAR] / times == pytest.approx(0.8, abs=0.09)
