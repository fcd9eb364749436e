"""Trains one ordinal network of zones, writes it, and grades the people whom it never saw."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from dermagrade.face.colour import tone_of
from dermagrade.grading.face_frame import CHANNELS, frame_shape
from dermagrade.training.run.carry_out import network_path
from dermagrade.training.run.export import export_graph
from dermagrade.training.run.folder import save_text
from dermagrade.training.run.folds import Split
from dermagrade.training.run.workers import one_thread
from dermagrade.training.zone_ordinal.data import Samples, prepare_samples
from dermagrade.training.zone_ordinal.figures import UnseenAnswer
from dermagrade.training.zone_ordinal.fit import FitSettings, face_grades, fit, make_batch
from dermagrade.training.zone_ordinal.net import Curve, ZoneOrdinalNet
from dermagrade.types import ZONES


@dataclass(frozen=True)
class ZoneOrdinalInputs:
    """What the networks of a run share, as a process of its own takes it.

    Attributes:
        photos: the files.
        truths: their maps of the truth, or None.
        grades: of the labels.
        curve: the condition's.
        zone_weights: by zone, in their order.
        settings: numbers of the fit.
        out: folder of the run.
        name: of the networks' files.
    """

    photos: tuple[Path, ...]
    truths: tuple[Path | None, ...]
    grades: tuple[float, ...]
    curve: Curve
    zone_weights: tuple[float, ...]
    settings: FitSettings
    out: Path
    name: str

    def samples(self, at_once: int, tell: Callable[[str], None] = lambda line: None) -> Samples:
        """The prepared photos; those that are not yet are prepared by so many processes."""
        return prepare_samples(
            self.photos, self.truths, self.out / "prepared", size=self.settings.size, pale_share=self.curve.pale_share,
            at_once=at_once, tell=tell,
        )  # fmt: skip

    def answers_of(self, split: Split) -> Path:
        """Where the answers of a network stand, a line each; they mark it as trained."""
        return self.out / f"{split.title}.jsonl"


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


def train_one(shared: ZoneOrdinalInputs, split: Split) -> None:
    """Trains one network, exports it and grades its held people; their answers come last and mark it as done."""
    with one_thread():
        samples = shared.samples(1).in_memory()
        exact = exact_grades(samples.column("load"), shared)
        grades = np.where(np.isnan(exact), np.array(shared.grades, np.float64), exact)
        log = shared.out / "log.jsonl"

        def tell(line: str) -> None:
            with log.open("a", encoding="utf-8") as opened:
                opened.write(json.dumps({"network": line}) + "\n")

        net = fit(
            samples, np.array(split.fit), grades, shared.curve, torch.tensor(shared.zone_weights), shared.settings,
            seed=split.seed, kept=shared.out / f"{split.title}.ckpt", tell=tell,
        )  # fmt: skip
        net.to(memory_format=torch.contiguous_format)  # type: ignore[call-overload]
        whole = ZoneOrdinalExport(net).eval()
        path = network_path(shared.out, split, shared.name)
        path.parent.mkdir(exist_ok=True)
        export_network(whole, path, shared.settings.size)
        answers = held_answers(whole, samples, split.held, grades, shared)
        save_text(shared.answers_of(split), "".join(json.dumps(asdict(a)) + "\n" for a in answers))


def export_network(whole: ZoneOrdinalExport, path: Path, size: int) -> None:
    """Writes the network as ONNX, for any number of faces in frames of this height."""
    height, width = frame_shape(size)
    inputs, outputs = ["image", "zones"], ["strength", "grade", "steepness"]
    axes = {key: {0: "faces"} for key in (*inputs, *outputs)}
    example = (torch.rand(2, CHANNELS, height, width), torch.rand(2, len(ZONES), height // 2, width // 2))
    export_graph(whole, example, path, inputs, outputs, axes)


def exact_grades(loads: NDArray[np.float32], shared: ZoneOrdinalInputs) -> NDArray[np.float64]:
    """Grade of each face from the truth of its zones; NaN where that is not known."""
    weight = np.array(shared.zone_weights) * ~np.isnan(loads)
    total = weight.sum(axis=1)
    load = (np.nan_to_num(loads) * weight).sum(axis=1) / np.maximum(total, 1e-9)
    grade = shared.curve.grade(torch.from_numpy(load)).clamp(0, shared.curve.high).numpy()
    return np.where(total > 0, grade, np.nan)


def held_answers(
    net: ZoneOrdinalExport,
    samples: Samples,
    rows: Sequence[int],
    grades: NDArray[np.float64],
    shared: ZoneOrdinalInputs,
) -> list[UnseenAnswer]:
    """What a network says of photos of people that it never saw."""
    answers = []
    tones, high = samples.column("tone"), shared.curve.high
    weights = torch.tensor(shared.zone_weights)
    for start in range(0, len(rows), 32):
        index = np.array(rows[start : start + 32])
        batch = make_batch(samples, index, shared.settings, None)
        with torch.no_grad():
            _, grade, _ = net(batch.image, batch.zones)
        faces = face_grades(grade, batch.there, shared.curve, weights).clamp(0, high)
        of_zones = grade.masked_fill(~batch.there, float("nan"))
        truths = shared.curve.grade(torch.from_numpy(samples.take("load", index))).clamp(0, high)
        for k, row in enumerate(index.tolist()):
            tone = float(tones[row])
            answers.append(
                UnseenAnswer(
                    photo=str(shared.photos[row]), subject="", truth=round(float(grades[row]), 3),
                    score=round(float(faces[k]), 3), zones=_known(of_zones[k]), zone_truths=_known(truths[k]),
                    tone="" if np.isnan(tone) else tone_of(tone),
                )
            )  # fmt: skip
    return answers


def _known(grades: Tensor) -> dict[str, float]:
    """Zone name to grade, without the zones whose grade is not known."""
    return {zone: round(float(v), 3) for zone, v in zip(ZONES, grades, strict=True) if not torch.isnan(v)}
