"""Photos are found by name, and what was probably meant is said, not guessed."""

import unicodedata
from pathlib import Path

import pytest

from dermagrade.errors import LabelsError
from dermagrade.tables.photo_files import find_photos, locate_photos


@pytest.fixture
def images(tmp_path: Path) -> Path:
    for name in ("a.jpg", "left/b.jpg", "left/c.jpg", "right/c.jpg", "d.jpeg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


def test_a_bare_name_is_found_in_a_folder_below(images: Path) -> None:
    found = locate_photos(["a.jpg", "b.jpg", "right/c.jpg"], images)
    assert found == {"a.jpg": images / "a.jpg", "b.jpg": images / "left/b.jpg", "right/c.jpg": images / "right/c.jpg"}


@pytest.mark.parametrize(
    ("photo", "says"),
    [
        ("A.JPG", r"a.jpg is: write it that way"),
        ("a", r"a.jpg is: write it that way, with its suffix"),
        ("d.jpg", r"d.jpeg is: write it that way, with its suffix"),
        ("C:\\photos\\a.jpg", r"a.jpg is: write it that way"),
        ("c.jpg", r"left/c.jpg and right/c.jpg both have that name"),
        ("e.jpg", r"check the name and the folder"),
    ],
)
def test_a_missing_photo_is_named_with_what_may_be_meant(images: Path, photo: str, says: str) -> None:
    with pytest.raises(LabelsError, match=says):
        locate_photos([photo], images)


def test_it_is_said_how_many_are_missing(images: Path) -> None:
    with pytest.raises(LabelsError, match=r"photo e.jpg is not in .* \(2 photos are missing\)"):
        locate_photos(["a.jpg", "e.jpg", "f.jpg"], images)


def test_a_name_is_found_in_either_unicode_form(tmp_path: Path) -> None:
    stored = unicodedata.normalize("NFD", "José Müller.jpg")
    (tmp_path / stored).touch()
    assert locate_photos(["José Müller.jpg"], tmp_path) == {"José Müller.jpg": tmp_path / stored}
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / unicodedata.normalize("NFC", "Zoë.jpg")).touch()
    decomposed = unicodedata.normalize("NFD", "Zoë.jpg")
    assert locate_photos([decomposed], tmp_path)[decomposed].parent == tmp_path / "deep"


def test_all_that_differs_is_said(images: Path) -> None:
    with pytest.raises(LabelsError, match=r"a.jpg is: .*what differs: upper and lower case and the folder before"):
        locate_photos(["x/A.JPG"], images)
    with pytest.raises(LabelsError, match=r"The first of them: A.JPG, B.JPG, D.JPEG.$"):
        locate_photos(["A.JPG", "B.JPG", "D.JPEG", "X.JPG"], images)


def test_what_is_found_and_what_is_not_is_told_apart(images: Path) -> None:
    found = find_photos(["a.jpg", "A.JPG"], images, table="labels.csv")
    assert found.found == {"a.jpg": images / "a.jpg"}
    assert found.report.notes_on_names == (
        f"1 of 2 photos that labels.csv names is not in {images}: A.JPG. A.JPG is like a.jpg but for upper and lower "
        "case. Write each name in the same way in both.",
    )


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(LabelsError, match=r"There is no folder .*/none"):
        locate_photos(["a.jpg"], tmp_path / "none")
