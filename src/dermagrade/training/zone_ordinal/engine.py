"""The engine ``zone-ordinal``: trains the ordinal network of zones, measures and calibrates it, and writes
weights.

With maps of the truth (``--truth``, as ``dermagrade simulate --study`` writes them) every pixel teaches, there is no
want of photos, and one network is trained without a fifth of the people: it is the one that is written, measured and
calibrated. With grades alone, a network is trained without each fold, so that everybody is measured on, and one on
everybody.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from dermagrade.errors import LabelsError, UsageError
from dermagrade.evaluation.conformal import fit_calibration
from dermagrade.face.colour import tone_of
from dermagrade.grading.face_frame import CHANNELS, frame_shape
from dermagrade.grading.interval import Calibration
from dermagrade.grading.zone_ordinal import KIND
from dermagrade.scales import Scale
from dermagrade.tables.exclude import kept_labels, read_exclusions
from dermagrade.tables.folds import check_folds, folds_by_subject
from dermagrade.tables.labels import PhotoLabel, read_labels, simulated_rows
from dermagrade.tables.persons import infer_subjects
from dermagrade.tables.photo_files import locate_photos
from dermagrade.training.photo_classes.train import scale_of
from dermagrade.training.run.card import describe
from dermagrade.training.run.export import export_graph
from dermagrade.training.run.folder import file_digest, follow, open_run, save_text
from dermagrade.training.run.job import Job
from dermagrade.training.run.options import labelled_photos, refuse_options
from dermagrade.training.run.workers import one_thread, side_by_side
from dermagrade.training.zone_ordinal.data import Samples, prepare_samples
from dermagrade.training.zone_ordinal.figures import Answer, answer_figures
from dermagrade.training.zone_ordinal.fit import Settings, face_grades, fit, make_batch
from dermagrade.training.zone_ordinal.net import Curve, ZoneOrdinalNet
from dermagrade.types import ZONES
from dermagrade.weights.manifest import Manifest, network_digest, today

LICENCE = "for research only, as the photos that it learnt from"
#: Fewer people than this say nothing about how wide an interval must be.
LEAST_PERSONS = 20


@dataclass(frozen=True)
class Task:
    """One network of a run; see the fields of :class:`Run`."""

    title: str
    fit: tuple[int, ...]
    held: tuple[int, ...]
    seed: int


@dataclass(frozen=True)
class Run:
    """What the networks of a run share, as a process of its own takes it.

    Attributes:
        photos: the files.
        truths: their maps of the truth, or None.
        grades: of the labels.
        curve: the condition's.
        zone_weights: by zone, in their order.
        settings: numbers of the fit.
        out: folder of the run.
    """

    photos: tuple[Path, ...]
    truths: tuple[Path | None, ...]
    grades: tuple[float, ...]
    curve: Curve
    zone_weights: tuple[float, ...]
    settings: Settings
    out: Path


class ZoneOrdinalExport(nn.Module):
    """The network as it is written: what it says of a face and of its mirror image, on average.

    So a mirrored photo gets the same answer. The grade is held within the scale.
    """

    def __init__(self, net: ZoneOrdinalNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, image: Tensor, zones: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Strength, grades and steepness of some faces; see :class:`ZoneOrdinalNet`."""
        strength, grade, steepness, _ = self.net(image, zones)
        mirrored = self.net(image.flip(3), zones.flip(3))
        high = self.net.curve.high
        return (
            (strength + mirrored[0].flip(2)) / 2,
            (grade.clamp(0.0, high) + mirrored[1].clamp(0.0, high)) / 2,
            (steepness + mirrored[2]) / 2,
        )


