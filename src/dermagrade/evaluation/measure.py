"""Measures how a condition is graded on labelled photos, with the human readers beside it.

Photos are graded as a user's photo is (read, find the face, grade), with networks that never saw the person
where fold networks are given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dermagrade.conditions import Condition
from dermagrade.errors import LabelsError, WeightsError
from dermagrade.evaluation.answers import PhotoResult, answer_photos
from dermagrade.evaluation.cases import Case, cases_of, fine, value_name
from dermagrade.evaluation.comparison import Pair, compare_answers
from dermagrade.evaluation.grades import (
    answered_share,
    grade_figures,
    intraclass_figures,
    mean_figures,
    score_spread,
    value_figures,
)
from dermagrade.evaluation.human_ceiling import Ceiling, human_ceiling
from dermagrade.evaluation.interval_coverage import Coverage, interval_coverage
from dermagrade.evaluation.labelled import Labelled
from dermagrade.evaluation.leakage import Leakage, Twins, audit_leakage
from dermagrade.evaluation.lesions import count_figures, place_figures
from dermagrade.evaluation.networks import Networks
from dermagrade.evaluation.raters.pairs import Grades, by_rater, mean_of_others
from dermagrade.evaluation.reliability_diagram import ReliabilityDiagram, reliability
from dermagrade.evaluation.statistics.agreement import confusion_matrix
from dermagrade.evaluation.statistics.bland_altman import BlandAltman, bland_altman
from dermagrade.evaluation.statistics.bootstrap import Draws, Estimate
from dermagrade.evaluation.subgroups import Subgroup, subgroups
from dermagrade.scales import SCALES, Scale
from dermagrade.tables.lesions import Marks
from dermagrade.tables.readings import Reading


@dataclass(frozen=True, eq=False)
class Evaluation:
    """How well a condition was graded.

    Attributes:
        condition: what was graded.
        photos: what was found in each photo, in the order of the labels.
        cases: those answered, with their labels.
        metrics: the figures by part (``coverage``, ``grade``, ``value``, ``mean_of_raters``, ``count``, ``lesions``,
            ``score_by_grade``, and ``intraclass`` where there is one), then by who or what is measured, then by name;
            each an :class:`~dermagrade.evaluation.statistics.bootstrap.Estimate` or a plain number. ``value`` is the
            score, or on a scale of classes the expected grade.
        confusion: ``(bands, bands)`` photos by published level (rows) and the network's level (columns); of levels
            that share a name the scale's bands are counted.
        confusion_at_edges: the same for the level that the value falls in by the scale's edges.
        scale: of the labels.
        raters: name to photo to grade, first round.
        consensus: photo to the mean of all readers.
        ceiling: the network among the readers.
        reliability: diagrams by name.
        bland_altman: comparisons with the readers' mean and of counts.
        subgroups: results by group.
        coverage: of intervals and of sets of grades, where the network gives them.
        against: this network and another one, if asked for.
        leakage: the audit of a naive split, if asked for.
        models: ids of the networks that were used.
        notes: what a reader must know before quoting the figures.
    """

    condition: Condition
    photos: tuple[PhotoResult, ...]
    cases: tuple[Case, ...]
    metrics: Mapping[str, Any]
    confusion: NDArray[np.int64]
    confusion_at_edges: NDArray[np.int64]
    scale: Scale
    raters: Mapping[str, Grades] = field(default_factory=dict)
    consensus: Grades = field(default_factory=dict)
    ceiling: tuple[Ceiling, ...] = ()
    reliability: Mapping[str, ReliabilityDiagram] = field(default_factory=dict)
    bland_altman: tuple[BlandAltman, ...] = ()
    subgroups: tuple[Subgroup, ...] = ()
    coverage: Mapping[str, tuple[Coverage, ...]] = field(default_factory=dict)
    against: Mapping[str, Pair] = field(default_factory=dict)
    leakage: Leakage | None = None
    models: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def record(self) -> dict[str, Any]:
        """All figures as plain values for JSON; photos stay out."""
        head: dict[str, Any] = {
            "condition": self.condition.name,
            "scale": self.scale.id,
            "models": list(self.models),
            "notes": list(self.notes),
            "confusion": self.confusion.tolist(),
            "confusion_at_edges": self.confusion_at_edges.tolist(),
        }
        by: dict[str, dict[str, Any]] = {}
        for group in self.subgroups:
            by.setdefault(group.by, {})[group.name] = group.record()
        tail = {
            "human_ceiling": {ceiling.measure: ceiling.record() for ceiling in self.ceiling},
            "reliability": {name: diagram.record() for name, diagram in self.reliability.items()},
            "bland_altman": {one.title: one.record() for one in self.bland_altman},
            "subgroups": by,
            "interval_coverage": {name: [c.record() for c in rows] for name, rows in self.coverage.items()},
            "against": {name: pair.record() for name, pair in self.against.items()},
            "leakage": None if self.leakage is None else self.leakage.record(),
        }
        return head | {part: _plain(figures) for part, figures in self.metrics.items()} | tail


def evaluate_condition(
    condition: Condition,
    labels: Sequence[Labelled],
    images: Path,
    *,
    scale: Scale | None = None,
    readings: Sequence[Reading] = (),
    lesions: Sequence[Marks] = (),
    networks: Networks | None = None,
    save: Path | None = None,
    against: Mapping[str, PhotoResult] | None = None,
    naive: Mapping[str, PhotoResult] | None = None,
    pairs: Sequence[Twins] = (),
    notes: Sequence[str] = (),
    rounds: int = 1000,
    seed: int = 0,
    progress: Callable[[Sequence[Labelled]], Iterable[Labelled]] = iter,
) -> Evaluation:
    """Grades every labelled photo and compares the answers with the labels and with the human readers.

    Photos without an answer (no face, no zone, unreadable) are counted; all other figures are over the rest, and over
    the same photos for the humans.

    Args:
        condition: what is graded.
        labels: the photos.
        images: their folder.
        scale: of the labels and readings, one of the condition's label scales; the first of these where None.
        readings: of further raters; the first round of each is compared with the published grade.
        lesions: one or two annotations of lesions.
        networks: which to use; the shipped ones where None.
        save: file of JSON lines to which each photo's answer goes at once, and from which answers of the same
            networks are taken over.
        against: photo to another network's answer, to be held beside these.
        naive: photo to the answer of networks whose folds were drawn photo by photo, for the audit of leakage.
        pairs: photos that belong together beyond the labels' persons, for the same audit.
        notes: what a reader must know of the labels; it stands with the evaluation's own notes.
        rounds: draws for the intervals.
        seed: of these draws.
        progress: given the photos still to do, gives them back one by one; for a progress bar.

    Raises:
        LabelsError: if there are no labels, or folds are asked for and a photo has none, or the other answers are of
            other photos.
        WeightsError: if a network is absent, damaged, or does not fit.
        OutputError: if the answers cannot be kept.
    """
    if not labels:
        raise LabelsError("There are no labelled photos to measure on.")
    networks = networks or Networks(condition.weights)
    results = answer_photos(condition, labels, images, networks=networks, save=save, progress=progress)
    models = {model.id: None for label in labels for model in networks.of(label) if model is not None}
    return summarise(
        condition,
        labels,
        results,
        scale=scale,
        readings=readings,
        lesions=lesions,
        against=against,
        naive=naive,
        pairs=pairs,
        rounds=rounds,
        seed=seed,
        models=tuple(models),
        notes=(*notes, *_notes(condition, labels, networks)),
    )


def summarise(
    condition: Condition,
    labels: Sequence[Labelled],
    results: Sequence[PhotoResult],
    *,
    scale: Scale | None = None,
    readings: Sequence[Reading] = (),
    lesions: Sequence[Marks] = (),
    against: Mapping[str, PhotoResult] | None = None,
    naive: Mapping[str, PhotoResult] | None = None,
    pairs: Sequence[Twins] = (),
    rounds: int = 1000,
    seed: int = 0,
    models: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
) -> Evaluation:
    """The figures from the answers; arguments as for :func:`evaluate_condition`, one result for each label, in order.

    Raises:
        LabelsError: if the other answers are of other photos.
        WeightsError: if the labels are classes and an answer names none.
    """
    draws = Draws(rounds, seed)
    scale = scale or SCALES[(*condition.label_scales, condition.scale)[0]]
    cases = cases_of(labels, results, scale)
    if scale.classes and any(not case.result.probabilities for case in cases):
        raise WeightsError(
            f"The network gives no {scale.grade_name}, so it cannot be measured on {scale.id}; with labels on "
            f"{condition.scale}, name that scale."
        )
    raters = by_rater(readings)
    consensus = mean_of_others(raters)
    metrics: dict[str, Any] = {
        "coverage": answered_share(labels, results, draws),
        "grade": grade_figures(cases, raters, draws),
        "value": value_figures(cases, draws),
        "mean_of_raters": mean_figures(cases, raters, draws) if len(raters) > 1 else {},
        "count": count_figures(cases, draws),
        "lesions": place_figures(cases, lesions, draws),
        "score_by_grade": {
            band.label if fine(scale) else f"{band.value:g}": score_spread(
                [c.result.score for c in cases if c.truth_band == band.value]
            )
            for band in scale.bands
        },
    }
    intraclass = intraclass_figures(cases, raters, draws)
    bands = [band.value for band in scale.bands]
    truths = [case.truth_band for case in cases]
    other = () if against is None else _known(labels, against, scale)
    return Evaluation(
        condition=condition,
        photos=tuple(results),
        cases=cases,
        metrics=metrics | ({"intraclass": intraclass} if intraclass else {}),
        confusion=confusion_matrix(truths, [case.band for case in cases], bands),
        confusion_at_edges=confusion_matrix(truths, [case.edge_band for case in cases], bands),
        scale=scale,
        raters=raters,
        consensus=consensus,
        ceiling=human_ceiling(cases, raters, draws),
        reliability=reliability(cases, draws),
        bland_altman=_differences(cases, scale, consensus, draws),
        subgroups=subgroups(labels, results, scale, draws),
        coverage=interval_coverage(cases, draws),
        against=compare_answers(cases, other, draws, consensus=consensus) if other else {},
        leakage=None
        if naive is None
        else audit_leakage(labels, results, naive, scale=scale, draws=draws, pairs=pairs, consensus=consensus),
        models=models,
        notes=notes,
    )


def _known(labels: Sequence[Labelled], answers: Mapping[str, PhotoResult], scale: Scale) -> tuple[Case, ...]:
    known = [label for label in labels if label.photo in answers]
    if not known:
        raise LabelsError("The answers to compare with name none of the labelled photos.")
    return cases_of(known, [answers[label.photo] for label in known], scale)


def _differences(cases: Sequence[Case], scale: Scale, consensus: Grades, draws: Draws) -> tuple[BlandAltman, ...]:
    name = value_name(scale)
    published = [(c.person, c.truth, c.value) for c in cases] if fine(scale) else []
    read = [(c.person, consensus[c.photo], c.value) for c in cases if c.photo in consensus]
    counted = [
        (c.person, float(np.log1p(c.label.count)), float(np.log1p(c.result.count)))
        for c in cases
        if c.label.count is not None and np.isfinite(c.result.count)
    ]
    found = (
        bland_altman(f"{name} and the published grade", "grades", published, draws),
        bland_altman(f"{name} and the readers' mean", "grades", read, draws),
        bland_altman("network's count and annotation 1", "log(1 + count)", counted, draws),
    )
    return tuple(one for one in found if one is not None)


def _notes(condition: Condition, labels: Sequence[Labelled], networks: Networks) -> tuple[str, ...]:
    notes = []
    if networks.folds is None:
        notes.append(
            f"One {condition.name} network graded every photo: the figures flatter it where it learnt from these "
            "people."
        )
    if networks.zones_folds is None:
        notes.append("One zone network found every face: the coverage flatters it where it learnt from these people.")
    if all(label.subject == label.photo for label in labels):
        notes.append("The labels name no persons: every photo counts as a person, so the intervals are too narrow.")
    return tuple(notes)


def _plain(value: Any) -> Any:
    if isinstance(value, Estimate):
        return value.record()
    if isinstance(value, Mapping):
        return {key: _plain(v) for key, v in value.items()}
    return round(value, 4) if isinstance(value, float) else value
