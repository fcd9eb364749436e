"""Measures acne grading on labelled photos: grades, counts and single lesions, with the human readers beside it.

The photos go the way that a user's photo goes (read, find the face, grade), with networks that never saw the person
where fold networks are given. Every photo's answer can be kept in a file as it comes, so that a second run goes on
where the first one was stopped.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from dermagrade.conditions.acne.grade import grade_acne
from dermagrade.errors import LabelsError, OutputError, PhotoError, WeightsError
from dermagrade.evaluation.agreement import (
    Estimate,
    accuracy,
    balanced_accuracy,
    bootstrap_by_person,
    confusion_matrix,
    mae,
    pearson,
    quadratic_kappa,
    rmse,
)
from dermagrade.evaluation.matching import f1, matched, precision, reach_px, recall
from dermagrade.evaluation.raters import Grades, Reading, by_rater, mean_of_others
from dermagrade.face.zones import find_face
from dermagrade.photo.read import read_photo
from dermagrade.scales import ACNE_HAYASHI
from dermagrade.types import Screening
from dermagrade.weights import runtime

#: Photo name to ``(n, 3)`` x, y, radius in pixels of the photo: one annotation of lesions.
Marks = Mapping[str, NDArray[np.float64]]

_GRADES = tuple(int(level.value) for level in ACNE_HAYASHI.levels)
_OF_GRADES = {"quadratic_kappa": quadratic_kappa, "accuracy": accuracy, "balanced_accuracy": balanced_accuracy}
_OF_LESIONS = {"precision": precision, "recall": recall, "f1": f1}
_ANNOTATIONS = ("annotation 1", "annotation 2")
_PERCENTILES = (5, 25, 50, 75, 95)


class Labelled(Protocol):
    """What has to be known of a labelled photo; :class:`dermagrade.training.labels.PhotoLabel` is one."""

    @property
    def photo(self) -> str:
        """File name below the images' folder."""

    @property
    def subject(self) -> str:
        """Person."""

    @property
    def grade(self) -> float:
        """Published Hayashi grade, 0 to 3."""

    @property
    def count(self) -> float | None:
        """Lesions after the first annotation, if given."""

    @property
    def count_second(self) -> float | None:
        """Lesions after the second annotation, if given."""

    @property
    def located(self) -> bool:
        """False where the marked places are doubtful."""

    @property
    def fold(self) -> int | None:
        """Fold of the person, if given."""


@dataclass(frozen=True)
class Networks:
    """Which networks grade a photo.

    Attributes:
        acne: path of the acne network; None for the shipped one.
        zones: path of the zone network; None for the shipped one.
        acne_folds: folder with ``fold0/acne.onnx`` and so on, each trained without the people of that fold; it takes
            the place of ``acne``.
        zones_folds: folder with ``fold0/zones.onnx`` and so on; it takes the place of ``zones``.
    """

    acne: Path | None = None
    zones: Path | None = None
    acne_folds: Path | None = None
    zones_folds: Path | None = None

    def of(self, label: Labelled) -> tuple[runtime.Model, runtime.Model]:
        """The zone network and the acne network for one photo.

        Raises:
            LabelsError: if folds are asked for and the photo has none.
            WeightsError: if a network is absent, damaged, or does not fit.
        """
        return (
            runtime.load(self._place("zones", self.zones, self.zones_folds, label)),
            runtime.load(self._place("acne", self.acne, self.acne_folds, label)),
        )

    @staticmethod
    def _place(name: str, path: Path | None, folds: Path | None, label: Labelled) -> Path | str:
        if folds is None:
            return name if path is None else named_network(path, name)
        if label.fold is None:
            raise LabelsError(f"{label.photo} has no fold in the labels, so no network of the folds can be chosen.")
        return folds / f"fold{label.fold}" / f"{name}.onnx"


def named_network(path: Path, name: str) -> Path:
    """The network of that name where ``path`` is a folder that holds several, else ``path`` itself."""
    return path / f"{name}.onnx" if (path / f"{name}.onnx").is_file() else path


