"""The nouns that every part of Dermagrade shares.

Frozen dataclasses that check themselves and import nothing else of the package. Coordinates are pixels of the
upright photo, x to the right, y down. Left and right are the person's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import numpy as np
from numpy.typing import NDArray

#: The five skin zones, in the order of their numbers in :attr:`FaceMap.label_map` (1 = forehead ... 5 = chin).
ZONES: tuple[str, ...] = ("forehead", "nose", "left_cheek", "right_cheek", "chin")

#: A zone counts as found when at least this share of it is visible skin.
ZONE_FOUND_FROM = 0.3

#: Key points that the zone network reports, left and right being the person's own.
KEY_POINTS: tuple[str, ...] = ("right_eye", "left_eye", "nose_tip", "mouth_right", "mouth_left", "chin")

Severity = Literal["note", "caution", "refuse"]
Verdict = Literal["good", "note", "caution", "refuse"]
#: What may have become of a condition from one photo to another.
Course = Literal["improved", "no detectable change", "worse"]
Box = tuple[float, float, float, float]

#: Every :data:`Course`, in the order in which they are told.
COURSES: tuple[Course, ...] = ("improved", "no detectable change", "worse")


@dataclass(frozen=True, eq=False)
class Photo:
    """One photo, upright and in sRGB, without any metadata of the file.

    Attributes:
        pixels: ``(h, w, 3)`` uint8, sRGB. It may be a reduced copy: a photo far larger than the networks need is
            decoded at 1/2, 1/4 or 1/8.
        sha256: of the file's bytes, 64 hexadecimal digits.
        width: of the upright photo at its full size, in pixels.
        height: of the upright photo at its full size, in pixels.
        name: what to call the photo in results (for a file, the path as given).
        subject: pseudonymous person, if known.
        taken_at: time zone aware, if known.

    Raises:
        ValueError: if an array has another shape or type, or a time has no zone.
    """

    pixels: NDArray[np.uint8]
    sha256: str
    width: int
    height: int
    name: str = ""
    subject: str | None = None
    taken_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.pixels.ndim != 3 or self.pixels.shape[2] != 3 or self.pixels.dtype != np.uint8:
            raise ValueError(f"pixels must be (h, w, 3) uint8, not {self.pixels.shape} {self.pixels.dtype}")
        if len(self.sha256) != 64:
            raise ValueError("sha256 must be 64 hexadecimal digits")
        if self.taken_at is not None and self.taken_at.tzinfo is None:
            raise ValueError("taken_at must carry a time zone")

    @property
    def scale(self) -> float:
        """Pixels of the full photo for one pixel of :attr:`pixels` (1.0 where it was not reduced)."""
        return self.width / int(self.pixels.shape[1])


@dataclass(frozen=True)
class Finding:
    """One observation of a screening, with a stable code and a sentence for the person.

    Attributes:
        code: stable, such as ``P102``.
        severity: ``note``, ``caution`` or ``refuse``.
        message: tells the person what to do.
        value: what was measured, in the unit that the check's documentation names; None where there is no number.
        minimum: the limit that the value fell below, if it was one.
        maximum: the limit that the value rose above, if it was one.
    """

    code: str
    severity: Severity
    message: str
    value: float | None = None
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True)
class Screening:
    """All findings about one photo, and the verdict: the worst severity among them, or ``good``."""

    findings: tuple[Finding, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """``refuse`` if any finding refuses, else the worst of the rest, else ``good``."""
        order: tuple[Verdict, ...] = ("refuse", "caution", "note")
        present = {f.severity for f in self.findings}
        return next((v for v in order if v in present), "good")


@dataclass(frozen=True, eq=False)
class Zone:
    """One skin zone as seen in a photo.

    Attributes:
        name: one of :data:`ZONES`.
        visible: share of the zone, 0 to 1, that is not turned away, outside the frame or covered.
        polygon: ``(n, 2)`` float, outline of the largest visible part in pixels of ``Photo.pixels``; empty if none.
        covered: what hides part of the zone (``hair``, ``glasses``, ``mask``, ``bar``) to the share of the
            zone, 0 to 1, that it hides; only what was found.
    """

    name: str
    visible: float
    polygon: NDArray[np.float64]
    covered: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.name not in ZONES:
            raise ValueError(f"no such zone: {self.name}")
        if not 0.0 <= self.visible <= 1.0:
            raise ValueError(f"visible must be in 0..1, not {self.visible}")
        if not all(0.0 < share <= 1.0 for share in self.covered.values()):
            raise ValueError(f"covered must be shares above 0 and up to 1, not {dict(self.covered)}")
        if self.polygon.ndim != 2 or self.polygon.shape[1] != 2:
            raise ValueError(f"polygon must be (n, 2), not {self.polygon.shape}")

    @property
    def found(self) -> bool:
        """True from 0.3 visible on."""
        return self.visible >= ZONE_FOUND_FROM


@dataclass(frozen=True, eq=False)
class FaceMap:
    """Where the face and its skin zones are. All coordinates are pixels of ``Photo.pixels``.

    Attributes:
        box: x0, y0, x1, y1 of the face (brow top or hairline to chin, cheek to cheek), within the photo.
        points: key point name to ``(x, y)``; points that are not seen are absent.
        yaw_deg: turn of the head, positive towards the person's own left, 0 frontal, 90 profile.
        pitch_deg: positive when the person looks up.
        roll_deg: positive when the head is tilted clockwise as the viewer sees it.
        label_map: ``(h, w)`` uint8 like ``Photo.pixels``; 0 no zone, 1 + index into :data:`ZONES`.
        zones: every zone name to its :class:`Zone`.
        confidence: 0 to 1, that this is a face.
        others: boxes of further faces, largest first.
    """

    box: Box
    points: Mapping[str, tuple[float, float]]
    yaw_deg: float
    pitch_deg: float
    roll_deg: float
    label_map: NDArray[np.uint8]
    zones: Mapping[str, Zone]
    confidence: float
    others: tuple[Box, ...] = ()

    def __post_init__(self) -> None:
        if set(self.zones) != set(ZONES):
            raise ValueError(f"zones must be exactly {ZONES}")
        if self.label_map.ndim != 2 or self.label_map.dtype != np.uint8:
            raise ValueError("label_map must be (h, w) uint8")

    @property
    def found(self) -> tuple[str, ...]:
        """Names of the zones of which at least 0.3 is visible."""
        return tuple(z for z in ZONES if self.zones[z].found)

    @property
    def frontal(self) -> bool:
        """True where both cheeks are visible at 0.6 or more: then the halves of the face are graded apart."""
        return min(self.zones["left_cheek"].visible, self.zones["right_cheek"].visible) >= 0.6


@dataclass(frozen=True, eq=False)
class SkinPatch:
    """The skin of one zone, cut from a photo.

    Attributes:
        zone: one of :data:`ZONES`.
        pixels: ``(h, w, 3)`` uint8.
        mask: ``(h, w)`` bool, True on skin of this zone.
        origin: x, y of the patch's upper left corner in pixels of the full photo.
        scale: pixels of the full photo for one pixel of the patch.
    """

    zone: str
    pixels: NDArray[np.uint8]
    mask: NDArray[np.bool_]
    origin: tuple[float, float]
    scale: float


@dataclass(frozen=True)
class Lesion:
    """One lesion: centre and radius in pixels of the full photo, the network's confidence, and its zone if any."""

    x: float
    y: float
    radius: float
    confidence: float = 1.0
    zone: str | None = None


