"""Copies are found however they were saved, mirrored ones too, and different pictures are not taken for copies."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from dermagrade.errors import LabelsError, PhotoError
from dermagrade.tables.labels import PhotoLabel
from dermagrade.tables.near_duplicates import near_duplicates
from dermagrade.tables.persons import contradictions, infer_subjects


def drawn(seed: int) -> Image.Image:
    """A picture of soft blotches of several sizes, another one for each seed."""
    chance = np.random.default_rng(seed)
    layers = [
        np.asarray(
            Image.fromarray(chance.integers(0, 256, (n, n), np.uint8)).resize((300, 240), Image.Resampling.BICUBIC)
        )
        for n in (4, 12, 40)
    ]
    grey = np.mean(layers, axis=0)
    return Image.fromarray(np.stack([grey, grey * 0.8, grey * 0.7], -1).astype(np.uint8))


def save(folder: Path, **pictures: Image.Image) -> list[Path]:
    paths = []
    for name, picture in pictures.items():
        paths.append(folder / f"{name}.jpg")
        picture.save(paths[-1], quality=90)
    return paths


def found(paths: list[Path]) -> list[tuple[str, str, bool]]:
    return [(paths[p.first].stem, paths[p.second].stem, p.mirrored) for p in near_duplicates(paths)]


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("change", ["quality", "size", "brightness", "shape"])
def test_a_changed_copy_is_found_and_called_a_copy(tmp_path: Path, change: str, mirrored: bool) -> None:
    paths = save(tmp_path, a=drawn(1), b=drawn(2))
    copy = ImageOps.mirror(drawn(1)) if mirrored else drawn(1)
    if change == "size":
        copy = copy.resize((120, 96))
    elif change == "brightness":
        copy = copy.point(lambda v: v * 0.6 + 10)
    elif change == "shape":
        copy = copy.resize((240, 240))
    copy.save(tmp_path / "c.jpg", quality=15 if change == "quality" else 85)
    pairs = near_duplicates([*paths, tmp_path / "c.jpg"])
    assert [(p.first, p.second, p.mirrored, p.copy) for p in pairs] == [(0, 2, mirrored, True)]


def test_different_pictures_in_one_frame_are_not_linked(tmp_path: Path) -> None:
    frame = Image.new("RGB", (300, 240), "white")
    pictures = {}
    for seed in range(8):
        picture = frame.copy()
        picture.paste(drawn(seed).resize((160, 200)), (70, 20))
        pictures[f"p{seed}"] = picture
    assert found(save(tmp_path, **pictures)) == []


def test_flat_photos_are_not_copies_of_each_other(tmp_path: Path) -> None:
    assert found(save(tmp_path, a=Image.new("RGB", (90, 90), "grey"), b=Image.new("RGB", (90, 90), "black"))) == []


def test_a_turned_camera_counts_by_what_is_seen(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter to stand upright
    drawn(1).transpose(Image.Transpose.ROTATE_90).save(tmp_path / "b.jpg", exif=exif)
    assert found([*save(tmp_path, a=drawn(1)), tmp_path / "b.jpg"]) == [("a", "b", False)]


def test_what_is_no_picture_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_text("a letter")
    with pytest.raises(PhotoError, match=r"a\.jpg: this is a text file, not a photo"):
        near_duplicates([tmp_path / "a.jpg"])
    assert near_duplicates([]) == []


def unnamed(photo: str, grade: float = 1) -> PhotoLabel:
    return PhotoLabel(photo, photo, grade, subject_given=False)


def test_linked_photos_become_one_subject_and_the_result_says_how(tmp_path: Path) -> None:
    save(tmp_path, a=drawn(1), b=drawn(2), c=ImageOps.mirror(drawn(1)))
    labels, notes = infer_subjects([unnamed("a.jpg"), unnamed("b.jpg"), unnamed("c.jpg")], tmp_path)
    assert [label.subject for label in labels] == ["a.jpg", "b.jpg", "a.jpg"]
    assert not any(label.subject_given for label in labels)
    assert len(notes) == 1
    assert "3 photos without a subject -> 2 persons" in notes[0]
    assert "cannot tell two different photos of one person" in notes[0]


def test_a_subject_that_the_table_names_stays_and_is_taken_over(tmp_path: Path) -> None:
    save(tmp_path, a=drawn(1), b=drawn(1), c=drawn(1))
    named = [unnamed("a.jpg"), PhotoLabel("b.jpg", "p7", 1), PhotoLabel("c.jpg", "p8", 1)]
    labels, notes = infer_subjects(named, tmp_path)
    assert [label.subject for label in labels] == ["p7", "p7", "p8"]
    assert any("Near-duplicates under two subjects: 2 pairs" in note for note in notes)


def test_labels_with_subjects_and_no_copies_need_no_note(tmp_path: Path) -> None:
    save(tmp_path, a=drawn(1), b=drawn(2))
    labels = [PhotoLabel("a.jpg", "p", 1), PhotoLabel("b.jpg", "p", 2)]
    assert infer_subjects(labels, tmp_path) == (labels, [])


def test_one_picture_with_two_grades_contradicts_itself(tmp_path: Path) -> None:
    paths = save(tmp_path, a=drawn(1), b=ImageOps.mirror(drawn(1)), c=drawn(1))
    labels = [unnamed("a.jpg", 1), unnamed("b.jpg", 2), unnamed("c.jpg", 1)]
    pairs = near_duplicates(paths)
    against = {(p.first, p.second, p.mirrored) for p in contradictions(labels, pairs)}
    assert against == {(0, 1, True), (1, 2, True)}
    assert any(
        "The same picture with two grades: 2 pairs" in n for n in infer_subjects(labels, tmp_path, pairs=pairs)[1]
    )


def test_a_photo_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(LabelsError, match=r"gone.jpg is not in"):
        infer_subjects([unnamed("gone.jpg")], tmp_path)


def test_real_photos_of_different_people_are_hardly_ever_linked(data_dir: Path) -> None:
    photos = sorted((data_dir / "faces" / "scut").rglob("*.jpg"))[::20]
    assert len(photos) > 20
    assert near_duplicates(photos) == []
