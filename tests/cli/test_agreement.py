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
    keys = {"raters", "pairs", "against_the_others", "repeated", "rater_model", "human_ceiling", "notes"}
    assert keys == set(record)
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