@dataclass(frozen=True)
class ZoneScore:
    """A condition's answer for one zone: a score on its scale."""

    score: float


@dataclass(frozen=True)
class Measure:
    """A number that a clinician knows, such as the share of skin that is darker than the rest.

    Attributes:
        name: stable key, such as ``area_share``.
        title: in words, such as "Pigmented share of the skin".
        value: in ``unit``.
        unit: such as ``%`` or ``per cm^2``; empty for a plain number.
        note: what a reader must know before quoting it; empty where nothing.
    """

    name: str
    title: str
    value: float
    unit: str = ""
    note: str = ""


@dataclass(frozen=True, eq=False)
class HeatMap:
    """How strong something is at each place of a photo.

    Attributes:
        values: ``(h, w)`` float32, 0 where there is nothing.
        origin: x, y of its upper left corner in pixels of the full photo.
        scale: pixels of the full photo for one of its cells.
        high: the value that is drawn at full strength.
        title: what it shows, for a legend.
        unit: of the values, for the same; empty for a plain number.
    """

    values: NDArray[np.float32]
    origin: tuple[float, float]
    scale: float
    high: float
    title: str
    unit: str = ""


@dataclass(frozen=True)
class Assessment:
    """What a condition says of one photo, or why it says nothing.

    Attributes:
        condition: name in the conditions' table, such as ``acne``.
        scale: id of the scale, such as ``acne-5``.
        score: on that scale; None when the condition abstained.
        level: the scale's level that the score falls in.
        label: that level's name.
        interval: low, high; None until the model's card carries a calibration.
        zones: zone name to its score; only zones that were found.
        model: id of the model, name@digest; None where no network was asked.
        abstained: why there is no score.
        measures: further numbers, in the order in which they are shown.
        details: what the condition says beyond this, in a frozen type of its own
            (:class:`dermagrade.conditions.details.Details`); None where it says nothing more.

    Raises:
        ValueError: if there is neither a score nor a reason, or both.
    """

    condition: str
    scale: str
    score: float | None = None
    level: float | None = None
    label: str | None = None
    interval: tuple[float, float] | None = None
    zones: Mapping[str, ZoneScore] = field(default_factory=dict)
    model: str | None = None
    abstained: str | None = None
    measures: tuple[Measure, ...] = ()
    details: object | None = None

    def __post_init__(self) -> None:
        if (self.score is None) == (self.abstained is None):
            raise ValueError("an assessment has either a score or a reason for abstaining")


