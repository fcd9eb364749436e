"""Measures the zone network: ``python -m laboratory.zone_network --data DIR [--folds DIR] [--json]``.

Four questions, all on photos that the network did not learn from: how far its key points lie from hand-made ones, and
the teacher mesh's beside it; in how many photos of acne it finds at least two zones; how many pictures without a face
it takes for one; and how far its zones overlap with the teacher's. No name of a ``p1`` frame is ever put out.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from dermagrade.errors import LabelsError
from dermagrade.evaluation.statistics.bootstrap import bootstrap_by_person
from dermagrade.face.zones import find_face
from dermagrade.photo.read import read_photo
from dermagrade.tables.labels import PhotoLabel, read_labels
from dermagrade.training.zones.drawings.hands import hand
from dermagrade.training.zones.drawings.heads import cartoon
from dermagrade.training.zones.noface import noface_pictures
from dermagrade.training.zones.targets import KEY_POINT_SOURCES, ZoneTarget, ZoneTopology, draw_target, learn_topology
from dermagrade.types import ZONE_FOUND_FROM, ZONES, Photo
from dermagrade.weights.model import Model, load_model
from dermagrade.weights.store import named_network
from laboratory.clear_faces import set_aside
from laboratory.clear_skin import person_of_frame
from laboratory.data import add_data

Floats = NDArray[np.float64]
Points = Mapping[str, tuple[float, float]]

#: The points whose error counts; the chin is reported apart, since hand and mesh put it at different places.
MEASURED_POINTS = ("right_eye", "left_eye", "nose_tip", "mouth_right", "mouth_left")

#: Points of the 300-W order (Sagonas et al., 2013) whose mean is each key point.
HAND_SOURCES: dict[str, tuple[int, ...]] = {
    "right_eye": (36, 37, 38, 39, 40, 41),
    "left_eye": (42, 43, 44, 45, 46, 47),
    "nose_tip": (30,),
    "mouth_right": (48,),
    "mouth_left": (54,),
    "chin": (8,),
}

PARTS = ("points", "found", "noface", "overlap")


def read_points68(path: Path) -> dict[str, Floats]:
    """File name to ``(68, 2)`` x, y in pixels, from a table of a name and 136 numbers a line.

    Raises:
        LabelsError: if the file cannot be read or a line does not hold 136 numbers.
    """
    table: dict[str, Floats] = {}
    try:
        with path.open(encoding="utf-8", newline="") as opened:
            for line, row in enumerate(list(csv.reader(opened))[1:], start=2):
                if len(row) != 137:
                    raise LabelsError(f"{path}, line {line}: a name and 136 numbers are needed.")
                table[row[0]] = np.array([float(v) for v in row[1:]]).reshape(68, 2)
    except (OSError, ValueError) as error:
        raise LabelsError(f"{path} cannot be read as a table of points.") from error
    return table


def read_teacher(path: Path) -> dict[str, Floats | None]:
    """Photo name to its ``(468, 3)`` mesh in pixels, None where the teacher found no face."""
    with np.load(path) as table:
        names, points = table["photo"], table["points"].astype(np.float64)
    return {str(n): None if np.isnan(p).any() else p for n, p in zip(names, points, strict=True)}


def hand_key_points(points: Floats) -> dict[str, tuple[float, float]]:
    """Key points from ``(68, 2)`` hand-made ones."""
    means = {name: points[list(numbers)].mean(axis=0) for name, numbers in HAND_SOURCES.items()}
    return {name: (float(x), float(y)) for name, (x, y) in means.items()}


def mesh_key_points(mesh: Floats) -> dict[str, tuple[float, float]]:
    """Key points from a ``(468, 3)`` mesh."""
    means = {name: mesh[numbers, :2].mean(axis=0) for name, numbers in KEY_POINT_SOURCES.items()}
    return {name: (float(x), float(y)) for name, (x, y) in means.items()}


def point_errors(truth: Points, answer: Points) -> dict[str, float]:
    """Distance of each key point that was answered to the true one, over the distance of the true eye centres."""
    eyes = float(np.hypot(*np.subtract(truth["left_eye"], truth["right_eye"])))
    return {name: float(np.hypot(*np.subtract(answer[name], truth[name]))) / eyes for name in truth if name in answer}


@dataclass(frozen=True)
class PointErrors:
    """Errors of one photo, over the distance of the eye centres, by key point; empty where no face was found."""

    person: str
    network: Mapping[str, float]
    teacher: Mapping[str, float]


def summarise_points(rows: Sequence[PointErrors]) -> dict[str, Any]:
    """Median over photos of the mean error of the five points, network and teacher on the photos both answered."""
    both = [r for r in rows if _complete(r.network) and _complete(r.teacher)]
    network = np.array([np.mean([r.network[p] for p in MEASURED_POINTS]) for r in both])
    teacher = np.array([np.mean([r.teacher[p] for p in MEASURED_POINTS]) for r in both])
    persons = [r.person for r in both]
    figures: dict[str, Any] = {
        "photos": len(rows),
        "both_answered": len(both),
        "network_missed": sum(not r.network for r in rows),
        "network_lacks_a_point": sum(bool(r.network) and not _complete(r.network) for r in rows),
        "teacher_missed": sum(not r.teacher for r in rows),
    }
    if not both:
        return figures
    by_point: dict[str, Any] = {}
    for name in (*MEASURED_POINTS, "chin"):
        pairs = [(r.network[name], r.teacher[name]) for r in both if name in r.network and name in r.teacher]
        if pairs:
            ours, theirs = np.median(np.array(pairs), axis=0)
            by_point[name] = {
                "photos": len(pairs),
                "network": round(float(ours), 4),
                "teacher": round(float(theirs), 4),
            }

    def ratio(a: Floats, b: Floats) -> float:
        return float(np.median(a) / np.median(b))

    return figures | {
        "network": bootstrap_by_person(network, groups=persons, statistic=_median).record(),
        "teacher": bootstrap_by_person(teacher, groups=persons, statistic=_median).record(),
        "ratio": bootstrap_by_person(network, teacher, groups=persons, statistic=ratio).record(),
        "network_p90": round(float(np.percentile(network, 90)), 4),
        "teacher_p90": round(float(np.percentile(teacher, 90)), 4),
        "by_point": by_point,
    }


def measure_points(data: Path, model: Model, *, sample: int | None = None, seed: int = 0) -> dict[str, Any]:
    """Key points on the video frames, whose points were made by hand."""
    hand_made = read_points68(data / "faces" / "p1_points68.csv")
    teacher = read_teacher(data / "faces" / "teacher_mesh.npz")
    rows = []
    for name in _bar(_sampled(sorted(hand_made), sample, seed), "key points"):
        truth = hand_key_points(hand_made[name])
        face = find_face(read_photo(data / "faces" / "p1" / name), model=model, cover=False)
        mesh = teacher.get(f"p1/{name}")
        rows.append(
            PointErrors(
                person_of_frame(name),
                {} if face is None else point_errors(truth, face.points),
                {} if mesh is None else point_errors(truth, mesh_key_points(mesh)),
            )
        )
    return summarise_points(rows)


def teacher_found(target: ZoneTarget) -> tuple[str, ...]:
    """Zones of which the teacher sees at least 0.3, by the surface of its mesh."""
    seen = [target.weights[target.labels == i + 1].sum(dtype=np.float64) / target.totals[i] for i in range(len(ZONES))]
    return tuple(zone for zone, share in zip(ZONES, seen, strict=True) if share >= ZONE_FOUND_FROM)


def measure_found(data: Path, networks: _Folds, topology: ZoneTopology) -> dict[str, Any]:
    """Share of the photos of acne in which at least two zones are found, and the teacher's beside it."""
    teacher = read_teacher(data / "acne" / "teacher_mesh.npz")
    labels = _acne_labels(data)
    faces, two, meshes, two_by_teacher, persons = [], [], [], [], []
    for label in _bar(labels, "zones found"):
        photo = read_photo(data / "acne" / "photos" / label.photo)
        face = find_face(photo, model=networks.of(label.fold), cover=False)
        mesh = teacher.get(label.photo)
        target = None if mesh is None else draw_target(mesh / photo.scale, photo.pixels, topology)
        persons.append(label.subject)
        faces.append(face is not None)
        two.append(face is not None and len(face.found) >= 2)
        meshes.append(mesh is not None)
        two_by_teacher.append(target is not None and len(teacher_found(target)) >= 2)
    return {
        "out_of_fold": networks.out_of_fold,
        "network_face": _share(faces, persons),
        "network_two_zones": _share(two, persons),
        "teacher_face": _share(meshes, persons),
        "teacher_two_zones": _share(two_by_teacher, persons),
    }


