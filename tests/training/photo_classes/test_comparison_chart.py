"""The chart shows what the runs measured beside what was published, the same in every format."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from dermagrade.cli.main import main


def write_run(folder: Path, **more: Any) -> Path:
    """A run's figures with made-up numbers."""
    side = {
        "accuracy": {"mean": 0.5, "sd": 0.025},
        "rmse_values": {"mean": 0.7, "sd": None},
        "rmse_classes": {"mean": 1.25, "sd": 0.5},
        "rmse_score": {"mean": 0.6, "sd": 0.01},
    }
    record = {
        "recipe": "plain", "network": "small preset, from scratch", "size": 64, "epochs": 3, "scale": "pigment-9",
        "photos": 12, "without_face": 2, "persons": 6, "groups": ["a", "b"], "folds_done": 2,
        "mean": {"training": side, "validation": side, "test": side},
    }  # fmt: skip
    folder.mkdir()
    (folder / "figures.json").write_text(json.dumps(record | more))
    return folder


def rows_of(path: Path) -> dict[str, list[str]]:
    return {row[0]: row[1:] for row in csv.reader(path.read_text().splitlines())}


def test_measured_and_published_figures_stand_side_by_side(tmp_path: Path) -> None:
    published = {
        "title": "The <best>", "training": 0.9, "validation": 0.8, "test": 0.75, "rmse": 0.4,
        "folds": {"accuracy": 0.7, "rmse": 0.5}, "note": "A word on it.",
    }  # fmt: skip
    runs = [write_run(tmp_path / "a"), write_run(tmp_path / "b", published=published)]
    assert main(["measure", "published", *map(str, runs), "--out", str(tmp_path / "chart.csv")]) == 0
    rows = rows_of(tmp_path / "chart.csv")
    assert rows["figure"] == ["plain, measured", "plain, published", "The <best>, measured", "The <best>, published"]
    assert rows["Test accuracy"] == ["50.0 % ± 2.5 %", "", "50.0 % ± 2.5 %", "75.0 % (5 folds: 70.0 %)"]
    assert rows["Training accuracy"][3] == "90.0 %"
    assert rows["Test RMSE, group values"] == ["0.700", "", "0.700", "0.400 (5 folds: 0.500)"]
    assert "Test accuracy on pairs" not in rows
    assert "The <best>: A word on it." in rows


def test_the_network_and_the_photos_behind_the_figures_are_named(tmp_path: Path) -> None:
    main(["measure", "published", str(write_run(tmp_path / "a")), "--out", str(tmp_path / "chart.md")])
    text = (tmp_path / "chart.md").read_text()
    assert "small preset, from scratch" in text
    assert "10 photos of 6 persons, 2 more without a face" in text
    assert text.splitlines()[1] == "|---|---|---|"


def test_a_page_shows_names_as_they_are_and_needs_nothing_else(tmp_path: Path) -> None:
    main(["measure", "published", str(write_run(tmp_path / "a", recipe="<b>&")), "--out", str(tmp_path / "chart.html")])
    page = (tmp_path / "chart.html").read_text()
    assert "&lt;b&gt;&amp;, measured" in page
    assert "http" not in page


@pytest.mark.parametrize(
    ("run", "out", "says", "status"),
    [
        ("a", "chart.pdf", "not as chart.pdf", 2),
        ("none", "chart.md", "holds no figures", 2),
        ("a", "no/x.md", "cannot be", 1),
    ],
)
def test_a_wrong_call_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], run: str, out: str, says: str, status: int
) -> None:
    write_run(tmp_path / "a")
    assert main(["measure", "published", str(tmp_path / run), "--out", str(tmp_path / out)]) == status
    stderr = capsys.readouterr().err
    assert says in stderr
    assert len(stderr.splitlines()) == 1
