"""Names that do not match are said by every command: how many, which, and why; where nothing matches it is an error."""

from __future__ import annotations

import json
import shutil
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from dermagrade.cli.main import main
from dermagrade.people.studies.progress import list_studies
from dermagrade.people.studies.record import read_study
from drawn_face import picture
from graded_photos import add_grain
from red_dots import grey_photo, paint, write_network
from signed import add_person, database_in
from still_face import write_zone_network

NAMES = tuple(f"p{i}.png" for i in range(1, 5))

#: How names go wrong, and the word that must be said.
WRONG: dict[str, tuple[Callable[[str], str], str]] = {
    "case": (str.upper, "upper and lower case"),
    "folder": (lambda name: f"photos/{name}", "the folder before the name"),
    "suffix": (lambda name: name.removesuffix(".png"), "the suffix"),
    "blanks": (lambda name: name.replace("p", "p "), "blanks"),
    "case and folder": (lambda name: f"Photos/{name.upper()}", "upper and lower case and the folder before the name"),
}
wrong_names = pytest.mark.parametrize(("turned", "why"), WRONG.values(), ids=WRONG)


@dataclass(frozen=True)
class Said:
    """How a command ended."""

    status: int
    out: str
    err: str


Command = Callable[..., Said]


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs the command line in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Said:
        status = main(list(arguments))
        out, err = capsys.readouterr()
        return Said(status, out, err)

    return run


def write(path: Path, header: str, rows: list[str]) -> None:
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")


def half(turned: Callable[[str], str]) -> list[str]:
    """The first two names as they are, the others gone wrong."""
    return [*NAMES[:2], *map(turned, NAMES[2:])]


@pytest.fixture
def ratings(tmp_path: Path) -> Path:
    rows = [f"{name},{rater},{1 + (i + j) % 4}" for i, name in enumerate(NAMES) for j, rater in enumerate("ab")]
    write(tmp_path / "ratings.csv", "photo,rater,grade", rows)
    return tmp_path


@wrong_names
def test_agreement_refuses_labels_and_a_golden_set_of_no_rated_photo(
    ratings: Path, command: Command, turned: Callable[[str], str], why: str
) -> None:
    write(ratings / "labels.csv", "photo,subject,grade", [f"{turned(name)},s,2" for name in NAMES])
    for option in ("--labels", "--golden"):
        said = command("agreement", "ratings.csv", option, "labels.csv")
        assert (said.status, said.out, said.err.count("\n")) == (1, "", 1)
        assert "None of the 4 photos in labels.csv is among the rated photos: " + turned(NAMES[0]) in said.err
        assert f"but for {why}" in said.err


@wrong_names
def test_agreement_notes_rated_photos_without_a_person_and_golden_ones_that_nobody_rated(
    ratings: Path, command: Command, turned: Callable[[str], str], why: str
) -> None:
    write(ratings / "labels.csv", "photo,subject,grade", [f"{name},s,2" for name in half(turned)])
    notes = json.loads(command("agreement", "ratings.csv", "--labels", "labels.csv", "--json").out)["notes"]
    assert notes[0].startswith("2 of 4 rated photos are not in labels.csv: p3.png, p4.png.")
    assert f"but for {why}" in notes[0]
    assert notes[0].endswith("counts as a person of its own.")
    notes = json.loads(command("agreement", "ratings.csv", "--golden", "labels.csv", "--json").out)["notes"]
    assert notes[0].startswith("2 of 4 photos in labels.csv are not among the rated photos")
    assert f"but for {why}" in notes[0]


def test_agreement_says_nothing_of_names_where_all_match_in_whatever_unicode_form(
    ratings: Path, command: Command
) -> None:
    composed = unicodedata.normalize("NFC", "José Müller")
    text = (ratings / "ratings.csv").read_text().replace("p1", composed)
    (ratings / "ratings.csv").write_text(text, encoding="utf-8")
    for form in ("NFC", "NFD"):
        names = [f"{unicodedata.normalize(form, composed)}.png", *NAMES[1:]]
        write(ratings / f"{form}.csv", "photo,subject,grade", [f"{name},s{i},2" for i, name in enumerate(names)])
    said = [command("agreement", "ratings.csv", "--labels", f"{form}.csv", "--json") for form in ("NFC", "NFD")]
    assert said[0] == said[1]
    assert not any("not in" in note or "not among" in note for note in json.loads(said[0].out)["notes"])


def test_agreement_refuses_grades_outside_the_scale_that_the_table_names(tmp_path: Path, command: Command) -> None:
    for grade in ("33", "-9"):
        write(tmp_path / "r.csv", "photo,rater,grade,scale", ["a,x,3,acne-5", f"a,y,{grade},acne-5"])
        said = command("agreement", "r.csv")
        assert (said.status, said.err.count("\n")) == (1, 1)
        assert f"r.csv, line 3: grade {grade} is not on the scale acne-5" in said.err


