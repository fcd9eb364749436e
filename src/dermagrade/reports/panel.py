"""The panel beside an overlay: the score, its zones, what the marks mean and what to know of the photo."""

from __future__ import annotations

from PIL import Image, ImageDraw

from dermagrade.conditions.details import details_of
from dermagrade.reports.column import INK, PAPER, RULE, SOFT, Column
from dermagrade.reports.heat import write_colour_bar
from dermagrade.reports.marks import SMOOTH, ZONE_COLOURS, draw_ring, font_of, measure_text, zone_title
from dermagrade.scales import SCALES
from dermagrade.types import ZONES, Assessment, FaceMap, Screening

PANEL_WIDTH = 430


def with_panel(picture: Image.Image, face: FaceMap, assessment: Assessment, screening: Screening | None) -> Image.Image:
    """The picture with the panel on its right, or below where it is wider than high; the sheet grows as need be."""
    if picture.height >= picture.width:
        blocks = [_headline(assessment, PANEL_WIDTH), _zone_table(face, assessment, PANEL_WIDTH)]
        blocks.append(_notes(assessment, screening, PANEL_WIDTH))
        height = max(picture.height, sum(b.height for b in blocks))
        sheet = Image.new("RGB", (picture.width + PANEL_WIDTH, height), PAPER)
        sheet.paste(picture, (0, 0))
        top = 0
        for block in blocks:
            sheet.paste(block, (picture.width, top))
            top += block.height
        return sheet
    column = picture.width // 3
    blocks = [_headline(assessment, column), _zone_table(face, assessment, column)]
    blocks.append(_notes(assessment, screening, picture.width - 2 * column))
    sheet = Image.new("RGB", (picture.width, picture.height + max(b.height for b in blocks)), PAPER)
    sheet.paste(picture, (0, 0))
    for i, block in enumerate(blocks):
        sheet.paste(block, (i * column, picture.height))
    return sheet


def _headline(assessment: Assessment, width: int) -> Image.Image:
    column = Column(width)
    column.write(assessment.condition.capitalize(), 22, SOFT, gap=0)
    if assessment.score is None:
        column.write("No score", 40)
        column.write(assessment.abstained or "", 20, gap=12)
        return column.done()
    low, high = SCALES[assessment.scale].low, SCALES[assessment.scale].high
    column.write(assessment.label or "", 44, gap=2)
    column.write(f"{assessment.score:.1f} on a scale from {low:g} to {high:g}", 24, gap=14)
    _draw_scale(column, assessment.score, low, high, assessment.interval)
    if assessment.interval is not None:
        column.write(f"Likely between {assessment.interval[0]:.1f} and {assessment.interval[1]:.1f}", 20, SOFT)
    marks = details_of(assessment).marks()
    for note in marks.notes:
        column.write(note.text, 18 if note.soft else 22, SOFT if note.soft else INK)
    if marks.heat is not None:
        column.y += 6
        write_colour_bar(column, marks.heat)
    return column.done()


def _draw_scale(column: Column, score: float, low: float, high: float, interval: tuple[float, float] | None) -> None:
    x0, x1, y = column.pad + 10, column.width - column.pad - 10, column.y + 12

    def at(value: float) -> float:
        return x0 + (x1 - x0) * min(max((value - low) / (high - low), 0.0), 1.0)

    column.draw.rounded_rectangle((x0 - 8, y - 5, x1 + 8, y + 5), radius=5, fill=RULE)
    if interval is not None:
        column.draw.rounded_rectangle((at(interval[0]), y - 5, at(interval[1]), y + 5), radius=5, fill=(140, 170, 210))
    for step in range(int(low), int(high) + 1):
        column.draw.line((at(step), y - 5, at(step), y + 9), fill=SOFT, width=2)
        column.draw.text((at(step), y + 22), str(step), font=font_of(18), fill=SOFT, anchor="mm")
    column.draw.ellipse((at(score) - 11, y - 11, at(score) + 11, y + 11), fill=(0, 84, 147), outline="white", width=3)
    column.y = y + 46


def _zone_table(face: FaceMap, assessment: Assessment, width: int) -> Image.Image:
    column = Column(width)
    details = details_of(assessment)
    figures = {zone: value for zone, value in details.zone_figures().items() if zone in assessment.zones}
    right, middle = width - column.pad, width - column.pad - 96
    font = font_of(17)
    column.draw.text((column.pad, column.y), "Zone", font=font, fill=SOFT)
    column.draw.text((middle if figures else right, column.y), "score", font=font, fill=SOFT, anchor="ra")
    if figures:
        column.draw.text((right, column.y), details.zone_figure, font=font, fill=SOFT, anchor="ra")
    column.y += 28
    for name in ZONES:
        y = column.y
        found = face.zones[name].found
        box = (column.pad, y + 2, column.pad + 20, y + 22)
        column.draw.rounded_rectangle(box, radius=4, outline=INK, fill=ZONE_COLOURS[name] if found else PAPER)
        font = font_of(21)
        column.draw.text((column.pad + 32, y), zone_title(name), font=font, fill=INK if found else SOFT)
        score = assessment.zones.get(name)
        if score is None:
            text = "no score" if found else "not seen"
            column.draw.text((right, y), text, font=font_of(18), fill=SOFT, anchor="ra")
        else:
            column.draw.text((middle if figures else right, y), f"{score.score:.1f}", font=font, fill=INK, anchor="ra")
            if name in figures:
                column.draw.text((right, y), f"{figures[name]:.1f}", font=font, fill=INK, anchor="ra")
        column.y += 34
    column.write("Left and right are the person's own.", 17, SOFT)
    return column.done()


def _notes(assessment: Assessment, screening: Screening | None, width: int) -> Image.Image:
    column = Column(width)
    if assessment.measures:
        for measure in assessment.measures:
            column.write_pair(measure.title, measure_text(measure), 19)
        for measure in assessment.measures:
            if measure.note:
                column.write(f"{measure.title}: {measure.note}", 16, SOFT, gap=4)
        column.y += 10
    marks = details_of(assessment).marks()
    if marks.rings and marks.legend is not None:
        for sure, text in marks.legend.items():
            ring = Image.new("RGBA", (40 * SMOOTH, 40 * SMOOTH), (*SOFT, 255))
            draw_ring(ImageDraw.Draw(ring), 20, 20, 11, sure=sure)
            column.sheet.paste(ring.reduce(SMOOTH).convert("RGB"), (column.pad, column.y))
            column.draw.text((column.pad + 54, column.y + 20), text, font=font_of(20), fill=INK, anchor="lm")
            column.y += 48
        column.y += 6
    findings = screening.findings if screening is not None else ()
    ordered = sorted(findings, key=lambda f: ("refuse", "caution", "note").index(f.severity))
    for finding in ordered[:3]:
        column.write(f"Photo: {finding.message}", 18, gap=6)
    if len(ordered) > 3:
        column.write(f"and {len(ordered) - 3} more remarks on the photo", 18, SOFT, gap=6)
    column.write("Not a diagnosis: an estimate from one photo.", 20)
    if assessment.model is not None:
        column.write(f"Model {assessment.model}", 16, SOFT)
    return column.done()
