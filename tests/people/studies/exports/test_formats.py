"""What is taken away can be read back by what it was made for."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import select

from dermagrade.people.store import audit
from dermagrade.people.store.database import Database
from dermagrade.people.store.schema import Member, StudyPhoto
from dermagrade.people.studies.adjudication import ask_adjudicator
from dermagrade.people.studies.exports.formats import FORMATS, csv_bytes
from dermagrade.people.studies.readings import golden_of, readings_of, ungraded_of
from dermagrade.people.studies.record import StudyRecord, read_study
from dermagrade.people.studies.setup import close_study
from dermagrade.scales import SCALES
from dermagrade.tables.labels import read_labels
from dermagrade.tables.lesions import read_lesions
from dermagrade.tables.ratings import read_ratings
from study_scene import Scene, answer_to, opened

#: The header of REDCap's own template, as its import page gives it out.
REDCAP_HEADER = (
    "Variable / Field Name,Form Name,Section Header,Field Type,Field Label,"
    '"Choices, Calculations, OR Slider Labels",Field Note,Text Validation Type OR Show Slider Number,'
    "Text Validation Min,Text Validation Max,Identifier?,Branching Logic (Show field only if...),Required Field?,"
    "Custom Alignment,Question Number (surveys only),Matrix Group Name,Matrix Ranking?,Field Annotation"
)


def finished(db: Database, folder: Path, **settings: object) -> Scene:
    """A study that three raters went through: grades by turns, one photo each that cannot be graded, one corrected."""
    wanted = {"ordinary": 12, "golden": 3, "calibration": 2, "raters": 3, "repeats": 0.25, "scale": "acne-5"}
    scene = opened(db, folder, **(wanted | settings))
    with db.begin() as session:
        for number, rater in enumerate(scene.raters):
            person = session.get_one(Member, rater)
            person.name, person.email = f"Dr Anna Beispiel {number}", f"anna{number}@clinic.example"
    levels = [level.value for level in SCALES[str((wanted | settings)["scale"])].levels]
    marks = ({"x": 40.5, "y": 30.0, "radius": 6.0}, {"x": 399.0, "y": 1.0, "radius": 2.5})
    for number, rater in enumerate(scene.raters):
        tasks = scene.tasks(rater)
        for i, task in enumerate(tasks):
            if i == 5:
                answer = answer_to(task.item_id, kind="cannot", reason="=1+1 blurred, twice")
            else:
                own = marks[: (i + number) % 3] if settings.get("lesions") else None
                answer = answer_to(task.item_id, levels[(i + number) % len(levels)], marks=own)
            scene.store(rater, answer)
            if i == 6:
                scene.store(rater, answer_to(task.item_id, levels[-1], corrects=answer.key))
    return scene


def taken(scene: Scene, name: str, folder: Path) -> Path:
    """One of the study's files, written into a folder."""
    record = read_study(scene.db, scene.study_id)
    path = folder / FORMATS[name].file_name(record)
    path.write_bytes(FORMATS[name].make(scene.db, record))
    return path


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8"), newline="")))


def record_of(scene: Scene) -> StudyRecord:
    return read_study(scene.db, scene.study_id)


def test_the_ratings_are_read_back_by_the_agreement_command_as_they_are_in_the_database(
    db: Database, tmp_path: Path
) -> None:
    scene = finished(db, tmp_path)
    table = read_ratings(taken(scene, "ratings", tmp_path))
    record = record_of(scene)

    def key(reading: object) -> tuple[str, str, int]:
        return reading.photo, reading.rater, reading.round  # type: ignore[attr-defined]

    exported, stored = sorted(table.readings, key=key), sorted(readings_of(record), key=key)
    assert [(key(r), r.grade, r.position) for r in exported] == [(key(r), r.grade, r.position) for r in stored]
    assert sorted(map(key, table.ungraded)) == sorted(map(key, ungraded_of(record)))
    assert table.references == golden_of(record)
    assert {r.round for r in exported} == {1, 2}


def test_the_ratings_have_the_columns_that_every_command_reads(sqlite: Database, tmp_path: Path) -> None:
    scene = finished(sqlite, tmp_path)
    rows = rows_of(taken(scene, "ratings", tmp_path))
    assert list(rows[0])[:7] == ["photo", "rater", "grade", "scale", "golden", "round", "rated_at"]
    assert {"shown_at", "answered_at", "seconds", "position", "kind", "reason", "instrument_version", "seed"} <= set(
        rows[0]
    )
    assert {row["kind"] for row in rows} == {"ordinary", "golden", "repeat"}
    assert {row["seconds"] for row in rows} == {"7"}
    assert len(rows) == 3 * (12 + 3 + 3)
    (others,) = {row["kind"] for row in rows_of(taken(scene, "other-rounds", tmp_path))}
    assert others == "calibration"


