"""What goes out cannot be run as a formula, and comes back as it was."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermagrade.tables.csv_text import csv_text
from dermagrade.tables.formula_guard import guarded, guarded_in_sheet, unguarded
from dermagrade.tables.row import UploadedTable, read_rows


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=cmd.jpg", "'=cmd.jpg"),
        ("+a.jpg", "'+a.jpg"),
        ("-a.jpg", "'-a.jpg"),
        ("@a.jpg", "'@a.jpg"),
        ("'=cmd.jpg", "''=cmd.jpg"),
        ("''@a.jpg", "'''@a.jpg"),
        ("a=b.jpg", "a=b.jpg"),
        ("'a.jpg", "'a.jpg"),
        ("-0.5", "-0.5"),
        ("'-0.5", "''-0.5"),
        ("-2+3", "'-2+3"),
        ("", ""),
    ],
)
def test_a_cell_is_guarded_and_read_back(text: str, cell: str) -> None:
    assert (guarded(text), unguarded(cell)) == (cell, text)


@given(st.one_of(st.text(), st.text(alphabet="'=+-@\t\r01.")))
def test_every_text_comes_back_as_it_was(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert unguarded(guarded_in_sheet(text)) == text


@given(st.text(alphabet="'=+-@01.ab", min_size=1))
def test_no_cell_begins_as_a_formula_unless_it_is_a_number(text: str) -> None:
    cell = guarded(text)
    assert cell[0] not in "=+-@" or float(cell) == float(text)


def test_a_table_that_was_written_is_read_as_it_was() -> None:
    names = ["=cmd.jpg", "'=cmd.jpg", "-x, y.jpg", 'say "a".jpg', "@é.jpg"]
    text = csv_text([("photo", "grade"), *((name, i + 0.5) for i, name in enumerate(names))])
    rows = read_rows(UploadedTable("t.csv", text.encode()), ("photo",))
    assert [row["photo"] for row in rows] == names
    assert [row["grade"] for row in rows] == ["0.5", "1.5", "2.5", "3.5", "4.5"]


def test_what_is_not_text_is_written_as_it_is(tmp_path: Path) -> None:
    assert csv_text([(None, -1, -0.5, 3, True, "")], line_end="\r\n") == ",-1,-0.5,3,True,\r\n"
