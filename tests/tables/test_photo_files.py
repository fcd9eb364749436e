"""Photos are found by name, and what was probably meant is said, not guessed."""

from pathlib import Path

import pytest

from dermagrade.errors import LabelsError
from dermagrade.tables.photo_files import locate_photos


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
