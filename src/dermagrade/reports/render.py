"""Reports as one HTML file that needs nothing else: pictures inside, no script, no request to anywhere."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PIL import Image

from dermagrade import __version__
from dermagrade.assess.photo import Assessed
from dermagrade.conditions.details import details_of
from dermagrade.reports.marks import ZONE_COLOURS, measure_text, zone_title
from dermagrade.reports.overlay import close_up, draw_overlay
from dermagrade.reports.page_templates import TEMPLATES
from dermagrade.scales import SCALES, Scale
from dermagrade.simulate.lesions import PaintedPhoto
from dermagrade.simulate.truth import match_lesions
from dermagrade.types import ZONES, Assessment, Lesion

# A painted lesion counts as found within this share of the face's width (or within twice its own radius).
_FOUND_WITHIN = 0.025


@dataclass(frozen=True)
class ModelNote:
    """What a reader should know of a model: its id and its card, in Markdown."""

    id: str
    card: str

    @property
    def summary(self) -> str:
        """The card's first paragraph of plain text."""
        for block in self.card.replace("\r\n", "\n").split("\n\n"):
            text = " ".join(line.strip() for line in block.splitlines())
            if text and text[0] not in "#|-*<`!":
                return text.replace("**", "").replace("`", "")
        return ""


@dataclass(frozen=True)
class PaintedRow:
    """One painted lesion and what became of it; the confidence is None where it was not found."""

    number: int
    kind: str
    zone: str
    x: float
    y: float
    radius: float
    confidence: float | None


@dataclass(frozen=True)
class Rediscovery:
    """Painted lesions against those the network points at.

    Attributes:
        rows: one for each painted lesion.
        pointed_at: number of lesions that the network points at in the painted photo.
        within_px: how far a circle's centre may lie from the painted one to count, at least.
    """

    rows: tuple[PaintedRow, ...]
    pointed_at: int
    within_px: float

    @property
    def found(self) -> int:
        """Painted lesions that were found."""
        return sum(row.confidence is not None for row in self.rows)


def find_again(painted: PaintedPhoto, found: Sequence[Lesion], *, face_width_px: float) -> Rediscovery:
    """Compare the painted lesions with those found, all in pixels of the painted photo."""
    within = _FOUND_WITHIN * face_width_px
    partners = match_lesions(painted.lesions, found, reach_px=within)
    rows = tuple(
        PaintedRow(
            number=i + 1,
            kind=kind,
            zone=zone_title(lesion.zone or "outside the zones"),
            x=lesion.x,
            y=lesion.y,
            radius=lesion.radius,
            confidence=None if partner is None else found[partner].confidence,
        )
        for i, (lesion, kind, partner) in enumerate(zip(painted.lesions, painted.kinds, partners, strict=True))
    )
    return Rediscovery(rows, len(found), within)


def render_report(
    *,
    title: str,
    notices: Sequence[str],
    before: Assessed,
    after: Assessed,
    painted: PaintedPhoto | None,
    models: Sequence[ModelNote],
    condition: str,
    simulated: str,
) -> str:
    """One self-contained HTML page on a photo before and after a condition was painted on it.

    Args:
        title: of the page.
        notices: sentences that must be read first.
        before: the photo as it is, assessed.
        after: the painted photo, assessed; its full size is that of ``painted.pixels``.
        painted: the lesions that were painted; None where what was painted is no lesions.
        models: the models that were used.
        condition: the condition that the page is about.
        simulated: what was painted, in words, in the plural.

    Returns:
        The page. It loads nothing, runs no script, and reads in light, dark, on a phone and on paper.

    Raises:
        ValueError: if one of the two has no face or no assessment of the condition.
    """
    sides = [_side("Before", before, condition), _side("After", after, condition)]
    if after.face is None or after.photo is None:
        raise ValueError("the painted photo has no face")
    width = (after.face.box[2] - after.face.box[0]) * after.photo.scale
    second = after.assessments[condition]
    return TEMPLATES.get_template("demo.html").render(
        title=title,
        notices=list(notices),
        condition=condition,
        sides=sides,
        scale=_scale_drawing(SCALES[second.scale], [(s["heading"], s["assessment"]) for s in sides]),
        scale_info=SCALES[second.scale],
        zones=_zone_rows(before.assessments[condition], second),
        figure=_zone_figure(before.assessments[condition], second),
        measures=_measure_rows(before.assessments[condition], second),
        again=None
        if painted is None
        else find_again(painted, details_of(second).evaluated().places, face_width_px=width),
        simulated=simulated,
        models=list(models),
        version=__version__,
    )


