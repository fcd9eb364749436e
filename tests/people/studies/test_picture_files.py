"""Files that show a scale's grades: called by their grade, each taken once, with a note if there is one."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from dermagrade.errors import PhotoError, UsageError
from dermagrade.people.studies.picture_files import MOST_PICTURES, PictureFiles, read_folder

PIXELS = 10**8


def picture(seed: int = 0, size: int = 8) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (size, size), (seed % 256, 120, 90)).save(file, "png")
    return file.getvalue()


def test_a_picture_is_called_by_its_grade() -> None:
    files = PictureFiles(PIXELS)
    for name in ("3.png", "4.5.jpg", "7,5.PNG"):
        files.add(name, picture())
    files.add("About.txt", "\ufeffThey are simulated.".encode())
    assert list(files.pictures) == [3, 4.5, 7.5]
    assert files.note == "They are simulated."


def test_a_large_picture_is_kept_at_the_size_of_grading() -> None:
    files = PictureFiles(PIXELS)
    files.add("3.png", picture(size=6000))
    assert files.pictures[3].width < 6000


@pytest.mark.parametrize("name", ["severe.png", "nan.png", "1e999.png", ".png", "face 3.png"])
def test_another_name_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="called by its grade"):
        PictureFiles(PIXELS).add(name, picture())


def test_two_of_a_grade_are_refused() -> None:
    files = PictureFiles(PIXELS)
    files.add("3.png", picture())
    with pytest.raises(UsageError, match=r"3\.png and 3\.0\.jpg"):
        files.add("3.0.jpg", picture(1))


def test_a_note_that_is_too_long_is_refused_before_there_is_a_study() -> None:
    with pytest.raises(UsageError, match="300 characters"):
        PictureFiles(PIXELS).add("about.txt", b"x" * 301)


def test_more_than_any_scale_has_are_refused() -> None:
    files = PictureFiles(PIXELS)
    for number in range(MOST_PICTURES):
        files.add(f"{number}.png", picture(number))
    with pytest.raises(UsageError, match="more than"):
        files.add("99.png", picture())


def test_what_is_no_picture_is_told(tmp_path: Path) -> None:
    (tmp_path / "3.png").write_text("a letter")
    with pytest.raises(PhotoError, match=r"3\.png: this is a text file"):
        read_folder(tmp_path, max_pixels=PIXELS)


def test_a_folder_without_a_picture_is_told(tmp_path: Path) -> None:
    (tmp_path / "about.txt").write_text("nothing")
    (tmp_path / ".hidden").write_text("nothing")
    with pytest.raises(UsageError, match="no picture"):
        _ = read_folder(tmp_path, max_pixels=PIXELS).pictures
    with pytest.raises(UsageError, match="no folder"):
        read_folder(tmp_path / "none", max_pixels=PIXELS)
