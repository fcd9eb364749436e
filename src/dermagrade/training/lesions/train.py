"""Trains the acne network: one for each fold, measured on people it never saw, and their mean, which is shipped."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dermagrade.conditions.acne.grade import Postprocess
from dermagrade.errors import UsageError
from dermagrade.face.zones import find_face
from dermagrade.photo.read import SUFFIXES, read_photo
from dermagrade.scales import ACNE_HAYASHI
from dermagrade.tables.exclude import Exclusions, kept_labels, read_exclusions
from dermagrade.tables.folds import check_folds, folds_by_subject
from dermagrade.tables.grade_scale import grades_of
from dermagrade.tables.join import join
from dermagrade.tables.labels import PhotoLabel, read_labels, with_readings
from dermagrade.tables.lesions import check_lesions, read_lesions
from dermagrade.tables.persons import infer_subjects
from dermagrade.tables.photo_files import locate_photos
from dermagrade.tables.ratings import read_ratings
from dermagrade.tables.row import read_rows
from dermagrade.training.lesions.calibrate import HeldOut, fit_share, fit_threshold, held_out
from dermagrade.training.lesions.data import AcneSamples, load_acne
from dermagrade.training.lesions.fit import AcneRecipe, fit
from dermagrade.training.lesions.kept_samples import keep_samples, kept_samples, paint_samples, with_painted
from dermagrade.training.lesions.net import AcneNet, restored
from dermagrade.training.run.card import describe
from dermagrade.training.run.export import export_acne
from dermagrade.training.run.folder import file_digest, follow, load_state, open_run, save_state, save_text
from dermagrade.training.run.workers import one_thread, side_by_side
from dermagrade.training.zones.data import read_meshes
from dermagrade.training.zones.targets import face_box
from dermagrade.weights.manifest import Manifest, network_digest, today

VERSION = "acne-2026.11"
#: What a manifest says where the call does not.
LICENCE = "that of the labelled photos; it is yours to know it"
#: At most so many clear faces of a folder are taken, by chance but the same in every run.
CLEAR_AT_MOST = 900
CLEAR_SEED = 5


@dataclass(frozen=True)
class AcneTables:
    """The tables and folders of a run.

    Attributes:
        labels: ``photo,subject,grade[,count,count_v2,located,fold]``.
        images: folder of the photos.
        lesions: up to two annotations, ``photo,x,y,radius``.
        ratings: ``photo,rater,grade[,round]``, if any.
        clear: folders of faces taken for clear.
        meshes: NPZ files from which the face boxes are taken; without any, the zone network finds the faces.
        exclude: tables of photos that train nothing (:mod:`dermagrade.tables.exclude`).
    """

    labels: Path
    images: Path
    lesions: tuple[Path, ...] = ()
    ratings: Path | None = None
    clear: tuple[Path, ...] = ()
    meshes: tuple[Path, ...] = ()
    exclude: tuple[Path, ...] = ()


def acne_labels(
    tables: AcneTables, folds: int, seed: int, tell: Callable[[str], None] = lambda _: None
) -> tuple[list[PhotoLabel], list[int]]:
    """Labels and the fold of each: the column's where there is one, else whole subjects by chance.

    Where the table names no subject, near-duplicates become one person
    (:func:`~dermagrade.tables.persons.infer_subjects`).

    Args:
        tables: of the run.
        folds: how many, where the labels have no fold column.
        seed: of the folds.
        tell: takes a sentence on ratings and marks that are of no labelled photo, and on photos that lack marks.

    Raises:
        LabelsError: if a table is malformed, a photo is missing, ratings or marks are of none of the photos, or a
            person stands in two folds.
    """
    labels = read_labels(tables.labels, allowed=grades_of(ACNE_HAYASHI), scale=ACNE_HAYASHI.id)
    files = locate_photos([label.photo for label in labels], tables.images, table=str(tables.labels))
    if tables.ratings is not None:
        readings = read_ratings(tables.ratings, scale=ACNE_HAYASHI.id)
        labels, notes = with_readings(labels, readings.readings, table=str(tables.ratings))
        for note in (*readings.notes, *notes):
            tell(note)
    for number, path in enumerate(tables.lesions):
        for note in check_lesions(read_lesions(path), labels, table=str(path), second=number == 1):
            tell(note)
    labels = kept_labels(labels, files, read_exclusions(tables.exclude))
    if not all(label.subject_given for label in labels):
        labels, _ = infer_subjects(labels, tables.images)
    if all(label.fold is None for label in labels):
        return labels, folds_by_subject(labels, folds, seed)
    check_folds(labels)
    return labels, [-1 if label.fold is None else label.fold for label in labels]


def clear_pictures(folder: Path) -> list[Path]:
    """The pictures directly in a folder of clear faces, by name.

    Raises:
        UsageError: if the folder is missing.
    """
    if not folder.is_dir():
        raise UsageError(f"{folder} is no folder.")
    return [p for p in sorted(folder.iterdir()) if p.name[0] != "." and p.suffix.lower() in SUFFIXES]


def choose_clear(
    folders: Sequence[Path], exclusions: Exclusions, tell: Callable[[str], None] = lambda _: None
) -> list[tuple[str, Path]]:
    """Name (folder/file) and path of the clear faces that train.

    Of each folder at most :data:`CLEAR_AT_MOST` are drawn by chance. Photos are left out before the draw; those whose
    row says ``after_draw``, after it.

    Args:
        folders: of faces; what lies in folders below is not taken.
        exclusions: photos that train nothing.
        tell: takes a sentence on what is passed over.

    Raises:
        UsageError: if a folder is missing.
    """
    chosen: list[tuple[str, Path]] = []
    for folder in folders:
        own = [p for p in clear_pictures(folder) if not exclusions.leaves_out(p, drawn=False)]
        others = [p.name for p in sorted(folder.iterdir()) if p.name[0] != "." and p.suffix.lower() not in SUFFIXES]
        if others:
            tell(f"{folder}: {len(others)} files or folders are no photos by name and passed over, such as {others[0]}")
        order = np.random.default_rng(CLEAR_SEED).permutation(len(own))
        taken = [own[k] for k in order[:CLEAR_AT_MOST]]
        if len(taken) < len(own):
            tell(f"{folder}: {len(taken)} of {len(own)} clear faces are taken, by chance")
        chosen += [(f"{folder.name}/{p.name}", p) for p in taken if not exclusions.leaves_out(p)]
    return chosen


def acne_pictures(tables: AcneTables, files: Mapping[str, Path]) -> list[Path]:
    """Every photo that a run would read if none were left out: the labelled ones and those of clear faces."""
    return [*files.values(), *(path for folder in tables.clear for path in clear_pictures(folder))]


def face_boxes(
    meshes: Sequence[Path], photos: Sequence[tuple[str, Path]], tell: Callable[[str], None] = lambda _: None
) -> dict[str, NDArray[np.float64]]:
    """Face boxes by name: from the meshes alone where there are any, else by the zone network.

    Args:
        meshes: NPZ files.
        photos: name and file of each.
        tell: takes a sentence on photos without a mesh.

    Raises:
        UsageError: if a mesh file cannot be read.
        LabelsError: if the meshes are of none of the photos.
        PhotoError: if a photo cannot be read.
        WeightsError: if there is no zone network to find the faces.
    """
    if meshes:
        known = {name: face_box(mesh) for path in meshes for name, mesh in read_meshes(path).items()}
        names = " and ".join(str(path) for path in meshes)
        joined = join([name for name, _ in photos], known, names_are="photos to learn from", table=names)
        for note in joined.report.notes_on_names:
            tell(note)
        return dict(joined.found)
    boxes = {}
    for name, path in photos:
        photo = read_photo(path)
        face = find_face(photo)
        if face is not None:
            boxes[name] = np.array(face.box) * photo.scale
    return boxes


def training_rows(samples: AcneSamples, folds: Sequence[int], fold: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Labelled rows outside a fold, and the rows of clear faces."""
    of_row = np.full(len(samples), -1)
    of_row[: len(folds)] = folds
    return np.flatnonzero(~samples.clear & (of_row != fold)), np.flatnonzero(samples.clear)