def train_zone_ordinal(job: Job) -> Path:
    """Carries a job out; see the module.

    ``job.out`` gets ``NAME.onnx`` with manifest and card, ``fold{k}/NAME.onnx`` where folds are trained,
    ``by_photo.jsonl`` (answers for people that the network never saw), ``figures.json`` and ``log.jsonl``.

    Raises:
        UsageError: if the job lacks labels or photos, or brings what is not learnt from.
        LabelsError: if a table is malformed, or there are too few people.
        PhotoError: if a map of the truth is damaged.
        OutputError: if the run's folder cannot be written, or a process was ended.
    """
    table, images = labelled_photos(job)
    refuse_options(job, ("lesions", "ratings", "clear", "mesh", "backbone"), "learns from photos, grades and --truth")
    scale = scale_of(job, table)
    labels = read_labels(table, allowed=lambda grade: scale.low <= grade <= scale.high, scale=scale.id)
    files = locate_photos([label.photo for label in labels], images)
    exclusions = read_exclusions(job.exclude)
    for line in exclusions.report(files.values()):
        job.tell(line)
    labels = kept_labels(labels, files, exclusions)
    truths = _truth_files(labels, job.truth)
    settings, curve, weights = _settings(job, scale)
    open_run(
        job.out,
        {
            "model": job.condition.name, "recipe": job.recipe_name, "engine": job.recipe.engine, "seed": job.seed,
            "settings": asdict(settings), "scale": scale.id, "photos": len(labels), "labels": file_digest(table),
            "truth": job.truth is not None, "folds": job.folds, "exclude": [file_digest(path) for path in job.exclude],
        },
        resume=job.resume,
    )  # fmt: skip
    if not all(label.subject_given for label in labels):
        labels, notes = infer_subjects(labels, images)
        for note in notes:
            job.tell(note)
    cores = job.at_once or len(os.sched_getaffinity(0))
    photos = tuple(files[label.photo] for label in labels)
    run = Run(photos, truths, tuple(label.grade for label in labels), curve, weights, settings, job.out)
    samples = _samples(run, cores, job)
    found = samples.column("found")
    if not found.all():
        job.tell(f"{int((~found).sum())} of {len(found)} photos show no zone of a face and are left out")
    folds = _folds(labels, job)
    tasks = _tasks(folds, found, job)
    missing = [task for task in tasks if not (job.out / f"{task.title}.jsonl").exists()]
    with follow(job.out / "log.jsonl", job.tell):
        side_by_side(_train, [(run, task, job.condition.weights) for task in missing], min(cores, len(missing)) or 1)

    answers = [
        Answer(**json.loads(line))
        for task in tasks
        for line in (job.out / f"{task.title}.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    subjects = {str(path): label.subject for path, label in zip(photos, labels, strict=True)}
    answers = [replace(a, photo=Path(a.photo).name, subject=subjects[a.photo]) for a in answers]
    save_text(job.out / "by_photo.jsonl", "".join(json.dumps(asdict(a)) + "\n" for a in answers))
    simulated = job.truth is not None or simulated_rows(table) > 0
    figures = answer_figures(answers, scale, simulated=simulated)
    save_text(job.out / "figures.json", json.dumps(figures, indent=2) + "\n")
    for task in tasks:
        _describe(job, run, task, labels, scale, answers, figures if task is tasks[-1] else {})
    return _network(job.out, tasks[-1].title, job.condition.weights)


def _truth_files(labels: Sequence[PhotoLabel], folder: Path | None) -> tuple[Path | None, ...]:
    if folder is None:
        return (None,) * len(labels)
    paths = [folder / Path(label.photo).with_suffix(".png").name for label in labels]
    missing = [path for path in paths if not path.is_file()]
    if missing:
        raise LabelsError(f"There is no map of the truth {missing[0]} ({len(missing)} of {len(paths)} are missing).")
    return tuple(paths)


def _settings(job: Job, scale: Scale) -> tuple[Settings, Curve, tuple[float, ...]]:
    """The recipe's numbers: those of the fit, the curve from load to grade, and the zones' weights."""
    given = dict(job.recipe.settings)
    curve = Curve(scale.high, float(given["turn"]), float(given["full"]), float(given["pale_share"]))
    weights = given["zone_weights"]
    own = {field.name: given[field.name] for field in fields(Settings) if field.name in given}
    if job.truth is not None and scale.id != job.condition.scale:
        raise UsageError(f"Maps of the truth are of {job.condition.scale}; leave --truth out to learn on {scale.id}.")
    return Settings(**own), curve, tuple(float(weights[zone]) for zone in ZONES)


def _samples(run: Run, at_once: int, job: Job | None = None) -> Samples:
    return prepare_samples(
        run.photos, run.truths, run.out / "prepared", size=run.settings.size, pale_share=run.curve.pale_share,
        at_once=at_once, tell=job.tell if job is not None else lambda line: None,
    )  # fmt: skip


def _folds(labels: Sequence[PhotoLabel], job: Job) -> NDArray[np.int64]:
    """The fold of each label: the table's where it names any, else whole subjects by chance."""
    if any(label.fold is not None for label in labels):
        check_folds(labels)
        return np.array([label.fold for label in labels])
    rounded = [replace(label, grade=round(label.grade)) for label in labels]
    return np.array(folds_by_subject(rounded, job.folds, job.seed))


def _tasks(folds: NDArray[np.int64], found: NDArray[np.bool_], job: Job) -> list[Task]:
    """The networks to train, that which is written last."""

    def task(title: str, fold: int | None, seed: int) -> Task:
        own = folds == -1 if fold is None else folds == fold
        rows, held = np.flatnonzero(found & ~own), np.flatnonzero(found & own)
        if not len(rows) or (fold is not None and not len(held)):
            raise LabelsError("Too few photos show a face: a fold is left without any to learn from or to measure on.")
        return Task(title, tuple(rows.tolist()), tuple(held.tolist()), seed)

    first = int(folds.min())
    if job.truth is not None:
        return [task("final", first, job.seed)]
    numbers = sorted(set(folds.tolist()))
    return [*(task(f"fold{n}", n, job.seed + n) for n in numbers), task("final", None, job.seed + 1000)]


def _network(out: Path, title: str, name: str) -> Path:
    return (out if title == "final" else out / title) / f"{name}.onnx"


def _train(run: Run, task: Task, name: str) -> None:
    """Trains one network, exports it and grades its held people; their answers come last and mark it as done."""
    with one_thread():
        samples = _samples(run, 1).in_memory()
        loads = samples.column("load")
        grades = np.array(run.grades, np.float64)
        weights = torch.tensor(run.zone_weights)
        exact = _exact_grades(loads, run)
        grades = np.where(np.isnan(exact), grades, exact)
        log = run.out / "log.jsonl"

        def tell(line: str) -> None:
            with log.open("a", encoding="utf-8") as opened:
                opened.write(json.dumps({"network": line}) + "\n")

        net = fit(
            samples, np.array(task.fit), grades, run.curve, weights, run.settings,
            seed=task.seed, kept=run.out / f"{task.title}.ckpt", tell=tell,
        )  # fmt: skip
        path = _network(run.out, task.title, name)
        path.parent.mkdir(exist_ok=True)
        height, width = frame_shape(run.settings.size)
        inputs, names = ["image", "zones"], ["strength", "grade", "steepness"]
        axes = {key: {0: "faces"} for key in (*inputs, *names)}
        example = (torch.rand(2, CHANNELS, height, width), torch.rand(2, len(ZONES), height // 2, width // 2))
        net.to(memory_format=torch.contiguous_format)  # type: ignore[call-overload]
        whole = ZoneOrdinalExport(net).eval()
        export_graph(whole, example, path, inputs, names, axes)
        answers = held_answers(whole, samples, task.held, grades, run, weights)
        save_text(run.out / f"{task.title}.jsonl", "".join(json.dumps(asdict(a)) + "\n" for a in answers))


def _exact_grades(loads: NDArray[np.float32], run: Run) -> NDArray[np.float64]:
    """Grade of each face from the truth of its zones; NaN where that is not known."""
    weight = np.array(run.zone_weights) * ~np.isnan(loads)
    total = weight.sum(axis=1)
    load = (np.nan_to_num(loads) * weight).sum(axis=1) / np.maximum(total, 1e-9)
    grade = run.curve.grade(torch.from_numpy(load)).clamp(0, run.curve.high).numpy()
    return np.where(total > 0, grade, np.nan)


def held_answers(
    net: ZoneOrdinalExport,
    samples: Samples,
    rows: Sequence[int],
    grades: NDArray[np.float64],
    run: Run,
    weights: Tensor,
) -> list[Answer]:
    """What a network says of photos of people that it never saw."""
    answers = []
    tones = samples.column("tone")
    high = run.curve.high
    for start in range(0, len(rows), 32):
        index = np.array(rows[start : start + 32])
        batch = make_batch(samples, index, run.settings, None)
        with torch.no_grad():
            _, grade, _ = net(batch.image, batch.zones)
        faces = face_grades(grade, batch.there, run.curve, weights).clamp(0, high)
        of_zones = grade.masked_fill(~batch.there, float("nan"))
        truths = run.curve.grade(torch.from_numpy(samples.take("load", index))).clamp(0, high)
        for k, row in enumerate(index.tolist()):
            zones = {z: round(float(v), 3) for z, v in zip(ZONES, of_zones[k], strict=True) if not torch.isnan(v)}
            true = {z: round(float(v), 3) for z, v in zip(ZONES, truths[k], strict=True) if not torch.isnan(v)}
            tone = float(tones[row])
            answers.append(
                Answer(
                    photo=str(run.photos[row]), subject="", truth=round(float(grades[row]), 3),
                    score=round(float(faces[k]), 3), zones=zones, zone_truths=true,
                    tone="" if np.isnan(tone) else tone_of(tone),
                )
            )  # fmt: skip
    return answers


def _describe(
    job: Job, run: Run, task: Task, labels: Sequence[PhotoLabel], scale: Scale, answers: Sequence[Answer],
    figures: dict[str, Any],
) -> None:  # fmt: skip
    """Writes manifest and card of a network."""
    path = _network(job.out, task.title, job.condition.weights)
    own = {labels[i].subject for i in task.fit}
    kept_apart = f", without {len({labels[i].subject for i in task.held})} others" if task.held else ""
    simulated = " with painted, simulated truth" if job.truth is not None else ""
    persons = [a.subject for a in answers]
    calibration: Calibration | None = None
    if figures and len(set(persons)) >= LEAST_PERSONS:
        calibration = fit_calibration(
            [a.score for a in answers], [a.truth for a in answers], np.ones((len(answers), 1)), np.zeros(len(answers)),
            persons, widest=scale.high - scale.low,
        )  # fmt: skip
    manifest = Manifest(
        version=f"{job.condition.name}-2026.11",
        condition=job.condition.name,
        sha256=network_digest(path),
        created=today(),
        inputs={"size": run.settings.size, "image": ["faces", CHANNELS, *frame_shape(run.settings.size)]},
        normalisation="densities of red, green and blue, chromophores less their mean, and the skin: "
        "dermagrade.grading.face_frame",
        training_data=[f"{len(task.fit)} photos{simulated} of {len(own)} people{kept_apart}"],
        licence=job.licence or LICENCE,
        metrics=figures,
        postprocess={"turn": run.curve.turn, "full": run.curve.full, "pale_share": run.curve.pale_share},
        recipe={"name": job.recipe_name, "engine": job.recipe.engine, **asdict(run.settings)},
        seed=task.seed,
        command=job.command,
        kind=KIND,
        scale=scale.id,
        people=job.people,
        calibration=None if calibration is None else asdict(calibration),
    )
    describe(path, manifest)
