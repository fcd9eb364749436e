"""One run carries every engine: what an engine brings is its networks; folder, manifests and cards are the run's."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch", reason="torch comes with the train extra")
import torch

from dermagrade.errors import UsageError
from dermagrade.training.run.carry_out import carry_out
from dermagrade.training.run.export import export_graph
from dermagrade.training.run.folds import Split, splits_of
from dermagrade.training.run.manifest import Described
from dermagrade.weights.manifest import read_manifest
from dermagrade.weights.model import load_model

FOLDS = (0, 0, 1, 1, 2, 2)


@dataclass(frozen=True)
class Means:
    """An engine as small as can be: its network adds the mean of the numbers that it learnt from."""

    out: Path
    numbers: tuple[float, ...]
    trained: list[str] = field(default_factory=list)
    mean_of_all: bool = False
    name: str = "means"
    at_most: int | None = 1

    @property
    def settings(self) -> dict[str, Any]:
        return {"model": self.name, "numbers": self.numbers}

    def prepare(self) -> Means:
        return self

    @property
    def splits(self) -> Sequence[Split]:
        return splits_of(FOLDS, [True] * len(FOLDS), 5)

    def mark(self, split: Split) -> Path | None:
        return None if self.mean_of_all and split.fold is None else self.out / f"{split.title}.txt"

    def trainer(self) -> Callable[[Split], None]:
        return self.train

    def train(self, split: Split) -> None:
        self.trained.append(split.title)
        mean = sum(self.numbers[i] for i in split.fit) / len(split.fit)
        (self.out / f"{split.title}.txt").write_text(str(mean))
        with (self.out / "log.jsonl").open("a") as log:
            log.write(json.dumps({"stage": split.title}) + "\n")

    def results(self) -> dict[str, float]:
        return {path.stem: float(path.read_text()) for path in self.out.glob("*.txt")}

    def export(self, split: Split, path: Path, results: dict[str, float]) -> None:
        layer = torch.nn.Linear(1, 1)
        with torch.no_grad():
            layer.weight.fill_(1.0)
            layer.bias.fill_(results.get(split.title, sum(results.values()) / len(results)))
        export_graph(layer, (torch.zeros(1, 1),), path, ["number"], ["sum"], {})

    def described(self, split: Split, results: dict[str, float]) -> Described:
        return Described(
            version="means-1", inputs={"size": 1}, normalisation="none", training_data=["six numbers"], licence="none",
            recipe={"name": "plain"}, seed=split.seed, command="x", metrics={"means": results},
        )  # fmt: skip


def run(engine: Means, *, resume: bool = False, tell: Callable[[str], None] = lambda _: None) -> Path:
    return carry_out(engine, engine.out, resume=resume, at_once=None, tell=tell)


def says(network: Path) -> float:
    return load_model(network).run(number=torch.zeros(1, 1).numpy())["sum"].item()


def test_every_fold_and_everybody_get_a_network_with_manifest_and_card(tmp_path: Path) -> None:
    engine = Means(tmp_path / "run", (0.0, 0.0, 3.0, 3.0, 6.0, 6.0))
    told: list[str] = []
    assert run(engine, tell=told.append) == tmp_path / "run/means.onnx"
    places = [tmp_path / "run" / place for place in ("fold0", "fold1", "fold2", "")]
    assert [says(place / "means.onnx") for place in places] == [4.5, 3.0, 1.5, 3.0]
    assert [read_manifest(place / "means.onnx").seed for place in places] == [5, 6, 7, 1005]
    assert all("six numbers" in (place / "means.md").read_text() for place in places)
    assert told == [f"stage {title}" for title in ("fold0", "fold1", "fold2", "final")]


def test_what_stands_in_the_folder_is_not_trained_again(tmp_path: Path) -> None:
    first = Means(tmp_path / "run", (0.0, 0.0, 3.0, 3.0, 6.0, 6.0))
    run(first)
    before = {path: path.read_bytes() for path in (tmp_path / "run").rglob("means.*")}
    (tmp_path / "run/fold1.txt").unlink()
    again = Means(first.out, first.numbers)
    with pytest.raises(UsageError, match="--resume"):
        run(again)
    run(again, resume=True)
    assert again.trained == ["fold1"]
    assert {path: path.read_bytes() for path in (tmp_path / "run").rglob("means.*")} == before


def test_a_run_with_other_settings_is_not_gone_on_with(tmp_path: Path) -> None:
    engine = Means(tmp_path / "run", (0.0, 0.0, 3.0, 3.0, 6.0, 6.0))
    run(engine)
    with pytest.raises(UsageError, match="differs in numbers"):
        run(Means(engine.out, (1.0,) * 6), resume=True)


def test_a_network_may_be_made_of_the_others_and_is_not_trained(tmp_path: Path) -> None:
    engine = Means(tmp_path / "run", (0.0, 0.0, 3.0, 3.0, 6.0, 9.0), mean_of_all=True)
    assert says(run(engine)) == pytest.approx((5.25 + 3.75 + 1.5) / 3)
    assert engine.trained == ["fold0", "fold1", "fold2"]