def measure_noface(
    model: Model, *, count: int = 1000, drawn: int = 200, size: int = 256, seed: int = 0, acne_dir: Path | None
) -> dict[str, Any]:
    """Share of pictures without a face that are taken for one: the test pictures, and drawn heads and hands alone."""
    chance = np.random.default_rng([seed, 68])
    sources: dict[str, Iterable[NDArray[np.uint8]]] = {
        "test_pictures": _in_batches(count, size, seed, acne_dir),
        "cartoons": (cartoon(chance, size, split="test") for _ in range(drawn)),
        "hands": (hand(chance, size, split="test") for _ in range(drawn)),
    }
    figures: dict[str, Any] = {}
    for name, pictures in sources.items():
        taken = [find_face(_as_photo(pixels), model=model, cover=False) is not None for pixels in _bar(pictures, name)]
        figures[name] = {"pictures": len(taken), "taken_for_faces": sum(taken)} | {
            "share": round(sum(taken) / len(taken), 4) if taken else None
        }
    return figures


def zone_overlap(labels: NDArray[np.uint8], target: NDArray[np.uint8]) -> dict[str, float]:
    """Intersection over union of each zone that either map shows, and of all zones together (``skin``).

    Args:
        labels: ``(h, w)`` as in ``FaceMap.label_map``.
        target: ``(h, w)`` as in ``ZoneTarget.labels``; what is no zone there counts as none.

    Source: Jaccard P. Étude comparative de la distribution florale. Bull Soc Vaud Sci Nat 1901;37:547-579.
    """
    overlaps = {}
    for number, zone in enumerate(ZONES, 1):
        a, b = labels == number, target == number
        if union := int((a | b).sum()):
            overlaps[zone] = int((a & b).sum()) / union
    a, b = labels > 0, (target > 0) & (target <= len(ZONES))
    if union := int((a | b).sum()):
        overlaps["skin"] = int((a & b).sum()) / union
    return overlaps


