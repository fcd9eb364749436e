"""The engine ``patch-features``: a small head learns from the features that a frozen backbone finds in zone patches."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from dermagrade.grading.zone_patches import KIND, photo_score
from dermagrade.scales import Scale
from dermagrade.training.patch_features.features import Copy, Patch, compute_features, find_patches
from dermagrade.training.patch_features.figures import PatchAnswer, patch_card_figures, patch_record
from dermagrade.training.patch_features.mlp import (
    RECIPES,
    FeaturesRecipe,
    PatchNetwork,
    Sides,
    fit_head,
    make_head,
    predict,
    split_sides,
)
from dermagrade.training.run.backbones import Backbone, load_backbone
from dermagrade.training.run.carry_out import carry_out
from dermagrade.training.run.export import export_graph
from dermagrade.training.run.folder import load_state, save_state, save_text
from dermagrade.training.run.folds import Split, splits_of
from dermagrade.training.run.job import Job
from dermagrade.training.run.manifest import Described
from dermagrade.training.run.options import GRADED, labelled_photos, take_options
from dermagrade.training.run.photos import GradedPhotos, learnt_scale, read_graded
from dermagrade.training.run.workers import one_thread, processes

LICENCE = "that of the labelled photos and of the backbone; it is yours to know them"


def train_patch_features(job: Job) -> Path:
    """Carries a job out; see :func:`~dermagrade.training.run.carry_out.carry_out`.

    ``job.out`` also gets ``by_photo.jsonl`` and ``figures.json`` (what the folds' networks say of people they never
    saw), ``backbone.onnx`` and ``features/``. The figures are in the card, not in a report.

    Settings of the recipe: ``preset``, a key of :data:`dermagrade.training.patch_features.mlp.RECIPES`; ``backbone``,
    where the job names none.

    Raises:
        UsageError: if the job lacks labels or photos, or brings what this engine does not learn from.
        LabelsError: if a table is malformed, or too few people are left to train on.
        PhotoError: if a photo cannot be read.
        WeightsError: if the backbone cannot be had.
        OutputError: if the run's folder cannot be written.
    """
    table, _ = labelled_photos(job)
    take_options(job, {*GRADED, "backbone"}, "learns from photos and their grades alone")
    scale = learnt_scale(job, table)
    photos = read_graded(job, scale, classed=lambda grade: scale.level_of(grade).value)
    backbone = job.backbone or str(job.recipe.settings["backbone"])
    job.tell(f"loading the backbone {backbone}")
    plan = PatchPlan(job, photos, RECIPES[job.recipe.settings["preset"]], load_backbone(backbone))
    return carry_out(plan, job.out, resume=job.resume, at_once=job.at_once, tell=job.tell)


@dataclass(frozen=True, eq=False)
class PatchPlan:
    """What the engine means to do; see :class:`~dermagrade.training.run.carry_out.Plan`."""

    job: Job
    photos: GradedPhotos
    recipe: FeaturesRecipe
    backbone: Backbone

    @property
    def name(self) -> str:
        """That of the condition's weights."""
        return self.job.condition.network

    @property
    def settings(self) -> dict[str, Any]:
        """What makes it another run."""
        job, photos = self.job, self.photos
        return {
            "model": job.condition.name, "recipe": asdict(self.recipe) | {"name": job.recipe_name}, "seed": job.seed,
            **photos.settings, "folds": len(set(photos.folds)), "backbone": self.backbone.digest(),
            "size": self.backbone.size,
        }  # fmt: skip

    def prepare(self) -> PatchNetworks:
        """Finds the patches, splits people, rolls what trains, and computes the features of all that is used."""
        job, photos, kept = self.job, self.photos, self.job.out / "backbone.onnx"
        if not kept.exists():
            partial = kept.with_name("backbone.partial.onnx")
            _export(self.backbone, partial, self.backbone.size, "features")
            partial.replace(kept)
        patches = find_patches(photos.files, job.out, job.tell)
        seen = {patch.photo for patch in patches}
        splits = splits_of(photos.folds, [row in seen for row in range(len(photos))], job.seed)
        sides = {
            split.title: split_sides(patches, photos.labels, photos.scale, split, recipe=self.recipe, seed=job.seed)
            for split in splits
        }
        features = compute_features(
            patches,
            [copy for side in sides.values() for part in (side.fit, side.stop, side.held) for copy in part],
            photos.files,
            job.out,
            size=self.backbone.size,
            at_once=processes(job.at_once),
            tell=job.tell,
        )
        return PatchNetworks(job, photos, self.recipe, self.backbone, patches, features, sides, splits)


