"""A small study of drawn pictures with raters, for tests of the desk."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import httpx
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dermagrade.people.store.database import Database
from dermagrade.people.store.photos import PhotoStore
from dermagrade.people.studies.incoming import Incoming
from dermagrade.people.studies.roster import add_rater
from dermagrade.people.studies.scale_pictures import set_pictures
from dermagrade.people.studies.setup import add_photo, create_study, open_study
from drawn_face import picture
from service_process import Service
from signed import People, database_in, make_people, sign_in

WIDTH, HEIGHT = 160, 200


@dataclass(frozen=True)
class Made:
    """A study that is open, and the server that serves it.

    Attributes:
        id: of the study.
        people: who may sign in; the raters are those of the study.
        db: its database, as the tests see it.
        service: the server.
    """

    id: str
    people: People
    db: Database
    service: Service

    def rater(self, number: int = 1) -> httpx.Client:
        """A client of one of the raters, signed in."""
        return sign_in(self.service.url, f"rater{number}@clinic.example")


def drawn(seed: int, width: int = WIDTH, height: int = HEIGHT) -> bytes:
    """A drawn face with spots, as PNG; each seed has its own pixels."""
    size = min(width, height)
    face = picture(size, spots=seed % 9, seed=seed)
    canvas: NDArray[np.uint8] = np.full((height, width, 3), (90, 100, 110), np.uint8)
    top, left = (height - size) // 2, (width - size) // 2
    canvas[top : top + size, left : left + size] = face
    canvas[0, :8, 0] = [seed >> bit & 1 for bit in range(8)]
    file = io.BytesIO()
    Image.fromarray(canvas).save(file, "png")
    return file.getvalue()


def incoming(number: int, kind: str = "ordinary", reference: float | None = None, **size: int) -> Incoming:
    """A photo that comes in."""
    data = drawn(number, **size)
    width, height = Image.open(io.BytesIO(data)).size
    digest = hashlib.sha256(data).hexdigest()
    return Incoming(f"secret-{number:03d}.png", None, data, width, height, digest, kind, reference)


@contextmanager
def open_desk(
    folder: Path,
    *,
    ordinary: int = 8,
    golden: int = 2,
    calibration: int = 0,
    raters: int = 3,
    scale: str = "acne-5",
    per_photo: int | None = None,
    repeats: float = 0.25,
    lesions: bool = False,
    seed: int = 1,
) -> Iterator[Made]:
    """A study with raters, and a server in ``folder`` that serves it."""
    db = database_in(folder)
    people = make_people(db, raters)
    made = make_study(
        db,
        folder,
        people,
        ordinary=ordinary,
        golden=golden,
        calibration=calibration,
        scale=scale,
        per_photo=per_photo,
        repeats=repeats,
        lesions=lesions,
        seed=seed,
    )
    with Service(folder) as service:
        try:
            yield Made(made, people, db, service)
        finally:
            db.close()


def make_study(
    db: Database,
    folder: Path,
    people: People,
    *,
    ordinary: int = 8,
    golden: int = 2,
    calibration: int = 0,
    scale: str = "acne-5",
    per_photo: int | None = None,
    repeats: float = 0.25,
    lesions: bool = False,
    seed: int = 1,
    name: str = "A drawn study",
    pictures: Mapping[float, Incoming] = MappingProxyType({}),
) -> str:
    """An open study of these people; its id."""
    photos = PhotoStore(folder / "dermagrade-data" / "photos")
    by = people.team
    study = create_study(
        db, by=by, name=name, scale=scale, seed=seed, per_photo=per_photo, repeats=repeats, lesions=lesions
    )
    if pictures:
        set_pictures(db, photos, by=by, study_id=study, pictures=pictures, note="Drawn, not photographed.")
    kinds = ["ordinary"] * ordinary + ["golden"] * golden + ["calibration"] * calibration
    for number, kind in enumerate(kinds):
        reference = None if kind == "ordinary" else float(2 + number % 3)
        add_photo(db, photos, by=by, study_id=study, incoming=incoming(number, kind, reference))
    for person in people.raters:
        add_rater(db, by=by, study_id=study, member_id=person)
    open_study(db, by=by, study_id=study)
    return study
