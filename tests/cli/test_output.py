"""Files are written whole or not at all, and never over an input."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from dermagrade.cli.output import CsvFile, OutputNames, make_folder, shown, write_file
from dermagrade.errors import OutputError


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[Path]:
    """A folder that may not be written to, for an ordinary user even where the tests run as root."""
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o555)
    was_root = os.geteuid() == 0
    if was_root:
        # Root may write anywhere; the folders above must let the ordinary user through.
        above = [path for path in folder.parents if path.stat().st_uid == 0 and path != Path("/")]
        modes = {path: path.stat().st_mode for path in above}
        for path in above:
            path.chmod(modes[path] | 0o111)
        os.seteuid(65534)
    try:
        yield folder
    finally:
        if was_root:
            os.seteuid(0)
            for path, mode in modes.items():
                path.chmod(mode)


def test_a_folder_without_permission_is_one_sentence(locked: Path) -> None:
    with pytest.raises(OutputError, match=r"x\.json cannot be written: Permission denied\."):
        write_file(locked / "x.json", b"{}")
    with pytest.raises(OutputError, match=r"cannot be made: Permission denied\."):
        make_folder(locked / "deeper")
    with pytest.raises(OutputError, match=r"x\.csv cannot be written: Permission denied\."):
        CsvFile(locked / "x.csv", ["a"])


def test_a_file_that_cannot_take_its_place_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    with pytest.raises(OutputError, match="cannot be written"):
        write_file(tmp_path / "taken", b"content")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_a_file_that_exists_is_replaced(tmp_path: Path) -> None:
    write_file(tmp_path / "x", b"one")
    write_file(tmp_path / "x", b"two")
    assert (tmp_path / "x").read_bytes() == b"two"
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_rows_are_on_the_disk_as_soon_as_they_are_added(tmp_path: Path) -> None:
    with CsvFile(tmp_path / "x.csv", ["name", "value"]) as table:
        table.add({"name": 'a "b", c', "value": None, "unknown": 3})
        assert (tmp_path / "x.csv").read_text() == 'name,value\n"a ""b"", c",\n'


def test_names_differ_even_where_the_disk_ignores_case(tmp_path: Path) -> None:
    names = OutputNames(tmp_path, [])
    photos = ["a/x.jpg", "b/X.png", "c/x.jpg", "d/x-2.jpg", "e/y.jpg"]
    claimed = [names.claim(Path(photo), [".json"]) for photo in photos]
    assert claimed == ["x", "X-2", "x-3", "x-2-2", "y"]


def test_a_name_whose_file_is_an_input_is_not_given(tmp_path: Path) -> None:
    names = OutputNames(tmp_path, [tmp_path / "x.jpg", tmp_path / "x_overlay.jpg"])
    assert names.claim(Path("x.jpg"), [".json", "_overlay.jpg"]) == "x-2"


def test_control_characters_are_shown_escaped_and_letters_are_left() -> None:
    assert shown("Zoë\n\x1b[2J 顔") == "Zoë\\n\\x1b[2J 顔"
