"""Trains the recipe ``features-mlp``: a head for each fold, measured on people it never saw, and one on everybody."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from dermagrade.conditions.acne.patch_grade import KIND, photo_score
from dermagrade.errors import LabelsError, UsageError
from dermagrade.scales import ACNE_5, ACNE_HAYASHI, Scale
from dermagrade.tables.exclude import Exclusions, kept_labels, read_exclusions
from dermagrade.tables.folds import check_folds, folds_by_subject
from dermagrade.tables.labels import PhotoLabel, read_labels, read_rows
from dermagrade.training.patch_features.features import Copy, Patch, compute_features, find_patches
from dermagrade.training.patch_features.figures import PatchAnswer, patch_card_figures, patch_record
from dermagrade.training.patch_features.mlp import (
    FeaturesRecipe,
    PatchNetwork,
    fit_head,
    levels_of,
    make_head,
    predict,
    split_sides,
)
from dermagrade.training.run.backbones import Backbone, load_backbone
from dermagrade.training.run.card import describe
from dermagrade.training.run.export import export_graph
from dermagrade.training.run.folder import file_digest, load_state, open_run, save_state, save_text
from dermagrade.training.run.workers import one_thread
from dermagrade.weights.manifest import Manifest, network_digest, today

VERSION = "acne-features-2026.11"
LICENCE = "that of the labelled photos and of the backbone; it is yours to know them"
#: The scales that it can learn on.
LEARNT_SCALES: dict[str, Scale] = {scale.id: scale for scale in (ACNE_5, ACNE_HAYASHI)}


def choose_scale(labels: Path, named: str | None) -> Scale:
    """The scale of the labels: the one named, else that of the table's column ``scale``, else ``acne-hayashi``.

    Raises:
        UsageError: if acne is not graded on it.
        LabelsError: if the table cannot be read.
    """
    if named is None:
        column = {row.get("scale") or "" for row in read_rows(labels, ("photo", "grade"))} - {""}
        named = min(column, default=ACNE_HAYASHI.id)
    if named not in LEARNT_SCALES:
        raise UsageError(f"features-mlp learns grades on {' or '.join(LEARNT_SCALES)}, not on {named}.")
    return LEARNT_SCALES[named]


def patch_labels(
    path: Path, images: Path, scale: Scale, folds: int, seed: int, exclude: Exclusions
) -> tuple[list[PhotoLabel], list[int]]:
    """Labels, a consensus between levels included, and the fold of each: the column's, else whole subjects by chance.

    Raises:
        LabelsError: if the table is malformed, a photo is missing or a person stands in two folds.
    """
    labels = read_labels(path, allowed=lambda grade: scale.low <= grade <= scale.high, scale=scale.id)
    missing = [label.photo for label in labels if not (images / label.photo).is_file()]
    if missing:
        raise LabelsError(f"{path} names {missing[0]}, which is not in {images} ({len(missing)} missing).")
    labels = kept_labels(labels, {label.photo: images / label.photo for label in labels}, exclude)
    if all(label.fold is None for label in labels):
        levels = levels_of(labels, scale)
        by_level = [replace(label, grade=level) for label, level in zip(labels, levels, strict=True)]
        return labels, folds_by_subject(by_level, folds, seed)
    check_folds(labels)
    return labels, [-1 if label.fold is None else label.fold for label in labels]


def train_features(
    labels_path: Path,
    images: Path,
    out: Path,
    recipe: FeaturesRecipe,
    *,
    recipe_name: str,
    backbone: str = "resnet-152",
    scale: str | None = None,
    seed: int = 20,
    folds: int = 5,
    resume: bool = False,
    at_once: int | None = None,
    exclude: Sequence[Path] = (),
    command: str = "",
    tell: Callable[[str], None] = lambda _: None,
) -> Path:
    """Trains, measures, exports and describes; returns the path of ``acne.onnx``.

    Args:
        labels_path: ``photo,subject,grade[,scale,fold]``.
        images: folder of the photos.
        out: folder of the run: ``acne.onnx`` (trained on everybody) with manifest and card, ``fold{k}/acne.onnx``
            (which never saw fold k), ``by_photo.jsonl`` and ``figures.json`` (what the folds' networks say of people
            they never saw), ``features/``.
        recipe: its settings.
        recipe_name: its name, for the record.
        backbone: as for :func:`~dermagrade.training.run.backbones.load_backbone`.
        scale: id of the labels' scale; see :func:`choose_scale`.
        seed: fold k is trained with seed + k, the last network with seed + 1000.
        folds: how many, where the labels have no fold column.
        resume: go on with the run in ``out``.
        at_once: processes that compute features, one thread each; as many as there are cores where None.
        exclude: tables of photos that train nothing (:mod:`dermagrade.tables.exclude`).
        command: the call, for the record.
        tell: takes a line of progress.

    Raises:
        UsageError: if the call does not fit the folders, or ``out`` holds something else.
        LabelsError: if a table is malformed, or too few people are left to train on.
        PhotoError: if a photo cannot be read.
        WeightsError: if the backbone cannot be had.
        OutputError: if ``out`` cannot be written or a process was ended.
    """
    learnt = choose_scale(labels_path, scale)
    left_out = read_exclusions(exclude)
    labels, fold_of = patch_labels(labels_path, images, learnt, folds, seed, left_out)
    for line in left_out.report(images / row["photo"] for row in read_rows(labels_path, ("photo",))):
        tell(line)
    tell(f"loading the backbone {backbone}")
    eyes = load_backbone(backbone)
    settings = {
        "model": "acne", "recipe": asdict(recipe) | {"name": recipe_name}, "seed": seed, "scale": learnt.id,
        "folds": len(set(fold_of)), "photos": len(labels), "labels": file_digest(labels_path),
        "backbone": eyes.digest(), "size": eyes.size,
        "exclude": [file_digest(table) for table in exclude],
    }  # fmt: skip
    open_run(out, settings, resume=resume)
    if not (out / "backbone.onnx").exists():
        _export(eyes, out / "backbone.partial.onnx", eyes.size, "features")
        (out / "backbone.partial.onnx").replace(out / "backbone.onnx")
    photos = [images / label.photo for label in labels]
    patches = find_patches(photos, out, tell)
    numbers = sorted(set(fold_of) - {-1})
    sides = {
        fold: split_sides(patches, labels, learnt, fold_of, fold, recipe=recipe, seed=seed) for fold in (*numbers, None)
    }
    features = compute_features(
        patches,
        [copy for side in sides.values() for part in (side.fit, side.stop, side.held) for copy in part],
        photos,
        out,
        size=eyes.size,
        at_once=at_once or len(os.sched_getaffinity(0)),
        tell=tell,
    )
    grades = [label.grade for label in labels]
    heads = {}
    for fold, side in sides.items():
        kept = out / ("final.pt" if fold is None else f"fold{fold}.pt")
        if not kept.exists():
            own_seed = seed + (1000 if fold is None else fold)
            with one_thread():
                head, ended = fit_head(features, patches, grades, side.fit, side.stop, recipe=recipe, seed=own_seed)
            save_state(kept, head.state_dict())
            tell(f"{kept.stem}: {len(side.fit)} patches, best epoch {ended['epoch']}, RMSE {ended['stop_rmse']}")
        heads[fold] = make_head(eyes.width, recipe).eval()
        heads[fold].load_state_dict(load_state(kept))

    answers = [
        answer
        for fold in numbers
        for answer in held_out_answers(heads[fold], features, patches, labels, fold_of, fold, sides[fold].held, learnt)
    ]
    save_text(out / "by_photo.jsonl", "".join(json.dumps(a.record()) + "\n" for a in answers))
    figures = patch_record(answers, learnt)
    save_text(out / "figures.json", json.dumps(figures, indent=2) + "\n")

    for fold, head in heads.items():
        folder = out if fold is None else out / f"fold{fold}"
        folder.mkdir(exist_ok=True)
        tell(f"writing {folder / 'acne.onnx'}")
        _export(PatchNetwork(eyes, head), folder / "acne.onnx", eyes.size, "score")
        own = [label for label, other in zip(labels, fold_of, strict=True) if fold is None or other != fold]
        manifest = Manifest(
            version=VERSION,
            condition="acne",
            sha256=network_digest(folder / "acne.onnx"),
            created=today(),
            inputs={"size": eyes.size, "image": ["patches", 3, eyes.size, eyes.size]},
            normalisation="RGB from 0 to 1; the network brings it to the backbone's mean and deviation itself",
            training_data=[
                f"{labels_path.resolve().parent.name}: {len(own)} graded photos of "
                f"{len({x.subject for x in own})} subjects" + ("" if fold is None else f", without fold {fold}"),
                f"the backbone {backbone}: what its own card names",
            ],
            licence=LICENCE,
            metrics=patch_card_figures(figures) if fold is None else {},
            recipe={"name": recipe_name, **asdict(recipe), "backbone": backbone, "features": eyes.width},
            seed=seed,
            command=command,
            kind=KIND,
            scale=learnt.id,
        )
        describe(folder / "acne.onnx", manifest)
    return out / "acne.onnx"


def held_out_answers(
    head: nn.Sequential,
    features: Mapping[Copy, NDArray[np.float32]],
    patches: Sequence[Patch],
    labels: Sequence[PhotoLabel],
    folds: Sequence[int],
    fold: int,
    held: Sequence[Copy],
    scale: Scale,
) -> list[PatchAnswer]:
    """What the network of a fold says of that fold's photos, those without a visible patch included."""
    of_photo: dict[int, dict[str, float]] = {i: {} for i, own in enumerate(folds) if own == fold}
    if held:
        with one_thread():
            scores = predict(head, torch.from_numpy(np.stack([features[copy] for copy in held])))
        for (i, _), value in zip(held, scores.tolist(), strict=True):
            of_photo[patches[i].photo][patches[i].zone] = value
    answers = []
    for i, of_zone in of_photo.items():
        score, within = photo_score(of_zone, scale) if of_zone else (None, {})
        largest = max(within.values(), default=None)
        answers.append(PatchAnswer(labels[i].photo, labels[i].subject, fold, labels[i].grade, score, largest, within))
    return answers


def _export(module: Backbone | PatchNetwork, path: Path, size: int, output: str) -> None:
    axes = {"image": {0: "patches"}, output: {0: "patches"}}
    export_graph(module.eval(), (torch.rand(2, 3, size, size),), path, ["image"], [output], axes)
