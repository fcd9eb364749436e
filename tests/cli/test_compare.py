"""``dermagrade compare``: one object a series, in the order given, by time, or of every subject of a table."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest
from PIL import Image

from command_line import Run
from dermagrade.cli.compare import sentence
from dermagrade.cli.main import main
from dermagrade.conditions import CONDITIONS
from dermagrade.types import Change, Finding
from plain_condition import DARKER, DARKNESS

#: EXIF's keys of the block of details, and of the time in it.
DETAILS, TAKEN = 0x8769, 0x9003


@pytest.fixture
def own_conditions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two conditions of the tests in place of the table: one of photos, one of series."""
    table = MappingProxyType({"darkness": DARKNESS, "darker": DARKER})
    for module in ("assess.photo", "assess.series", "cli.compare"):
        monkeypatch.setattr(f"dermagrade.{module}.CONDITIONS", table)


@pytest.fixture(scope="module")
def faces(tmp_path_factory: pytest.TempPathFactory, portrait: Path) -> Path:
    """One face in three lights, the lightest first by name and the last by time."""
    folder = tmp_path_factory.mktemp("series")
    with Image.open(portrait) as picture:
        pixels = np.asarray(picture.convert("RGB"), np.float64)
    for name, light, day in (("a", 1.0, 20), ("b", 0.9, 13), ("c", 0.8, 6)):
        exif = Image.Exif()
        exif.get_ifd(DETAILS)[TAKEN] = f"2026:03:{day:02d} 09:00:00"
        lit = Image.fromarray(np.clip(pixels * light, 0, 255).astype(np.uint8))
        lit.save(folder / f"{name}.jpg", quality=95, exif=exif)
    (folder / "letter.txt").write_text("I am a letter, not a picture.")
    return folder


def compare(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, list[dict], str]:
    """Exit status, records and stderr of the command."""
    status = main(["compare", "--json", *(str(argument) for argument in arguments)])
    out, err = capsys.readouterr()
    return status, [json.loads(line) for line in out.splitlines()], err


def test_while_no_condition_compares_the_command_says_so_in_one_line(run: Run, portrait: Path) -> None:
    if any(condition.compare is not None for condition in CONDITIONS.values()):
        pytest.skip("a condition of the table compares")
    done = run("compare", portrait, portrait)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == "dermagrade: No condition is installed that can compare photos.\n"


def test_the_photos_are_compared_in_the_order_given(
    capsys: pytest.CaptureFixture[str], own_conditions: None, faces: Path
) -> None:
    photos = [faces / "c.jpg", faces / "a.jpg", faces / "b.jpg"]
    status, (record,), err = compare(capsys, *photos)
    assert (status, err) == (0, "")
    assert record["photos"] == [str(path) for path in photos]
    assert (record["subject"], record["taken_at"]) == (None, [None] * 3)
    assert record["status"] == "compared"
    assert "darkness" not in record
    assert record["darker"]["difference"] < 0
    status, (back,), _ = compare(capsys, *reversed(photos))
    assert back["darker"]["difference"] == -record["darker"]["difference"]
    assert back["darker"]["scores"] == record["darker"]["scores"][::-1]


def test_by_time_the_files_say_the_order(capsys: pytest.CaptureFixture[str], own_conditions: None, faces: Path) -> None:
    status, (record,), _ = compare(capsys, "--by-time", *(faces / f"{name}.jpg" for name in "abc"))
    assert status == 0
    assert [Path(name).stem for name in record["photos"]] == ["c", "b", "a"]
    assert record["taken_at"] == [f"2026-03-{day:02d}T09:00:00+00:00" for day in (6, 13, 20)]


def test_by_time_a_photo_without_a_time_is_refused(
    capsys: pytest.CaptureFixture[str], own_conditions: None, faces: Path, portrait: Path
) -> None:
    status, (record,), err = compare(capsys, "--by-time", faces / "a.jpg", portrait)
    assert (status, record["status"]) == (1, "refused")
    assert [finding["code"] for finding in record["findings"]] == ["S102"]
    assert len(err.splitlines()) == 1


