"""A card says what was measured, whose skin it was, and what was tried."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("torch", reason="torch comes with the train extra")

from dermagrade.conditions import CONDITIONS
from dermagrade.evaluation.measure import summarise
from dermagrade.training.run.figures import add_figures, add_tried, card_figures
from dermagrade.weights.manifest import write_manifest
from graded_photos import answer, case
from plain_manifest import plain_manifest

MANIFEST = plain_manifest(
    version="acne-test", training_data=["drawn: 60 photos"], people="Drawn faces alone.",
    command="dermagrade train acne", seed=1,
)  # fmt: skip


@pytest.fixture
def network(tmp_path: Path) -> Path:
    write_manifest(tmp_path / "acne.onnx", MANIFEST)
    return tmp_path / "acne.onnx"


def test_coverage_and_skin_tone_of_an_evaluation_stand_in_the_card(network: Path) -> None:
    cases = [
        case(f"{i}.png", i % 4, i % 4 if i % 3 else (i + 1) % 4, count=5.0, interval=(3.0, 3.6), ita_deg=45.0,
             hayashi_set=(0, 1))
        for i in range(60)
    ]  # fmt: skip
    evaluation = summarise(CONDITIONS["acne"], [c.label for c in cases], [c.result for c in cases], rounds=50)
    add_figures(network, card_figures(evaluation.record()))
    card = network.with_suffix(".md").read_text()
    held = next(line for line in card.splitlines() if line.startswith("| acne-5 interval |"))
    assert "| 1 |" in held  # the score of 5 lesions lies within 3.0 to 3.6 in every photo
    grades = next(line for line in card.splitlines() if line.startswith("| set of Hayashi grades |"))
    assert "| 0.5 |" in grades  # half of the published grades are 0 or 1
    assert "By skin tone, against the published grade" in card


def test_whose_skin_it_was_stands_before_the_figures(network: Path) -> None:
    add_figures(network, {"x": {"model": 1.0}})
    card = network.with_suffix(".md").read_text()
    assert card.index("Drawn faces alone.") < card.index("## How well it does")


def test_what_was_tried_stands_in_the_card_row_by_row(network: Path, tmp_path: Path) -> None:
    (tmp_path / "tried.csv").write_text('idea,kappa,verdict\n"patches, first",0.84,taken\nmirror,0.83,no gain\n')
    add_tried(network, tmp_path / "tried.csv", "On 427 photos.")
    card = network.with_suffix(".md").read_text()
    assert "On 427 photos." in card
    assert "| patches, first | 0.84 | taken |" in card
    assert "| mirror | 0.83 | no gain |" in card


def test_an_answer_without_interval_leaves_the_coverage_out() -> None:
    labelled = case("a.png", 1, 1)
    record = summarise(CONDITIONS["acne"], [labelled.label], [answer("a.png", 1)], rounds=10).record()
    assert not any("is held" in title for title in card_figures(record))
