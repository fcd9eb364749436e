"""The engine ``zone-ordinal``: the ordinal network of zones.

With maps of the truth (``--truth``, as ``dermagrade simulate --study`` writes them) every pixel teaches, there is no
want of photos, and one network is trained without a fifth of the people: it is the one that is written, measured and
calibrated. With grades alone, a network is trained without each fold, so that everybody is measured on, and one on
everybody.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from dermagrade.errors import LabelsError, UsageError
from dermagrade.evaluation.conformal import fit_calibration
from dermagrade.grading.face_frame import CHANNELS, frame_shape
from dermagrade.grading.zone_ordinal import KIND
from dermagrade.scales import Scale
from dermagrade.tables.join import all_in_table, join
from dermagrade.tables.labels import PhotoLabel
from dermagrade.training.run.carry_out import carry_out
from dermagrade.training.run.folder import save_text
from dermagrade.training.run.folds import EVERYBODY, Split, split_once, splits_of
from dermagrade.training.run.job import Job
from dermagrade.training.run.manifest import Described
from dermagrade.training.run.options import GRADED, labelled_photos, take_options
from dermagrade.training.run.photos import GradedPhotos, learnt_scale, read_graded
from dermagrade.training.run.workers import processes
from dermagrade.training.zone_ordinal.figures import UnseenAnswer, answer_figures
from dermagrade.training.zone_ordinal.fit import FitSettings
from dermagrade.training.zone_ordinal.net import Curve
from dermagrade.training.zone_ordinal.one_network import ZoneOrdinalInputs, train_one
from dermagrade.types import ZONES

LICENCE = "for research only, as the photos that it learnt from"
#: Fewer people than this say nothing about how wide an interval must be.
LEAST_PERSONS = 20


def train_zone_ordinal(job: Job) -> Path:
    """Carries a job out; see the module and :func:`~dermagrade.training.run.carry_out.carry_out`.

    ``job.out`` also gets ``by_photo.jsonl`` (answers for people that the network never saw) and ``figures.json``.

    Settings of the recipe: those of :class:`~dermagrade.training.zone_ordinal.fit.FitSettings` and of
    :class:`~dermagrade.training.zone_ordinal.net.Curve`, and ``zone_weights`` by zone.

    Raises:
        UsageError: if the job lacks labels or photos, or brings what is not learnt from.
        LabelsError: if a table is malformed, or there are too few people.
        PhotoError: if a map of the truth is damaged.
        OutputError: if the run's folder cannot be written, or a process was ended.
    """
    table, _ = labelled_photos(job)
    take_options(job, {*GRADED, "truth"}, "learns from photos, grades and --truth")
    scale = learnt_scale(job, table)
    photos = read_graded(job, scale, classed=round)
    plan = ZoneOrdinalPlan(job, photos, _shared(job, photos))
    return carry_out(plan, job.out, resume=job.resume, at_once=job.at_once, tell=job.tell)


def _shared(job: Job, photos: GradedPhotos) -> ZoneOrdinalInputs:
    """The recipe's numbers: those of the fit, the curve from load to grade, and the zones' weights."""
    given = dict(job.recipe.settings)
    scale = photos.scale
    if job.truth is not None and scale.id != job.condition.scale:
        raise UsageError(f"Maps of the truth are of {job.condition.scale}; leave --truth out to learn on {scale.id}.")
    return ZoneOrdinalInputs(
        photos=photos.files,
        truths=_truth_files(photos.labels, job.truth),
        grades=photos.grades,
        curve=Curve(scale.high, float(given["turn"]), float(given["full"]), float(given["pale_share"])),
        zone_weights=tuple(float(given["zone_weights"][zone]) for zone in ZONES),
        settings=FitSettings(**{field.name: given[field.name] for field in fields(FitSettings) if field.name in given}),
        out=job.out,
        name=job.condition.network,
    )


def _truth_files(labels: Sequence[PhotoLabel], folder: Path | None) -> tuple[Path | None, ...]:
    if folder is None:
        return (None,) * len(labels)
    names = [Path(label.photo).with_suffix(".png").name for label in labels]
    maps = {path.name: path for path in sorted(folder.glob("*.png"))}
    if not maps:
        raise LabelsError(f"There is no map of the truth {folder / names[0]} ({len(names)} are missing).")
    found = all_in_table(join(names, maps, names_are="maps of the truth", table=str(folder))).found
    return tuple(found[name] for name in names)


@dataclass(frozen=True, eq=False)
class ZoneOrdinalPlan:
    """What the engine means to do; see :class:`~dermagrade.training.run.carry_out.Plan`."""

    job: Job
    photos: GradedPhotos
    shared: ZoneOrdinalInputs

    @property
    def name(self) -> str:
        """That of the condition's weights."""
        return self.shared.name

    @property
    def settings(self) -> dict[str, Any]:
        """What makes it another run."""
        job = self.job
        return {
            "model": job.condition.name, "recipe": job.recipe_name, "engine": job.recipe.engine, "seed": job.seed,
            "settings": asdict(self.shared.settings), **self.photos.settings, "truth": job.truth is not None,
            "folds": job.folds,
        }  # fmt: skip

    def prepare(self) -> ZoneOrdinalNetworks:
        """Finds the zones of every photo; those without a zone are left out."""
        found = self.shared.samples(processes(self.job.at_once), self.job.tell).column("found")
        if not found.all():
            self.job.tell(f"{int((~found).sum())} of {len(found)} photos show no zone of a face and are left out")
        split = splits_of if self.job.truth is None else split_once
        return ZoneOrdinalNetworks(self.job, self.photos, self.shared, split(self.photos.folds, found, self.job.seed))


