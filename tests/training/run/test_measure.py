"""A run of any condition is measured on the people of each fold, and says so in manifest, card and report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="torch comes with the train extra")

from dermagrade.evaluation.answers import read_answers
from dermagrade.evaluation.measure import Evaluation
from dermagrade.tables.labels import PhotoLabel
from dermagrade.training.run.job import Job
from dermagrade.training.run.measure import measure_run
from dullness import DULLNESS, save_grey
from red_dots import write_network
from still_face import write_zone_network


def test_the_figures_stand_in_manifest_card_and_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_zone_network(tmp_path / "zones")
    monkeypatch.setenv("DERMAGRADE_WEIGHTS", str(tmp_path / "zones"))
    out = tmp_path / "run"
    for folder in (out, out / "fold0", out / "fold1"):
        folder.mkdir(exist_ok=True)
        write_network(folder, name="dullness", version="dull-1", condition="dullness", command="x", seed=1)
    labels = []
    for i, grade in enumerate((2.0, 3.5, 5.0, 6.5)):
        save_grey(tmp_path / f"{i}.png", grade)
        labels.append(PhotoLabel(f"{i}.png", f"p{i}", grade, fold=i % 2))
    reported: list[Evaluation] = []
    job = Job(
        DULLNESS, DULLNESS.recipes["plain"], "plain", out, tell=lambda _: None, command="x", report=reported.append
    )
    found = measure_run(job, labels, tmp_path, notes=["The labels are simulated."])
    assert reported == [found]
    assert found.notes[0] == "The labels are simulated."
    assert set(read_answers(out / "by_photo.jsonl")) == {f"{i}.png" for i in range(4)}
    metrics = json.loads((out / "dullness.json").read_text())["metrics"]
    assert metrics["Score against the published grade, people never seen"]["RMSE"]["model"] < 0.2
    assert metrics["Share of photos whose truth is held, meant to be 0.90"]["pigment-9 interval"]["model"] == 1
    assert not any("esion" in title or "Hayashi" in title for title in metrics)
    assert "| RMSE |" in (out / "dullness.md").read_text()
