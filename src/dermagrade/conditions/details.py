"""What a condition says beyond score, interval, level, zones and measures, and how each reader of it is told.

Commands, reports and pages ask :func:`details_of` an answer and show what comes back; they know no condition. A
condition with something of its own to say makes a frozen dataclass below :class:`Details`, puts it into
``Assessment.details`` and overrides what it has; all else has a default.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from dermagrade.types import Assessment, Change, HeatMap, Lesion


@dataclass(frozen=True)
class Ring:
    """A ring around a place of a photo; broken where the condition is not sure of it.

    Attributes:
        x: of the place, in pixels of the full photo.
        y: likewise.
        radius: of what is there, likewise; the ring is drawn outside it.
        sure: False for a broken ring.
    """

    x: float
    y: float
    radius: float
    sure: bool = True


@dataclass(frozen=True)
class Note:
    """A line below the score in an overlay's panel; ``soft`` for one of less weight."""

    text: str
    soft: bool = False


@dataclass(frozen=True, eq=False)
class Marks:
    """What an overlay shows of an answer besides its zones and scores.

    Attributes:
        rings: around places.
        heat: how strong something is at each place.
        notes: lines below the score.
        legend: what a whole ring (True) and a broken one (False) stand for.
        words: what the marks show, for a reader who cannot see them.
    """

    rings: tuple[Ring, ...] = ()
    heat: HeatMap | None = None
    notes: tuple[Note, ...] = ()
    legend: Mapping[bool, str] | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Evaluated:
    """What of an answer can be measured against labels, besides its score and interval.

    Attributes:
        grade: on the scale of classes that the condition is labelled on; None where it names none.
        probabilities: of the grades of that scale, rising; empty where there are none.
        possible: grades that cannot be ruled out; empty without a calibration.
        count: how many of what is counted the photo shows; None where nothing is counted.
        places: those that can be pointed at.
    """

    grade: int | None = None
    probabilities: tuple[float, ...] = ()
    possible: tuple[int, ...] = ()
    count: float | None = None
    places: tuple[Lesion, ...] = ()


class Details:
    """What a condition says of its own. This one says nothing more than the answer itself.

    Attributes:
        columns: its columns of the CSV file, after the condition's name and an underscore.
        zone_figure: key of a further number of each zone, in records and tables; empty where there is none.
        zone_figure_title: heading of that number's column on a page.
        zone_figure_note: what a reader of that column must know.
    """

    columns: ClassVar[tuple[str, ...]] = ()
    zone_figure: ClassVar[str] = ""
    zone_figure_title: ClassVar[str] = ""
    zone_figure_note: ClassVar[str] = ""

    def record(self) -> dict[str, Any]:
        """Its keys of the condition's JSON object, rounded; they stand before ``zones``."""
        return {}

    def zone_figures(self) -> Mapping[str, float]:
        """Zone name to its further number (:attr:`zone_figure`); zones without it are left out."""
        return {}

    def amount(self) -> str:
        """How much was found, in a few words such as "about 11 lesions"; empty where the score says it all."""
        return ""

    def clauses(self) -> tuple[str, ...]:
        """What follows the score on one line for people, each without a comma at its end."""
        return (self.amount(),) if self.amount() else ()

    def sentences(self) -> tuple[str, ...]:
        """What follows the score on a page; by default its clauses, each as a sentence."""
        return tuple(f"{clause[0].upper()}{clause[1:]}." for clause in self.clauses())

    def marks(self) -> Marks:
        """What an overlay shows of it."""
        return Marks()

    def evaluated(self) -> Evaluated:
        """What of it can be measured against labels."""
        return Evaluated()

    @classmethod
    def row(cls, block: Mapping[str, Any]) -> dict[str, object]:
        """Its :attr:`columns` from the condition's JSON object, so that both agree; by default keys of that name."""
        return {column: block.get(column) for column in cls.columns}

    @classmethod
    def schema(cls) -> dict[str, Any]:
        """JSON Schema of each key of :meth:`record`; a key may be absent."""
        return {}


#: Of an answer that says nothing more.
_NOTHING = Details()


def details_of(answer: Assessment | Change) -> Details:
    """What an answer says of its own, to be asked whatever its condition."""
    return answer.details if isinstance(answer.details, Details) else _NOTHING