def test_only_the_answer_that_counts_is_a_row_and_the_whole_study_holds_them_all(
    sqlite: Database, tmp_path: Path
) -> None:
    scene = finished(sqlite, tmp_path)
    whole = json.loads(taken(scene, "study", tmp_path).read_text("utf-8"))
    counted = len(rows_of(taken(scene, "ratings", tmp_path))) + len(rows_of(taken(scene, "other-rounds", tmp_path)))
    assert len(whole["ratings"]) == counted + 3
    assert sum(row["corrected"] for row in whole["ratings"]) == 3
    assert [row["number"] for row in whole["audit"]] == sorted(row["number"] for row in whole["audit"])
    assert {"study.created", "study.opened", "study.locked"} <= {row["what"] for row in whole["audit"]}
    assert audit.verify(sqlite) is None


def test_a_name_that_looks_like_a_formula_is_guarded_and_read_back(sqlite: Database, tmp_path: Path) -> None:
    scene = finished(sqlite, tmp_path)
    names = {"o001.jpg": "=cmd.jpg", "o002.jpg": "'=cmd.jpg", "o003.jpg": "@a.jpg", "o004.jpg": "-b.jpg"}
    with sqlite.begin() as session:
        for photo in session.scalars(select(StudyPhoto).where(StudyPhoto.name.in_(names))):
            photo.name = names[photo.name]
    path = taken(scene, "labels", tmp_path)
    written = {row["photo"] for row in rows_of(path)}
    assert {"'=cmd.jpg", "''=cmd.jpg", "'@a.jpg", "'-b.jpg"} < written
    assert not any(name.startswith(("=", "+", "-", "@")) for name in written)
    labels = read_labels(path, allowed=lambda grade: True, scale="acne-5")
    assert set(names.values()) < {label.photo for label in labels}
    pytest.importorskip("openpyxl")
    rated = {reading.photo for reading in read_ratings(taken(scene, "workbook", tmp_path)).readings}
    assert set(names.values()) < rated


def test_labels_are_read_back_with_the_consensus(sqlite: Database, tmp_path: Path) -> None:
    scene = finished(sqlite, tmp_path)
    record = record_of(scene)
    name = next(given.photo.name for given in record.blind if given.kind == "ordinary")
    ask_adjudicator(
        sqlite,
        by=scene.team,
        study_id=scene.study_id,
        member_id=scene.team,
        photo_ids=[scene.photo_ids[name]],
    )
    scene.store(scene.team, answer_to(scene.next_task(scene.team).item_id, 5.0))
    scale = SCALES["acne-5"]
    labels = read_labels(
        taken(scene, "labels", tmp_path), allowed=lambda grade: scale.low <= grade <= scale.high, scale="acne-5"
    )
    assert {label.photo for label in labels} == {n for n in scene.photo_ids if not n.startswith("c")}
    given = [g.grade for g in record.blind if g.round == 1 and g.photo.name == "o001.jpg" and g.grade is not None]
    by_photo = {label.photo: label.grade for label in labels}
    assert by_photo[name] == 5.0
    if name != "o001.jpg":
        assert by_photo["o001.jpg"] == pytest.approx(sum(given) / len(given))
    whole = {level.value for level in scale.levels}
    assert read_labels(taken(scene, "labels-whole", tmp_path), allowed=whole.__contains__, scale="acne-5")


def test_marked_lesions_are_read_back_in_pixels(sqlite: Database, tmp_path: Path) -> None:
    scene = finished(sqlite, tmp_path, lesions=True)
    found = read_lesions(taken(scene, "lesions", tmp_path))
    marked = sum(len(given.marks or ()) for given in record_of(scene).blind)
    assert sum(len(rows) for rows in found.values()) == marked > 0
    assert {tuple(row) for rows in found.values() for row in rows.tolist()} == {(40.5, 30, 6), (399, 1, 2.5)}


def test_the_percentages_of_label_studio_turn_back_to_the_marks(sqlite: Database, tmp_path: Path) -> None:
    scene = finished(sqlite, tmp_path, lesions=True)
    tasks = json.loads(taken(scene, "label-studio", tmp_path).read_text("utf-8"))
    back = []
    for task in tasks:
        assert task["data"]["image"].endswith(task["data"]["photo"])
        for annotation in task["annotations"]:
            for region in annotation["result"]:
                assert (region["type"], region["from_name"], region["to_name"]) == ("ellipselabels", "lesion", "image")
                wide, high, value = region["original_width"], region["original_height"], region["value"]
                assert all(0 <= value[part] <= 100 for part in ("x", "y", "radiusX", "radiusY"))
                assert value["radiusX"] * wide == pytest.approx(value["radiusY"] * high)
                assert value["ellipselabels"] == ["lesion"]
                radius = value["radiusX"] * wide / 100
                back.append((task["data"]["photo"], value["x"] * wide / 100, value["y"] * high / 100, radius))
    marks = [
        (given.photo.name, mark["x"], mark["y"], mark["radius"])
        for given in record_of(scene).blind
        for mark in given.marks or ()
    ]
    assert [name for name, *_ in sorted(back)] == [name for name, *_ in sorted(marks)]
    for one, other in zip(sorted(back), sorted(marks), strict=True):
        assert one[1:] == pytest.approx(other[1:])
    ids = [r["id"] for task in tasks for annotation in task["annotations"] for r in annotation["result"]]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("scale", ["acne-5", "pigment-9"])
