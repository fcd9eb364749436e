"""Tables are read, or refused with file, line and reason."""

from pathlib import Path

import pytest

from dermagrade.errors import LabelsError
from dermagrade.tables.labels import PhotoLabel, read_labels, simulated_rows, with_readings
from dermagrade.tables.lesions import read_lesions
from dermagrade.tables.ratings import read_ratings


def table(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def read(path: Path) -> list[PhotoLabel]:
    return read_labels(path, allowed={0, 1, 2, 3}.__contains__, scale="acne-hayashi")


def test_second_round_ratings_never_reach_a_label(tmp_path: Path) -> None:
    labels = table(tmp_path / "l.csv", "photo,grade", "a.jpg,1")
    ratings = table(
        tmp_path / "r.csv", "photo,rater,round,grade", "a.jpg,expert,1,2", "a.jpg,expert,2,3", "a.jpg,junior,1,1"
    )
    graded, notes = with_readings(read(labels), read_ratings(ratings).readings, table="r.csv")
    assert (graded[0].readings, notes) == ((2, 1), ())


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("b.jpg,p,4,,", r"line 3: grade 4 is not on the scale acne-hayashi"),
        ("b.jpg,p,1.5,,", r"line 3: grade 1.5 is not on"),
        ("b.jpg,p,,,", r"line 3: the grade is empty"),
        ("b.jpg,p,high,,", r"line 3: grade is 'high', which is no number"),
        ("b.jpg,p,Mild,,", r"line 3: grade is 'Mild', the name of a level"),
        ("b.jpg,p,1_0,,", r"line 3: grade is '1_0', which is no number"),
        ('b.jpg,p,"1,5",,', r"line 3: .* write 1.5"),
        ("b.jpg,p,1,,,more", r"line 3: there are more cells than columns"),
        (",p,1,,", r"line 3: the photo is empty"),
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
    ("lines", "says"),
    [
        (["photo,grade"], "no rows"),
        (["photo,score", "a,1"], "no column 'grade'"),
        (["photo;grade", "a;1"], "separate the columns by commas"),
        (["photo,grade,Grade", "a,1,2"], "two columns 'grade'"),
        ([""], "is empty"),
    ],
)
def test_an_empty_or_foreign_table_is_refused(tmp_path: Path, lines: list[str], says: str) -> None:
    with pytest.raises(LabelsError, match=says):
        read(table(tmp_path / "l.csv", *lines))


def test_lesions_are_gathered_by_photo(tmp_path: Path) -> None:
    found = read_lesions(table(tmp_path / "x.csv", "photo,x,y,radius", "a,1,2,3", "b,4,5,6", "a,7,8,9"))
    assert {name: marks.shape for name, marks in found.items()} == {"a": (2, 3), "b": (1, 3)}


def test_the_case_of_columns_and_spaces_around_cells_do_not_matter_and_blank_lines_are_counted(tmp_path: Path) -> None:
    path = table(tmp_path / "l.csv", "", "Photo , GRADE", ", ", "a.jpg , 1")
    assert read(path)[0] == PhotoLabel("a.jpg", "a.jpg", 1, subject_given=False)
    with pytest.raises(LabelsError, match="line 5: grade 9"):
        read(table(tmp_path / "l.csv", "", "photo,grade", "a.jpg,1", "", "b.jpg,9"))


def test_it_is_kept_whether_a_subject_was_given(tmp_path: Path) -> None:
    labels = read(table(tmp_path / "l.csv", "photo,subject,grade", "a.jpg,p,1", "b.jpg,,1"))
    assert [(label.subject, label.subject_given) for label in labels] == [("p", True), ("b.jpg", False)]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("a.jpg,anna,1,1,", "line 3: anna graded a.jpg in line 2 already"),
        ("a.jpg,anna,1,1.5,", "line 3: round 1.5 is not a whole number"),
        ("a.jpg,anna,1,0,", "line 3: round 0 is not a whole number"),
        ("b.jpg,,1,1,", "line 3: the rater is empty"),
        ("b.jpg,anna,1,1,acne-5", "line 3: the grade is on the scale acne-5, not on acne-hayashi"),
    ],
)
@pytest.mark.parametrize("scale", ["acne-hayashi", ""])
def test_a_wrong_rating_is_named(tmp_path: Path, line: str, says: str, scale: str) -> None:
    path = table(tmp_path / "r.csv", "photo,rater,grade,round,scale", "a.jpg,anna,1,1,acne-hayashi", line)
    with pytest.raises(LabelsError, match=says):
        read_ratings(path, allowed=lambda grade: True, scale=scale)


@pytest.mark.parametrize(("said", "located"), [("1", True), ("", True), ("0", False), ("FALSE", False)])
def test_doubtful_places_are_marked(tmp_path: Path, said: str, located: bool) -> None:
    assert read(table(tmp_path / "l.csv", "photo,grade,located", f"a.jpg,1,{said}"))[0].located is located


def test_a_table_of_painted_pictures_is_known_as_simulated(tmp_path: Path) -> None:
    (tmp_path / "painted.csv").write_text("photo,grade,simulated\na.jpg,1,1\nb.jpg,2,1\nc.jpg,2,0\nd.jpg,2,\n")
    (tmp_path / "read.csv").write_text("photo,grade\na.jpg,1\n")
    assert simulated_rows(tmp_path / "painted.csv") == 2
    assert simulated_rows(tmp_path / "read.csv") == 0
