"""Made the database, photos and exports in this folder: run once, with the code of release 0.1.0 (``c0f72e1``).

``git worktree add /tmp/release c0f72e1``, install it with ``[server,dev]``, then in this folder
``PYTHONPATH=/tmp/release/tests python make.py``. It needs PostgreSQL's programs. The photos are drawn: no person is on
them. Whoever changes the tables of a later release makes a folder of its own for that release.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import subprocess
import tempfile
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import numpy as np
from dermagrade.service.signin.accounts import change_password, list_people, make_first_admin, set_active
from dermagrade.service.signin.invitations import accept_with_password, make_invitation
from dermagrade.service.signin.provider_people import enter
from dermagrade.service.team.intake import prepare_photo
from dermagrade.studies.adjudication import ask_adjudicator, disagreements
from dermagrade.studies.answers import Answer, store_answer
from dermagrade.studies.database import Database, open_database
from dermagrade.studies.export import FORMATS
from dermagrade.studies.photos import PhotoStore
from dermagrade.studies.record import read_study
from dermagrade.studies.roster import remove_rater
from dermagrade.studies.scale_pictures import set_pictures
from dermagrade.studies.setup import add_photo, close_study, create_study, open_study
from dermagrade.studies.work import upcoming
from PIL import Image

from dermagrade.service.settings import read_settings
from postgres_server import PASSWORD as POSTGRES_PASSWORD
from postgres_server import PostgresServer, programs

HERE = Path(__file__).parent
PASSWORD = "quite plain words for tests"
START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
SETTINGS = read_settings(
    {},
    oidc_issuer="https://sign-in.clinic.example",
    oidc_client_id="dermagrade",
    oidc_raters=("@clinic.example",),
    public_url="https://grading.clinic.example",
)

_keys = count()


def drawn(number: int) -> bytes:
    """A picture of a gradient with a few dots, as a PNG."""
    y, x = np.mgrid[0:48, 0:64]
    pixels = np.stack([200 - y, 150 - y + number * 3 % 40, 120 + x // 2], axis=-1).astype(np.uint8)
    for dot in range(number % 5):
        pixels[10 + 7 * dot : 13 + 7 * dot, 8 + 11 * dot : 11 + 11 * dot] = (180, 60, 60)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


def make_people(db: Database) -> dict[str, str]:
    """An admin, one of the team, raters by invitation and one from a provider; name to id."""
    make_first_admin(db, SETTINGS, name="Ada Admin", email="ada@clinic.example", password=PASSWORD)
    admin = list_people(db)[0].id
    link = make_invitation(db, by=admin, name="Tom Team", email="tom@clinic.example", roles=["team"])
    accept_with_password(db, SETTINGS, secret=link, name="Tom Team", email="", password=PASSWORD)
    claims = {"sub": "vera-1", "name": "Vera Verified", "email": "vera@clinic.example", "email_verified": True}
    enter(db, SETTINGS, claims)
    make_invitation(db, by=admin, name="Nobody yet")
    found = {person.name.split()[0]: person.id for person in list_people(db)}
    change_password(db, SETTINGS, person_id=found["Tom"], old=PASSWORD, new=PASSWORD + " anew")
    return found


def make_study(db: Database, photos: PhotoStore, people: dict[str, str]) -> str:
    """A study with all that a study can hold, closed."""
    team = people["Tom"]
    study = create_study(
        db, by=team, name="Spring, =1+1", scale="acne-5", seed=11, per_photo=2, repeats=0.25, lesions=True
    )
    limit = SETTINGS.max_pixels
    pictures = {float(n): prepare_photo(drawn(100 + n), name=f"{n}.png", max_pixels=limit) for n in (1, 3, 5)}
    set_pictures(db, photos, by=team, study_id=study, pictures=pictures, note="Drawn, not photos.")
    for number in range(12):
        kind = "golden" if number in (3, 7) else "calibration" if number == 11 else "ordinary"
        incoming = prepare_photo(
            drawn(number),
            name=f"wérk/{number:02}.png" if number else "=0.png",
            person=f"person {number // 2}",
            max_pixels=limit,
            kind=kind,
            reference=None if kind == "ordinary" else 2.5,
        )
        add_photo(db, photos, by=team, study_id=study, incoming=incoming)
    for name in ("Rita", "Rolf", "Rosa"):
        email = f"{name.lower()}@else.example"
        link = make_invitation(db, by=team, name=f"{name} Rater", email=email, study_id=study)
        accept_with_password(db, SETTINGS, secret=link, name=f"{name} Rater", email="", password=PASSWORD)
    people.update({person.name.split()[0]: person.id for person in list_people(db)})
    open_study(db, by=team, study_id=study)
    for place, name in enumerate(("Rita", "Rolf", "Rosa")):
        grade_all(db, study, people[name], place)
    remove_rater(db, by=team, study_id=study, person_id=people["Rosa"])
    asked = [one.photo.id for one in disagreements(read_study(db, study), 1.0)]
    ask_adjudicator(db, by=team, study_id=study, person_id=people["Vera"], photo_ids=asked)
    for task in upcoming(db, study_id=study, person_id=people["Vera"], count=100)[:-1]:
        give(db, people["Vera"], task.item_id, grade=3.0)
    close_study(db, by=team, study_id=study)
    set_active(db, by=people["Ada"], person_id=people["Rolf"], active=False)
    return study


def grade_all(db: Database, study: str, rater: str, place: int) -> None:
    """Lets a rater grade their photos: the third cannot be graded, the fourth is corrected, the fifth is taken back."""
    for number, task in enumerate(upcoming(db, study_id=study, person_id=rater, count=100)):
        if place == 2 and number > 6:
            return
        if number == 2:
            give(db, rater, task.item_id, reason="Out of focus\n@Rita saw it, too")
            continue
        first = give(db, rater, task.item_id, grade=float(1 + (number * (place + 1)) % 5))
        if number == 3:
            give(db, rater, task.item_id, grade=4.0, corrects=first)
        if number == 4:
            give(db, rater, task.item_id, kind="undone", corrects=first)


def give(
    db: Database,
    rater: str,
    item: str,
    *,
    grade: float | None = None,
    reason: str | None = None,
    kind: str = "",
    corrects: str | None = None,
) -> str:
    """Stores one answer; its key."""
    number = next(_keys)
    shown = START + timedelta(seconds=20 * number)
    answer = Answer(
        key=f"{number:032x}",
        item_id=item,
        kind=kind or ("cannot" if grade is None else "grade"),
        grade=grade,
        reason=reason,
        marks=None if grade is None else tuple({"x": 5.5 * n, "y": 4.0 * n, "radius": 2.25} for n in range(number % 3)),
        shown_at=shown,
        answered_at=shown + timedelta(milliseconds=6543 + number),
        corrects=corrects,
    )
    store_answer(db, person_id=rater, answer=answer)
    return answer.key


def fill(db: Database, folder: Path) -> None:
    """Makes people and a study, and every export of it."""
    photos = PhotoStore(folder / "photos")
    people = make_people(db)
    study = make_study(db, photos, people)
    create_study(db, by=people["Tom"], name="A draft", scale="pigment-9", seed=1)
    record = read_study(db, study)
    (folder / "exports").mkdir()
    for made in FORMATS.values():
        (folder / "exports" / f"{made.name}{made.ending}").write_bytes(made.make(db, record))
    digests = {key.name: hashlib.sha256(key.read_bytes()).hexdigest() for key in sorted(photos.folder.iterdir())}
    (folder / "photos.sha256").write_text("".join(f"{digest}  {key}\n" for key, digest in digests.items()))


def main() -> None:
    """Makes ``sqlite/`` and ``postgres/``."""
    os.umask(0o022)
    for kind in ("sqlite", "postgres"):
        shutil.rmtree(HERE / kind, ignore_errors=True)
        (HERE / kind).mkdir()
    db = open_database(None, HERE / "sqlite")
    fill(db, HERE / "sqlite")
    with db.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("PRAGMA journal_mode=DELETE")
        connection.exec_driver_sql("VACUUM")
        connection.exec_driver_sql("BEGIN")
    db.close()
    with tempfile.TemporaryDirectory(prefix="dermagrade-postgres-") as folder:
        server = PostgresServer(Path(folder))
        server.start()
        try:
            url = server.new_database()
            db = open_database(url, HERE / "postgres")
            fill(db, HERE / "postgres")
            db.close()
            bin_folder = programs()
            assert bin_folder is not None
            dumped = subprocess.run(
                [bin_folder / "pg_dump", "--no-owner", "--no-privileges", "--inserts", url],
                capture_output=True,
                check=True,
                env={"PGPASSWORD": POSTGRES_PASSWORD},
            )
            (HERE / "postgres" / "dump.sql").write_bytes(dumped.stdout)
        finally:
            server.stop()


if __name__ == "__main__":
    main()
