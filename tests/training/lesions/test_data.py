"""Samples for the acne network hold the lesions that are in the frame, and a region asks for its own."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from drawn_face import picture, spot_places

pytest.importorskip("torch", reason="torch comes with the train extra")
import torch

from dermagrade.errors import PhotoError
from dermagrade.photo.read import read_photo
from dermagrade.tables.labels import PhotoLabel
from dermagrade.training.lesions.data import LesionSampler, LesionSamples, grade_target, load_samples
from dermagrade.training.lesions.net import LesionNet

SPOTS = (3, 8)


@pytest.fixture
def samples(tmp_path: Path) -> LesionSamples:
    marks = {}
    for i, spots in enumerate(SPOTS):
        Image.fromarray(picture(200, spots=spots, seed=i)).save(tmp_path / f"{i}.png")
        marks[f"{i}.png"] = np.column_stack([spot_places(200, spots, i), np.full(spots, 2.0)])
    Image.fromarray(picture(200)).save(tmp_path / "clear.png")
    labels = [PhotoLabel(f"{i}.png", f"p{i}", i, count=n) for i, n in enumerate(SPOTS)]
    files = {label.photo: tmp_path / label.photo for label in labels}
    return load_samples(labels, files, [marks], [("c/clear.png", tmp_path / "clear.png")], {})


@pytest.mark.parametrize("side", [64, 96, 256])
def test_the_density_of_a_whole_view_sums_to_its_lesions(samples: LesionSamples, side: int) -> None:
    batch = LesionSampler(samples, 1, side).batch([0, 1, 2], patch=None, spread=0)
    assert batch.density[:, 0].sum((1, 2)).tolist() == pytest.approx([3, 8, 0], abs=1e-3)


def test_a_patch_holds_whole_lesions_and_no_more_than_there_are(samples: LesionSamples) -> None:
    batch = LesionSampler(samples, 2, 128).batch([1] * 12, patch=64)
    counts = batch.density[:, 0].sum((1, 2))
    assert torch.allclose(counts, counts.round(), atol=1e-3)
    assert 0 < counts.max() <= 8
    assert len(set(counts.round().tolist())) > 1


def test_an_annotation_that_is_missing_teaches_nothing(samples: LesionSamples) -> None:
    batch = LesionSampler(samples, 1, 64).batch([0, 2], patch=None, spread=0)
    assert batch.mapped.tolist() == [[True, False], [True, True]]


def test_a_region_over_one_half_gathers_that_halfs_lesions_alone(samples: LesionSamples) -> None:
    density = torch.cat([LesionSampler(samples, 1, 64).batch([i], patch=None, spread=0).density for i in (1, 2)], 3)
    features = [torch.zeros(1, c, 16 // 2**k, 32 // 2**k) for k, c in ((1, 64), (2, 96), (3, 128))]
    left = torch.zeros(1, 1, 16, 32)
    left[..., :16] = 1
    net = LesionNet()
    assert net.pool(density, features, left)[1][0, 0].item() == pytest.approx(8, abs=1e-3)
    assert net.pool(density, features, 1 - left)[1][0, 0].item() == pytest.approx(0, abs=1e-3)


def test_readings_of_other_raters_are_half_of_the_target() -> None:
    alone = grade_target(PhotoLabel("a", "p", 1))
    assert alone.tolist() == pytest.approx([0.05, 0.9, 0.05, 0])
    read = grade_target(PhotoLabel("a", "p", 1, readings=(3, 3)))
    assert read.sum() == pytest.approx(1)
    assert read[1] == pytest.approx(read[3])


def test_a_file_that_is_no_picture_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_text("no picture")
    with pytest.raises(PhotoError, match=r"a\.jpg: this is a text file, not a photo"):
        load_samples([PhotoLabel("a.jpg", "p", 1)], {"a.jpg": tmp_path / "a.jpg"}, [], [], {})


def test_a_photo_whose_counted_lesions_have_no_mark_is_not_taught_as_clear(tmp_path: Path) -> None:
    Image.fromarray(picture(64)).save(tmp_path / "a.png")
    labels = [PhotoLabel("a.png", "p", 2, count=42), PhotoLabel("b.png", "q", 0, count=0)]
    files = dict.fromkeys(("a.png", "b.png"), tmp_path / "a.png")
    made = load_samples(labels, files, [{}], [], {})
    assert made.lesions[0] == [None, None]
    assert made.lesions[1][0] is not None
    assert len(made.lesions[1][0]) == 0
    assert made.counts[0, 0] == 42


def test_a_heic_photo_teaches_what_it_shows(tmp_path: Path) -> None:
    path = Path(__file__).parents[2] / "cli/grace_hopper.heic"
    made = load_samples([PhotoLabel("a.heic", "p", 1)], {"a.heic": path}, [], [], {})
    read = read_photo(path, full_size=True)
    assert made.sizes[0].max() == 512
    assert made.pixels[0].any()
    assert made.sizes[0, 0] / made.sizes[0, 1] == pytest.approx(read.width / read.height, abs=0.01)


def test_photos_are_read_with_their_orientation_and_colours_as_for_grading(tmp_path: Path) -> None:
    upright = np.zeros((40, 20, 3), np.uint8)
    upright[:10] = 200
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(np.rot90(upright)).save(tmp_path / "turned.png", exif=exif)
    made = load_samples([PhotoLabel("turned.png", "p", 1)], {"turned.png": tmp_path / "turned.png"}, [], [], {})
    assert made.sizes[0].tolist() == [256, 512]
    assert np.array_equal(read_photo(tmp_path / "turned.png").pixels, upright)
    assert made.pixels[0, 0, 0].tolist() == [200, 200, 200]