def test_agreement_of_raters_in_opposite_order_is_told(tmp_path: Path, command: Command) -> None:
    rows = [
        f"{i}.jpg,{rater},{grade}"
        for i, a in enumerate((1, 2, 3, 4, 5, 3))
        for rater, grade in (("a", a), ("b", 6 - a))
    ]
    write(tmp_path / "r.csv", "photo,rater,grade", rows)
    said = command("agreement", "r.csv", "--json")
    assert (said.status, said.err) == (0, "")
    forms = json.loads(said.out)["reliability"]
    assert "Infinity" not in said.out
    assert "NaN" not in said.out
    assert forms
    assert command("agreement", "r.csv").status == 0


@pytest.fixture
def graded(tmp_path: Path) -> Path:
    """Four photos with labels, and networks."""
    (tmp_path / "photos").mkdir()
    photo = grey_photo()
    add_grain(photo)
    for i, name in enumerate(NAMES):
        paint(photo, 200 + 10 * i, 150)
        Image.fromarray(photo.pixels).save(tmp_path / "photos" / name)
    write(tmp_path / "labels.csv", "photo,subject,grade,count", [f"{n},s{i},1,{8 + i}" for i, n in enumerate(NAMES)])
    write_zone_network(tmp_path / "zones")
    (tmp_path / "acne").mkdir()
    write_network(tmp_path / "acne")
    return tmp_path


EVALUATE = ("evaluate", "acne", "--images", "photos", "--model", "acne", "--zones-model", "zones", "--json")
TABLES = {
    "--ratings": ("photo,rater,grade", lambda name: f"{name},a,1"),
    "--lesions": ("photo,x,y,radius", lambda name: f"{name},200,150,4"),
    "--against": ("", lambda name: json.dumps({"photo": name, "key": "k", "answered": True, "grade": 1, "score": 2.0})),
}


def table(path: Path, option: str, names: list[str]) -> None:
    header, row = TABLES[option]
    path.write_text("".join(f"{line}\n" for line in [*([header] if header else []), *map(row, names)]), "utf-8")


@wrong_names
@pytest.mark.parametrize("option", TABLES)
def test_evaluate_refuses_a_table_of_no_labelled_photo(
    graded: Path, command: Command, option: str, turned: Callable[[str], str], why: str
) -> None:
    table(graded / "t.csv", option, [turned(name) for name in NAMES])
    said = command(*EVALUATE, "--labels", "labels.csv", option, "t.csv")
    assert (said.status, said.out, said.err.count("\n")) == (1, "", 1)
    assert "None of the 4 photos in t.csv is among the labelled photos" in said.err
    assert f"but for {why}" in said.err


@pytest.mark.parametrize("option", ["--ratings", "--lesions"])
def test_evaluate_warns_of_rows_that_match_no_label_and_goes_on(graded: Path, command: Command, option: str) -> None:
    table(graded / "t.csv", option, half(str.upper))
    said = command(*EVALUATE, "--labels", "labels.csv", option, "t.csv")
    assert said.status == 0
    assert json.loads(said.out)["coverage"]["photos"] == 4
    lines = said.err.splitlines()
    assert lines[0].startswith("dermagrade: 2 of 4 photos in t.csv are not among the labelled photos: P3.PNG, P4.PNG.")
    assert "upper and lower case" in lines[0]
    if option == "--lesions":
        assert "2 photos have a count of lesions but no mark in t.csv" in lines[1]


@wrong_names
def test_evaluate_refuses_labels_of_no_photo_and_names_those_that_are_not_there(
    graded: Path, command: Command, turned: Callable[[str], str], why: str
) -> None:
    write(graded / "none.csv", "photo,subject,grade", [f"{turned(name)},s{i},1" for i, name in enumerate(NAMES)])
    said = command(*EVALUATE, "--labels", "none.csv")
    assert (said.status, said.out, said.err.count("\n")) == (1, "", 1)
    assert f"but for {why}" in said.err
    write(graded / "some.csv", "photo,subject,grade", [f"{name},s{i},1" for i, name in enumerate(half(turned))])
    said = command(*EVALUATE, "--labels", "some.csv")
    assert (said.status, said.err.count("\n")) == (1, 1)
    assert "2 of 4 photos that some.csv names are not in photos: " + turned("p3.png") in said.err
    assert f"but for {why}" in said.err
    assert json.loads(said.out)["coverage"]["answered"] == 2