@dataclass(frozen=True)
class Held:
    """What the networks say of people whom they never saw, and the figures of it."""

    answers: list[UnseenAnswer]
    figures: dict[str, Any]


@dataclass(frozen=True, eq=False)
class ZoneOrdinalNetworks:
    """The networks of a run; see :class:`~dermagrade.training.run.carry_out.Prepared`."""

    job: Job
    photos: GradedPhotos
    shared: ZoneOrdinalInputs
    splits: tuple[Split, ...]
    at_most: int | None = None

    def mark(self, split: Split) -> Path:
        """The answers of the network."""
        return self.shared.answers_of(split)

    def trainer(self) -> Callable[[Split], None]:
        """Trains and writes a network, and has it grade the people whom it never saw."""
        return partial(train_one, self.shared)

    def results(self) -> Held:
        """Gathers the answers of all networks, and measures them."""
        label_of = {str(path): label for path, label in zip(self.photos.files, self.photos.labels, strict=True)}
        answers = [
            replace(answer, photo=Path(answer.photo).name, subject=label_of[answer.photo].subject)
            for split in self.splits
            for line in self.mark(split).read_text(encoding="utf-8").splitlines()
            for answer in [UnseenAnswer(**json.loads(line))]
        ]
        out, simulated = self.job.out, self.job.truth is not None or self.photos.simulated
        save_text(out / "by_photo.jsonl", "".join(json.dumps(asdict(a)) + "\n" for a in answers))
        figures = answer_figures(answers, self.photos.scale, simulated=simulated)
        save_text(out / "figures.json", json.dumps(figures, indent=2) + "\n")
        return Held(answers, figures)

    def export(self, split: Split, path: Path, results: Held) -> None:
        """Nothing: the training has written it."""

    def described(self, split: Split, results: Held) -> Described:
        """The manifest of a network; that for everybody has the figures and the calibration."""
        job, curve, settings, last = self.job, self.shared.curve, self.shared.settings, split.title == EVERYBODY
        return Described(
            version=f"{job.condition.name}-2026.11",
            inputs={"size": settings.size, "image": ["faces", CHANNELS, *frame_shape(settings.size)]},
            normalisation="densities of red, green and blue, chromophores less their mean, and the skin: "
            "dermagrade.grading.face_frame",
            training_data=[self._source(split)],
            licence=job.licence or LICENCE,
            metrics=results.figures if last else {},
            postprocess={"turn": curve.turn, "full": curve.full, "pale_share": curve.pale_share},
            recipe={"name": job.recipe_name, "engine": job.recipe.engine, **asdict(settings)},
            seed=split.seed,
            command=job.command,
            condition=job.condition.name,
            kind=KIND,
            scale=self.photos.scale.id,
            people=job.people,
            calibration=calibrated(results.answers, self.photos.scale) if last else None,
        )

    def _source(self, split: Split) -> str:
        simulated = " with painted, simulated truth" if self.job.truth is not None else ""
        apart = f", without {self.photos.subjects_of(split.held)} others" if split.held else ""
        return f"{len(split.fit)} photos{simulated} of {self.photos.subjects_of(split.fit)} people{apart}"


def calibrated(answers: Sequence[UnseenAnswer], scale: Scale) -> dict[str, Any] | None:
    """How wide intervals must be, from answers for people never seen; None where these are too few."""
    persons = [answer.subject for answer in answers]
    if len(set(persons)) < LEAST_PERSONS:
        return None
    calibration = fit_calibration(
        [a.score for a in answers], [a.truth for a in answers], np.ones((len(answers), 1)), np.zeros(len(answers)),
        persons, widest=scale.high - scale.low,
    )  # fmt: skip
    return asdict(calibration)
