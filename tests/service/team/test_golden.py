"""The course of raters against the golden set, and what is said of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dermagrade.evaluation.raters.report import study_raters
from dermagrade.people.store.database import Database, open_database
from dermagrade.people.studies.exports.formats import FORMATS
from dermagrade.people.studies.progress import golden_answers
from dermagrade.people.studies.readings import golden_of, persons_of
from dermagrade.people.studies.record import StudyRecord, read_study
from dermagrade.service.team.agreement import measure
from dermagrade.service.team.golden import golden_lines
from dermagrade.service.team.golden_figure import LEAST_IN_A_PART, golden_figure
from dermagrade.tables.ratings import read_ratings
from study_scene import answer_to, opened


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, StudyRecord]]:
    """Two raters through 60 photos, 20 of them golden: the first is steady, the second grades ever higher."""
    folder = tmp_path_factory.mktemp("drift")
    db = open_database(None, folder)
    scene = opened(db, folder, ordinary=40, golden=20, calibration=0, raters=2)
    courses: list[Callable[[float], float]] = [lambda part: 3.0, lambda part: 3.0 + (part > 0.4) + (part > 0.8)]
    for rater, course in zip(scene.raters, courses, strict=True):
        tasks = scene.tasks(rater)
        for number, task in enumerate(tasks):
            wobble = (-1.0, 0.0, 0.0, 1.0)[number * 7 % 4] if course(1.0) == 3.0 else 0.0
            scene.store(rater, answer_to(task.item_id, course(number / len(tasks)) + wobble))
    yield db, read_study(db, scene.study_id)
    db.close()


def test_a_rater_who_drifts_is_flagged_in_words_and_a_steady_one_is_not(record: tuple[Database, StudyRecord]) -> None:
    steady, drifting = golden_lines(record[1])
    assert (steady.drifts, drifting.drifts) == (False, True)
    assert "holds zero" in steady.said
    assert "ever higher" in drifting.said
    assert drifting.photos == 20
    assert drifting.bias.startswith("+")


def test_the_line_goes_through_the_mean_of_each_part(record: tuple[Database, StudyRecord]) -> None:
    answers = golden_answers(record[1])["R02"]
    svg = golden_figure("R02", answers).svg
    parts = len(answers) // LEAST_IN_A_PART
    big = re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)" r="4.0" fill="var\(--blue\)"', svg)
    assert len(big) == parts
    heights = [float(y) for _, y in big]
    assert heights[-1] < heights[0], "up is down in SVG: the bias rises"
    assert svg.count('r="2.6"') == len(answers)


def test_one_golden_photo_is_drawn_without_a_line(record: tuple[Database, StudyRecord]) -> None:
    svg = golden_figure("R01", golden_answers(record[1])["R01"][:1]).svg
    assert svg.count('r="4.0" fill="var(--blue)"') == 1


def test_the_page_says_what_the_command_says_of_the_export(
    record: tuple[Database, StudyRecord], tmp_path: Path
) -> None:
    db, study = record
    path = tmp_path / "ratings.csv"
    path.write_bytes(FORMATS["ratings"].make(db, study))
    table = read_ratings(path)
    told = study_raters(
        table.readings, persons=persons_of(study), golden=table.references, ungraded=table.ungraded
    ).record()
    assert measure(study).record() == told
    assert golden_of(study) == dict(table.references)
