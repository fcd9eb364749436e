"""The engine ``lesions``: a network for each fold learns from marked and graded photos; their mean is handed on.

The people of each fold, whom its network never saw, say how the networks' output is read, how wide intervals must be,
and how good the answers are.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from dermagrade.conditions.acne.grade import Postprocess
from dermagrade.errors import UsageError
from dermagrade.scales import ACNE_HAYASHI
from dermagrade.tables.exclude import read_exclusions
from dermagrade.tables.grade_scale import grades_of
from dermagrade.tables.lesions import read_lesions
from dermagrade.training.lesions.calibrate import HeldOut, fit_postprocess, held_out
from dermagrade.training.lesions.clear_faces import choose_clear, clear_pictures
from dermagrade.training.lesions.data import load_samples
from dermagrade.training.lesions.export import NORMALISATION, export_lesions, inputs_of
from dermagrade.training.lesions.face_boxes import face_boxes
from dermagrade.training.lesions.fit import RECIPES
from dermagrade.training.lesions.kept_samples import keep_samples, kept_samples, paint_samples
from dermagrade.training.lesions.measure import measure_lesions
from dermagrade.training.lesions.net import LesionNet, restored
from dermagrade.training.lesions.one_network import Shared, train_one
from dermagrade.training.run.carry_out import carry_out
from dermagrade.training.run.folder import file_digest, load_state, save_text
from dermagrade.training.run.folds import Split, splits_of
from dermagrade.training.run.job import Job
from dermagrade.training.run.manifest import Described
from dermagrade.training.run.options import GRADED, labelled_photos, take_options
from dermagrade.training.run.photos import GradedPhotos, learnt_scale, read_graded
from dermagrade.training.run.workers import one_thread, processes

#: What a manifest says where the call does not.
LICENCE = "that of the labelled photos; it is yours to know it"


def train_lesions(job: Job) -> Path:
    """Carries a job out; see :func:`~dermagrade.training.run.carry_out.carry_out`.

    Settings of the recipe: ``preset``, a key of :data:`dermagrade.training.lesions.fit.RECIPES`.

    Raises:
        UsageError: if the job lacks labels or photos, names a backbone, or another scale than ``acne-hayashi``.
        LabelsError: if a table is malformed.
        PhotoError: if a photo cannot be read.
        WeightsError: if there is no zone network to find the faces.
        OutputError: if the run's folder cannot be written.
    """
    photos, clear = _read(job)
    shared = Shared(job.out, RECIPES[job.recipe.settings["preset"]])
    done = carry_out(
        LesionsPlan(job, photos, clear, shared), job.out, resume=job.resume, at_once=job.at_once, tell=job.tell
    )
    for folder in (shared.samples, shared.painted):
        shutil.rmtree(folder, ignore_errors=True)
    measure_lesions(job, photos)
    return done


def _read(job: Job) -> tuple[GradedPhotos, list[tuple[str, Path]]]:
    """The graded photos, and name and path of the clear faces."""
    table, _ = labelled_photos(job)
    if job.backbone is not None:
        with_one = [name for name, recipe in job.condition.recipes.items() if "backbone" in recipe.settings]
        raise UsageError(f"--backbone belongs to the recipe {' or '.join(with_one)}.")
    taken = {*GRADED, "lesions", "ratings", "clear", "mesh"}
    take_options(job, taken, "learns from marked lesions and grades")
    if len(job.lesions) > 2:
        raise UsageError("--lesions may be given twice at most: one file an annotation.")
    scale = learnt_scale(job, table, only=ACNE_HAYASHI.id)
    clear = choose_clear(job.clear, read_exclusions(job.exclude), job.tell)
    others = [photo for folder in job.clear for photo in clear_pictures(folder)]
    photos = read_graded(job, scale, classed=float, allowed=grades_of(scale), others=others)
    return photos, clear


@dataclass(frozen=True, eq=False)
class LesionsPlan:
    """What the engine means to do; see :class:`~dermagrade.training.run.carry_out.Plan`."""

    job: Job
    photos: GradedPhotos
    clear: Sequence[tuple[str, Path]]
    shared: Shared

    @property
    def name(self) -> str:
        """That of the condition's weights."""
        return self.job.condition.network

    @property
    def settings(self) -> dict[str, Any]:
        """What makes it another run."""
        job, photos = self.job, self.photos
        tables = (photos.table, job.ratings, *job.lesions, *job.mesh)
        return {
            "model": job.condition.name, "recipe": asdict(self.shared.recipe), "seed": job.seed,
            "folds": len(set(photos.folds)), "photos": len(photos), "clear": len(self.clear),
            "tables": [file_digest(path) if path else None for path in tables], **photos.left_out,
        }  # fmt: skip

    def prepare(self) -> LesionsNetworks:
        """Reads and paints what is still needed: the samples of all photos are removed when a run is done."""
        job, shared = self.job, self.shared
        networks = LesionsNetworks(
            job, self.photos, self.clear, shared, splits_of(self.photos.folds, [True] * len(self.photos), job.seed)
        )
        untrained = not all(shared.mark(split).exists() for split in networks.of_folds)
        if (untrained or not networks.counted.exists()) and not shared.samples.exists():
            self._keep_samples()
        if untrained and (shared.recipe.others or shared.recipe.clear_others):
            job.tell("painting other conditions onto them")
            paint_samples(
                shared.painted, shared.samples, learnt=job.condition.name, seed=job.seed,
                at_once=processes(job.at_once),
            )  # fmt: skip
        return networks

    def _keep_samples(self) -> None:
        labels, files = self.photos.labels, self.photos.files
        self.job.tell(f"reading {len(labels)} labelled photos and {len(self.clear)} clear faces")
        named = [(label.photo, path) for label, path in zip(labels, files, strict=True)]
        boxes = face_boxes(self.job.mesh, [*named, *self.clear], self.job.tell)
        lesions = [read_lesions(path) for path in self.job.lesions]
        keep_samples(self.shared.samples, load_samples(labels, dict(named), lesions, self.clear, boxes))


