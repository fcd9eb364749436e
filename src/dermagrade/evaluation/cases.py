"""A labelled photo and its answer, read on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dermagrade.evaluation.answers import PhotoResult
from dermagrade.evaluation.labelled import Labelled
from dermagrade.scales import ACNE_5, Scale


@dataclass(frozen=True)
class Case:
    """One photo that was labelled and answered.

    On ``acne-hayashi`` the answer's value is the expected grade and its level the grade named. On ``acne-5`` the
    value is the score and the level the one that the score falls in. A label need not be whole there: its level is the
    one that it falls in.

    Attributes:
        label: what is known of it.
        result: what was found; answered.
        scale: of the label's grade: ``acne-hayashi`` or ``acne-5``.
    """

    label: Labelled
    result: PhotoResult
    scale: Scale

    @property
    def person(self) -> str:
        """Whose photo it is."""
        return self.label.subject

    @property
    def photo(self) -> str:
        """Its name."""
        return self.label.photo

    @property
    def truth(self) -> float:
        """The published grade."""
        return self.label.grade

    @property
    def truth_level(self) -> float:
        """The level of the scale that the published grade falls in."""
        return self.scale.level_of(self.label.grade).value

    @property
    def value(self) -> float:
        """The answer as a number on the scale, which need not be whole."""
        return self.result.score if self.scale.id == ACNE_5.id else self.result.expected_grade

    @property
    def level(self) -> float:
        """The answer as a level of the scale."""
        return self.edge_level if self.scale.id == ACNE_5.id else float(self.result.grade)

    @property
    def edge_level(self) -> float:
        """The level that the value falls in, by the scale's edges."""
        return self.scale.level_of(min(max(self.value, self.scale.low), self.scale.high)).value


def cases_of(labels: Sequence[Labelled], results: Sequence[PhotoResult], scale: Scale) -> tuple[Case, ...]:
    """The answered photos, in order; one result for each label."""
    pairs = zip(labels, results, strict=True)
    return tuple(Case(label, result, scale) for label, result in pairs if result.answered)
