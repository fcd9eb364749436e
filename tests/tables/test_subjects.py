"""Whose photo it is comes from a table, once."""

import pytest

from dermagrade.errors import LabelsError
from dermagrade.tables.row import UploadedTable
from dermagrade.tables.subjects import join_subjects, read_subjects


def persons(text: str) -> UploadedTable:
    return UploadedTable("persons.csv", text.encode())


def test_a_photo_without_a_subject_stands_for_itself() -> None:
    assert read_subjects(persons("photo,subject\na.jpg,p1\nb.jpg,\n")) == {"a.jpg": "p1", "b.jpg": "b.jpg"}


def test_a_photo_of_two_subjects_is_refused_and_one_named_twice_alike_is_not() -> None:
    assert read_subjects(persons("photo,subject\na.jpg,p1\na.jpg,p1\n")) == {"a.jpg": "p1"}
    with pytest.raises(LabelsError, match=r"line 3: a\.jpg is of p1 above and of p2 here"):
        read_subjects(persons("photo,subject\na.jpg,p1\na.jpg,p2\n"))


def test_persons_of_other_photos_are_an_error_that_says_why() -> None:
    with pytest.raises(LabelsError, match=r"None of the 1 photos in persons\.csv is among the photos of the folder"):
        join_subjects(["a.jpg"], persons("photo,subject\nx/A.jpg,p1\n"), names_are="photos of the folder")