@dataclass(frozen=True, eq=False)
class LesionsNetworks:
    """The networks of a run; see :class:`~dermagrade.training.run.carry_out.Prepared`."""

    job: Job
    photos: GradedPhotos
    clear: Sequence[tuple[str, Path]]
    shared: Shared
    splits: tuple[Split, ...]
    at_most: int | None = None

    @property
    def of_folds(self) -> tuple[Split, ...]:
        """The networks that are trained; that for everybody is their mean."""
        return self.splits[:-1]

    @property
    def counted(self) -> Path:
        """What the networks counted on photos of people whom they never saw."""
        return self.job.out / "held_out.json"

    def mark(self, split: Split) -> Path | None:
        """The state of a fold's network."""
        return None if split.fold is None else self.shared.mark(split)

    def trainer(self) -> Callable[[Split], None]:
        """Trains the network of a fold."""
        return partial(train_one, self.shared)

    def results(self) -> Mapping[int | None, Postprocess]:
        """How each network's output is read, fitted on all people, or on those of the other folds."""
        answers = self._answers()
        return {
            split.fold: fit_postprocess(answers, self.photos.labels, without=split.fold)
            if self.job.lesions
            else Postprocess(counts=False)
            for split in self.splits
        }

    def _answers(self) -> list[HeldOut]:
        if not self.counted.exists():
            self.job.tell("counting lesions of people whom the networks never saw")
            nets = {split.fold: self._net(split) for split in self.of_folds if split.fold is not None}
            with one_thread():
                seen = held_out(kept_samples(self.shared.samples), nets, self.photos.folds, self.shared.recipe.side)
            save_text(self.counted, json.dumps([asdict(one) for one in seen]))
        return [HeldOut(**one) for one in json.loads(self.counted.read_text(encoding="utf-8"))]

    def _net(self, split: Split) -> LesionNet:
        return restored(load_state(self.shared.mark(split)))

    def _members(self, split: Split) -> Sequence[Split]:
        return self.of_folds if split.fold is None else (split,)

    def export(self, split: Split, path: Path, results: Mapping[int | None, Postprocess]) -> None:
        """Writes a fold's network, or the mean of all."""
        export_lesions([self._net(member) for member in self._members(split)], path, self.shared.recipe.side)

    def described(self, split: Split, results: Mapping[int | None, Postprocess]) -> Described:
        """The manifest of a network, before it is measured."""
        job, recipe = self.job, self.shared.recipe
        return Described(
            version=f"{job.condition.name}-2026.11",
            inputs=inputs_of(recipe.side),
            normalisation=NORMALISATION,
            training_data=self._sources(split),
            licence=job.licence or LICENCE,
            postprocess=asdict(results[split.fold]),
            recipe={"name": job.recipe_name, **asdict(recipe), "networks": len(self._members(split))},
            seed=job.seed,
            command=job.command,
            condition=job.condition.name,
            people=job.people,
        )

    def _sources(self, split: Split) -> list[str]:
        """A sentence for each source: how many photos, of how many subjects, and what was left out."""
        lines = [self.photos.source(split.fit, split.fold)]
        unnamed = sum(not self.photos.labels[row].subject_given for row in split.fit)
        if unnamed:
            lines.append(
                f"{unnamed} of these photos came without a subject: copies of one photo count as one person, but two "
                "different photos of one person count as two, so figures by fold may flatter"
            )
        for folder in self.job.clear:
            count = sum(name.startswith(f"{folder.name}/") for name, _ in self.clear)
            lines.append(f"{folder.name}: {count} faces taken for clear, nobody having graded them")
        return lines