def test_evaluate_finds_a_photo_whose_name_is_in_another_unicode_form(graded: Path, command: Command) -> None:
    plain = command(*EVALUATE, "--labels", "labels.csv")
    name = "José Müller.png"
    shutil.move(graded / "photos/p1.png", graded / "photos" / unicodedata.normalize("NFD", name))
    text = (graded / "labels.csv").read_text().replace("p1.png", unicodedata.normalize("NFC", name))
    (graded / "labels.csv").write_text(text, "utf-8")
    assert command(*EVALUATE, "--labels", "labels.csv") == plain
    assert plain.status == 0


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """Four photos, and a database with an admin."""
    (tmp_path / "faces").mkdir()
    for i, name in enumerate(NAMES):
        Image.fromarray(picture(48, spots=i, seed=i)).save(tmp_path / "faces" / name)
    add_person(database_in(tmp_path), "Admin", "admin")
    return tmp_path


CREATE = ("study", "create", "Spring", "--scale", "acne-5", "--images", "faces")


@wrong_names
@pytest.mark.parametrize("option", ["--persons", "--golden", "--calibration"])
def test_study_create_refuses_a_table_of_none_of_its_photos_and_makes_nothing(
    desk: Path, command: Command, option: str, turned: Callable[[str], str], why: str
) -> None:
    write(desk / "t.csv", "photo,subject,grade", [f"{turned(name)},s1,3" for name in NAMES])
    said = command(*CREATE, option, "t.csv")
    assert (said.status, said.out, said.err.count("\n")) == (1, "", 1)
    assert f"but for {why}" in said.err
    assert list_studies(database_in(desk)) == ()


def test_study_create_warns_of_persons_that_do_not_match_and_counts_the_rest(desk: Path, command: Command) -> None:
    write(desk / "persons.csv", "photo,subject", [f"{name},s1" for name in [*half(str.upper), "nobody.png"]])
    said = command(*CREATE, "--persons", "persons.csv")
    assert (said.status, said.err.count("2 of 4 photos of the folder are not in persons.csv: p3.png, p4.png.")) == (
        0,
        1,
    )
    assert "3 of 5 photos in persons.csv are not among the photos of the folder: P3.PNG, P4.PNG, nobody.png" in said.err
    assert "upper and lower case" in said.err
    assert "4 photos stored, 0 refused. 2 of them are in no row of the persons" in said.out


def test_study_create_finds_persons_in_another_unicode_form(desk: Path, command: Command) -> None:
    name = "Zoë.png"
    shutil.move(desk / "faces/p1.png", desk / "faces" / unicodedata.normalize("NFD", name))
    write(desk / "persons.csv", "photo,subject", [f"{n},s1" for n in (unicodedata.normalize("NFC", name), *NAMES[1:])])
    said = command(*CREATE, "--persons", "persons.csv")
    assert (said.status, said.err) == (0, "")
    db = database_in(desk)
    (line,) = list_studies(db)
    assert {photo.person for photo in read_study(db, line.id).photos.values()} == {"s1"}


@wrong_names
@pytest.mark.parametrize("option", ["--ratings", "--lesions"])
def test_train_refuses_a_table_of_no_labelled_photo_before_it_learns(
    graded: Path, command: Command, option: str, turned: Callable[[str], str], why: str
) -> None:
    pytest.importorskip("torch", reason="torch comes with the train extra")
    table(graded / "t.csv", option, [turned(name) for name in NAMES])
    train = ("train", "acne", "--recipe", "smoke", "--labels", "labels.csv", "--images", "photos", "--out", "out")
    said = command(*train, option, "t.csv")
    assert (said.status, said.err.count("\n")) == (1, 1)
    assert "None of the 4 photos in t.csv is among the labelled photos" in said.err
    assert f"but for {why}" in said.err
    assert not (graded / "out").exists()


@wrong_names
@pytest.mark.parametrize(("condition", "recipe"), [("acne", "smoke"), ("acne", "features-mlp"), ("pigmentation", "")])
def test_train_refuses_labels_whose_photos_are_not_there(
    graded: Path, command: Command, condition: str, recipe: str, turned: Callable[[str], str], why: str
) -> None:
    pytest.importorskip("torch", reason="torch comes with the train extra")
    write(graded / "l.csv", "photo,subject,grade", [f"{name},s{i},1" for i, name in enumerate(half(turned))])
    chosen = ("--recipe", recipe) if recipe else ()
    said = command("train", condition, *chosen, "--labels", "l.csv", "--images", "photos", "--out", "out")
    assert (said.status, said.err.count("\n")) == (1, 1)
    assert (
        f"The photo {turned('p3.png')} is not in photos (2 photos are missing); p3.png is: write it that way"
        in said.err
    )
    assert f"what differs: {why}" in said.err
