"""One run of a published model: folds of whole people, a network for each and one for everybody, figures at once."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dermagrade.errors import LabelsError, UsageError
from dermagrade.grading.photo_classes import signed_picture
from dermagrade.scales import SCALES, Scale
from dermagrade.tables.exclude import kept_labels, read_exclusions
from dermagrade.tables.folds import check_folds, folds_by_subject
from dermagrade.tables.labels import PhotoLabel, read_labels, read_rows, simulated_rows
from dermagrade.tables.persons import infer_subjects
from dermagrade.tables.photo_files import locate_photos
from dermagrade.training.photo_classes.backbone import make_backbone, trained_parameters
from dermagrade.training.photo_classes.figures import gather_folds, photo_card_figures, run_record
from dermagrade.training.photo_classes.fit import Method, device_of
from dermagrade.training.photo_classes.pictures import make_pictures
from dermagrade.training.photo_classes.settings import PRESETS, PUBLISHED, settings_of
from dermagrade.training.photo_classes.task import Task, train_task
from dermagrade.training.run.card import describe
from dermagrade.training.run.folder import file_digest, follow, open_run, save_text
from dermagrade.training.run.job import Job
from dermagrade.training.run.options import labelled_photos, refuse_options
from dermagrade.training.run.workers import side_by_side
from dermagrade.weights.manifest import Manifest, network_digest, today

LICENCE = "that of the labelled photos and of the backbone; it is yours to know them"
#: Added to the seed of the network for everybody.
_EVERYBODY = 1000


def run_photos(job: Job, method: Method) -> Path:
    """Trains, measures, exports and describes; returns the path of the network for everybody.

    ``job.out`` gets ``NAME.onnx`` with manifest and card, ``fold{k}/NAME.onnx`` (which never saw fold k),
    ``fold{k}.json`` and ``figures.json`` as soon as a fold is done, ``by_photo.jsonl`` (what the folds' networks say of
    people they never saw) and ``log.jsonl``.

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
    table, images = labelled_photos(job)
    refuse_options(job, ("truth", "lesions", "ratings", "clear", "mesh"), "learns from photos and their grades alone")
    grouping, settings = job.recipe.grouping, settings_of(job)
    if grouping is None:
        raise UsageError(f"The recipe {job.recipe_name} names no groups of grades, which its engine sorts into.")
    scale = scale_of(job, table)
    labels = read_labels(table, allowed=lambda grade: scale.low <= grade <= scale.high, scale=scale.id)
    files = locate_photos([label.photo for label in labels], images)
    exclusions = read_exclusions(job.exclude)
    for line in exclusions.report(files.values()):
        job.tell(line)
    labels = kept_labels(labels, files, exclusions)
    backbone = make_backbone(settings, job.seed)
    preset = PRESETS.get(settings.backbone)
    run = {
        "model": job.condition.name, "recipe": job.recipe_name, "engine": job.recipe.engine,
        "settings": asdict(settings), "seed": job.seed, "scale": scale.id, "photos": len(labels),
        "labels": file_digest(table), "folds": job.folds, "groups": list(grouping.names),
        "backbone": None if preset else backbone.digest(),
        "exclude": [file_digest(path) for path in job.exclude],
    }  # fmt: skip
    open_run(job.out, run, resume=job.resume)
    if not all(label.subject_given for label in labels):
        labels, notes = infer_subjects(labels, images)
        for note in notes:
            job.tell(note)
    classes = np.array([grouping.class_of(label.grade) for label in labels])
    folds = folds_of(labels, classes, job.folds, job.seed)
    seen = make_pictures([files[label.photo] for label in labels], job.out, settings.size, job.tell)
    if not all(seen):
        job.tell(f"{seen.count(False)} of {len(seen)} photos show no face and are left out")
    about = {
        "condition": job.condition.name, "recipe": job.recipe_name, "engine": job.recipe.engine, "scale": scale.id,
        "network": preset.title if preset else settings.backbone, "size": settings.size, "epochs": settings.epochs,
        "trained_parameters": trained_parameters(method.network(backbone, len(grouping.names), settings)),
        "photos": len(labels), "without_face": seen.count(False),
        "persons": len({label.subject for label, face in zip(labels, seen, strict=True) if face}),
        "groups": list(grouping.names), "values": list(grouping.values),
        "published": job.recipe.settings.get(PUBLISHED, {}), "command": job.command,
    }  # fmt: skip

    def task(fold: int | None) -> Task:
        rows = [i for i, own in enumerate(folds) if seen[i] and (fold is None or own != fold)]
        chosen = choosers(labels, classes, rows, settings.parts, job.seed)
        held = [] if fold is None else [i for i, own in enumerate(folds) if seen[i] and own == fold]
        if fold is not None and not held:
            raise LabelsError(f"No photo of fold {fold} shows a face; give other folds.")
        title = "final" if fold is None else f"fold{fold}"
        folder = job.out if fold is None else job.out / title
        return Task(
            title, fold, np.array([i for i in rows if i not in chosen]), np.array(sorted(chosen)),
            np.array(held, np.int64), labels, classes, grouping, job.recipe.prepare or signed_picture, method, settings,
            job.seed + (_EVERYBODY if fold is None else fold), job.out, folder / f"{job.condition.name}.onnx", about,
        )  # fmt: skip

    tasks = [task(fold) for fold in (*sorted(set(folds)), None)]
    missing = [one for one in tasks if not (job.out / f"{one.title}.pt").exists()]
    if missing:
        # An accelerator is one, however many cores there are.
        cores = 1 if device_of().type != "cpu" else job.at_once or len(os.sched_getaffinity(0))
        at_once = min(cores, len(missing))
        with follow(job.out / "log.jsonl", job.tell):
            side_by_side(train_task, [(one,) for one in missing], at_once)
    record = run_record(about, gather_folds(job.out))
    save_text(job.out / "figures.json", json.dumps(record, indent=2) + "\n")
    lines = [
        line
        for one in tasks
        if one.fold is not None
        for line in (job.out / f"{one.title}.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    save_text(job.out / "by_photo.jsonl", "".join(line + "\n" for line in lines))
    metrics = photo_card_figures(record, [json.loads(line) for line in lines])
    for one in tasks:
        _describe(job, one, table, metrics if one.fold is None else {})
    return tasks[-1].network


def scale_of(job: Job, table: Path) -> Scale:
    """The scale of the labels: the one named, else that of the table's column ``scale``, else the condition's own.

    Raises:
        UsageError: if the condition's photos are not labelled on it.
        LabelsError: if the table cannot be read.
    """
    named = job.scale
    if named is None:
        column = {row.get("scale") or "" for row in read_rows(table, ("photo", "grade"))} - {""}
        named = min(column, default=(*job.condition.label_scales, job.condition.scale)[0])
    allowed = job.condition.label_scales or (job.condition.scale,)
    if named not in allowed:
        raise UsageError(f"{job.condition.title} is learnt from grades on {' or '.join(allowed)}, not on {named}.")
    return SCALES[named]


def folds_of(labels: Sequence[PhotoLabel], classes: NDArray[np.int64], folds: int, seed: int) -> list[int]:
    """The fold of each label: the table's where it names any, else whole subjects by chance, the classes spread evenly.

    Raises:
        LabelsError: if a person stands in two folds, or there are too few persons.
    """
    if any(label.fold is not None for label in labels):
        check_folds(labels)
        return [label.fold or 0 for label in labels]
    return folds_by_subject(_by_class(labels, classes), folds, seed)


def choosers(
    labels: Sequence[PhotoLabel], classes: NDArray[np.int64], rows: Sequence[int], parts: int, seed: int
) -> set[int]:
    """Those of the rows whose people do not train, but choose the epoch: one part of so many, whole subjects.

    Raises:
        LabelsError: if the rows are all of one person.
    """
    subjects = {labels[i].subject for i in rows}
    if len(subjects) < 2:
        raise LabelsError(
            f"A fold leaves photos with a face of {len(subjects)} subjects to train on, and two are needed: one to "
            "train on and one to choose the epoch."
        )
    own = _by_class([labels[i] for i in rows], classes[list(rows)])
    part_of = folds_by_subject(own, min(parts, len(subjects)), seed)
    return {i for i, part in zip(rows, part_of, strict=True) if part == 0}


def _by_class(labels: Sequence[PhotoLabel], classes: NDArray[np.int64]) -> list[PhotoLabel]:
    return [replace(label, grade=float(own)) for label, own in zip(labels, classes, strict=True)]


def _describe(job: Job, task: Task, table: Path, metrics: dict[str, Any]) -> None:
    """Writes manifest and card of a network."""
    rows = [*task.fit.tolist(), *task.stop.tolist()]
    own = {task.labels[i].subject for i in rows}
    without = "" if task.fold is None else f", without fold {task.fold}"
    size, network = task.settings.size, task.about["network"]
    manifest = Manifest(
        version=f"{job.condition.name}-{job.recipe_name}-2026.11",
        condition=job.condition.name,
        sha256=network_digest(task.network),
        created=today(),
        inputs={"size": size, "image": ["photos", 3, size, size]},
        normalisation="skin alone, elsewhere black, as the recipe prepares it, from -1 to 1",
        training_data=[
            f"{table.resolve().parent.name}: {len(rows)} graded photos of {len(own)} subjects{without}"
            + (" (grades of simulated, painted pictures)" if simulated_rows(table) else ""),
            f"the network: {network}",
        ],
        licence=job.licence or LICENCE,
        metrics=metrics,
        recipe={"name": job.recipe_name, "engine": job.recipe.engine, **asdict(task.settings)},
        seed=task.seed,
        command=job.command,
        kind=task.method.kind,
        scale=task.about["scale"],
        grouping=asdict(task.grouping),
        people=job.people,
    )
    describe(task.network, manifest)
