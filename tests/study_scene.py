"""A small study and its people, set up through the package's own verbs."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from dermagrade.people.store.database import Database
from dermagrade.people.store.photos import PhotoStore
from dermagrade.people.store.schema import Member
from dermagrade.people.studies.answers import Answer, Stored, store_answer
from dermagrade.people.studies.incoming import Incoming
from dermagrade.people.studies.rater_desk import Task, upcoming
from dermagrade.people.studies.roster import add_rater
from dermagrade.people.studies.setup import add_photo, create_study, open_study

#: When the clock of every rater begins.
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

_keys = count()


@dataclass(frozen=True)
class Scene:
    """A study with its database.

    Attributes:
        team: id of the person who made it.
        raters: ids of its raters, in the order of their codes.
        photo_ids: name of each photo to its id.
    """

    db: Database
    photos: PhotoStore
    study_id: str
    team: str
    raters: tuple[str, ...]
    photo_ids: dict[str, str]

    def next_task(self, rater: str) -> Task:
        """What a rater is to grade next."""
        return upcoming(self.db, study_id=self.study_id, member_id=rater, count=1)[0]

    def tasks(self, rater: str) -> tuple[Task, ...]:
        """All that a rater is still to grade."""
        return upcoming(self.db, study_id=self.study_id, member_id=rater, count=10_000)

    def store(self, rater: str, answer: Answer) -> Stored:
        """Stores an answer."""
        return store_answer(self.db, member_id=rater, answer=answer)

    def grade(self, rater: str, photos: int = 1, grade: float = 2.0) -> list[Answer]:
        """Lets a rater grade the next photos; the answers come back."""
        given = []
        for task in self.tasks(rater)[:photos]:
            given.append(answer_to(task.item_id, grade))
            self.store(rater, given[-1])
        return given


def people(db: Database, number: int) -> tuple[str, ...]:
    """Ids of so many new persons."""
    with db.begin() as session:
        rows = [Member(name=f"Person {n}") for n in range(number)]
        session.add_all(rows)
    return tuple(row.id for row in rows)


def incoming(name: str, kind: str = "ordinary", reference: float | None = None, person: str | None = None) -> Incoming:
    """A photo; the bytes are those of none, since nothing here opens it."""
    data = f"the pixels of {name}".encode()
    return Incoming(name, person, data, 400, 300, hashlib.sha256(data).hexdigest(), kind, reference)


def draft(
    db: Database,
    folder: Path,
    *,
    ordinary: int = 6,
    golden: int = 2,
    calibration: int = 0,
    raters: int = 3,
    persons: tuple[str, ...] | None = None,
    seed: int = 5,
    per_photo: int | None = None,
    repeats: float = 0.0,
    scale: str = "acne-5",
    lesions: bool = False,
) -> Scene:
    """A study that is not open yet. Its golden photos are held to be 3, those of calibration 4.

    ``persons`` are its maker and its raters where they are there already."""
    team, *graders = persons or people(db, raters + 1)
    photos = PhotoStore(folder / "photos")
    study_id = create_study(
        db,
        by=team,
        name="A study",
        scale=scale,
        seed=seed,
        per_photo=per_photo,
        repeats=repeats,
        lesions=lesions,
    )
    wanted = [incoming(f"o{n:03}.jpg") for n in range(ordinary)]
    wanted += [incoming(f"g{n:03}.jpg", "golden", 3.0) for n in range(golden)]
    wanted += [incoming(f"c{n:03}.jpg", "calibration", 4.0) for n in range(calibration)]
    ids = {one.name: add_photo(db, photos, by=team, study_id=study_id, incoming=one) for one in wanted}
    for rater in graders:
        add_rater(db, by=team, study_id=study_id, member_id=rater)
    return Scene(db, photos, study_id, team, tuple(graders), ids)


def opened(db: Database, folder: Path, **settings: object) -> Scene:
    """A study that the raters can begin; ``settings`` as of :func:`draft`."""
    scene = draft(db, folder, **settings)  # type: ignore[arg-type]
    open_study(db, by=scene.team, study_id=scene.study_id)
    return scene


def answer_to(
    item_id: str,
    grade: float | None = 2.0,
    *,
    kind: str = "grade",
    key: str | None = None,
    reason: str | None = None,
    marks: tuple[dict[str, float], ...] | None = None,
    corrects: str | None = None,
) -> Answer:
    """An answer, with a key of its own unless one is given."""
    number = next(_keys)
    shown = START + timedelta(seconds=10 * number)
    return Answer(
        key=key or f"key-{number:08}",
        item_id=item_id,
        kind=kind,
        grade=grade if kind == "grade" else None,
        reason=reason,
        marks=marks,
        shown_at=shown,
        answered_at=shown + timedelta(seconds=7),
        corrects=corrects,
    )