@dataclass(frozen=True)
class PhotoResult:
    """What was found in one labelled photo.

    Attributes:
        photo: name.
        key: of the networks and settings that were used; an answer with another key is not taken over.
        answered: True where the condition gave a score.
        reason: why it gave none.
        unreadable: True where the file could not be read.
        grade: Hayashi grade.
        probabilities: of the Hayashi grades.
        score: on ``acne-5``.
        count: lesions in the whole photo.
        lesions: x, y, confidence of each lesion pointed at, in pixels of the full photo.
        zones: names of the zones that were found.
        frontal: True where the halves were graded apart.
        width: of the full photo in pixels.
        height: likewise.
    """

    photo: str
    key: str
    answered: bool
    reason: str = ""
    unreadable: bool = False
    grade: int = -1
    probabilities: tuple[float, ...] = ()
    score: float = float("nan")
    count: float = float("nan")
    lesions: tuple[tuple[float, float, float], ...] = ()
    zones: tuple[str, ...] = ()
    frontal: bool = False
    width: int = 0
    height: int = 0

    @property
    def expected_grade(self) -> float:
        """Mean of the grades, weighted by their probabilities."""
        return float(np.dot(np.arange(len(self.probabilities)), self.probabilities))

    @property
    def places(self) -> NDArray[np.float64]:
        """``(n, 2)`` x, y of the lesions pointed at."""
        return np.array(self.lesions, np.float64).reshape(-1, 3)[:, :2]

    def line(self) -> str:
        """As one line of JSON."""
        content = asdict(self)
        if not self.answered:
            content = {key: content[key] for key in ("photo", "key", "answered", "reason", "unreadable")}
        return json.dumps(content, allow_nan=False)

    @classmethod
    def from_line(cls, line: str) -> PhotoResult | None:
        """The result that a line holds; None for a line that was cut off or is none of ours."""
        try:
            content = json.loads(line)
            content |= {
                "probabilities": tuple(content.get("probabilities", ())),
                "lesions": tuple(tuple(x) for x in content.get("lesions", ())),
                "zones": tuple(content.get("zones", ())),
            }
            return cls(**content)
        except (ValueError, TypeError, AttributeError):
            return None


@dataclass(frozen=True, eq=False)
class AcneEvaluation:
    """How well acne was graded.

    Attributes:
        photos: what was found in each photo, in the order of the labels.
        metrics: the figures by part (``coverage``, ``grade``, ``mean_of_raters``, ``count``, ``lesions``,
            ``score_by_grade``), then by who or what is measured, then by name; each an
            :class:`~dermagrade.evaluation.agreement.Estimate` or a plain number.
        confusion: ``(4, 4)`` photos by published grade (rows) and the network's grade (columns).
        models: ids of the networks that were used.
        notes: what a reader must know before quoting the figures.
    """

    photos: tuple[PhotoResult, ...]
    metrics: Mapping[str, Any]
    confusion: NDArray[np.int64]
    models: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())

    def record(self) -> dict[str, Any]:
        """All figures as plain values for JSON; photos stay out."""
        head: dict[str, Any] = {
            "condition": "acne",
            "scale": ACNE_HAYASHI.id,
            "models": list(self.models),
            "notes": list(self.notes),
            "confusion": self.confusion.tolist(),
        }
        return head | {part: _plain(figures) for part, figures in self.metrics.items()}


def evaluate_acne(
    labels: Sequence[Labelled],
    images: Path,
    *,
    readings: Sequence[Reading] = (),
    lesions: Sequence[Marks] = (),
    networks: Networks | None = None,
    save: Path | None = None,
    rounds: int = 1000,
    seed: int = 0,
    progress: Callable[[Sequence[Labelled]], Iterable[Labelled]] = iter,
) -> AcneEvaluation:
    """Grades every labelled photo and compares the answers with the labels and with the human readers.

    Photos without an answer (no face, no zone, unreadable) are counted; all other figures are over the rest, and over
    the same photos for the humans.

    Args:
        labels: the photos.
        images: their folder.
        readings: of further raters; the first round of each is compared with the published grade.
        lesions: one or two annotations of lesions.
        networks: which to use; the shipped ones where None.
        save: file of JSON lines to which each photo's answer goes at once, and from which answers of the same
            networks are taken over.
        rounds: draws for the intervals.
        seed: of these draws.
        progress: given the photos still to do, gives them back one by one; for a progress bar.

    Raises:
        LabelsError: if there are no labels, or folds are asked for and a photo has none.
        WeightsError: if a network is absent, damaged, or does not fit.
        OutputError: if the answers cannot be kept.
    """
    if not labels:
        raise LabelsError("There are no labelled photos to measure on.")
    networks = networks or Networks()
    results = _answers(labels, images, networks, save, progress)
    models = {model.id: None for label in labels for model in networks.of(label)}
    return summarise(
        labels,
        [results[label.photo] for label in labels],
        readings=readings,
        lesions=lesions,
        rounds=rounds,
        seed=seed,
        models=tuple(models),
        notes=_notes(labels, networks),
    )


