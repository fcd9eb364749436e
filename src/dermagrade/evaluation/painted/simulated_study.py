"""Makes a simulated study: a condition painted onto real faces at known grades.

It stands in for labels where there are none yet: to try a training from end to end, and to measure networks against a
truth. It says nothing of how raters would grade, and every row and every record says that it is simulated::

    out/photos/00000.jpg  the painted photo
    out/truth/00000.png   how strong the painting is at each pixel (see dermagrade.simulate.truth_map)
    out/truth/00000.json  grade, zones and what was painted; a picture that has it is finished
    out/labels.csv        photo, subject, grade, scale, truth, simulated, zones and parameters
    out/study.json        what was asked for
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from dermagrade.conditions import Condition
from dermagrade.errors import DermagradeError, OutputError, PhotoError, UsageError
from dermagrade.evaluation.painted.simulated_variety import vary
from dermagrade.face.zones import find_face
from dermagrade.grading.painting import Paint, Simulated
from dermagrade.photo.read import read_photo
from dermagrade.scales import SCALES, Scale
from dermagrade.simulate.truth_map import truth_png
from dermagrade.tables.csv_text import csv_text

#: What a table or a record says of such pictures.
SIMULATED = "The condition in this picture is simulated: it was painted by a program, and no rater graded it."

_QUALITY = 92


@dataclass(frozen=True)
class BasePhoto:
    """A photo to paint on.

    Attributes:
        path: the file.
        subject: name of the person; every base photo is taken for another one.
    """

    path: Path
    subject: str


@dataclass(frozen=True, eq=False)
class SimulatedStudy:
    """What is to be painted.

    Attributes:
        condition: what is painted.
        photos: what is painted on, in turn.
        count: how many pictures.
        seed: of the random numbers.
        method: way of painting; the condition's first where empty.
        bare: whether what the faces show of the condition by themselves is taken out first.
        varied: as :func:`dermagrade.evaluation.painted.simulated_variety.vary` says: half of the faces are left as they
            are after all, and most pictures get what must not count.

    Raises:
        UsageError: if the condition cannot be painted, or there are no pictures or no photos.
    """

    condition: Condition
    photos: Sequence[BasePhoto]
    count: int
    seed: int = 0
    method: str = ""
    bare: bool = True
    varied: bool = False

    def __post_init__(self) -> None:
        if self.condition.paint is None:
            raise UsageError(f"{self.condition.title} cannot be painted at a grade.")
        if self.count < 1 or not self.photos:
            raise UsageError("A study needs one picture or more and a photo to paint on.")

    @property
    def grades(self) -> list[float]:
        """Wished grades of the pictures: spread evenly over the scale, in a random order."""
        scale, rng = SCALES[self.condition.scale], np.random.default_rng([self.seed, 41])
        places = (rng.permutation(self.count) + rng.uniform(0, 1, self.count)) / self.count
        return [scale.low + (scale.high - scale.low) * float(place) for place in places]

    def told(self) -> dict[str, Any]:
        """What must agree when a stopped study is continued."""
        return {
            "simulated": True,
            "condition": self.condition.name,
            "scale": self.condition.scale,
            "count": self.count,
            "seed": self.seed,
            "method": self.method,
            "bare": self.bare,
            "varied": self.varied,
            "photos": [photo.subject for photo in self.photos],
        }


def make_study(
    study: SimulatedStudy,
    out: Path,
    *,
    tell: Callable[[str], None],
    finished: Callable[[], None],
    part: tuple[int, int] = (0, 1),
) -> int:
    """Paints a study, or what is missing of it.

    The same study comes out whether it was made in one go or not. A photo without a face is left out, and the picture
    is painted on the next one.

    Args:
        study: what is asked for.
        out: folder of the study; pictures that are finished there stay.
        tell: takes a line about each photo that is left out.
        finished: called after each picture, those that were there before included.
        part: k and n: every n-th picture from the k-th on, for n processes side by side in one folder. Whichever ends
            last leaves the whole table.

    Returns:
        How many photos were left out.

    Raises:
        UsageError: if the folder holds another study.
        PhotoError: if no photo can be painted on.
        OutputError: if a file cannot be written.
    """
    _open(study, out)
    left_out: set[BasePhoto] = set()
    try:
        for number, grade in [*enumerate(study.grades)][part[0] :: part[1]]:
            if not (out / "truth" / f"{number:05d}.json").exists():
                _paint(study, out, number, grade, left_out, tell)
            finished()
    finally:
        done = [out / "truth" / f"{number:05d}.json" for number in range(study.count)]
        records = [json.loads(record.read_text("utf-8")) for record in done if record.exists()]
        _write(out / "labels.csv", _table(records, SCALES[study.condition.scale]).encode())
    return len(left_out)


def _open(study: SimulatedStudy, out: Path) -> None:
    wanted, kept = study.told(), out / "study.json"
    try:
        for folder in (out / "photos", out / "truth"):
            folder.mkdir(parents=True, exist_ok=True)
        found = json.loads(kept.read_text("utf-8")) if kept.exists() else None
    except (OSError, ValueError) as error:
        raise OutputError(f"{out} cannot be used for a study: {error}.") from error
    if found is None and any((out / "truth").iterdir()):
        raise UsageError(f"{out} holds something that is no study; name another folder.")
    if found is not None and found != wanted:
        other = sorted(key for key in {*wanted, *found} if wanted.get(key) != found.get(key))
        raise UsageError(f"{out} holds another study (it differs in {', '.join(other)}); name another folder.")
    _write(kept, (json.dumps(wanted, indent=2) + "\n").encode())


def _paint(
    study: SimulatedStudy, out: Path, number: int, grade: float, left_out: set[BasePhoto], tell: Callable[[str], None]
) -> None:
    """Paints one picture on the first photo from its own place on that can be painted on, and writes its files."""
    paint = study.condition.paint
    assert paint is not None  # SimulatedStudy has seen to that
    for step in range(len(study.photos)):
        base = study.photos[(number + step) % len(study.photos)]
        if base in left_out:
            continue
        try:
            simulated = _simulated(study, paint, base, number, grade)
        except (OutputError, UsageError):
            raise
        except DermagradeError as error:
            left_out.add(base)
            tell(f"left out: {error}")
            continue
        _keep(study, out, number, base, grade, simulated)
        return
    raise PhotoError(f"None of the {len(study.photos)} photos can be painted on; each needs one face from near.")


def _simulated(study: SimulatedStudy, paint: Paint, base: BasePhoto, number: int, grade: float) -> Simulated:
    photo = read_photo(base.path)
    face = find_face(photo)
    if face is None or not face.found:
        raise PhotoError(f"{base.path} shows no face that can be painted on.")
    rng = np.random.default_rng([study.seed, number])
    seed = int(rng.integers(2**31))
    if study.varied:
        return vary(study.condition, photo, face, grade=grade, seed=seed, method=study.method, rng=rng)
    return paint(photo, face, grade=grade, seed=seed, bare=study.bare, method=study.method)


def _keep(study: SimulatedStudy, out: Path, number: int, base: BasePhoto, grade: float, simulated: Simulated) -> None:
    name = f"{number:05d}"
    buffer = io.BytesIO()
    quality = int(simulated.parameters.get("quality", _QUALITY))
    # 4:4:4 keeps the colour of small spots; phones and the web halve it.
    halved = int(simulated.parameters.get("halved_colour", 1))
    Image.fromarray(simulated.pixels).save(buffer, "JPEG", quality=quality, subsampling=2 * halved)
    _write(out / "photos" / f"{name}.jpg", buffer.getvalue())
    if simulated.truth is not None:
        _write(out / "truth" / f"{name}.png", truth_png(simulated.truth))
    record = {"photo": f"{name}.jpg", "subject": base.subject, **record_of(study.condition, grade, simulated)}
    _write(out / "truth" / f"{name}.json", (json.dumps(record, indent=2) + "\n").encode())


def record_of(condition: Condition, wished: float, simulated: Simulated) -> dict[str, Any]:
    """What is known of a painted picture, in plain values: its true grade, that of its zones, and what was painted."""
    return {
        "simulated": True,
        "note": SIMULATED,
        "condition": condition.name,
        "scale": condition.scale,
        "wished": wished,
        "grade": simulated.grade,
        "zones": dict(simulated.zones),
        "parameters": dict(simulated.parameters),
    }


def _table(records: Sequence[Mapping[str, Any]], scale: Scale) -> str:
    """The labels: the grade on the nearest level of the scale, as a rater gives it, and the exact truth beside it."""
    zones = list(dict.fromkeys(zone for record in records for zone in record["zones"]))
    names = list(dict.fromkeys(name for record in records for name in record["parameters"]))
    columns = ["photo", "subject", "grade", "scale", "truth", "simulated"]
    rows = [[*columns, *(f"truth_{zone}" for zone in zones), *(f"painted_{name}" for name in names)]]
    for record in records:
        truth = record["grade"]
        grade = min((level.value for level in scale.levels), key=lambda value: abs(value - truth))
        row = [record["photo"], record["subject"], f"{grade:g}", scale.id, _short(truth), 1]
        row += [_short(record["zones"].get(zone, "")) for zone in zones]
        rows.append(row + [_short(record["parameters"].get(name, "")) for name in names])
    return csv_text(rows)


def _short(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.4f}".rstrip("0").rstrip(".")


def _write(path: Path, content: bytes) -> None:
    """Writes a file; it appears under its name only when it is whole."""
    partial = path.with_name(f".{path.name}.partial")
    try:
        partial.write_bytes(content)
        partial.replace(path)
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror or error}.") from error
