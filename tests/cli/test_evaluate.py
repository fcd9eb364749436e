"""``dermagrade evaluate`` and ``dermagrade agreement``: tables in, figures out, wrong calls in one line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from command_line import Run
from dermagrade.cli.evaluate import LABEL_SCALES
from dermagrade.cli.main import main
from dermagrade.conditions import CONDITIONS, Condition
from graded_photos import add_grain
from red_dots import grey_photo, paint, write_network
from still_face import write_zone_network

pytestmark = pytest.mark.long


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """Two photos with labels, ratings and lesions, and networks."""
    photo = grey_photo()
    add_grain(photo)
    (tmp_path / "images").mkdir()
    Image.fromarray(photo.pixels).save(tmp_path / "images" / "clear.png")
    for x in (200, 220, 240, 260):
        paint(photo, x, 150)
        paint(photo, x, 180)
    Image.fromarray(photo.pixels).save(tmp_path / "images" / "spots.png")
    (tmp_path / "labels.csv").write_text("photo,subject,grade,count\nclear.png,p,0,0\nspots.png,q,1,8\n")
    (tmp_path / "ratings.csv").write_text(
        "photo,rater,round,grade\nclear.png,anna,1,0\nspots.png,anna,1,1\nclear.png,ben,1,0\nspots.png,ben,1,0\n"
        "spots.png,anna,2,0\n"
    )
    (tmp_path / "lesions.csv").write_text("photo,x,y,radius\nspots.png,200,150,4\n")
    write_zone_network(tmp_path / "zones")
    (tmp_path / "acne").mkdir()
    write_network(tmp_path / "acne")
    return tmp_path


ARGUMENTS = ("--labels", "labels.csv", "--images", "images", "--model", "acne", "--zones-model", "zones")


def test_json_and_report_come_from_one_run(study: Path, run: Run) -> None:
    more = ("--ratings", "ratings.csv", "--lesions", "lesions.csv", "--report", "r.html", "--by-photo", "kept.jsonl")
    done = run("evaluate", "acne", *ARGUMENTS, *more, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    record = json.loads(done.stdout)
    assert record["grade"]["network"]["accuracy"]["value"] == 1
    assert record["grade"]["ben"]["accuracy"]["value"] == 0.5
    assert record["lesions"]["network, annotation 1"]["recall"]["value"] == 1
    assert "network, annotation 2" not in record["lesions"]
    assert "How well acne is graded" in (study / "r.html").read_text()
    assert len((study / "kept.jsonl").read_text().splitlines()) == 2


def test_other_answers_and_a_naive_split_stand_beside(study: Path, run: Run) -> None:
    first = run("evaluate", "acne", *ARGUMENTS, "--by-photo", "kept.jsonl", "--json")
    assert first.returncode == 0, first.stderr
    (study / "pairs.csv").write_text("photo,other,kind\nclear.png,spots.png,near-duplicate\n")
    more = ("--against", "kept.jsonl", "--naive", "kept.jsonl", "--pairs", "pairs.csv", "--report", "r.html")
    done = run("evaluate", "acne", *ARGUMENTS, *more, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    record = json.loads(done.stdout)
    assert record["against"]["mae"]["difference"]["value"] == 0
    assert record["leakage"]["photos"] == 2
    assert record["leakage"]["twins_across_naive_folds"] == 0  # one network answered: there are no folds to cross
    assert "What a naive split would have claimed" in (study / "r.html").read_text()


def test_copies_of_a_photo_without_subjects_count_as_one_person(study: Path, run: Run) -> None:
    (study / "images/again.png").write_bytes((study / "images/spots.png").read_bytes())
    Image.effect_noise((64, 64), 90).resize((400, 400)).convert("RGB").save(study / "images/clear.png")
    (study / "labels.csv").write_text("photo,grade\nclear.png,0\nspots.png,1\nagain.png,0\n")
    done = run("evaluate", "acne", *ARGUMENTS, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    record = json.loads(done.stdout)
    assert record["grade"]["network"]["accuracy"]["persons"] == 2
    assert any(note.startswith("Persons inferred: 3 photos") for note in record["notes"])
    assert any("two grades: 1 pairs" in note for note in record["notes"])


def test_labels_from_1_to_5_are_measured_by_the_score(study: Path, run: Run) -> None:
    (study / "labels.csv").write_text("photo,subject,grade\nclear.png,p,1\nspots.png,q,3.5\n")
    done = run("evaluate", "acne", *ARGUMENTS, "--scale", "acne-5", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    record = json.loads(done.stdout)
    assert record["scale"] == "acne-5"
    assert record["value"]["network"]["mae"]["value"] < 0.5
    assert run("evaluate", "acne", *ARGUMENTS).returncode == 1


def test_an_unreadable_photo_ends_with_1_and_the_figures_still_come(study: Path, run: Run) -> None:
    (study / "images" / "clear.png").unlink()
    done = run("evaluate", "acne", *ARGUMENTS)
    assert done.returncode == 1
    assert "clear.png" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "The expected grade against the published grade" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (("acne", *ARGUMENTS, "--folds", "acne"), 2, "exclude each other"),
        (("freckles", *ARGUMENTS), 2, "invalid choice"),
        (("acne", *ARGUMENTS, "--report", "labels.csv"), 2, "labels.csv"),
        (("acne", *ARGUMENTS, "--pairs", "labels.csv"), 2, "--naive"),
        (("acne", *ARGUMENTS, "--scale", "iga"), 2, "invalid choice"),
        (("acne", *ARGUMENTS, "--against", "none.jsonl"), 1, "none.jsonl"),
        (("acne", "--labels", "none.csv", "--images", "images"), 1, "none.csv"),
    ],
)
def test_a_wrong_call_is_told_in_one_line(
    study: Path, run: Run, arguments: tuple[str, ...], status: int, says: str
) -> None:
    done = run("evaluate", *arguments)
    assert done.returncode == status
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_grade_off_the_scale_is_refused_with_its_line(study: Path, run: Run) -> None:
    (study / "labels.csv").write_text("photo,subject,grade\nclear.png,p,7\n")
    done = run("evaluate", "acne", *ARGUMENTS)
    assert done.returncode == 1
    assert "line 2" in done.stderr


def test_agreement_tells_pairs_and_second_rounds(study: Path, run: Run) -> None:
    done = run("agreement", "ratings.csv", "--labels", "labels.csv", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    record = json.loads(done.stdout)
    assert record["raters"] == ["anna", "ben"]
    assert record["pairs"]["anna and ben"]["accuracy"]["value"] == 0.5
    assert record["repeated"]["anna"]["accuracy"]["value"] == 0
    assert "anna and ben" in run("agreement", "ratings.csv").stdout


@pytest.mark.parametrize("condition", CONDITIONS.values(), ids=list(CONDITIONS))
def test_every_condition_is_evaluated_on_its_own_scales_alone(
    condition: Condition, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "l.csv").write_text("photo,subject,grade\n")
    call = ["evaluate", condition.name, "--labels", str(tmp_path / "l.csv"), "--images", str(tmp_path), "--scale"]
    for scale in LABEL_SCALES:
        status = main([*call, scale])
        said = capsys.readouterr().err
        if condition.takes != "photo":
            assert (status, "compares photos of one person" in said) == (2, True)
        elif not condition.label_scales:
            assert (status, "is not labelled on any scale" in said) == (2, True)
        elif scale in condition.label_scales:
            assert (status, "no rows" in said) == (1, True)
        else:
            assert (status, f"not on {scale}" in said) == (2, True)