def _fit_fold(out: Path, recipe: AcneRecipe, folds: list[int], fold: int, seed: int) -> None:
    """Trains one fold and keeps it; runs in a process of its own where several are trained at once."""
    with one_thread():
        samples = with_painted(kept_samples(out / "samples"), out / "painted")
        labelled, clear = training_rows(samples, folds, fold)
        net = fit(samples, labelled, clear, recipe=recipe, seed=seed + fold, out=out, title=f"fold{fold}")
        save_state(out / f"fold{fold}.pt", net.state_dict())


def train_acne(
    tables: AcneTables,
    out: Path,
    recipe: AcneRecipe,
    *,
    recipe_name: str,
    seed: int = 20,
    folds: int = 5,
    resume: bool = False,
    at_once: int | None = None,
    licence: str | None = None,
    people: str | None = None,
    command: str = "",
    tell: Callable[[str], None] = lambda _: None,
) -> Path:
    """Trains, exports and describes the acne network; returns the path of ``acne.onnx``.

    Args:
        tables: what to learn from.
        out: folder of the run: ``acne.onnx`` (the mean of the folds' networks) with manifest and card,
            ``fold{k}/acne.onnx`` (which never saw fold k), checkpoints, ``log.jsonl``.
        recipe: its settings.
        recipe_name: its name, for the record.
        seed: fold k is trained with seed + k.
        folds: how many, where the labels have no fold column.
        resume: go on with the run in ``out``, from the last whole epoch of each fold.
        at_once: folds trained side by side, one thread each; as many as there are cores where None.
        licence: of the weights, for manifest and card.
        people: whose skin the photos show, a sentence for the card.
        command: the call, for the record.
        tell: takes a line of progress.

    Raises:
        UsageError: if the call does not fit the folders, or ``out`` holds something else.
        LabelsError: if a table is malformed.
        PhotoError: if a photo cannot be read.
        OutputError: if ``out`` cannot be written or a process was ended.
    """
    if len(tables.lesions) > 2:
        raise UsageError("--lesions may be given twice at most: one file an annotation.")
    labels, fold_of = acne_labels(tables, folds, seed, tell)
    names = [row["photo"] for row in read_rows(tables.labels, ("photo",))]
    files = locate_photos(names, tables.images, table=str(tables.labels))
    if not all(label.subject_given for label in labels):
        tell("some photos have no subject: persons are inferred from near-duplicates, and figures by fold may flatter")
    exclusions = read_exclusions(tables.exclude)
    clear = choose_clear(tables.clear, exclusions, tell)
    for line in exclusions.report(acne_pictures(tables, files)):
        tell(line)
    read = (tables.labels, tables.ratings, *tables.lesions, *tables.meshes)
    settings = {
        "model": "acne", "recipe": asdict(recipe), "seed": seed, "folds": len(set(fold_of)),
        "photos": len(labels), "clear": len(clear), "tables": [file_digest(p) if p else None for p in read],
        "exclude": [file_digest(p) for p in tables.exclude],
    }  # fmt: skip
    open_run(out, settings, resume=resume)
    numbers = sorted(set(fold_of))
    missing = [k for k in numbers if not (out / f"fold{k}.pt").exists()]
    counted = out / "held_out.json"
    if (missing or not counted.exists()) and not (out / "samples").exists():
        tell(f"reading {len(labels)} labelled photos and {len(clear)} clear faces")
        photos = [(label.photo, files[label.photo]) for label in labels]
        boxes = face_boxes(tables.meshes, [*photos, *clear], tell)
        lesions = [read_lesions(path) for path in tables.lesions]
        keep_samples(out / "samples", load_acne(labels, files, lesions, clear, boxes))
    at_once = at_once or len(os.sched_getaffinity(0))
    if missing and (recipe.others or recipe.clear_others):
        tell("painting other conditions onto them")
        paint_samples(out / "painted", out / "samples", seed=seed, at_once=at_once)
    if missing:
        at_once = min(at_once, len(missing))
        jobs = [(out, recipe, fold_of, k, seed) for k in missing]
        with follow(out / "log.jsonl", tell):
            side_by_side(_fit_fold, jobs, at_once)
    nets = [restored(load_state(out / f"fold{k}.pt")) for k in numbers]
    if not counted.exists():
        tell("counting lesions of people whom the networks never saw")
        with one_thread():
            seen = held_out(kept_samples(out / "samples"), dict(zip(numbers, nets, strict=True)), fold_of, recipe.side)
        save_text(counted, json.dumps([asdict(one) for one in seen]))
    answers = [HeldOut(**one) for one in json.loads(counted.read_text(encoding="utf-8"))]
    raw = np.array([answer.count for answer in answers])
    truth = np.array([np.nan if label.count is None else label.count for label in labels])

    def reading(without: int | None) -> Postprocess:
        """How counts are read, fitted on all folds, or on all but one where that one is to be measured."""
        others = (np.array(fold_of) >= 0) & (np.array(fold_of) != (-1 if without is None else without))
        if not tables.lesions:
            return Postprocess(counts=False)
        threshold = fit_threshold([answers[i] for i in np.flatnonzero(others)])
        used = ~np.isnan(truth) & others
        if not used.any():
            return Postprocess(peak_threshold=threshold)
        scale, doubt = fit_share(raw[used], truth[used])
        return Postprocess(peak_threshold=threshold, count_scale=scale, count_doubt=doubt)

    def finish(members: Sequence[AcneNet], folder: Path, without: int | None) -> Path:
        folder.mkdir(exist_ok=True)
        side = recipe.side
        export_acne(members, folder / "acne.onnx", side)
        network = folder / "acne.onnx"
        manifest = Manifest(
            version=VERSION,
            condition="acne",
            sha256=network_digest(network),
            created=today(),
            inputs={"size": side, "image": [1, 3, side, side], "region": ["regions", 1, side // 4, side // 4]},
            normalisation="RGB from 0 to 1; the network subtracts 0.45 and divides by 0.25 itself",
            training_data=training_data(tables, labels, fold_of, clear, without),
            licence=licence or LICENCE,
            metrics={},
            postprocess=asdict(reading(without)),
            recipe={"name": recipe_name, **asdict(recipe), "networks": len(members)},
            seed=seed,
            command=command,
            people=people,
        )
        describe(network, manifest)
        return network

    for k, net in zip(numbers, nets, strict=True):
        finish([net], out / f"fold{k}", k)
    done = finish(nets, out, None)
    for folder in ("samples", "painted"):
        shutil.rmtree(out / folder, ignore_errors=True)
    return done


def training_data(
    tables: AcneTables,
    labels: Sequence[PhotoLabel],
    folds: Sequence[int],
    clear: Sequence[tuple[str, Path]],
    without: int | None,
) -> list[str]:
    """A sentence for each source: how many photos, of how many subjects, and what was left out."""
    own = [label for label, fold in zip(labels, folds, strict=True) if fold != without]
    left_out = "" if without is None else f", without fold {without}"
    unnamed = [label for label in own if not label.subject_given]
    name, persons = tables.labels.resolve().parent.name, len({label.subject for label in own})
    lines = [f"{name}: {len(own)} graded photos of {persons} subjects{left_out}"]
    if unnamed:
        lines.append(
            f"{len(unnamed)} of these photos came without a subject: copies of one photo count as one person, but two "
            "different photos of one person count as two, so figures by fold may flatter"
        )
    for folder in tables.clear:
        count = sum(name.startswith(f"{folder.name}/") for name, _ in clear)
        lines.append(f"{folder.name}: {count} faces taken for clear, nobody having graded them")
    return lines
