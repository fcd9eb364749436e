"""How much each folder gives: as the table says, checked, and the same for every folder where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from dermagrade.errors import LabelsError
from dermagrade.training.zones.shares import ACNE_SHARES, OTHER_SHARES, read_shares, share_of, unknown_folders


def test_a_table_gives_shares_and_titles_in_its_order(tmp_path: Path) -> None:
    table = tmp_path / "shares.csv"
    table.write_text("folder,base,later,last,title\nb,0.7,0.3,0.2,Second collection\na,0,1,0.5,\n")
    shares = read_shares(table)
    assert list(shares) == ["b", "a"]
    assert share_of("b", shares).title == "Second collection"
    assert (share_of("a", shares).title, share_of("a", shares).of_stages) == ("a", (0.0, 1.0, 0.5))
    assert share_of("c", shares).of_stages == OTHER_SHARES


def test_without_a_table_photos_of_acne_come_after_the_base() -> None:
    assert read_shares(None) == {}
    assert share_of("acne", None).of_stages == ACNE_SHARES
    assert share_of("", None).title == "photos"


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("a,0.5,0.5,x\n", "last is 'x'; write a share from 0 to 1"),
        ("a,1.5,0.5,0\n", "base is '1.5'"),
        ("a,nan,0.5,0\n", "base is 'nan'"),
        ("a,0,0,0\na,0,0,0\n", "line 3: a is named a second time"),
        (",0,0,0\n", "the folder is empty"),
    ],
)
def test_a_wrong_row_is_one_sentence(tmp_path: Path, rows: str, says: str) -> None:
    table = tmp_path / "shares.csv"
    table.write_text("folder,base,later,last\n" + rows)
    with pytest.raises(LabelsError, match=says):
        read_shares(table)


def test_rows_of_folders_that_are_not_read_are_said_and_none_that_is_read_is_an_error() -> None:
    shares = {name: share_of(name, None) for name in ("one", "Two")}
    assert unknown_folders(shares, {"one", "Two", "", "acne"}) == []
    assert unknown_folders(shares, {"one", "two"}) == [
        "--shares names Two, which is not read here; the folders are: one, two"
    ]
    with pytest.raises(LabelsError, match="one is none; there are: two"):
        unknown_folders(shares, {"two"})
    assert unknown_folders({}, {"two"}) == []
