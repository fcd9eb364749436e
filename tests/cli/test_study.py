"""``dermagrade study``: from a folder to a draft, and from a study to a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from command_line import Run
from dermagrade.people.store.database import Database
from dermagrade.people.studies.progress import list_studies
from dermagrade.people.studies.record import read_study
from drawn_face import picture
from signed import add_person, database_in

pytestmark = pytest.mark.long


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three drawn photos, one of them in a folder below, and a letter."""
    place = tmp_path / "faces"
    (place / "left").mkdir(parents=True)
    for number, name in enumerate(("a.png", "b.png", "left/a.png")):
        Image.fromarray(picture(48, spots=number + 1, seed=number)).save(place / name)
    (place / "note.jpg").write_text("I am a letter.")
    return place


@pytest.fixture
def db(tmp_path: Path) -> Database:
    """The database that the command finds, with its first admin."""
    database = database_in(tmp_path)
    add_person(database, "Admin", "admin")
    return database


def test_a_folder_becomes_a_draft_and_what_is_no_photo_is_told(
    run: Run, folder: Path, db: Database, tmp_path: Path
) -> None:
    (tmp_path / "golden.csv").write_text("photo,grade\nleft/a.png,4\n")
    (tmp_path / "calibration.csv").write_text("photo,grade\nb.png,2.5\n")
    (tmp_path / "persons.csv").write_text("photo,subject\na.png,P1\nleft/a.png,P1\n")
    tables = ("--golden", "golden.csv", "--calibration", "calibration.csv", "--persons", "persons.csv")
    made = run("study", "create", "Spring", "--scale", "acne-5", "--images", "faces", "--seed", "7", *tables)
    assert made.returncode == 1, "one file was refused"
    assert made.stderr.startswith("dermagrade: note.jpg: this is a text file")
    assert len(made.stderr.splitlines()) == 1
    (line,) = list_studies(db)
    record = read_study(db, line.id)
    assert (record.name, record.scale, record.seed, record.state, record.repeats) == (
        "Spring",
        "acne-5",
        7,
        "draft",
        0.1,
    )
    assert {p.name: (p.kind, p.reference, p.person) for p in record.photos.values()} == {
        "a.png": ("ordinary", None, "P1"),
        "b.png": ("calibration", 2.5, "b.png"),
        "left/a.png": ("golden", 4.0, "P1"),
    }
    again = run("study", "add", "Spring", "--images", "faces")
    assert "0 photos stored, 1 refused" in again.stdout, "what is there is passed over"
    told = json.loads(run("study", "list", "--json").stdout)
    assert (told["name"], told["photos"], told["state"]) == ("Spring", 3, "draft")
    out = run("study", "export", "Spring", "--format", "labels", "--out", "labels.csv")
    assert (out.returncode, out.stderr) == (0, "")
    assert (tmp_path / "labels.csv").read_text().startswith("photo,subject,grade,")


def test_pictures_of_the_grades_come_in_with_the_study(run: Run, folder: Path, db: Database, tmp_path: Path) -> None:
    (tmp_path / "grades").mkdir()
    for grade in ("1", "3.5"):
        Image.fromarray(picture(48, seed=9)).save(tmp_path / "grades" / f"{grade}.png")
    create = ("study", "create", "Spring", "--images", "faces", "--scale-pictures", "grades", "--scale")
    told = run(*create, "acne-5")
    assert told.returncode == 2, "acne-5 has no half steps"
    assert told.stderr == "dermagrade: The grade 3.5 is none of 1, 2, 3, 4, 5.\n"
    assert list_studies(db) == ()
    assert "3 photos stored" in run(*create, "pigment-9").stdout
    (line,) = list_studies(db)
    assert [one["grade"] for one in read_study(db, line.id).instrument["pictures"]] == [1, 3.5]


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (("create", "A", "--scale", "change", "--images", "faces"), 2, "no scale change"),
        (("create", "A", "--scale", "acne-5", "--images", "nowhere"), 2, "no folder"),
        (("create", "A", "--scale", "acne-5", "--images", "faces", "--golden", "g.csv"), 1, "no photo 'x.png'"),
        (("create", "A", "--scale", "acne-5", "--images", "faces", "--by", "who@a.b"), 2, "who@a.b"),
        (("export", "A"), 2, "no study A"),
        (("export", "A", "--out", "a.pdf"), 2, "--format"),
    ],
)
def test_a_wrong_call_is_one_sentence_and_makes_nothing(
    run: Run, folder: Path, db: Database, tmp_path: Path, arguments: tuple[str, ...], status: int, sentence: str
) -> None:
    (tmp_path / "g.csv").write_text("photo,grade\nx.png,2\n")
    done = run("study", *arguments)
    assert done.returncode == status
    assert sentence in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert list_studies(db) == ()


def test_without_an_account_there_is_nobody_to_make_a_study(run: Run, folder: Path) -> None:
    done = run("study", "create", "A", "--scale", "acne-5", "--images", "faces")
    assert done.returncode == 2
    assert "dermagrade serve" in done.stderr
