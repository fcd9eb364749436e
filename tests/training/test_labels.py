"""Tables are read, or refused with file, line and reason."""

from pathlib import Path

import pytest

from dermagrade.errors import LabelsError
from dermagrade.training.labels import PhotoLabel, read_labels, read_lesions


def table(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def read(path: Path, ratings: Path | None = None) -> list[PhotoLabel]:
    return read_labels(path, allowed={0, 1, 2, 3}.__contains__, scale="acne-hayashi", ratings=ratings)


def test_second_round_ratings_never_reach_a_label(tmp_path: Path) -> None:
    labels = table(tmp_path / "l.csv", "photo,grade", "a.jpg,1")
    ratings = table(
        tmp_path / "r.csv", "photo,rater,round,grade", "a.jpg,expert,1,2", "a.jpg,expert,2,3", "a.jpg,junior,1,1"
    )
    assert read(labels, ratings)[0].readings == (2, 1)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("b.jpg,p,4,,", r"line 3: grade 4 is not on the scale acne-hayashi"),
        ("b.jpg,p,1.5,,", r"line 3: grade 1.5 is not on"),
        ("b.jpg,p,,,", r"line 3: the grade is empty"),
        ("b.jpg,p,high,,", r"line 3: grade is 'high', which is no number"),
        ("a.jpg,p,1,,", r"line 3: a.jpg is named a second time"),
        ("b.jpg,p,1,0.5,", r"line 3: fold 0.5 is not a whole number"),
        ("b.jpg,p,1,,acne-5", r"line 3: the grade is on the scale acne-5, not on acne-hayashi"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: str, says: str) -> None:
    path = table(tmp_path / "l.csv", "photo,subject,grade,fold,scale", "a.jpg,p,1,,", line)
    with pytest.raises(LabelsError, match=says):
        read(path)


def test_a_photo_without_subject_stands_for_itself(tmp_path: Path) -> None:
    assert read(table(tmp_path / "l.csv", "photo,grade", "a.jpg,1"))[0].subject == "a.jpg"


@pytest.mark.parametrize(
    ("lines", "says"), [(["photo,grade"], "no rows"), (["photo,score", "a,1"], "no column 'grade'")]
)
def test_an_empty_or_foreign_table_is_refused(tmp_path: Path, lines: list[str], says: str) -> None:
    with pytest.raises(LabelsError, match=says):
        read(table(tmp_path / "l.csv", *lines))


def test_lesions_are_gathered_by_photo(tmp_path: Path) -> None:
    found = read_lesions(table(tmp_path / "x.csv", "photo,x,y,radius", "a,1,2,3", "b,4,5,6", "a,7,8,9"))
    assert {name: marks.shape for name, marks in found.items()} == {"a": (2, 3), "b": (1, 3)}
