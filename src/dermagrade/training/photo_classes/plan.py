"""The run of a published model of whole faces: its data, its networks, and what their manifests say."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dermagrade.errors import UsageError
from dermagrade.grading.photo_classes import signed_picture
from dermagrade.grading.recipe import Grouping
from dermagrade.training.photo_classes.backbone import PhotoBackbone, make_backbone, trained_parameters
from dermagrade.training.photo_classes.figures import gather_folds, photo_card_figures, run_record
from dermagrade.training.photo_classes.fit import Method, device_of
from dermagrade.training.photo_classes.one_network import PhotoClassesInputs, train_one
from dermagrade.training.photo_classes.pictures import make_pictures
from dermagrade.training.photo_classes.settings import PRESETS, PUBLISHED, PhotoSettings, settings_of
from dermagrade.training.run.carry_out import carry_out
from dermagrade.training.run.folder import save_text
from dermagrade.training.run.folds import Split, splits_of
from dermagrade.training.run.job import Job
from dermagrade.training.run.manifest import Described
from dermagrade.training.run.options import GRADED, labelled_photos, take_options
from dermagrade.training.run.photos import GradedPhotos, learnt_scale, read_graded

LICENCE = "that of the labelled photos and of the backbone; it is yours to know them"


def train_photos(job: Job, method: Method) -> Path:
    """Carries a job out; see :func:`~dermagrade.training.run.carry_out.carry_out`.

    ``job.out`` also gets ``fold{k}.json`` and ``figures.json`` as soon as a fold is done, and ``by_photo.jsonl`` (what
    the folds' networks say of people they never saw).

    Args:
        job: what is asked for.
        method: what the model does in its own way.

    Raises:
        UsageError: if the job lacks labels, photos or groups, or brings what is not learnt from.
        LabelsError: if a table is malformed, or too few people are left to train on.
        PhotoError: if a photo cannot be read.
        WeightsError: if the backbone cannot be had.
        OutputError: if the run's folder cannot be written, or a process was ended.
    """
    table, _ = labelled_photos(job)
    take_options(job, {*GRADED, "backbone"}, "learns from photos and their grades alone")
    grouping, settings = job.recipe.grouping, settings_of(job)
    if grouping is None:
        raise UsageError(f"The recipe {job.recipe_name} names no groups of grades, which its engine sorts into.")
    photos = read_graded(job, learnt_scale(job, table), classed=grouping.class_of)
    plan = PhotoPlan(job, photos, grouping, settings, method, make_backbone(settings, job.seed))
    return carry_out(plan, job.out, resume=job.resume, at_once=job.at_once, tell=job.tell)


@dataclass(frozen=True, eq=False)
class PhotoPlan:
    """What the engine means to do; see :class:`~dermagrade.training.run.carry_out.Plan`."""

    job: Job
    photos: GradedPhotos
    grouping: Grouping
    numbers: PhotoSettings
    method: Method
    backbone: PhotoBackbone

    @property
    def name(self) -> str:
        """That of the condition's weights."""
        return self.job.condition.network

    @property
    def settings(self) -> dict[str, Any]:
        """What makes it another run."""
        job, preset = self.job, PRESETS.get(self.numbers.backbone)
        return {
            "model": job.condition.name, "recipe": job.recipe_name, "engine": job.recipe.engine,
            "settings": asdict(self.numbers), "seed": job.seed, **self.photos.settings, "folds": job.folds,
            "groups": list(self.grouping.names), "backbone": None if preset else self.backbone.digest(),
        }  # fmt: skip

    def prepare(self) -> PhotoNetworks:
        """Cuts the skin of every photo; those without a face are left out."""
        job, photos = self.job, self.photos
        seen = make_pictures(photos.files, job.out, self.numbers.size, job.tell)
        if not all(seen):
            job.tell(f"{seen.count(False)} of {len(seen)} photos show no face and are left out")
        shared = PhotoClassesInputs(
            photos.labels, self._classes, self.grouping, job.recipe.prepare or signed_picture, self.method,
            self.numbers, job.seed, job.out, self.name, self._about(seen),
        )  # fmt: skip
        splits = splits_of(photos.folds, seen, job.seed)
        for split in splits:
            shared.sides(split)  # too few people are found out before anything is trained
        # An accelerator is one, however many cores there are.
        return PhotoNetworks(job, photos, shared, splits, at_most=None if device_of().type == "cpu" else 1)

    @property
    def _classes(self) -> NDArray[np.int64]:
        return np.array([self.grouping.class_of(grade) for grade in self.photos.grades])

    def _about(self, seen: Sequence[bool]) -> dict[str, Any]:
        """What the run is, as its figures begin."""
        job, preset = self.job, PRESETS.get(self.numbers.backbone)
        network = self.method.network(self.backbone, len(self.grouping.names), self.numbers)
        return {
            "condition": job.condition.name, "recipe": job.recipe_name, "engine": job.recipe.engine,
            "scale": self.photos.scale.id, "network": preset.title if preset else self.numbers.backbone,
            "size": self.numbers.size, "epochs": self.numbers.epochs,
            "trained_parameters": trained_parameters(network), "photos": len(self.photos),
            "without_face": list(seen).count(False),
            "persons": self.photos.subjects_of([i for i, face in enumerate(seen) if face]),
            "groups": list(self.grouping.names), "values": list(self.grouping.values),
            "published": job.recipe.settings.get(PUBLISHED, {}), "command": job.command,
        }  # fmt: skip


@dataclass(frozen=True, eq=False)
class PhotoNetworks:
    """The networks of a run; see :class:`~dermagrade.training.run.carry_out.Prepared`."""

    job: Job
    photos: GradedPhotos
    shared: PhotoClassesInputs
    splits: tuple[Split, ...]
    at_most: int | None

    def mark(self, split: Split) -> Path:
        """The state of the network."""
        return self.shared.mark(split)

    def trainer(self) -> Callable[[Split], None]:
        """Trains, measures and writes a network."""
        return partial(train_one, self.shared)

    def results(self) -> dict[str, Any]:
        """Gathers the answers and figures of all folds; gives back the tables of the card."""
        out = self.job.out
        record = run_record(self.shared.about, gather_folds(out))
        save_text(out / "figures.json", json.dumps(record, indent=2) + "\n")
        lines = [
            line
            for split in self.splits
            if split.fold is not None
            for line in (out / f"{split.title}.jsonl").read_text(encoding="utf-8").splitlines()
        ]
        save_text(out / "by_photo.jsonl", "".join(line + "\n" for line in lines))
        return photo_card_figures(record, [json.loads(line) for line in lines])

    def export(self, split: Split, path: Path, results: dict[str, Any]) -> None:
        """Nothing: the training has written it."""

    def described(self, split: Split, results: dict[str, Any]) -> Described:
        """The manifest of a network; that for everybody has the figures."""
        job, shared = self.job, self.shared
        size = shared.settings.size
        painted = " (grades of simulated, painted pictures)" if self.photos.simulated else ""
        return Described(
            version=f"{job.condition.name}-{job.recipe_name}-2026.11",
            inputs={"size": size, "image": ["photos", 3, size, size]},
            normalisation="skin alone, elsewhere black, as the recipe prepares it, from -1 to 1",
            training_data=[
                self.photos.source(split.fit, split.fold) + painted,
                f"the network: {shared.about['network']}",
            ],
            licence=job.licence or LICENCE,
            metrics=results if split.fold is None else {},
            recipe={"name": job.recipe_name, "engine": job.recipe.engine, **asdict(shared.settings)},
            seed=split.seed,
            command=job.command,
            condition=job.condition.name,
            kind=shared.method.kind,
            scale=self.photos.scale.id,
            grouping=asdict(shared.grouping),
            people=job.people,
        )
