"""A labelled photo and its answer, read on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dermagrade.evaluation.answers import PhotoResult
from dermagrade.evaluation.labelled import Labelled
from dermagrade.scales import Scale


@dataclass(frozen=True)
class Case:
    """One photo that was labelled and answered.

    The answer's value is the score and its level the one that the score falls in. A label need not stand on a level:
    its level is the one that it falls in. On a scale of classes the network names grades of its own: there the
    value is the expected grade and the level the grade named.

    Attributes:
        label: what is known of it.
        result: what was found; answered.
        scale: of the label's grade.
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
        return self.result.score if not self.scale.classes else self.result.expected_grade

    @property
    def level(self) -> float:
        """The answer as a level of the scale."""
        return self.edge_level if not self.scale.classes else float(self.result.grade)

    @property
    def edge_level(self) -> float:
        """The level that the value falls in, by the scale's edges."""
        return self.scale.level_of(self._held).value

    @property
    def truth_band(self) -> float:
        """The published grade's band: the lowest level of its name."""
        return self.scale.band_of(self.label.grade).value

    @property
    def band(self) -> float:
        """The band of the answer's level."""
        return self.scale.band_of(self.level).value

    @property
    def edge_band(self) -> float:
        """The band that the value falls in."""
        return self.scale.band_of(self._held).value

    @property
    def _held(self) -> float:
        return min(max(self.value, self.scale.low), self.scale.high)


def value_name(scale: Scale) -> str:
    """What an answer's value on a scale is called: ``expected grade`` where it is made of probabilities."""
    return "expected grade" if scale.classes else "score"


def fine(scale: Scale) -> bool:
    """True where several levels share a name: steps that fine are no classes, so distances say more than hits."""
    return len(scale.bands) < len(scale.levels)


def cases_of(labels: Sequence[Labelled], results: Sequence[PhotoResult], scale: Scale) -> tuple[Case, ...]:
    """The answered photos, in order; one result for each label."""
    pairs = zip(labels, results, strict=True)
    return tuple(Case(label, result, scale) for label, result in pairs if result.answered)
