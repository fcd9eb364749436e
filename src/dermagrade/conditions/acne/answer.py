"""What acne's answer says beyond its score: lesions, the halves of the face, and the Hayashi grade."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dermagrade.conditions.details import Details, Evaluated, Marks, Note, Ring
from dermagrade.face.parts import PartCount
from dermagrade.types import Lesion

#: A lesion of at least this confidence has a whole ring.
SURE_FROM = 0.5


@dataclass(frozen=True)
class Hayashi:
    """Grade 0-3 on ``acne-hayashi`` with the probability of each grade, in order, summing to 1.

    ``set`` holds the neighbouring grades that cannot be ruled out at the calibration's coverage; empty without one.
    """

    grade: int
    label: str
    probabilities: tuple[float, float, float, float]
    set: tuple[int, ...] = ()


@dataclass(frozen=True)
class AcneDetails(Details):
    """Acne's own part of an answer.

    Attributes:
        lesions: those that the network can point at.
        count: the network's estimate of the number of lesions in the whole photo; None where it counts none.
        halves: on a frontal photo, count by half (``left``, ``right``), else None.
        graded_half: the half that was graded (the worse one), else None.
        hayashi: grade and probabilities; None where the network gives none.
        zone_lesions: zone name to the number of lesions in it.
        parts: lesions by part of the face (:data:`dermagrade.face.parts.PARTS`), for putting photos of one visit
            together; None where lesions are not counted.
        half_hayashi: on a frontal photo the grade of each half (``left``, ``right``), for the same purpose.
        photos: of a visit, the number of the photo that each lesion is in; empty for a single photo.
    """

    columns = ("hayashi", "lesions", "graded_half")
    zone_figure = "lesions"
    zone_figure_title = "Lesions, about"
    zone_figure_note = "Counts are estimates and need not be whole. A lesion outside every zone counts for no zone."

    lesions: tuple[Lesion, ...] = ()
    count: float | None = None
    halves: Mapping[str, float] | None = None
    graded_half: str | None = None
    hayashi: Hayashi | None = None
    zone_lesions: Mapping[str, float] = field(default_factory=dict)
    parts: Mapping[str, PartCount] | None = None
    half_hayashi: Mapping[str, Hayashi] | None = None
    photos: tuple[int, ...] = field(default=(), compare=False)

    def record(self) -> dict[str, Any]:
        """``hayashi`` and ``lesions``, each only where the network gives it."""
        record: dict[str, Any] = {}
        if self.hayashi is not None:
            record["hayashi"] = {
                "grade": self.hayashi.grade,
                "label": self.hayashi.label,
                "probabilities": [round(p, 4) for p in self.hayashi.probabilities],
            }
            if self.hayashi.set:
                record["hayashi"]["set"] = list(self.hayashi.set)
        if self.count is not None:
            items = [_item(lesion) for lesion in self.lesions]
            if self.photos:
                items = [item | {"photo": photo} for item, photo in zip(items, self.photos, strict=True)]
            record["lesions"] = {
                "count": round(self.count, 2),
                "graded_half": self.graded_half,
                "halves": {half: round(n, 2) for half, n in self.halves.items()} if self.halves else None,
                "items": items,
            }
        return record

    def zone_figures(self) -> Mapping[str, float]:
        """Lesions of each zone."""
        return self.zone_lesions

    def amount(self) -> str:
        """About how many lesions there are."""
        return "" if self.count is None else about_lesions(self.count)

    def clauses(self) -> tuple[str, ...]:
        """The count, with that of the graded half, and the Hayashi grade."""
        said = []
        if self.count is not None:
            half = ""
            if self.graded_half is not None and self.halves is not None:
                half = f" ({self.halves[self.graded_half]:.0f} on the {self.graded_half} half, which is graded)"
            said.append(f"{self.amount()}{half}")
        if self.hayashi is not None:
            said.append(f"Hayashi {self.hayashi.grade} {self.hayashi.label}")
        return tuple(said)

    def sentences(self) -> tuple[str, ...]:
        """The same, with a verb."""
        said = []
        if self.count is not None:
            half = f"; the {self.graded_half} half of the face has more, and is graded" if self.graded_half else ""
            said.append(f"About {self.count:.0f} lesions in the photo{half}.")
        if self.hayashi is not None:
            said.append(f"Hayashi grade {self.hayashi.grade} ({self.hayashi.label}).")
        return tuple(said)

    def marks(self) -> Marks:
        """A ring around each lesion, and the count."""
        circled = f"{len(self.lesions)} circled"
        notes = [] if self.count is None else [Note(f"{self.amount().capitalize()}; {circled}")]
        if self.graded_half is not None:
            notes.append(Note(f"Graded by the worse half of the face: the person's {self.graded_half}", soft=True))
        return Marks(
            rings=tuple(Ring(le.x, le.y, le.radius, le.confidence >= SURE_FROM) for le in self.lesions),
            notes=tuple(notes),
            legend={True: "lesion, fairly sure", False: "lesion, less sure"},
            words=() if self.count is None else (self.amount(), circled),
        )

    def evaluated(self) -> Evaluated:
        """The Hayashi grade, the count, and the lesions."""
        named = self.hayashi
        return Evaluated(
            grade=None if named is None else named.grade,
            probabilities=() if named is None else named.probabilities,
            possible=() if named is None else named.set,
            count=self.count,
            places=self.lesions,
        )

    @classmethod
    def row(cls, block: Mapping[str, Any]) -> dict[str, object]:
        """The grade, the count and the graded half."""
        lesions = block.get("lesions") or {}
        return {
            "hayashi": (block.get("hayashi") or {}).get("grade"),
            "lesions": lesions.get("count"),
            "graded_half": lesions.get("graded_half"),
        }

    @classmethod
    def schema(cls) -> dict[str, Any]:
        """The objects ``hayashi`` and ``lesions``."""
        return {"hayashi": _HAYASHI, "lesions": _LESIONS}


def about_lesions(count: float) -> str:
    """An estimated number of lesions in words: "about 1 lesion"."""
    return "about 1 lesion" if round(count) == 1 else f"about {count:.0f} lesions"


def acne_details(details: object) -> AcneDetails:
    """Acne's own part of an answer; an empty one of an answer that carries none."""
    return details if isinstance(details, AcneDetails) else AcneDetails()


