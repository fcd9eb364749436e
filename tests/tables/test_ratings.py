"""One reader of ratings: the scale of the table is applied, and grades outside it are refused."""

import pytest

from dermagrade.errors import LabelsError
from dermagrade.tables.ratings import RatingTable, read_ratings
from dermagrade.tables.row import UploadedTable


def read(*lines: str, scale: str = "", header: str = "photo,rater,grade,scale") -> RatingTable:
    return read_ratings(UploadedTable("r.csv", "\n".join([header, *lines, ""]).encode()), scale=scale)


@pytest.mark.parametrize("grade", ["33", "-9", "0", "5.5"])
@pytest.mark.parametrize("named", ["acne-5", "Acne-5"])
def test_a_grade_outside_the_tables_scale_is_refused(grade: str, named: str) -> None:
    said = rf"r.csv, line 3: grade {grade} is not on the scale acne-5; leave the cell empty where there is no grade"
    with pytest.raises(LabelsError, match=said):
        read(f"a.jpg,anna,3,{named}", f"a.jpg,ben,{grade},{named}")


def test_a_scale_that_only_a_later_row_names_holds_for_all() -> None:
    with pytest.raises(LabelsError, match="line 2: grade 33 is not on the scale acne-5"):
        read("a.jpg,anna,33,", "a.jpg,ben,3,acne-5")


def test_the_scale_that_is_asked_for_holds_where_the_table_names_none() -> None:
    assert read("a.jpg,anna,33,").readings[0].grade == 33
    with pytest.raises(LabelsError, match="grade 33 is not on the scale acne-5"):
        read("a.jpg,anna,33,", scale="acne-5")


def test_grades_between_levels_are_taken_but_not_on_hayashis_scale() -> None:
    assert [one.grade for one in read("a.jpg,anna,1.5,acne-5", "b.jpg,anna,5,acne-5").readings] == [1.5, 5]
    with pytest.raises(LabelsError, match=r"grade 1.5 is not on the scale acne-hayashi"):
        read("a.jpg,anna,1.5,acne-hayashi")


def test_a_scale_that_is_not_known_here_is_one_scale_all_the_same() -> None:
    assert read("a.jpg,anna,33,iga").scale == "iga"
    with pytest.raises(LabelsError, match="on the scale acne-5, not on iga"):
        read("a.jpg,anna,33,iga", "a.jpg,ben,3,acne-5")


def test_a_reference_is_held_to_the_scale_too() -> None:
    header = "photo,rater,grade,scale,reference"
    assert read("a.jpg,anna,3,acne-5,2.4", header=header).references == {"a.jpg": 2.4}
    with pytest.raises(LabelsError, match="reference 24 is not on the scale acne-5"):
        read("a.jpg,anna,3,acne-5,24", header=header)


def test_a_row_without_a_grade_and_rows_that_are_no_blind_readings_are_told_apart() -> None:
    header = "photo,rater,grade,kind,reason"
    table = read("a.jpg,anna,,ordinary,blurred", "a.jpg,ben,2,repeat,", "t.jpg,ben,4,calibration,", header=header)
    assert [(one.photo, one.rater, one.reason) for one in table.ungraded] == [("a.jpg", "anna", "blurred")]
    assert [(one.rater, one.round) for one in table.readings] == [("ben", 2)]
    assert table.notes == ("1 rows of calibration were left out: they are no blind readings.",)
