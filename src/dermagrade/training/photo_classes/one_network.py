"""Trains one network of whole faces, measures it on people whom it never saw, and writes it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from dermagrade.grading.recipe import Grouping, Prepare
from dermagrade.tables.labels import PhotoLabel
from dermagrade.training.photo_classes.backbone import make_backbone
from dermagrade.training.photo_classes.figures import confusion, gather_folds, run_record, side_figures
from dermagrade.training.photo_classes.fit import Faces, Method, fit, outputs_of
from dermagrade.training.photo_classes.pictures import load_pictures
from dermagrade.training.photo_classes.settings import PhotoSettings
from dermagrade.training.run.carry_out import network_path
from dermagrade.training.run.export import export_graph
from dermagrade.training.run.folder import save_state, save_text
from dermagrade.training.run.folds import Split, stopping_part
from dermagrade.training.run.workers import one_thread


@dataclass(frozen=True, eq=False)
class PhotoClassesInputs:
    """What the networks of a run share, as a process of its own takes it.

    Attributes:
        labels: of all photos.
        classes: of all photos.
        grouping: of the grades.
        prepare: what a network sees of a picture.
        method: what the model does in its own way.
        settings: numbers of the fit.
        seed: of the run.
        out: folder of the run.
        name: of the networks' files.
        about: what the run is, for the figures.
    """

    labels: tuple[PhotoLabel, ...]
    classes: NDArray[np.int64]
    grouping: Grouping
    prepare: Prepare
    method: Method
    settings: PhotoSettings
    seed: int
    out: Path
    name: str
    about: Mapping[str, Any]

    def sides(self, split: Split) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Rows that train, rows of other people who choose the epoch, and rows that are held out.

        Raises:
            LabelsError: if all who are left to train on are one person.
        """
        fit_rows, stop = stopping_part(
            self.labels, self.classes.tolist(), split.fit, parts=self.settings.parts, seed=self.seed
        )
        return np.array(fit_rows), np.array(stop), np.array(split.held, np.int64)

    def mark(self, split: Split) -> Path:
        """The state of a trained network."""
        return self.out / f"{split.title}.pt"


def train_one(shared: PhotoClassesInputs, split: Split) -> None:
    """Trains one network, measures and exports it; its figures are on disk before the next begins."""
    with one_thread():
        rows, stop, held = shared.sides(split)
        faces = Faces(load_pictures(shared.out), shared.classes, shared.prepare, len(shared.grouping.names))
        network, ended = fit(
            shared.method, faces, rows, stop, make_backbone(shared.settings, split.seed),
            settings=shared.settings, seed=split.seed, out=shared.out, title=split.title,
        )  # fmt: skip
        answerer = shared.method.answerer(network, faces, rows, shared.settings, split.seed)
        if split.fold is not None:
            sides = {"training": rows, "validation": stop, "test": held}
            _measure(shared, split, sides, faces, network, answerer, ended["epoch"])
        _export(shared, split, answerer)
        save_state(shared.mark(split), {"network": network.cpu().state_dict(), "epoch": ended["epoch"]})
        (shared.out / f"{split.title}.ckpt").unlink(missing_ok=True)


def _measure(
    shared: PhotoClassesInputs, split: Split, sides: Mapping[str, NDArray[np.int64]], faces: Faces, network: nn.Module,
    answerer: nn.Module, epoch: int,
) -> None:  # fmt: skip
    """Keeps the figures of a fold, its answers, and the figures of all folds that are done."""
    grades = np.array([label.grade for label in shared.labels])
    record: dict[str, Any] = {"fold": split.fold, "epoch": epoch}
    for side, rows in sides.items():
        shares = outputs_of(answerer, faces, rows)[0]
        found = side_figures(shares, shared.classes[rows], grades[rows], shared.grouping)
        record[side] = found | shared.method.further(network, faces, rows)
    # The last of the sides is the test's.
    record["confusion"] = confusion(shared.classes[rows], shares.argmax(axis=1), shared.grouping)
    save_text(shared.out / f"{split.title}.jsonl", _answers(shared, split, shares))
    save_text(shared.out / f"{split.title}.json", json.dumps(record) + "\n")
    partial = shared.out / f"figures.{split.title}"  # several processes may be here at once
    done = run_record(shared.about, gather_folds(shared.out))
    partial.write_text(json.dumps(done, indent=2) + "\n", encoding="utf-8")
    partial.replace(shared.out / "figures.json")


def _answers(shared: PhotoClassesInputs, split: Split, shares: NDArray[np.float64]) -> str:
    """A line for each photo of the fold."""
    scores = shares @ np.array(shared.grouping.values)
    lines = []
    for row, own, score in zip(split.held, shares, scores.tolist(), strict=True):
        label = shared.labels[row]
        lines.append(
            {
                "photo": label.photo, "subject": label.subject, "fold": split.fold, "grade": label.grade,
                "class": int(shared.classes[row]), "chosen": int(own.argmax()), "score": round(score, 4),
                "probabilities": [round(value, 5) for value in own.tolist()],
            }
        )  # fmt: skip
    return "".join(json.dumps(line) + "\n" for line in lines)


def _export(shared: PhotoClassesInputs, split: Split, answerer: nn.Module) -> None:
    path = network_path(shared.out, split, shared.name)
    path.parent.mkdir(exist_ok=True)
    size, outputs = shared.settings.size, shared.method.outputs
    partial = shared.out / f"{split.title}.onnx.partial"
    axes = {name: {0: "photos"} for name in ("image", *outputs)}
    export_graph(answerer.cpu().eval(), (torch.rand(2, 3, size, size),), partial, ["image"], list(outputs), axes)
    partial.replace(path)
