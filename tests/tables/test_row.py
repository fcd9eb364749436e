"""One reader of tables: from a file or from bytes with a name, in one Unicode form."""

import re
import unicodedata
from pathlib import Path

import pytest

import dermagrade
from dermagrade.errors import LabelsError
from dermagrade.tables.row import UploadedTable, read_rows


def test_bytes_are_read_as_the_file_would_be(tmp_path: Path) -> None:
    data = b"photo,grade\na.jpg,1\n"
    (tmp_path / "l.csv").write_bytes(data)
    assert read_rows(UploadedTable("l.csv", data), ("photo",)) == read_rows(tmp_path / "l.csv", ("photo",))


def test_an_error_names_the_table_as_its_sender_does() -> None:
    with pytest.raises(LabelsError, match=r"^persons\.csv has no column 'photo'"):
        read_rows(UploadedTable("persons.csv", b"name\na\n"), ("photo",))
    row = read_rows(UploadedTable("persons.csv", b"photo\n\na\n"), ("photo",))[0]
    assert str(row.wrong("why.")) == "persons.csv, line 3: why."


def test_cells_are_in_the_composed_form_without_marks_that_nobody_sees() -> None:
    name = unicodedata.normalize("NFD", "Zoë.jpg")
    rows = read_rows(UploadedTable("l.csv", f"photo,grade\n\u200b{name}\u00a0\ufeff,1\n".encode()), ("photo",))
    assert rows[0]["photo"] == "Zo\u00eb.jpg"


def test_a_row_of_blanks_and_marks_is_empty() -> None:
    rows = read_rows(UploadedTable("l.csv", "photo,grade\n\u200b,\u00a0\na.jpg,1\n".encode()), ("photo",))
    assert [(row["photo"], row.place) for row in rows] == [("a.jpg", "line 3")]


def test_csv_is_parsed_in_one_module_and_written_in_another() -> None:
    package = Path(dermagrade.__file__).parent
    users = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if re.search(r"^\s*(import csv\b|from csv import)", path.read_text("utf-8"), re.MULTILINE)
    }
    assert users == {"tables/row.py", "tables/csv_text.py"}