def test_a_table_compares_every_subject_in_order_of_time(
    capsys: pytest.CaptureFixture[str], own_conditions: None, faces: Path, tmp_path: Path
) -> None:
    rows = ["photo,subject,taken_at", "a.jpg,p1,2026-05-02", "b.jpg,p1,2026-05-01", "c.jpg,p2,", "a.png,p2,"]
    table = tmp_path / "series.csv"
    table.write_text("\n".join(rows[:3]) + "\n")
    status, (record,), _ = compare(capsys, "--table", table, faces)
    assert status == 0
    assert (record["subject"], [Path(name).name for name in record["photos"]]) == ("p1", ["b.jpg", "a.jpg"])
    assert record["taken_at"] == ["2026-05-01T00:00:00+00:00", "2026-05-02T00:00:00+00:00"]
    table.write_text("\n".join(rows[:4]) + "\n")
    status, records, err = compare(capsys, "--table", table, faces)
    assert status == 1
    assert [(record["subject"], record["status"]) for record in records] == [("p1", "compared"), ("p2", "refused")]
    assert [finding["code"] for finding in records[1]["findings"]] == ["S101"]
    assert "p2" in err
    table.write_text("\n".join(rows) + "\n")
    assert main(["compare", "--table", str(table), str(faces)]) == 1
    assert "a.png" in capsys.readouterr().err


def test_a_photo_that_is_none_fails_its_series(
    capsys: pytest.CaptureFixture[str], own_conditions: None, faces: Path
) -> None:
    status, (record,), err = compare(capsys, faces / "a.jpg", faces / "letter.txt")
    assert (status, record["status"]) == (1, "failed")
    assert record["error"]
    assert len(err.splitlines()) == 1


def test_people_read_one_line_a_series(capsys: pytest.CaptureFixture[str], own_conditions: None, faces: Path) -> None:
    assert main(["compare", str(faces / "a.jpg"), str(faces / "b.jpg")]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith(f"{faces / 'a.jpg'} to {faces / 'b.jpg'}: darker ")
    assert " on pigment-9, " in line
    assert sentence(Change("x", "acne-5", abstained="No face.")) == "x not compared: No face."


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["a.jpg"], "two photos or more"),
        ([], "two photos or more"),
        (["--condition", "darkness", "a.jpg", "b.jpg"], "darkness cannot compare photos; these can: darker"),
        (["--overlay", "a.jpg", "b.jpg"], "leave --overlay out"),
        (["--report", "x.html", "a.jpg", "b.jpg"], "leave --report out"),
        (["--table", "series.csv", "a.jpg", "b.jpg"], "the one folder"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_wrong_calls_are_one_sentence(
    capsys: pytest.CaptureFixture[str], own_conditions: None, arguments: list[str], says: str
) -> None:
    assert main(["compare", *arguments]) == 2
    err = capsys.readouterr().err
    assert says in err
    assert len(err.splitlines()) == 1


def test_findings_of_a_condition_stand_in_the_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, faces: Path
) -> None:
    def warn(looks: object) -> Change:
        assert DARKER.compare is not None
        finding = Finding("S201", "caution", "The light differs.")
        return replace(DARKER.compare(looks), findings=(finding,))  # type: ignore[arg-type]

    table = MappingProxyType({"darkness": DARKNESS, "darker": replace(DARKER, compare=warn)})
    for module in ("assess.photo", "assess.series", "cli.compare"):
        monkeypatch.setattr(f"dermagrade.{module}.CONDITIONS", table)
    assert main(["compare", str(faces / "a.jpg"), str(faces / "b.jpg")]) == 0
    assert capsys.readouterr().out.rstrip().endswith("[caution S201]")
