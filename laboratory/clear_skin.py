"""How often clear skin is graded as clear: ``python -m laboratory.clear_skin --data DIR [--json]``.

Grades the listed clear faces (:func:`~laboratory.clear_faces.clear_faces`), none of which trains anything,
and a seeded sample of the video frames in ``faces/p1``, which nobody judged clear: of these only the distribution
means something. No name of a ``p1`` frame is ever put out.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from dermagrade.conditions.acne.grade import grade_acne
from dermagrade.conditions.details import details_of
from dermagrade.evaluation.statistics.bootstrap import bootstrap_by_person
from dermagrade.face.zones import find_face
from dermagrade.photo.checks import face_side_px, region, sharpness
from dermagrade.photo.read import read_photo
from dermagrade.photo.screen import screen
from dermagrade.types import Screening
from dermagrade.weights.model import Model, load_model
from dermagrade.weights.store import named_network
from laboratory.clear_faces import clear_faces
from laboratory.data import add_data

#: The highest ``acne-5`` score that passes for clear skin: where "almost clear" ends.
CLEAR_UP_TO = 2.5

_PERCENTILES = (5, 25, 50, 75, 90, 95, 99, 100)


@dataclass(frozen=True)
class SkinScore:
    """What was found in one photo of clear skin.

    Attributes:
        collection: such as ``utk``.
        photo: file name.
        score: on ``acne-5``; None where the condition abstained.
        count: lesions in the whole photo.
        frontal: True where the halves were graded apart.
        yaw_deg: turn of the head.
        face_px: longer side of the face.
        sharpness: as the screening measures it.
        findings: codes of the screening's findings.
        refused: True where the screening would have refused the photo (it was graded all the same).
    """

    collection: str
    photo: str
    score: float | None = None
    count: float | None = None
    frontal: bool = False
    yaw_deg: float | None = None
    face_px: float | None = None
    sharpness: float | None = None
    findings: tuple[str, ...] = ()
    refused: bool = False

    @property
    def clear(self) -> bool:
        """True where a score was given and it passes for clear."""
        return self.score is not None and self.score <= CLEAR_UP_TO

    @property
    def race_code(self) -> str | None:
        """The third field of a ``utk`` file name; None elsewhere."""
        fields = self.photo.split("_")
        return fields[2] if self.collection == "utk" and len(fields) > 3 else None


def score_photo(path: Path, collection: str, *, zones: Model, acne: Model) -> SkinScore:
    """Grades one photo of clear skin.

    Raises:
        PhotoError: if it cannot be read.
        WeightsError: if a network does not fit.
    """
    photo = read_photo(path)
    face = find_face(photo, model=zones)
    assessment = grade_acne(photo, face, Screening(), model=acne)
    screening = screen(photo, face)
    area = region(photo, face)
    return SkinScore(
        collection,
        path.name,
        score=assessment.score,
        count=details_of(assessment).evaluated().count,
        frontal=face is not None and face.frontal,
        yaw_deg=None if face is None else round(face.yaw_deg, 1),
        face_px=None if face is None else round(face_side_px(photo, face), 1),
        sharpness=round(sharpness(area), 3) if face is not None and area.measurable else None,
        findings=tuple(f.code for f in screening.findings),
        refused=screening.verdict == "refuse",
    )


def describe(scores: Sequence[SkinScore], *, person: Callable[[SkinScore], str] | None = None) -> dict[str, Any]:
    """Share that passes for clear, with its interval over persons, and percentiles of the scores.

    ``share_clear`` is among all photos, one without a score not passing; ``share_clear_of_scored`` among those scored.

    Args:
        scores: of the photos.
        person: says whose photo it is; every photo its own person where None.
    """
    scored = [s for s in scores if s.score is not None]
    values = [s.score for s in scored if s.score is not None]
    counts = [s.count for s in scored if s.count is not None]

    def share(chosen: Sequence[SkinScore]) -> dict[str, Any]:
        groups = [person(s) if person else s.photo for s in chosen]
        return bootstrap_by_person([s.clear for s in chosen], groups=groups, statistic=_mean).record()

    return {
        "photos": len(scores),
        "scored": len(scored),
        "refused_by_screening": sum(s.refused for s in scores),
        "share_clear": share(scores),
        "share_clear_of_scored": share(scored),
        "score": _percentiles(values),
        "count": _percentiles(counts),
    }


def compare_exceptions(scores: Sequence[SkinScore]) -> dict[str, Any]:
    """What the photos that do not pass for clear have in common: medians and shares beside those of the rest."""
    passed = [s for s in scores if s.clear]
    failed = [s for s in scores if s.score is not None and not s.clear]

    def median(values: Iterable[float | None]) -> float | None:
        known = [v for v in values if v is not None]
        return round(float(np.median(known)), 3) if known else None

    def traits(group: Sequence[SkinScore]) -> dict[str, Any]:
        codes = sorted({code for s in group for code in s.findings})
        return {
            "photos": len(group),
            "median_face_px": median(s.face_px for s in group),
            "median_sharpness": median(s.sharpness for s in group),
            "median_turn_deg": median(None if s.yaw_deg is None else abs(s.yaw_deg) for s in group),
            "share_frontal": round(_mean(np.array([s.frontal for s in group])), 3) if group else None,
            "findings": {code: sum(code in s.findings for s in group) for code in codes},
        }

    return {"clear": traits(passed), "not_clear": traits(failed)}


def summarise(listed: Sequence[SkinScore], frames: Sequence[SkinScore]) -> dict[str, Any]:
    """All figures: the listed clear faces by collection and race code, the exceptions, and the video frames."""
    exceptions = [s for s in listed if s.score is None or not s.clear]
    return {
        "clear_up_to": CLEAR_UP_TO,
        "clear_faces": {
            "all": describe(listed),
            "by_collection": {c: describe([s for s in listed if s.collection == c]) for c in _named(listed)},
            "utk_by_race_code": {
                code: describe([s for s in listed if s.race_code == code])
                for code in sorted({s.race_code for s in listed if s.race_code is not None})
            },
        },
        "exceptions": [
            {
                "collection": s.collection,
                "photo": s.photo,
                "score": None if s.score is None else round(s.score, 2),
                "count": None if s.count is None else round(s.count, 2),
                "face_px": s.face_px,
                "sharpness": s.sharpness,
                "yaw_deg": s.yaw_deg,
                "findings": list(s.findings),
            }
            for s in sorted(exceptions, key=lambda s: (-(s.score or 0.0), s.photo))
        ],
        "exceptions_in_common": compare_exceptions(listed),
        "video_frames": describe(frames, person=lambda s: person_of_frame(s.photo)),
    }


def person_of_frame(name: str) -> str:
    """Whose frame it is, by its file name without the number at its end."""
    return re.sub(r"_\d+$", "", Path(name).stem)


def sample_frames(folder: Path, count: int, seed: int) -> list[Path]:
    """A seeded sample of the photos of a folder, the same for the same files."""
    frames = sorted(path for path in folder.iterdir() if path.suffix.lower() in (".jpg", ".jpeg", ".png"))
    return random.Random(seed).sample(frames, min(count, len(frames)))


def as_text(figures: dict[str, Any]) -> str:
    """The figures as a table to read."""
    faces = figures["clear_faces"]
    rows = [("clear faces", faces["all"])]
    rows += [(f"  {name}", part) for name, part in faces["by_collection"].items()]
    rows += [(f"  utk, race code {code}", part) for code, part in faces["utk_by_race_code"].items()]
    rows.append(("video frames (not judged)", figures["video_frames"]))
    passes = f"at or below {figures['clear_up_to']:g}"
    lines = [f"{'':28}{'photos':>7}{'scored':>7}  {passes:<24}{'median':>7}{'p90':>6}{'p95':>6}"]
    for name, part in rows:
        share, score = part["share_clear"], part["score"]
        if share["value"] is None:
            continue
        ends = f" ({share['low']:.1%} to {share['high']:.1%})" if share["low"] is not None else ""
        spread = "".join(f"{score[p]:>{w}.2f}" for p, w in (("p50", 7), ("p90", 6), ("p95", 6))) if score else ""
        passed = f"{share['value']:.1%}{ends}"
        lines.append(f"{name:28}{part['photos']:>7}{part['scored']:>7}  {passed:<24}{spread}")
    lines += ["", f"Not clear by the score: {len(figures['exceptions'])}"]
    for e in figures["exceptions"]:
        score = "no score" if e["score"] is None else f"{e['score']:.2f}"
        lines.append(f"  {score:>8}  {e['collection']}/{e['photo']}  {' '.join(e['findings'])}".rstrip())
    common = figures["exceptions_in_common"]
    lines += ["", f"clear:     {json.dumps(common['clear'])}", f"not clear: {json.dumps(common['not_clear'])}"]
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description="How often clear skin is graded as clear.")
    add_data(parser)
    parser.add_argument("--model", type=Path, help="acne network, or a folder with it (default: the shipped one)")
    parser.add_argument("--zones", type=Path, help="zone network, or a folder with it (default: the shipped one)")
    parser.add_argument("--frames", type=int, default=300, help="how many video frames (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="of the sample of frames (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(arguments)
    acne = load_model("acne" if options.model is None else named_network(options.model, "acne"))
    zones = load_model("zones" if options.zones is None else named_network(options.zones, "zones"))
    faces = options.data / "faces"
    listed = [score_photo(faces / c / name, c, zones=zones, acne=acne) for c, name in clear_faces()]
    sample = sample_frames(faces / "p1", options.frames, options.seed)
    frames = [score_photo(path, "p1", zones=zones, acne=acne) for path in sample]
    figures = {"models": [acne.id, zones.id], "seed": options.seed} | summarise(listed, frames)
    sys.stdout.write((json.dumps(figures) if options.json else as_text(figures)) + "\n")
    return 0


def _named(scores: Sequence[SkinScore]) -> list[str]:
    return sorted({s.collection for s in scores})


def _percentiles(values: Sequence[float]) -> dict[str, float]:
    if not values:
        return {}
    found = np.percentile(values, _PERCENTILES)
    return {f"p{p}": round(float(v), 3) for p, v in zip(_PERCENTILES, found, strict=True)}


def _mean(values: Any) -> float:
    return float(np.mean(values)) if len(values) else float("nan")


if __name__ == "__main__":
    sys.exit(main())
