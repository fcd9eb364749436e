"""What ``dermagrade assess --visit`` tells people and writes into a folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from dermagrade.assess.visit import Visit
from dermagrade.cli.answers import overlays, sentence, write_overlays
from dermagrade.cli.output import OutputNames, json_line, shown, write_file
from dermagrade.cli.photos import complain
from dermagrade.conditions.details import details_of

#: The record of the visit in the output folder.
VISIT_FILE = Path("visit")


def visit_lines(visit: Visit, record: Mapping[str, Any]) -> list[str]:
    """What the command prints for a visit: the answer, then a table of the zones and where they are taken from."""
    photos = "1 photo" if len(visit.photos) == 1 else f"{len(visit.photos)} photos"
    lines = [f"Visit of {photos}: {'; '.join(sentence(a) for a in visit.assessments.values())}"]
    for name, answer in visit.assessments.items():
        if answer.score is None:
            continue
        details = details_of(answer)
        figures = {zone: f"{value:.1f}" for zone, value in details.zone_figures().items() if zone in answer.zones}
        rows = [(name, "score", details.zone_figure, "taken from")]
        for zone, score in answer.zones.items():
            taken_from = _taken_from(visit, record["face"]["zones"][zone])
            rows.append((zone, f"{score.score:.1f}", figures.get(zone, ""), taken_from))
        for zone, score_text, figure, photo in rows:
            lines.append(f"  {zone:<12} {score_text:>5}{f' {figure:>8}' if figures else ''}  {photo}")
    lines += [f"  Note: {note}" for note in visit.notes]
    return [shown(line) for line in lines]


def complain_of(visit: Visit) -> None:
    """One line on stderr for each photo that was left out since it was refused or could not be read."""
    for photo in visit.photos:
        complain(photo)


def write_visit(
    folder: Path, names: OutputNames, paths: Sequence[Path], visit: Visit, record: Mapping[str, Any], *, overlay: bool
) -> None:
    """Writes ``visit.json`` and, if asked for, one overlay of each photo that some part of the face is taken from.

    Raises:
        OutputError: if a file cannot be written.
    """
    name = names.claim(VISIT_FILE, [".json"])
    write_file(folder / f"{name}.json", (json_line(record) + "\n").encode("ascii"))
    for index in visit.used if overlay else ():
        one = visit.photos[index]
        pictures = overlays(one.photo, one.face, visit.part_of_visit(index), one.screening)
        write_overlays(folder, names.claim(paths[index], list(pictures)), pictures)


def _taken_from(visit: Visit, zone: Mapping[str, Any]) -> str:
    halves = zone["halves"]
    if halves is None or halves["left"] == halves["right"]:
        return visit.photos[int(zone["photo"])].name
    left, right = (visit.photos[int(halves[side])].name for side in ("left", "right"))
    return f"{left} (left half), {right} (right half)"