def summarise(
    labels: Sequence[Labelled],
    results: Sequence[PhotoResult],
    *,
    readings: Sequence[Reading] = (),
    lesions: Sequence[Marks] = (),
    rounds: int = 1000,
    seed: int = 0,
    models: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
) -> AcneEvaluation:
    """The figures from the answers; arguments as for :func:`evaluate_acne`, one result for each label, in order."""
    both = [(label, result) for label, result in zip(labels, results, strict=True) if result.answered]

    def estimate(statistic: Callable[..., float], rows: Sequence[tuple[Any, ...]]) -> Estimate:
        """Rows are a person and then the values of one photo."""
        values = list(zip(*(row[1:] for row in rows), strict=True)) or [(), ()]
        groups = [row[0] for row in rows]
        return bootstrap_by_person(*values, groups=groups, statistic=statistic, rounds=rounds, seed=seed)

    raters = by_rater(readings)
    asked = [(label.subject, float(result.answered)) for label, result in zip(labels, results, strict=True)]
    unanswered = (result for result in results if not result.answered)
    reasons = Counter("The file could not be read." if r.unreadable else r.reason for r in unanswered)
    metrics: dict[str, Any] = {
        "coverage": {
            "photos": len(results),
            "answered": len(both),
            "share": estimate(lambda answered: float(np.mean(answered)), asked),
            "at_least_two_zones": float(np.mean([len(result.zones) >= 2 for result in results])),
            "unanswered": dict(reasons.most_common()),
        }
    }
    graded = {"network": {result.photo: float(result.grade) for _, result in both}} | raters
    metrics["grade"] = {}
    for who, grades in graded.items():
        rows = [(label.subject, label.grade, grades[label.photo]) for label, _ in both if label.photo in grades]
        metrics["grade"][who] = {name: estimate(statistic, rows) for name, statistic in _OF_GRADES.items()}
        if who != "network" and 0 < len(rows) < len(both):
            same = [(label.subject, label.grade, r.grade) for label, r in both if label.photo in grades]
            metrics["grade"][f"network, photos of {who}"] = {n: estimate(s, same) for n, s in _OF_GRADES.items()}
    metrics["mean_of_raters"] = _against_mean(both, raters, estimate) if len(raters) > 1 else {}
    metrics["count"] = _counts(both, estimate)
    metrics["lesions"] = _lesions(both, lesions, estimate)
    metrics["score_by_grade"] = {
        str(grade): _spread([result.score for label, result in both if label.grade == grade]) for grade in _GRADES
    }
    confusion = confusion_matrix([label.grade for label, _ in both], [result.grade for _, result in both], _GRADES)
    return AcneEvaluation(tuple(results), metrics, confusion, models, notes)


_Estimate = Callable[[Callable[..., float], Sequence[tuple[Any, ...]]], Estimate]
_Both = Sequence[tuple[Labelled, PhotoResult]]


def _against_mean(both: _Both, raters: Mapping[str, Grades], estimate: _Estimate) -> dict[str, Any]:
    """Distance of the network's expected grade to the mean of all raters, and of each rater to that of the others."""
    everyone = mean_of_others(raters)
    network = [(label.subject, everyone[label.photo], r.expected_grade) for label, r in both if label.photo in everyone]
    table = {"network": {"rmse": estimate(rmse, network)}}
    for name, grades in raters.items():
        others = mean_of_others(raters, name)
        rows = [(label.subject, others[label.photo], grades[label.photo]) for label, _ in both if label.photo in others]
        table[name] = {"rmse": estimate(rmse, rows)}
    return table