def _item(lesion: Lesion) -> dict[str, Any]:
    return {
        "x": round(lesion.x, 1),
        "y": round(lesion.y, 1),
        "radius": round(lesion.radius, 1),
        "confidence": round(lesion.confidence, 3),
        "zone": lesion.zone,
    }


_NUMBER = {"type": "number"}
_HAYASHI = {
    "type": "object",
    "description": "the grade on acne-hayashi",
    "required": ["grade", "label", "probabilities"],
    "properties": {
        "grade": {"type": "integer", "minimum": 0, "maximum": 3},
        "label": {"type": "string"},
        "probabilities": {"type": "array", "items": _NUMBER},
        "set": {
            "type": "array",
            "items": {"type": "integer"},
            "description": "grades that cannot be ruled out, where the model is calibrated",
        },
    },
}
_LESIONS = {
    "type": "object",
    "description": "how many lesions there are, and where",
    "required": ["count", "graded_half", "halves", "items"],
    "properties": {
        "count": {
            "type": "number",
            "description": "the estimate for the whole photo; need not equal the number of items",
        },
        "graded_half": {"type": ["string", "null"], "enum": ["left", "right", None]},
        "halves": {"type": ["object", "null"], "additionalProperties": _NUMBER},
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["x", "y", "radius", "confidence", "zone"],
                "properties": {
                    "x": _NUMBER,
                    "y": _NUMBER,
                    "radius": _NUMBER,
                    "confidence": _NUMBER,
                    "zone": {"type": ["string", "null"]},
                },
            },
        },
    },
}
