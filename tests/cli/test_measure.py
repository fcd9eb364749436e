"""``dermagrade measure``: own photos in, figures out; one that cannot be read is told and the rest is measured."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from dermagrade.cli.main import main
from dermagrade.cli.measure import MEASUREMENTS
from red_dots import grey_photo, paint, write_network
from still_face import write_zone_network

Call = Callable[..., int]
ON_PHOTOS = ("steadiness", "left-right", "by-age", "confounding", "cross-table")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A drawn face with red spots, and a table with its person's age."""
    photo = grey_photo()
    paint(photo, 190, 170)
    (tmp_path / "photos").mkdir()
    Image.fromarray(photo.pixels).save(tmp_path / "photos/spots.png")
    (tmp_path / "ages.csv").write_text("photo,age\nspots.png,31\nbroken.png,32\n")
    return tmp_path / "photos"


@pytest.fixture
def call(folder: Path, tmp_path: Path) -> Call:
    """Runs a measurement on the folder with drawn networks, in this process."""
    model, zones = write_network(tmp_path), write_zone_network(tmp_path)

    def call(name: str, *more: str) -> int:
        words = ["measure", name, "--images", str(folder), "--zones", str(zones), *more]
        if name != "cross-table":
            words += ["--model", str(model)]
        if name == "by-age":
            words += ["--ages", str(tmp_path / "ages.csv")]
        return main(words)

    return call


def test_the_measurements_of_photos_come_first_and_all_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert tuple(one.name for one in MEASUREMENTS)[:5] == ON_PHOTOS
    with pytest.raises(SystemExit):
        main(["measure", "--help"])
    said = capsys.readouterr().out
    assert all(one.name in said for one in MEASUREMENTS)


@pytest.mark.parametrize("name", ON_PHOTOS)
def test_every_measurement_prints_records_and_text_of_the_same_photos(
    name: str, call: Call, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(name, "--json") == 0
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {record["asked"] for record in records} == {1}
    assert all(record["models"] for record in records)
    assert call(name) == 0
    said = capsys.readouterr()
    assert records[0]["models"][0] in said.out
    assert said.err == ""


@pytest.mark.parametrize("name", ON_PHOTOS)
def test_a_photo_that_cannot_be_read_is_told_and_the_rest_is_measured(
    name: str, call: Call, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(name, "--json") == 0
    alone = [json.loads(line) | {"asked": 0} for line in capsys.readouterr().out.splitlines()]
    (folder / "broken.png").write_text("no picture")
    # The spots are the second photo by name then, and painted by another seed.
    assert call(name, "--json") == 1
    said = capsys.readouterr()
    both = [json.loads(line) | {"asked": 0} for line in said.out.splitlines()]
    assert len(said.err.splitlines()) == 1
    assert "broken.png" in said.err
    if name in ("left-right", "by-age"):
        assert both == alone
    assert len(both) == len(alone)


@pytest.mark.parametrize(
    ("name", "more", "says"),
    [
        ("steadiness", ["--images", "nowhere"], "nowhere is no folder with photos"),
        ("steadiness", ["--sample", "0"], "--sample must be 1 or more"),
        ("confounding", ["--seed", "-1"], "--seed must be 0 or more"),
        ("cross-table", ["--grades", "0"], "--grades must be 1 or more"),
    ],
)
def test_a_wrong_call_is_one_sentence_and_ends_with_2(
    name: str, more: list[str], says: str, call: Call, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(name, *more) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert says in said.err
    assert len(said.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["measure"], "NAME"),
        (["measure", "guess"], "guess"),
        (["measure", "steadiness"], "--images"),
        (["measure", "steadiness", "--images", ".", "--condition", "moles"], "moles"),
        (["measure", "by-age", "--images", "."], "--ages"),
    ],
)
def test_what_the_parser_refuses_is_one_line(words: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(words)
    assert end.value.code == 2
    said = capsys.readouterr().err
    assert says in said
    assert len(said.splitlines()) == 1


def test_a_study_without_a_folder_and_a_run_that_is_none_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["measure", "painted", str(tmp_path), "--study", "title"]) == 2
    assert "TITLE=DIR" in capsys.readouterr().err
    assert main(["measure", "painted", str(tmp_path), "--study", f"title={tmp_path}"]) == 2
    assert "no finished training" in capsys.readouterr().err