def test_the_redcap_dictionary_holds_every_column_of_its_table_and_every_grade(
    sqlite: Database, tmp_path: Path, scale: str
) -> None:
    scene = finished(sqlite, tmp_path, scale=scale, golden=3, calibration=0)
    dictionary = taken(scene, "redcap-dictionary", tmp_path)
    assert dictionary.read_text("utf-8").splitlines()[0] == REDCAP_HEADER
    fields = {row["Variable / Field Name"]: row for row in rows_of(dictionary)}
    rows = rows_of(taken(scene, "redcap", tmp_path))
    assert list(fields) == list(rows[0])
    assert next(iter(fields)) == "record_id"
    assert all(name == name.lower() and name.isidentifier() for name in fields)
    assert len({row["record_id"] for row in rows}) == len(rows)
    grade = fields["grade"]
    for row in rows:
        if row["cannot_grade"] == "1":
            assert (row["grade"], bool(row["reason"])) == ("", True)
        elif grade["Field Type"] == "radio":
            choices = dict(
                part.split(", ", 1) for part in grade["Choices, Calculations, OR Slider Labels"].split(" | ")
            )
            assert choices["2"] == "Almost clear"
            assert row["grade"] in choices
        else:
            assert float(grade["Text Validation Min"]) <= float(row["grade"]) <= float(grade["Text Validation Max"])


def test_the_workbook_is_read_back_and_no_text_of_it_is_a_formula(sqlite: Database, tmp_path: Path) -> None:
    scene = finished(sqlite, tmp_path)
    path = taken(scene, "workbook", tmp_path)
    assert len(read_ratings(path).readings) == len(readings_of(record_of(scene)))
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["ratings", "labels", "lesions", "other rounds"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert "=1+1 blurred, twice" in {cell.value for cell in cells}
    assert "f" not in {cell.data_type for cell in cells}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_text_of_a_table_begins_as_a_formula(start: str) -> None:
    text = csv_bytes(["a", "b"], [[f"{start}HYPERLINK(1)", -1.5]]).decode()
    (row,) = list(csv.reader(io.StringIO(text, newline="")))[1:]
    assert row == [f"'{start}HYPERLINK(1)", "-1.5"]  # a number is one, and may be below zero


def test_no_file_but_the_key_holds_a_name_or_an_address(sqlite: Database, tmp_path: Path) -> None:
    scene = finished(sqlite, tmp_path, lesions=True)
    with sqlite.begin() as session:
        audit.record(
            session,
            who=scene.raters[0],
            what="test.said",
            study_id=scene.study_id,
            words="Dr Anna Beispiel 1 <ANNA1@clinic.example> came",
            person=scene.raters[1],
        )
    for name, made in FORMATS.items():
        path = taken(scene, name, tmp_path)
        if path.suffix == ".xlsx":
            book = openpyxl.load_workbook(path)
            text = " ".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
        else:
            text = path.read_text("utf-8")
        assert ("Beispiel" in text) == ("clinic.example" in text.lower()) == made.names, name
        assert not any(rater in text for rater in scene.raters), f"{name} holds the id of a person"
    assert [row["rater"] for row in rows_of(taken(scene, "key", tmp_path))] == ["R01", "R02", "R03"]


def test_a_running_study_says_so_and_a_closed_one_too(sqlite: Database, tmp_path: Path) -> None:
    scene = finished(sqlite, tmp_path)
    assert {row["study_state"] for row in rows_of(taken(scene, "ratings", tmp_path))} == {"running"}
    assert "running" in taken(scene, "ratings", tmp_path).name
    close_study(sqlite, by=scene.team, study_id=scene.study_id)
    assert {row["study_state"] for row in rows_of(taken(scene, "labels", tmp_path))} == {"closed"}
    assert "running" not in taken(scene, "labels", tmp_path).name
    assert json.loads(taken(scene, "study", tmp_path).read_text("utf-8"))["running"] is False


def test_a_study_without_an_answer_has_every_file(sqlite: Database, tmp_path: Path) -> None:
    scene = opened(sqlite, tmp_path, ordinary=2, golden=1, raters=1)
    for name, made in FORMATS.items():
        data = made.make(sqlite, record_of(scene))
        assert data, name
