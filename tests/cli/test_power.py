"""``dermagrade power``: an effect and a noise in, a number of people and a report out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command_line import ENVIRONMENT, Run
from dermagrade.evaluation.planning.grader_noise import Noise
from dermagrade.evaluation.planning.power import Trial, plan
from red_dots import write_network


def test_the_record_is_the_plan_of_the_call(run: Run) -> None:
    done = run("power", "acne", "--effect", "0.5", "--noise", "0.3", "--photos", "2", "--dropout", "0.1", "--json")
    assert done.returncode == 0, done.stderr
    record = json.loads(done.stdout)
    expected = plan(Trial(0.5, photos=2, dropout=0.1), Noise(0.3, correlation=record["noise"]["correlation"]))
    assert record["plan"]["per_arm"] == expected.per_arm
    assert record["plan"]["enrolled"] == expected.enrolled
    assert record["model"] is None
    assert {p["photos"] for p in record["curve"]} == {1, 2, 3}


def test_the_noise_comes_from_the_manifest_of_the_weights(tmp_path: Path, run: Run) -> None:
    folder = tmp_path / "weights"
    folder.mkdir()
    write_network(folder, metrics={"study": {"repeatability_sd": 0.25, "rmse": 0.5, "correlation": 0.9}})
    environment = ENVIRONMENT | {"DERMAGRADE_WEIGHTS": str(folder)}
    done = run("power", "acne", "--effect", "0.5", "--design", "ancova", "--json", env=environment)
    assert done.returncode == 0, done.stderr
    record = json.loads(done.stdout)
    assert record["noise"] == {"repeatability_sd": 0.25, "rmse": 0.5, "correlation": 0.9, "slope": 0.81}
    assert record["model"].startswith("acne-dots@")
    assert record["sd_baseline"] == pytest.approx(0.8)  # a fifth of acne-5


def test_without_a_known_noise_one_line_names_the_options(tmp_path: Path, run: Run) -> None:
    write_network(tmp_path, metrics={})
    done = run("power", "acne", "--effect", "0.5", env=ENVIRONMENT | {"DERMAGRADE_WEIGHTS": str(tmp_path)})
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "--noise" in done.stderr
    assert "--correlation" in done.stderr


def test_the_report_is_written_and_says_what_the_terminal_says(tmp_path: Path, run: Run) -> None:
    done = run("power", "acne", "--effect", "0.5", "--noise", "0.3", "--design", "paired", "--report", "r.html")
    assert done.returncode == 0, done.stderr
    sentence = done.stdout.splitlines()[0]
    assert sentence.startswith("To find a mean change of 0.5 on acne-5")
    assert sentence in (tmp_path / "r.html").read_text()


@pytest.mark.parametrize(
    "wrong",
    [("none", "--effect", "1"), ("acne",), ("acne", "--effect", "0", "--noise", "1"),
     ("acne", "--effect", "1", "--noise", "-1"), ("acne", "--effect", "1", "--noise", "1", "--photos", "0")],
)  # fmt: skip
def test_a_wrong_call_is_one_line_and_status_2(wrong: tuple[str, ...], run: Run) -> None:
    done = run("power", *wrong)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