def _side(heading: str, assessed: Assessed, condition: str) -> dict[str, Any]:
    """What the template shows of one assessed photo."""
    photo, face, assessment = assessed.photo, assessed.face, assessed.assessments.get(condition)
    if photo is None or face is None or assessment is None:
        raise ValueError(f"{heading}: a report needs a photo with a face and an assessment of {condition}")
    overlay = draw_overlay(photo, face, assessment, assessed.screening)
    return {
        "heading": heading,
        "assessment": assessment,
        "amount": details_of(assessment).amount(),
        "places": len(details_of(assessment).evaluated().places),
        "name": assessed.name,
        "findings": assessed.screening.findings if assessed.screening else (),
        "verdict": assessed.screening.verdict if assessed.screening else "good",
        "elapsed": {stage: round(ms) for stage, ms in assessed.elapsed_ms.items()},
        "plain": _data_uri(close_up(photo, face)),
        "overlay": _data_uri(overlay),
        "overlay_alt": f"{heading}: {_in_words(assessment)}",
    }


def _in_words(assessment: Assessment) -> str:
    """What an overlay says, for a reader who cannot see it."""
    if assessment.score is None:
        return f"no score for {assessment.condition}: {assessment.abstained}"
    parts = [f"{assessment.condition} {assessment.label}, {assessment.score:.1f}"]
    marks = details_of(assessment).marks()
    if marks.words:
        parts.append(", ".join(marks.words))
    if marks.heat is not None:
        parts.append(f"coloured by {marks.heat.title.lower()}")
    parts += [f"{zone_title(z)} {s.score:.1f}" for z, s in assessment.zones.items()]
    parts += [f"{m.title} {measure_text(m)}" for m in assessment.measures]
    return "; ".join(parts) + "."


def _data_uri(picture: Image.Image) -> str:
    buffer = io.BytesIO()
    picture.convert("RGB").save(buffer, "JPEG", quality=88, optimize=True)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")


def _zone_rows(before: Assessment, after: Assessment) -> list[dict[str, object]]:
    figures = {"before": details_of(before).zone_figures(), "after": details_of(after).zone_figures()}
    return [
        {
            "title": zone_title(name),
            "colour": "#{:02x}{:02x}{:02x}".format(*ZONE_COLOURS[name]),
            "before": before.zones.get(name),
            "after": after.zones.get(name),
            "figures": {side: values.get(name) for side, values in figures.items()},
        }
        for name in ZONES
    ]


def _zone_figure(before: Assessment, after: Assessment) -> dict[str, str] | None:
    """What the further number of a zone is called, and what must be known of it; None where neither side has one."""
    for details in (details_of(before), details_of(after)):
        if details.zone_figures():
            return {"title": details.zone_figure.capitalize(), "note": details.zone_figure_note}
    return None


def _measure_rows(before: Assessment, after: Assessment) -> list[dict[str, object]]:
    """Every further number that either side has, in the order of the sides, with what must be known of it."""
    sides = [{m.name: m for m in assessment.measures} for assessment in (before, after)]
    return [
        {
            "title": measure.title,
            "note": measure.note,
            "values": [measure_text(side[name]) if name in side else "–" for side in sides],
        }
        for name, measure in (sides[0] | sides[1]).items()
    ]


def _scale_drawing(scale: Scale, marks: Sequence[tuple[object, object]]) -> dict[str, object]:
    """Places, in units of a drawing 400 wide, of the scale's bands and of a mark for each score."""
    left, width = 14.0, 372.0

    def at(value: float) -> float:
        return round(left + width * (value - scale.low) / (scale.high - scale.low), 1)

    ends = [*scale.edges, scale.high]
    bands = [
        {"x": at(level.start), "width": round(at(end) - at(level.start), 1), "label": level.label}
        for level, end in zip(scale.levels, ends, strict=True)
    ]
    steps = [{"x": at(v), "text": f"{v:g}"} for v in range(int(scale.low), int(scale.high) + 1)]
    drawn = []
    for heading, assessment in marks:
        if isinstance(assessment, Assessment) and assessment.score is not None:
            text = f"{heading} {assessment.score:.1f}"
            x = at(assessment.score)
            # Text that starts in the middle of its mark must not leave the drawing.
            drawn.append({"x": x, "text": text, "text_x": min(max(x, 34.0), 366.0), "after": heading == "After"})
    return {"bands": bands, "steps": steps, "marks": drawn}
