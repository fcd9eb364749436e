"""``dermagrade agreement``: ratings in, figures about the raters and a report out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command_line import Run


@pytest.fixture
def ratings(tmp_path: Path) -> Path:
    """Ten photos: ben reads one grade higher than anna and cora; cora reads some again."""
    lines = ["photo,rater,grade,round"]
    for i in range(10):
        lines += [f"{i}.jpg,anna,{i % 3},1", f"{i}.jpg,ben,{i % 3 + 1},1", f"{i}.jpg,cora,{i % 3},1"]
    lines += [f"{i}.jpg,cora,{i % 3},2" for i in range(4)]
    (tmp_path / "ratings.csv").write_text("\n".join(lines) + "\n")
    labels = [f"{i}.jpg,p{i // 2},{i % 3}" for i in range(10)]
    (tmp_path / "labels.csv").write_text("\n".join(["photo,subject,grade", *labels]) + "\n")
    return tmp_path


def test_the_record_keeps_its_keys_and_has_model_and_ceiling(ratings: Path, run: Run) -> None:
    done = run("agreement", "ratings.csv", "--labels", "labels.csv", "--json")
    assert done.returncode == 0, done.stderr
    record = json.loads(done.stdout)
    kept = {"raters", "pairs", "against_the_others", "repeated", "rater_model", "human_ceiling", "notes"}
    new = {"table", "reliability", "bland_altman", "within_raters", "against_golden", "drift_against_the_others"}
    assert kept | new == set(record)
    assert record["rater_model"]["raters"]["ben"]["bias"]["value"] == pytest.approx(2 / 3, abs=0.01)
    assert record["rater_model"]["raters"]["cora"]["repeat_spread"]["value"] == 0
    assert record["human_ceiling"]["bars"]["mean_of_others"] == {"rater": "ben", "rmse": 1}
    assert record["human_ceiling"]["raters"]["ben"]["mean_of_all"]["persons"] == 5


def test_the_published_grade_can_be_one_more_rater(ratings: Path, run: Run) -> None:
    done = run("agreement", "ratings.csv", "--labels", "labels.csv", "--published", "--json")
    assert json.loads(done.stdout)["raters"] == ["anna", "ben", "cora", "published"]
    wrong = run("agreement", "ratings.csv", "--published")
    assert (wrong.returncode, len(wrong.stderr.splitlines())) == (2, 1)


def test_the_report_is_written_and_no_input_is_overwritten(ratings: Path, run: Run) -> None:
    done = run("agreement", "ratings.csv", "--report", "r.html")
    assert done.returncode == 0, done.stderr
    assert "ben reads higher" in done.stdout
    assert "ben reads higher" in (ratings / "r.html").read_text()
    assert run("agreement", "ratings.csv", "--report", "ratings.csv").returncode == 2


def test_a_table_of_second_rounds_alone_is_refused_in_a_line(ratings: Path, run: Run) -> None:
    (ratings / "again.csv").write_text("photo,rater,grade,round\na.jpg,anna,1,2\n")
    done = run("agreement", "again.csv")
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert "no first-round reading" in done.stderr


EXPORT = "photo,rater,grade,scale,golden,round,rated_at,position,kind,reason"


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """A study's own export: ten golden photos of twenty, ben drifts upwards, and one photo cannot be graded."""
    lines = [EXPORT]
    for i in range(20):
        kind = "golden" if i < 10 else "ordinary"
        flag = int(i < 10)
        at = f"2026-05-01T09:{i:02d}:00+00:00"
        lines.append(f"{i}.jpg,anna,{i % 3 + 1},acne-5,{flag},1,{at},{i},{kind},")
        grade = "" if i == 19 else str(min(i % 3 + 1 + i // 5, 5))
        lines.append(f"{i}.jpg,ben,{grade},acne-5,{flag},1,{at},{i},{kind},{'' if grade else 'blurred'}")
    lines.append("12.jpg,anna,2,acne-5,0,2,2026-05-01T10:00:00+00:00,20,repeat,")
    lines.append("t.jpg,anna,5,acne-5,0,,2026-05-01T08:00:00+00:00,0,calibration,")
    lines.append("3.jpg,anna,5,acne-5,0,,2026-05-02T08:00:00+00:00,30,adjudication,")
    (tmp_path / "study.csv").write_text("\n".join(lines) + "\n")
    golden = [f"{i}.jpg,p{i},{i % 3 + 1},acne-5" for i in range(20)]
    (tmp_path / "golden.csv").write_text("\n".join(["photo,subject,grade,scale", *golden]) + "\n")
    return tmp_path


def test_a_studys_own_export_is_read_with_golden_set_order_and_what_could_not_be_graded(export: Path, run: Run) -> None:
    done = run("agreement", "study.csv", "--golden", "golden.csv", "--json")
    assert done.returncode == 0, done.stderr
    record = json.loads(done.stdout)
    assert record["table"]["cannot_grade"] == {"ben": 1}
    assert record["table"]["reasons"] == {"blurred": 1}
    assert record["table"]["repeats"] == 1
    assert record["against_golden"]["ben"]["bias"]["photos"] == 10
    assert record["against_golden"]["ben"]["bias"]["value"] == 0.5
    assert record["against_golden"]["ben"]["drift"]["value"] > 10
    assert record["against_golden"]["anna"]["rmse"]["value"] == 0
    words = " ".join(record["notes"])
    assert "1 rows of calibration were left out" in words
    assert "1 rows of adjudication were left out" in words
    assert "impossible to grade" in words


def test_golden_photos_without_their_grades_are_told_of(export: Path, run: Run) -> None:
    done = run("agreement", "study.csv", "--json")
    record = json.loads(done.stdout)
    assert record["against_golden"] == {}
    assert any("10 golden photos have no grade that is held to be right" in note for note in record["notes"])


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("a.jpg,anna,mild,acne-5,0,1,,,,", "grade is 'mild', the name of a level"),
        ("a.jpg,anna,mildly,acne-5,0,1,,,,", "grade is 'mildly', which is no number"),
        ("a.jpg,anna,1,acne-hayashi,0,1,,,,", "is on the scale acne-hayashi, not on acne-5"),
        ("a.jpg,anna,1,acne-5,maybe,1,,,,", "golden is 'maybe'; write 1 or 0"),
        ("a.jpg,anna,1,acne-5,0,1.5,,,,", "round 1.5 is not a whole number"),
        ("a.jpg,anna,1,acne-5,0,1,yesterday,,,", "rated_at is 'yesterday'"),
        ("0.jpg,anna,1,acne-5,0,1,,,,", "anna graded 0.jpg in line 2 already"),
        ("a.jpg,,1,acne-5,0,1,,,,", "the rater is empty"),
    ],
)
def test_a_wrong_row_is_named(line: str, said: str, tmp_path: Path, run: Run) -> None:
    (tmp_path / "bad.csv").write_text(f"{EXPORT}\n0.jpg,anna,2,acne-5,0,1,,,,\n{line}\n")
    done = run("agreement", "bad.csv")
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert "line 3" in done.stderr
    assert said in done.stderr


def test_a_study_is_planned_without_ratings(tmp_path: Path, run: Run) -> None:
    done = run("agreement", "--plan", "--icc", "0.85", "--raters", "4", "--width", "0.2", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["photos"] == 20  # Bonett 2002
    words = run("agreement", "--plan", "--icc", "0.85", "--raters", "4", "--width", "0.2").stdout
    assert "4 raters have to grade 20 photos" in words


@pytest.mark.parametrize(
    "wrong",
    [
        ("--plan",),
        ("--plan", "--icc", "1.2"),
        ("--plan", "--icc", "0.8", "--report", "r.html"),
        ("ratings.csv", "--icc", "0.8"),
        (),
    ],
)
def test_a_wrong_call_is_told_in_a_line(wrong: tuple[str, ...], ratings: Path, run: Run) -> None:
    done = run("agreement", *wrong)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