@dataclass(frozen=True)
class Series:
    """One person's photos in time order (or in the order given, where no times are known)."""

    photos: tuple[Photo, ...]

    def __post_init__(self) -> None:
        if not self.photos:
            raise ValueError("a series needs at least one photo")
        times = [p.taken_at for p in self.photos if p.taken_at is not None]
        if len(times) == len(self.photos) and times != sorted(times):
            raise ValueError("the photos of a series must be in time order")
        if len({p.subject for p in self.photos}) > 1:
            raise ValueError("a series holds one person's photos")


@dataclass(frozen=True)
class ZoneChange:
    """How one zone changed from the first photo to the last: a verdict, if there is one, and by how much."""

    difference: float
    verdict: Course | None = None


@dataclass(frozen=True)
class Change:
    """What a condition says of a series: how the last photo differs from the first, or why it says nothing.

    Taking the photos in reverse mirrors it: ``improved`` for ``worse``, their probabilities likewise, the scores
    backwards, and difference, interval and slope with the other sign.

    Attributes:
        condition: name in the conditions' table.
        scale: id of the scale of scores and differences.
        verdict: ``improved``, ``no detectable change`` or ``worse``; None when the condition abstained.
        probabilities: of each verdict, summing to 1; None where they are not known.
        scores: on the scale, one for each photo in order; None for a photo without one.
        difference: last less first; None where one of them has no score.
        interval: low, high of the difference.
        smallest_detectable: the least difference that retakes of an unchanged face do not show by themselves.
        slope_per_week: of the scores over time; None where the times are not known.
        zones: zone name to its change; only zones that can be compared.
        findings: what a reader must know of the series; one that refuses withdraws the whole answer.
        model: id of the model, name@digest; None where no network was asked.
        abstained: why there is no verdict.
        details: as :attr:`Assessment.details`.

    Raises:
        ValueError: if there is neither a verdict nor a reason, or both, or the probabilities are of other verdicts.
    """

    condition: str
    scale: str
    verdict: Course | None = None
    probabilities: Mapping[Course, float] | None = None
    scores: tuple[float | None, ...] = ()
    difference: float | None = None
    interval: tuple[float, float] | None = None
    smallest_detectable: float | None = None
    slope_per_week: float | None = None
    zones: Mapping[str, ZoneChange] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    model: str | None = None
    abstained: str | None = None
    details: object | None = None

    def __post_init__(self) -> None:
        if (self.verdict is None) == (self.abstained is None):
            raise ValueError("a change has either a verdict or a reason for abstaining")
        if self.probabilities is not None and set(self.probabilities) != set(COURSES):
            raise ValueError(f"probabilities must be of {', '.join(COURSES)}")


@dataclass(frozen=True)
class Rating:
    """One rater's answer for one photo; append-only, corrections are new ratings."""

    rater: str
    photo: str
    scale: str
    grade: float
    shown_at: datetime | None = None
    answered_at: datetime | None = None
    position: int | None = None
    instrument: str | None = None
