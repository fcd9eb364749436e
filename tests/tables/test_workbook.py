"""A workbook is read like a CSV, and one that cannot be read is refused in a sentence."""

import datetime
import sys
import zipfile
from pathlib import Path

import pytest

from dermagrade.errors import LabelsError, MissingExtraError
from dermagrade.tables.labels import read_labels
from dermagrade.tables.lesions import read_lesions
from dermagrade.tables.ratings import read_ratings
from dermagrade.tables.row import read_rows
from dermagrade.tables.workbook import OLE_START

openpyxl = pytest.importorskip("openpyxl", reason="needs openpyxl (the train extra)")


def workbook(path: Path, *rows: tuple[object, ...]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.create_sheet("later").append(("not", "read"))
    book.save(path)
    return path


def read(path: Path):
    return read_labels(path, allowed={0, 1, 2, 3}.__contains__, scale="acne-hayashi")


def test_a_newcomers_sheet_is_read_as_its_csv_would_be(tmp_path: Path) -> None:
    rows = [(), ("Photo ", "Subject", " GRADE", "Taken_at"), ("a.jpg", 12, 1.0, datetime.datetime(2024, 5, 1))]
    path = workbook(tmp_path / "l.xlsx", *rows, (None, " ", None), ("b.jpg ", None, 2, None))
    kept = tmp_path / "l.csv"
    kept.write_text("photo,subject,grade\na.jpg,12,1\nb.jpg,,2\n")
    assert read(path) == read(kept)
    assert [row["taken_at"] for row in read_rows(path, ("photo",))] == ["2024-05-01", ""]
    assert [label.subject_given for label in read(path)] == [True, False]


def test_ratings_and_lesions_are_read_from_workbooks_too(tmp_path: Path) -> None:
    ratings = workbook(tmp_path / "r.xlsx", ("photo", "rater", "grade", "round"), ("a.jpg", "anna", 1.5, 2))
    found = read_ratings(ratings, allowed=lambda grade: True, scale="").readings
    assert [(r.photo, r.rater, r.grade, r.round) for r in found] == [("a.jpg", "anna", 1.5, 2)]
    lesions = workbook(tmp_path / "x.xlsx", ("photo", "x", "y", "radius"), ("a.jpg", 1.5, 2, 3))
    assert read_lesions(lesions)["a.jpg"].tolist() == [[1.5, 2, 3]]


def test_a_message_names_the_row_of_the_sheet_with_blank_rows_counted(tmp_path: Path) -> None:
    path = workbook(tmp_path / "l.xlsx", ("photo", "grade"), ("a.jpg", 1), (None, None), ("b.jpg", 7))
    with pytest.raises(LabelsError, match=r"l.xlsx, row 4: grade 7 is not on the scale"):
        read(path)


@pytest.mark.parametrize(("value", "says"), [("Severe", "name of a level"), (True, "'TRUE', which is no number")])
def test_a_grade_is_never_guessed_from_words(tmp_path: Path, value: object, says: str) -> None:
    with pytest.raises(LabelsError, match=says):
        read(workbook(tmp_path / "l.xlsx", ("photo", "grade"), ("a.jpg", value)))


def test_a_formula_counts_by_its_stored_result(tmp_path: Path) -> None:
    path = workbook(tmp_path / "l.xlsx", ("photo", "grade"), ("a.jpg", "=1+1"))
    with pytest.raises(LabelsError, match="row 2: the grade is empty"):  # nobody has calculated it yet
        read(path)
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = (
        parts[sheet]
        .replace(b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>")
        .replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>")
    )
    with zipfile.ZipFile(path, "w") as new:
        for name, part in parts.items():
            new.writestr(name, part)
    assert read(path)[0].grade == 2


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("l.xls", OLE_START + bytes(600), "before 2007"),
        ("l.xlsx", OLE_START + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
        ("l.xlsx", b"PK\x03\x04 and no more", "cannot be read as an Excel workbook"),
        ("l.xlsx", b"photo,grade\na.jpg,1\n", "cannot be read as an Excel workbook"),
        ("l.xlsx", b"", "cannot be read as an Excel workbook"),
    ],
)
def test_what_is_no_workbook_is_refused_in_a_sentence(tmp_path: Path, name: str, data: bytes, says: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(LabelsError, match=says):
        read(tmp_path / name)


def test_another_archive_is_no_workbook(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "l.xlsx", "w") as archive:
        archive.writestr("letter.txt", "hello")
    with pytest.raises(LabelsError, match="cannot be read as an Excel workbook"):
        read(tmp_path / "l.xlsx")


@pytest.mark.parametrize(("rows", "says"), [((), "is empty"), ((("photo", "grade"),), "no rows")])
def test_an_empty_sheet_is_refused(tmp_path: Path, rows: tuple[tuple[str, ...], ...], says: str) -> None:
    with pytest.raises(LabelsError, match=says):
        read(workbook(tmp_path / "l.xlsx", *rows))


def test_a_workbook_is_known_by_its_content(tmp_path: Path) -> None:
    workbook(tmp_path / "l.xlsx", ("photo", "grade"), ("a.jpg", 1)).rename(tmp_path / "l.csv")
    assert read(tmp_path / "l.csv")[0].grade == 1


def test_without_the_reader_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = workbook(tmp_path / "l.xlsx", ("photo", "grade"), ("a.jpg", 1))
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(MissingExtraError, match=r"dermagrade\[train\]"):
        read(path)
