"""The scales that scores are given on, and the declared mappings between them.

A scale is a frozen table of levels: the score that each level starts from, its number and its name. Where one scale
is derived from another, the function that does so stands here and nowhere else.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np


@dataclass(frozen=True)
class Level:
    """One level of a scale.

    Attributes:
        value: the level's number, such as 4.
        label: its name, such as ``Moderate``.
        start: the lowest score that belongs to it; it ends where the next level starts.
        words: a sentence by which a rater tells it; empty for a level between two that have one.
    """

    value: float
    label: str
    start: float
    words: str = ""


@dataclass(frozen=True)
class Scale:
    """A named scale.

    Attributes:
        id: stable, such as ``acne-5``.
        title: what it measures, in words.
        low: the lowest score.
        high: the highest score.
        levels: in rising order; the first starts at ``low``.
        source: where the scale comes from.
        note: what a reader must know before comparing it with others.
        task: what a rater is asked to do, a sentence or two.
        words_source: where the levels' words come from.
        classes: True where it sorts into classes: a grade is whole, and a network names one, with the probability of
            each; False where it is read as a line, on which anything between two levels has a meaning.
        grade_name: what a grade on it is called.

    Raises:
        ValueError: if the levels do not rise or do not start at ``low``.
    """

    id: str
    title: str
    low: float
    high: float
    levels: tuple[Level, ...]
    source: str
    note: str = ""
    task: str = "Grade what the photo shows."
    words_source: str = ""
    classes: bool = False
    grade_name: str = "Level"

    def __post_init__(self) -> None:
        starts = [level.start for level in self.levels]
        if not starts or starts[0] != self.low or sorted(set(starts)) != starts or starts[-1] > self.high:
            raise ValueError(f"the levels of {self.id} must rise from {self.low} and end by {self.high}")

    @property
    def edges(self) -> tuple[float, ...]:
        """The scores at which one level ends and the next starts."""
        return tuple(level.start for level in self.levels[1:])

    @property
    def bands(self) -> tuple[Level, ...]:
        """The lowest level of each name, rising: the levels themselves unless several share a name."""
        return tuple(level for i, level in enumerate(self.levels) if i == 0 or level.label != self.levels[i - 1].label)

    def band_of(self, score: float) -> Level:
        """The band that ``score`` falls in; errors as for :meth:`level_of`."""
        level = self.level_of(score)
        return next(band for band in self.bands if band.label == level.label)

    def level_of(self, score: float) -> Level:
        """The level that ``score`` falls in; a score on an edge belongs to the higher level.

        Raises:
            ValueError: if the score is not a number between ``low`` and ``high``.
        """
        if not self.low <= score <= self.high:
            raise ValueError(f"{score} is not on {self.id}, which goes from {self.low:g} to {self.high:g}")
        return next(level for level in reversed(self.levels) if score >= level.start)


#: Sentences for the whole grades of ``pigment-9``.
_PIGMENT_WORDS = (
    "None: an even tone.",
    "Very few small spots, hardly darker than the skin; seen only from near.",
    "Few small spots, faint, on a small share of one part of the face.",
    "Several small spots, faint or in one place; not obvious from a distance.",
    "Spots are obvious: many but faint, or few and clearly darker in one place.",
    "Faint spots over most of the face, or pronounced ones on a part of it.",
    "Faint spots over the whole face, or very pronounced ones on a larger part.",
    "Patches clearly darker than the skin, on several parts; seen from a distance.",
    "Dark patches over most of the face, running together, some pale spots between.",
    "Very dark patches over the whole face, mottled with pale spots.",
)


def _pigment_levels() -> tuple[Level, ...]:
    """Half steps from 0 to 9. Each takes the scores nearest to it, but never scores of another name."""
    bands = ((6.5, "Severe"), (3.5, "Moderate"), (0.5, "Mild"), (0.0, "None"))
    names_start_at = {start for start, _ in bands}
    levels = []
    for value in (step / 2 for step in range(19)):
        start = value if value in names_start_at else value - 0.25
        words = _PIGMENT_WORDS[int(value)] if value == int(value) else ""
        levels.append(Level(value, next(label for edge, label in bands if value >= edge), start, words))
    return tuple(levels)


ACNE_5 = Scale(
    id="acne-5",
    title="Acne severity",
    low=1.0,
    high=5.0,
    levels=(
        Level(1, "Clear", 1.0, "No comedones and no inflamed lesions."),
        Level(2, "Almost clear", 1.5, "A few scattered comedones; at most one small inflamed lesion."),
        Level(3, "Mild", 2.5, "Some comedones; a few papules or pustules at most, no nodule."),
        Level(4, "Moderate", 3.5, "Up to many comedones; some papules and pustules, at most one small nodule."),
        Level(5, "Severe", 4.5, "Up to many comedones and inflamed lesions, with no more than a few nodules."),
    ),
    source="Five-point global severity with the names of the FDA's Investigator's Global Assessment (2018 guidance "
    "on acne vulgaris), read as a regression scale from 1 to 5.",
    note="Where no model was trained on 1-5 labels the score is mapped from the lesion count on half a face: see "
    "acne_5_from_count.",
    task="Grade the acne of the whole face as far as the photo shows it.",
    words_source="After the Investigator's Global Assessment in the FDA's guidance on acne vulgaris of 2018, in words "
    "of our own.",
)

ACNE_HAYASHI = Scale(
    id="acne-hayashi",
    title="Acne severity by lesion count on half a face",
    low=0.0,
    high=3.0,
    levels=(
        Level(0, "mild", 0.0, "0 to 5 lesions on half of the face."),
        Level(1, "moderate", 0.5, "6 to 20 lesions on half of the face."),
        Level(2, "severe", 1.5, "21 to 50 lesions on half of the face."),
        Level(3, "very severe", 2.5, "More than 50 lesions on half of the face."),
    ),
    source="Hayashi N, Akamatsu H, Kawashima M. Establishment of grading criteria for acne severity. "
    "J Dermatol 2008;35(5):255-260.",
    note="0-5, 6-20, 21-50 and more than 50 lesions on half a face.",
    task="Count the lesions on half of the face; where both halves are seen, grade the worse one.",
    words_source="Hayashi, Akamatsu and Kawashima, J Dermatol 2008;35(5):255-260.",
    classes=True,
    grade_name="Hayashi grade",
)

PIGMENT_9 = Scale(
    id="pigment-9",
    title="Mottled hyperpigmentation",
    low=0.0,
    high=9.0,
    levels=_pigment_levels(),
    source="A modified Griffiths scale: Griffiths CE et al. A photonumeric scale for the assessment of cutaneous "
    "photodamage. Arch Dermatol 1992;128(3):347-351.",
    note="The original goes from 0 to 8; this one from 0 to 9 in half steps, so figures do not carry over unchanged.",
    task="Grade brown spots and patches by their number, their contrast with the skin around, the share of the face "
    "that they cover and how far they spread. Redness, shadows and moles do not count.",
    words_source="After the criteria of a study of mottled hyperpigmentation (none 0, mild 1-3, moderate 4-6, severe "
    "7-9), spelt out by number, contrast, coverage and spread.",
)

CHANGE = Scale(
    id="change",
    title="Change between photos of one person",
    low=-1.0,
    high=1.0,
    levels=(
        Level(-1, "improved", -1.0),
        Level(0, "no detectable change", -0.5),
        Level(1, "worse", 0.5),
    ),
    source="Dermagrade.",
    note="Each of the three comes with a probability; the numbers only order them, up being worse.",
)

#: Every scale by its id.
SCALES: Mapping[str, Scale] = MappingProxyType({s.id: s for s in (ACNE_5, ACNE_HAYASHI, PIGMENT_9, CHANGE)})

#: Knots of the declared mapping: lesions on half a face, and the ``acne-5`` score they stand for.
ACNE_5_KNOTS: tuple[tuple[float, float], ...] = (
    (0.0, 1.0),
    (0.5, 1.5),
    (2.5, 2.5),
    (5.5, 3.5),
    (20.5, 4.5),
    (50.5, 5.0),
)


def acne_5_from_count(count: float) -> float:
    """Score on ``acne-5`` for a number of lesions on half a face.

    Linear in ``log(1 + count)`` between :data:`ACNE_5_KNOTS`, flat beyond the last. The knots at 5.5, 20.5 and 50.5
    are Hayashi's own edges. The mapping is declared, not learnt: no photo with a 1-5 label stands behind it.

    Args:
        count: lesions on half a face, from 0; need not be whole.

    Raises:
        ValueError: if the count is negative or not a number.
    """
    _check_count(count)
    knots = np.log1p([n for n, _ in ACNE_5_KNOTS])
    return float(np.interp(np.log1p(count), knots, [score for _, score in ACNE_5_KNOTS]))


#: Knots of the declared mapping: expected grade on ``acne-hayashi``, and the ``acne-5`` score it stands for.
ACNE_5_FROM_HAYASHI_KNOTS: tuple[tuple[float, float], ...] = ((0.0, 2.0), (0.5, 3.5), (1.5, 4.5), (2.5, 5.0))


def acne_5_from_hayashi(grade: float) -> float:
    """Score on ``acne-5`` for an expected Hayashi grade, where a network gives a grade and counts nothing.

    Linear between :data:`ACNE_5_FROM_HAYASHI_KNOTS`, flat beyond the last. The edges between Hayashi's grades (0.5,
    1.5, 2.5) are 5.5, 20.5 and 50.5 lesions, so they take the scores that :data:`ACNE_5_KNOTS` gives to these counts.
    Grade 0 holds everything from no lesion to 5 (1.0 to 3.5) and cannot tell them apart; it takes 2.0, about what the
    middle of that range, 1.5 lesions on the scale of ``log(1 + n)``, stands for. So 2.0 is the lowest score that comes
    of a Hayashi grade: ``Clear`` is never said. The mapping is declared, not learnt.

    Args:
        grade: from 0 to 3; need not be whole.

    Raises:
        ValueError: if the grade is not on ``acne-hayashi``.
    """
    ACNE_HAYASHI.level_of(grade)
    knots, scores = zip(*ACNE_5_FROM_HAYASHI_KNOTS, strict=True)
    return float(np.interp(grade, knots, scores))


def hayashi_from_count(count: float) -> Level:
    """Level on ``acne-hayashi`` for a number of lesions on half a face; a count between whole numbers is rounded.

    Args:
        count: lesions on half a face, from 0.

    Raises:
        ValueError: if the count is negative or not a number.
    """
    _check_count(count)
    return ACNE_HAYASHI.levels[sum(count >= edge for edge in (5.5, 20.5, 50.5))]


@dataclass(frozen=True)
class CountScore:
    """What a number that stands beside a grade is worth as a score.

    Attributes:
        scale: of the score.
        of_count: the declared score of a number.
    """

    scale: Scale
    of_count: Callable[[float], float]


#: Id of a scale of classes that stand for numbers, to the score that such a number stands for.
COUNT_SCORES: Mapping[str, CountScore] = MappingProxyType({ACNE_HAYASHI.id: CountScore(ACNE_5, acne_5_from_count)})


def _check_count(count: float) -> None:
    if math.isnan(count) or count < 0:
        raise ValueError(f"a lesion count must be 0 or more, not {count}")
