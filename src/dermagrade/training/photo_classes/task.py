"""The training of one network of a run: fitted, measured, exported, and its figures on disk before the next begins."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from dermagrade.grading.recipe import Grouping, Prepare
from dermagrade.tables.labels import PhotoLabel
from dermagrade.training.photo_classes.backbone import make_backbone
from dermagrade.training.photo_classes.figures import confusion, gather_folds, run_record, side_figures
from dermagrade.training.photo_classes.fit import Faces, Method, fit, outputs_of
from dermagrade.training.photo_classes.pictures import load_pictures
from dermagrade.training.photo_classes.settings import PhotoSettings
from dermagrade.training.run.export import export_graph
from dermagrade.training.run.folder import save_state, save_text
from dermagrade.training.run.workers import one_thread


@dataclass(frozen=True, eq=False)
class Task:
    """The training of one network, as a process of its own takes it.

    Attributes:
        title: ``fold0`` and so on, or ``final`` for the network for everybody.
        fold: its number; None for the network for everybody.
        fit: rows that train.
        stop: rows of other people, who choose the epoch.
        held: rows of the fold; none for everybody.
        labels: of all rows.
        classes: of all rows.
        grouping: of the grades.
        prepare: what a network sees of a picture.
        method: what is done.
        settings: the settings.
        seed: of this network.
        out: folder of the run.
        network: path of the network that is written.
        about: what the run is, for the figures.
    """

    title: str
    fold: int | None
    fit: NDArray[np.int64]
    stop: NDArray[np.int64]
    held: NDArray[np.int64]
    labels: Sequence[PhotoLabel]
    classes: NDArray[np.int64]
    grouping: Grouping
    prepare: Prepare
    method: Method
    settings: PhotoSettings
    seed: int
    out: Path
    network: Path
    about: dict[str, Any]


def train_task(task: Task) -> None:
    """Trains one network, measures and exports it; its figures are on disk before the next begins."""
    with one_thread():
        names = task.grouping.names
        faces = Faces(load_pictures(task.out), task.classes, task.prepare, len(names))
        backbone = make_backbone(task.settings, task.seed)
        network, ended = fit(
            task.method, faces, task.fit, task.stop, backbone,
            settings=task.settings, seed=task.seed, out=task.out, title=task.title,
        )  # fmt: skip
        answerer = task.method.answerer(network, faces, task.fit, task.settings, task.seed)
        if task.fold is not None:
            grades = np.array([label.grade for label in task.labels])
            record: dict[str, Any] = {"fold": task.fold, "epoch": ended["epoch"]}
            for side, rows in (("training", task.fit), ("validation", task.stop), ("test", task.held)):
                shares = outputs_of(answerer, faces, rows)[0]
                found = side_figures(shares, task.classes[rows], grades[rows], task.grouping)
                record[side] = found | task.method.further(network, faces, rows)
            # The last of the three sides is the test's.
            record["confusion"] = confusion(task.classes[rows], shares.argmax(axis=1), task.grouping)
            save_text(task.out / f"{task.title}.jsonl", _answers(task, shares))
            save_text(task.out / f"{task.title}.json", json.dumps(record) + "\n")
            partial = task.out / f"figures.{task.title}"  # several processes may be here at once
            done = run_record(task.about, gather_folds(task.out))
            partial.write_text(json.dumps(done, indent=2) + "\n", encoding="utf-8")
            partial.replace(task.out / "figures.json")
        task.network.parent.mkdir(exist_ok=True)
        size = task.settings.size
        axes = {name: {0: "photos"} for name in ("image", *task.method.outputs)}
        partial = task.out / f"{task.title}.onnx.partial"
        example = (torch.rand(2, 3, size, size),)
        export_graph(answerer.cpu().eval(), example, partial, ["image"], list(task.method.outputs), axes)
        partial.replace(task.network)
        save_state(task.out / f"{task.title}.pt", {"network": network.cpu().state_dict(), "epoch": ended["epoch"]})
        (task.out / f"{task.title}.ckpt").unlink(missing_ok=True)


def _answers(task: Task, shares: NDArray[np.float64]) -> str:
    """A line for each photo of the fold."""
    scores = shares @ np.array(task.grouping.values)
    lines = []
    for row, own, score in zip(task.held.tolist(), shares, scores.tolist(), strict=True):
        label = task.labels[row]
        lines.append(
            {
                "photo": label.photo, "subject": label.subject, "fold": task.fold, "grade": label.grade,
                "class": int(task.classes[row]), "chosen": int(own.argmax()), "score": round(score, 4),
                "probabilities": [round(value, 5) for value in own.tolist()],
            }
        )  # fmt: skip
    return "".join(json.dumps(line) + "\n" for line in lines)