def _counts(both: _Both, estimate: _Estimate) -> dict[str, Any]:
    """Distance and likeness of numbers of lesions: the network's to each annotation, and theirs to each other."""

    def log_correlation(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
        return pearson(np.log1p(a), np.log1p(b))

    def figures(rows: list[tuple[str, float, float]]) -> dict[str, Any]:
        return {
            "mean_absolute_error": estimate(mae, rows),
            "log_correlation": estimate(log_correlation, rows),
            "mean_marked": estimate(lambda marked, counted: float(np.mean(marked)), rows),
            "mean_counted": estimate(lambda marked, counted: float(np.mean(counted)), rows),
        }

    first = [(label.subject, label.count, r.count) for label, r in both if label.count is not None]
    second = [(label.subject, label.count_second, r.count) for label, r in both if label.count_second is not None]
    humans = [
        (label.subject, label.count, label.count_second)
        for label, _ in both
        if label.count is not None and label.count_second is not None
    ]
    named = {
        "network, annotation 1": first,
        "network, annotation 2": second,
        "annotation 2, annotation 1": humans,
    }
    return {name: figures(rows) for name, rows in named.items() if rows}


def _lesions(both: _Both, annotations: Sequence[Marks], estimate: _Estimate) -> dict[str, Any]:
    """Precision, recall and F1 of places: the network's against each annotation, and the second against the first."""
    pairings: dict[str, list[tuple[str, float, float, float]]] = {}
    for label, result in both:
        if not label.located:
            continue
        counts = label.count, label.count_second
        marked = {
            name: marks.get(label.photo, np.zeros((0, 3)))[:, :2]
            for name, marks, count in zip(_ANNOTATIONS, annotations, counts, strict=False)
            if count is not None  # without a count the photo was not annotated, rather than free of lesions
        }
        compared = [(f"network, {name}", truth, result.places) for name, truth in marked.items()]
        if len(marked) == len(_ANNOTATIONS):
            first, second = _ANNOTATIONS
            compared.append((f"{second}, {first}", marked[first], marked[second]))
        for name, truth, found in compared:
            pairs = matched(truth, found, reach=reach_px(result.width, result.height))
            pairings.setdefault(name, []).append((label.subject, len(truth), len(found), pairs))
    return {name: {key: estimate(s, rows) for key, s in _OF_LESIONS.items()} for name, rows in pairings.items()}


def _spread(scores: Sequence[float]) -> dict[str, float]:
    if not scores:
        return {"photos": 0}
    at = {f"p{p}": round(float(v), 3) for p, v in zip(_PERCENTILES, np.percentile(scores, _PERCENTILES), strict=True)}
    return {"photos": len(scores), "mean": round(float(np.mean(scores)), 3)} | at


def _notes(labels: Sequence[Labelled], networks: Networks) -> tuple[str, ...]:
    notes = []
    if networks.acne_folds is None:
        notes.append("One acne network graded every photo: the figures flatter it where it learnt from these people.")
    if networks.zones_folds is None:
        notes.append("One zone network found every face: the coverage flatters it where it learnt from these people.")
    if all(label.subject == label.photo for label in labels):
        notes.append("The labels name no persons: every photo counts as a person, so the intervals are too narrow.")
    return tuple(notes)


def _answers(
    labels: Sequence[Labelled],
    images: Path,
    networks: Networks,
    save: Path | None,
    progress: Callable[[Sequence[Labelled]], Iterable[Labelled]],
) -> dict[str, PhotoResult]:
    """The answer for each photo: those kept from before with the same networks, then the rest."""
    keys = {label.photo: "+".join(_key(model) for model in networks.of(label)) for label in labels}
    kept = _kept(save) if save is not None else {}
    results = {photo: kept[photo, key] for photo, key in keys.items() if (photo, key) in kept}
    for label in progress([label for label in labels if label.photo not in results]):
        result = _answer(label, images, networks, keys[label.photo])
        results[label.photo] = result
        if save is not None:
            _keep(save, result)
    return results


def _answer(label: Labelled, images: Path, networks: Networks, key: str) -> PhotoResult:
    zones, acne = networks.of(label)
    try:
        photo = read_photo(images / label.photo)
    except PhotoError as error:
        return PhotoResult(label.photo, key, answered=False, reason=str(error), unreadable=True)
    face = find_face(photo, model=zones)
    assessment = grade_acne(photo, face, Screening(), model=acne)
    if assessment.score is None:
        return PhotoResult(label.photo, key, answered=False, reason=assessment.abstained or "")
    if face is None or assessment.hayashi is None or assessment.count is None:
        raise WeightsError(f"The network {acne.id} gives no Hayashi grade or no count, so it cannot be measured.")
    return PhotoResult(
        photo=label.photo,
        key=key,
        answered=True,
        grade=assessment.hayashi.grade,
        probabilities=assessment.hayashi.probabilities,
        score=assessment.score,
        count=assessment.count,
        lesions=tuple((round(x.x, 2), round(x.y, 2), round(x.confidence, 4)) for x in assessment.lesions),
        zones=face.found,
        frontal=face.frontal,
        width=photo.width,
        height=photo.height,
    )


def _key(model: runtime.Model) -> str:
    """Names a network and how its output is read, which the manifest may change while the network stays."""
    reading = {key: model.manifest.get(key) for key in ("inputs", "postprocess")}
    digest = hashlib.sha256(json.dumps(reading, sort_keys=True, default=str).encode()).hexdigest()
    return f"{model.id}/{digest[:8]}"


def _kept(save: Path) -> dict[tuple[str, str], PhotoResult]:
    try:
        lines = save.read_text(encoding="utf-8").splitlines() if save.exists() else []
    except (OSError, UnicodeDecodeError) as error:
        raise OutputError(f"The answers kept in {save} cannot be read; name another file.") from error
    found = [result for line in lines if (result := PhotoResult.from_line(line)) is not None]
    return {(result.photo, result.key): result for result in found}


def _keep(save: Path, result: PhotoResult) -> None:
    try:
        with save.open("ab+") as out:
            if out.tell():  # a line that was cut off must not swallow this one
                out.seek(-1, os.SEEK_END)
                if out.read(1) != b"\n":
                    out.write(b"\n")
            out.write(result.line().encode() + b"\n")
    except OSError as error:
        raise OutputError(f"{save} cannot be written: {error.strerror}.") from error


def _plain(value: Any) -> Any:
    if isinstance(value, Estimate):
        return value.record()
    if isinstance(value, Mapping):
        return {key: _plain(v) for key, v in value.items()}
    return round(value, 4) if isinstance(value, float) else value
