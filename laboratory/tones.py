"""Whether lesions of equal strength are found equally well on skin of every tone. The lesions are simulated.

``python -m laboratory.tones [--lesions N] [--sample N] [--model DIR] [--json]`` paints the same
number of lesions on each of the listed clear faces (:mod:`~laboratory.clear_faces`), of the same sizes as
shares of the face, and each the same change of optical density of that person's own skin
(:mod:`~dermagrade.simulate.lesions`): the same amount of blood and pigment, on whatever skin. Then the photo goes the
way of a user's photo, before and after painting.

Tone is measured in the photo (:mod:`~dermagrade.face.colour`), where light and camera speak as well; the race codes
that the names of the ``utk`` photos carry are a second view. What is measured is whether equal lesions are found, not
whether real acne is: on dark skin real acne often shows less red and more brown than what is painted here.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from dermagrade.conditions.acne.grade import grade_acne
from dermagrade.conditions.details import details_of
from dermagrade.evaluation.measures.variants import as_png
from dermagrade.evaluation.statistics.bootstrap import bootstrap_by_person
from dermagrade.face.colour import TONES, skin_angle, tone_of
from dermagrade.face.zones import find_face
from dermagrade.photo.read import read_photo, read_photo_bytes
from dermagrade.simulate.lesions import NoRoomError, paint_lesions
from dermagrade.simulate.truth import match_lesions
from dermagrade.types import Assessment, Photo, Screening
from dermagrade.weights.model import Model, load_model
from dermagrade.weights.store import named_network
from laboratory.clear_faces import clear_faces
from laboratory.data import add_data

#: How many lesions are painted on each face.
LESIONS = 12
#: A find counts for a painted lesion within this share of the face's width, or within twice the lesion's radius.
WITHIN = 0.025
#: A group of fewer photos gets no interval: so few cannot tell how far the next ones lie apart.
FEWEST = 5

RACE_CODES: Mapping[str, str] = {"0": "White", "1": "Black", "2": "Asian", "3": "Indian", "4": "other"}
_UNMEASURED = "not measured"


@dataclass(frozen=True)
class Painted:
    """What was found on one face before and after lesions were painted on it.

    Attributes:
        collection: such as ``utk``.
        photo: file name.
        angle_deg: typology angle of the unpainted skin; None where it cannot be measured.
        painted: lesions painted.
        again: how many of them were found.
        by_chance: how many of their places had a find already before anything was painted.
        false: finds before anything was painted.
        score_before: on ``acne-5``.
        score_after: likewise.
    """

    collection: str
    photo: str
    angle_deg: float | None
    painted: int
    again: int
    by_chance: int
    false: int
    score_before: float
    score_after: float

    @property
    def tone(self) -> str:
        """Group of skin tone by the angle."""
        return _UNMEASURED if self.angle_deg is None else tone_of(self.angle_deg)

    @property
    def race_code(self) -> str | None:
        """The third field of a ``utk`` file name in words; None elsewhere."""
        fields = self.photo.split("_")
        return RACE_CODES.get(fields[2]) if self.collection == "utk" and len(fields) > 3 else None


def paint_and_find(
    photo: Photo, collection: str, *, lesions: int, seed: int, zones: Model, acne: Model
) -> Painted | None:
    """Grades a photo, paints lesions on it and grades it again.

    Args:
        photo: of clear skin.
        collection: where it comes from.
        lesions: how many are painted.
        seed: of their places, kinds and sizes.
        zones: the zone network.
        acne: the acne network.

    Returns:
        None where there is no face, no score before or after, or no room for so many lesions.

    Raises:
        WeightsError: if a network does not fit.
    """
    face = find_face(photo, model=zones)
    before = grade_acne(photo, face, Screening(), model=acne)
    if face is None or before.score is None:
        return None
    width = max(1.0, face.box[2] - face.box[0])
    try:
        painted = paint_lesions(photo.pixels, face.label_map, count=lesions, seed=seed, face_width_px=width)
    except NoRoomError:
        return None
    again = read_photo_bytes(as_png(painted.pixels), name=photo.name)
    after = grade_acne(again, find_face(again, model=zones), Screening(), model=acne)
    if after.score is None:
        return None

    def partners(found: Assessment, scale: float) -> int:
        places = [
            type(le)(le.x / scale, le.y / scale, le.radius / scale, le.confidence)
            for le in details_of(found).evaluated().places
        ]
        return sum(p is not None for p in match_lesions(painted.lesions, places, reach_px=WITHIN * width))

    return Painted(
        collection=collection,
        photo=Path(photo.name).name,
        angle_deg=skin_angle(photo, face),
        painted=len(painted.lesions),
        again=partners(after, again.scale),
        by_chance=partners(before, photo.scale),
        false=len(details_of(before).evaluated().places),
        score_before=before.score,
        score_after=after.score,
    )


def summarise(rows: Sequence[Painted], *, rounds: int = 1000, seed: int = 0) -> dict[str, Any]:
    """The figures by group: of all photos by tone, of the ``utk`` photos alone by tone, and by their race code.

    Of each group ``photos``, and with intervals over photos (each counts as a person): ``recall``, the share of
    painted lesions that was found; ``by_chance``, the share whose place had a find before; ``false``, finds on a face
    before painting; ``rise`` of the score. ``scut`` photos are sharper than ``utk`` photos and of fewer tones, so the
    second view is the fairer comparison.
    """
    tones = [name for name, _ in TONES] + [_UNMEASURED]

    def figures(group: Sequence[Painted]) -> dict[str, Any]:
        persons = [f"{r.collection}/{r.photo}" for r in group]

        def estimate(statistic: Callable[..., float], *values: Sequence[float]) -> dict[str, Any]:
            found = bootstrap_by_person(*values, groups=persons, statistic=statistic, rounds=rounds, seed=seed).record()
            return found if len(group) >= FEWEST else found | {"low": None, "high": None}

        painted = [r.painted for r in group]
        return {
            "photos": len(group),
            "recall": estimate(_share, [r.again for r in group], painted),
            "by_chance": estimate(_share, [r.by_chance for r in group], painted),
            "false": estimate(_mean, [r.false for r in group]),
            "rise": estimate(_mean, [r.score_after - r.score_before for r in group]),
        }

    def split(chosen: Sequence[Painted], names: Sequence[str], of: Callable[[Painted], str | None]) -> dict[str, Any]:
        parts = {name: [r for r in chosen if of(r) == name] for name in names}
        return {name: figures(part) for name, part in parts.items() if part}

    utk = [r for r in rows if r.collection == "utk"]
    return {
        "all": {"all": figures(rows)},
        "by tone": split(rows, tones, lambda r: r.tone),
        "utk photos by tone": split(utk, tones, lambda r: r.tone),
        "utk photos by race code": split(utk, list(RACE_CODES.values()), lambda r: r.race_code),
    }


def _share(some: NDArray[np.float64], of: NDArray[np.float64]) -> float:
    return float(some.sum() / of.sum()) if of.sum() else float("nan")


def _mean(values: NDArray[np.float64]) -> float:
    return float(values.mean()) if len(values) else float("nan")


def as_text(figures: Mapping[str, Any]) -> str:
    """The figures as tables to read, each with its interval."""
    lines = []
    for view, groups in figures.items():
        lines += [
            "",
            f"{view:24}{'photos':>7}{'recall':>20}{'by chance':>10}{'false finds a face':>22}{'rise of score':>20}",
        ]
        for name, row in groups.items():
            cells = _shown(row["recall"], ".0%"), _shown(row["false"], ".2f"), _shown(row["rise"], ".2f")
            chance = row["by_chance"]["value"]
            shown = "-" if chance is None else f"{chance:.0%}"
            lines.append(f"{name:24}{row['photos']:>7}{cells[0]:>20}{shown:>10}{cells[1]:>22}{cells[2]:>20}")
    return "\n".join(lines[1:])


def _shown(estimate: Mapping[str, Any], style: str) -> str:
    if estimate["value"] is None:
        return "-"
    ends = "" if estimate["low"] is None else f" ({estimate['low']:{style}}-{estimate['high']:{style}})"
    return f"{estimate['value']:{style}}{ends}"


def main(arguments: list[str] | None = None) -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description="Detection of equal simulated lesions on skin of every tone.")
    add_data(parser)
    parser.add_argument("--lesions", type=int, default=LESIONS, help="painted on each face (default: %(default)s)")
    parser.add_argument("--sample", type=int, metavar="N", help="so many of the clear faces, by chance (default: all)")
    parser.add_argument("--seed", type=int, default=0, help="of the lesions and the intervals (default: %(default)s)")
    parser.add_argument("--model", type=Path, help="acne network, or a folder with it (default: the shipped one)")
    parser.add_argument("--zones", type=Path, help="zone network, or a folder with it (default: the shipped one)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(arguments)
    if min(options.lesions, options.sample or 1) < 1 or options.seed < 0:
        parser.error("--lesions and --sample must be 1 or more and --seed 0 or more")
    acne = load_model("acne" if options.model is None else named_network(options.model, "acne"))
    zones = load_model("zones" if options.zones is None else named_network(options.zones, "zones"))
    rows = []
    listed = list(clear_faces())
    if options.sample is not None:
        listed = random.Random(options.seed).sample(listed, min(options.sample, len(listed)))
    # The bar stands on a terminal only.
    for i, (collection, name) in enumerate(tqdm(listed, unit="photo", disable=None)):
        photo = read_photo(options.data / "faces" / collection / name)
        seed = 1000 * options.seed + i
        row = paint_and_find(photo, collection, lesions=options.lesions, seed=seed, zones=zones, acne=acne)
        if row is not None:
            rows.append(row)
    head = {
        "models": [acne.id, zones.id], "simulated": True, "lesions": options.lesions, "seed": options.seed,
        "asked": len(listed), "left_out": len(listed) - len(rows),
    }  # fmt: skip
    table = summarise(rows, seed=options.seed)
    if options.json:
        sys.stdout.write(json.dumps(head | {"figures": table}) + "\n")
    else:
        told = (
            f"{acne.id}, {zones.id}; {options.lesions} simulated lesions painted on each of {len(listed)} clear faces"
        )
        sys.stdout.write(f"{told} ({head['left_out']} left out for want of room or score)\n\n{as_text(table)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