@dataclass(frozen=True, eq=False)
class PatchNetworks:
    """The networks of a run; see :class:`~dermagrade.training.run.carry_out.Prepared`.

    A head is trained in seconds once the features are there, so they are trained one after another in this process.
    """

    job: Job
    photos: GradedPhotos
    recipe: FeaturesRecipe
    backbone: Backbone
    patches: list[Patch]
    features: Mapping[Copy, NDArray[np.float32]]
    sides: Mapping[str, Sides]
    splits: tuple[Split, ...]
    at_most: int | None = 1

    def mark(self, split: Split) -> Path:
        """The state of the head."""
        return self.job.out / f"{split.title}.pt"

    def trainer(self) -> Callable[[Split], None]:
        """Trains a head."""
        return self._train

    def _train(self, split: Split) -> None:
        side, grades = self.sides[split.title], self.photos.grades
        with one_thread():
            head, ended = fit_head(
                self.features, self.patches, grades, side.fit, side.stop, recipe=self.recipe, seed=split.seed
            )
        save_state(self.mark(split), head.state_dict())
        self.job.tell(f"{split.title}: {len(side.fit)} patches, best epoch {ended['epoch']}, RMSE {ended['stop_rmse']}")

    def head(self, split: Split) -> nn.Sequential:
        """The trained head of a network."""
        head = make_head(self.backbone.width, self.recipe).eval()
        head.load_state_dict(load_state(self.mark(split)))
        return head

    def results(self) -> dict[str, Any]:
        """Has every fold's people graded by the network that never saw them; gives back the tables of the card."""
        answers = [
            answer for split in self.splits if split.fold is not None for answer in self._answers(split, split.fold)
        ]
        save_text(self.job.out / "by_photo.jsonl", "".join(json.dumps(a.record()) + "\n" for a in answers))
        figures = patch_record(answers, self.photos.scale)
        save_text(self.job.out / "figures.json", json.dumps(figures, indent=2) + "\n")
        return patch_card_figures(figures)

    def _answers(self, split: Split, fold: int) -> list[PatchAnswer]:
        """What a network says of its fold's photos, those without a visible patch included."""
        of_photo: dict[int, dict[str, float]] = {i: {} for i, own in enumerate(self.photos.folds) if own == fold}
        held = self.sides[split.title].held
        with one_thread():
            scores = predict(self.head(split), torch.from_numpy(np.stack([self.features[copy] for copy in held])))
        for (i, _), value in zip(held, scores.tolist(), strict=True):
            of_photo[self.patches[i].photo][self.patches[i].zone] = value
        return [self._answer(row, fold, of_zone, self.photos.scale) for row, of_zone in of_photo.items()]

    def _answer(self, row: int, fold: int, of_zone: Mapping[str, float], scale: Scale) -> PatchAnswer:
        label = self.photos.labels[row]
        score, within = photo_score(of_zone, scale) if of_zone else (None, {})
        largest = max(within.values(), default=None)
        return PatchAnswer(label.photo, label.subject, fold, label.grade, score, largest, within)

    def export(self, split: Split, path: Path, results: dict[str, Any]) -> None:
        """Writes backbone and head as one network."""
        self.job.tell(f"writing {path}")
        _export(PatchNetwork(self.backbone, self.head(split)), path, self.backbone.size, "score")

    def described(self, split: Split, results: dict[str, Any]) -> Described:
        """The manifest of a network; that for everybody has the figures."""
        job, size = self.job, self.backbone.size
        own = [row for row, fold in enumerate(self.photos.folds) if fold != split.fold]
        return Described(
            version=f"{job.condition.name}-features-2026.11",
            inputs={"size": size, "image": ["patches", 3, size, size]},
            normalisation="RGB from 0 to 1; the network brings it to the backbone's mean and deviation itself",
            training_data=[
                self.photos.source(own, split.fold),
                f"the backbone {self.backbone.name}: what its own card names",
            ],
            licence=job.licence or LICENCE,
            metrics=results if split.fold is None else {},
            recipe={
                "name": job.recipe_name, **asdict(self.recipe), "backbone": self.backbone.name,
                "features": self.backbone.width,
            },
            seed=job.seed,
            command=job.command,
            condition=job.condition.name,
            kind=KIND,
            scale=self.photos.scale.id,
            people=job.people,
        )  # fmt: skip


def _export(module: Backbone | PatchNetwork, path: Path, size: int, output: str) -> None:
    axes = {"image": {0: "patches"}, output: {0: "patches"}}
    export_graph(module.eval(), (torch.rand(2, 3, size, size),), path, ["image"], [output], axes)