def summarise_overlap(rows: Sequence[Mapping[str, float]], missed: int) -> dict[str, Any]:
    """Mean and median overlap by zone over photos; the photos where no face was found stand apart."""
    table: dict[str, Any] = {"photos": len(rows), "network_missed": missed}
    for name in (*ZONES, "skin"):
        values = [row[name] for row in rows if name in row]
        if values:
            table[name] = {
                "photos": len(values),
                "mean": round(float(np.mean(values)), 4),
                "median": round(float(np.median(values)), 4),
            }
    zones = [float(np.mean([row[z] for z in ZONES if z in row])) for row in rows if any(z in row for z in ZONES)]
    if zones:
        table["mean_of_zones"] = {"mean": round(float(np.mean(zones)), 4), "median": round(float(np.median(zones)), 4)}
    return table


def measure_overlap(
    data: Path, model: Model, networks: _Folds, topology: ZoneTopology, *, sample: int | None, seed: int = 0
) -> dict[str, Any]:
    """Overlap with the teacher's zones on photos set aside and on acne photos, where the teacher found a face."""
    teacher = read_teacher(data / "faces" / "teacher_mesh.npz")
    of_acne = read_teacher(data / "acne" / "teacher_mesh.npz")
    jobs: dict[str, list[tuple[Path, Floats, Model]]] = {}
    for collection, name in set_aside():
        mesh = teacher.get(f"{collection}/{name}")
        if mesh is not None:
            jobs.setdefault(collection, []).append((data / "faces" / collection / name, mesh, model))
    frames = [(name, mesh) for name, mesh in teacher.items() if name.startswith("p1/") and mesh is not None]
    jobs["p1"] = [(data / "faces" / name, mesh, model) for name, mesh in _sampled(frames, sample or 500, seed)]
    for label in _acne_labels(data):
        mesh = of_acne.get(label.photo)
        if mesh is not None:
            place = data / "acne" / "photos" / label.photo
            jobs.setdefault("acne", []).append((place, mesh, networks.of(label.fold)))
    figures: dict[str, Any] = {"acne_out_of_fold": networks.out_of_fold}
    for collection, wanted in jobs.items():
        rows, missed = [], 0
        for path, mesh, network in _bar(_sampled(wanted, sample, seed), f"overlap, {collection}"):
            photo = read_photo(path)
            face = find_face(photo, model=network, cover=False)
            if face is None:
                missed += 1
                continue
            target = draw_target(mesh / photo.scale, photo.pixels, topology)
            rows.append(zone_overlap(face.label_map, target.labels))
        figures[collection] = summarise_overlap(rows, missed)
    return figures


def main(arguments: list[str] | None = None) -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description="Measures the zone network on photos that it did not learn from.")
    add_data(parser)
    parser.add_argument("--model", type=Path, help="zone network, or a folder with it (default: the shipped one)")
    parser.add_argument("--folds", type=Path, help="folder with fold0/zones.onnx and so on, for the photos of acne")
    parser.add_argument("--only", action="append", choices=PARTS, help="measure this alone; may be repeated")
    parser.add_argument("--sample", type=int, help="at most so many photos of each collection, for points and overlap")
    parser.add_argument("--pictures", type=int, default=1000, help="pictures without a face (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="of samples and drawings (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print one JSON object a part")
    options = parser.parse_args(arguments)
    model = load_model("zones" if options.model is None else named_network(options.model, "zones"))
    networks = _Folds(model, options.folds)
    wanted = options.only or PARTS
    acne = options.data / "acne"
    sample, seed = options.sample, options.seed
    topology = _topology(options.data) if {"found", "overlap"} & set(wanted) else None
    for part in wanted:
        if part == "points":
            figures = measure_points(options.data, model, sample=sample, seed=seed)
        elif part == "noface":
            figures = measure_noface(
                model, count=options.pictures, drawn=max(1, options.pictures // 5), seed=seed,
                acne_dir=acne if acne.is_dir() else None,
            )  # fmt: skip
        elif topology is not None and part == "found":
            figures = measure_found(options.data, networks, topology)
        elif topology is not None:
            figures = measure_overlap(options.data, model, networks, topology, sample=sample, seed=seed)
        if options.json:
            sys.stdout.write(json.dumps({"part": part, "model": model.id} | figures) + "\n")
        else:
            sys.stdout.write(f"{part} ({model.id})\n{_indented(figures)}\n")
        sys.stdout.flush()
    return 0


class _Folds:
    """The zone network for each fold: those of a folder, or one for all."""

    def __init__(self, model: Model, folder: Path | None) -> None:
        self._model, self._folder = model, folder

    @property
    def out_of_fold(self) -> bool:
        """True where no network learnt from the photos it is measured on."""
        return self._folder is not None

    def of(self, fold: int | None) -> Model:
        """The network for one fold.

        Raises:
            LabelsError: if a photo has no fold.
        """
        if self._folder is None:
            return self._model
        if fold is None:
            raise LabelsError("A photo of the labels has no fold, so no network of the folds can be chosen.")
        return load_model(self._folder / f"fold{fold}" / "zones.onnx")


def _acne_labels(data: Path) -> list[PhotoLabel]:
    return read_labels(data / "acne" / "labels.csv", allowed=lambda grade: grade in (0, 1, 2, 3), scale="acne-hayashi")


def _topology(data: Path) -> ZoneTopology:
    """The teacher's zones, learnt from the faces without the video frames."""
    teacher = read_teacher(data / "faces" / "teacher_mesh.npz")
    return learn_topology(np.array([m for name, m in teacher.items() if m is not None and not name.startswith("p1/")]))


def _complete(errors: Mapping[str, float]) -> bool:
    return all(name in errors for name in MEASURED_POINTS)


def _median(values: Floats) -> float:
    return float(np.median(values))


def _share(answers: Sequence[bool], persons: Sequence[str]) -> dict[str, Any]:
    return bootstrap_by_person(answers, groups=persons, statistic=lambda x: float(np.mean(x))).record()


def _sampled(items: Sequence[Any], count: int | None, seed: int) -> list[Any]:
    return list(items) if count is None or count >= len(items) else random.Random(seed).sample(list(items), count)


def _in_batches(count: int, size: int, seed: int, acne_dir: Path | None) -> Iterator[NDArray[np.uint8]]:
    """Test pictures, made a hundred at a time, so that not all of them lie in memory at once."""
    for batch, start in enumerate(range(0, count, 100)):
        number = min(100, count - start)
        yield from noface_pictures(split="test", count=number, size=size, seed=seed + batch, acne_dir=acne_dir)


def _as_photo(pixels: NDArray[np.uint8]) -> Photo:
    return Photo(pixels, "0" * 64, pixels.shape[1], pixels.shape[0])


def _bar(items: Iterable[Any], title: str) -> Iterator[Any]:
    yield from tqdm(items, desc=title, unit="photo", disable=None)  # None: only on a terminal


def _indented(figures: Mapping[str, Any], depth: int = 1) -> str:
    lines = []
    for key, value in figures.items():
        if isinstance(value, dict) and any(isinstance(v, dict) for v in value.values()):
            lines += ["  " * depth + f"{key}:", _indented(value, depth + 1)]
        elif isinstance(value, dict):
            lines.append("  " * depth + f"{key}: " + ", ".join(f"{k} {v}" for k, v in value.items()))
        else:
            lines.append("  " * depth + f"{key}: {value}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
