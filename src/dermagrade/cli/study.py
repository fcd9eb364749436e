"""``dermagrade study``: studies of raters from folders of this machine, in the database of ``dermagrade serve``."""

from __future__ import annotations

import argparse
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tqdm import tqdm

from dermagrade.cli.output import json_line, print_line, shown, tell, write_file
from dermagrade.errors import DermagradeError, LabelsError, StoreError, UsageError
from dermagrade.people.accounts.members import list_members
from dermagrade.people.store import audit
from dermagrade.people.store.database import Database
from dermagrade.people.store.settings import StoreSettings, read_store_settings
from dermagrade.people.store.store import Store
from dermagrade.people.studies.exports.formats import FORMATS
from dermagrade.people.studies.incoming import prepare_photo, read_file
from dermagrade.people.studies.instrument import check_grade, instrument_of
from dermagrade.people.studies.picture_files import read_folder
from dermagrade.people.studies.progress import StudyLine, list_studies
from dermagrade.people.studies.record import read_study
from dermagrade.people.studies.scale_pictures import set_pictures
from dermagrade.people.studies.scales import study_scales
from dermagrade.people.studies.setup import add_photo, create_study
from dermagrade.photo.read import walk_photos
from dermagrade.scales import SCALES
from dermagrade.tables.references import Reference, match_references, read_references
from dermagrade.tables.subjects import join_subjects

#: The file that an ending asks for where ``--format`` does not.
_BY_ENDING = {".csv": "ratings", ".xlsx": "workbook", ".json": "study"}


def add_parser(subparsers: argparse._SubParsersAction[Any]) -> None:
    """Adds the command's arguments."""
    parser = subparsers.add_parser(
        "study",
        help="set up, list and export studies of raters",
        description="Studies of raters in the database of 'dermagrade serve': DERMAGRADE_DATA_DIR names its folder "
        "(default: ./dermagrade-data), DERMAGRADE_DATABASE_URL a PostgreSQL database.",
    )
    verbs = parser.add_subparsers(title="what to do", metavar="VERB", required=True)

    create = verbs.add_parser("create", help="make a draft from a folder of photos")
    create.add_argument("name", metavar="NAME", help="of the study; raters see it")
    scales = ", ".join(scale.id for _, scale in study_scales())
    create.add_argument("--scale", required=True, metavar="ID", help=f"one of: {scales}")
    _photo_arguments(create)
    create.add_argument("--per-photo", type=int, metavar="N", help="raters of each photo (default: all)")
    create.add_argument(
        "--repeats", type=float, default=0.1, metavar="SHARE", help="hidden ones (default: %(default)s)"
    )
    create.add_argument("--lesions", action="store_true", help="raters also mark lesions")
    create.add_argument(
        "--scale-pictures",
        type=Path,
        metavar="DIR",
        help="what the grades look like: 3.png, 4.5.jpg ..., and about.txt, a note for the raters",
    )
    create.add_argument("--seed", type=int, metavar="N", help="of the allocation (default: by chance)")
    create.set_defaults(do=_create)

    add = verbs.add_parser("add", help="add photos to a draft; photos that it already has are skipped")
    add.add_argument("study", metavar="STUDY", help="name or id")
    _photo_arguments(add)
    add.set_defaults(do=_add)

    listed = verbs.add_parser("list", help="list the studies")
    listed.add_argument("--json", action="store_true", help="print one JSON object a line")
    listed.set_defaults(do=_list)

    export = verbs.add_parser("export", help="write one of a study's files")
    export.add_argument("study", metavar="STUDY", help="name or id")
    export.add_argument("--format", choices=FORMATS, metavar="NAME", help=f"one of: {', '.join(FORMATS)}")
    export.add_argument("--out", type=Path, metavar="FILE", help="default: made of the study's name, in this folder")
    export.set_defaults(do=_export)


def run(args: argparse.Namespace) -> int:
    """Does one of the verbs."""
    settings = read_store_settings()
    with _opened(settings) as store:
        return int(args.do(args, settings, store))


def _photo_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--images", type=Path, required=True, metavar="DIR", help="folder of photos, walked with all below"
    )
    parser.add_argument("--golden", type=Path, metavar="CSV", help="photo,grade: hidden photos that every rater grades")
    parser.add_argument("--calibration", type=Path, metavar="CSV", help="photo,grade: photos with feedback, before all")
    parser.add_argument("--persons", type=Path, metavar="CSV", help="photo,subject: whose photo it is")
    parser.add_argument("--by", metavar="E-MAIL", help="who makes it (default: the first admin)")


def _create(args: argparse.Namespace, settings: StoreSettings, store: Store) -> int:
    known = [scale.id for _, scale in study_scales()]
    if args.scale not in known:
        raise UsageError(f"There is no scale {args.scale} to grade on; there are: {', '.join(known)}.")
    # Folder and tables are looked at before anything is stored.
    photos = _photos(args.images)
    references, persons = _tables(args, args.scale, photos)
    pictures = None
    if args.scale_pictures is not None:
        pictures = read_folder(args.scale_pictures, max_pixels=settings.max_pixels)
        instrument = instrument_of(SCALES[args.scale])
        for grade in pictures.pictures:
            check_grade(instrument, grade)
    by = _member_id(store.db, args.by)
    study_id = create_study(
        store.db,
        by=by,
        name=args.name,
        scale=args.scale,
        seed=secrets.randbelow(2**31) if args.seed is None else args.seed,
        per_photo=args.per_photo,
        repeats=args.repeats,
        lesions=args.lesions,
    )
    if pictures is not None:
        set_pictures(store.db, store.photos, by=by, study_id=study_id, pictures=pictures.pictures, note=pictures.note)
    return _bring_in(settings, store, study_id, by, photos, references, persons)


def _add(args: argparse.Namespace, settings: StoreSettings, store: Store) -> int:
    study = _find(store.db, args.study)
    there = {photo.name for photo in read_study(store.db, study.id).photos.values()}
    photos = _photos(args.images)
    references, persons = _tables(args, study.scale, photos)
    by = _member_id(store.db, args.by)
    new = {name: path for name, path in photos.items() if name not in there}
    return _bring_in(settings, store, study.id, by, new, references, persons)


def _list(args: argparse.Namespace, settings: StoreSettings, store: Store) -> int:
    for line in list_studies(store.db):
        if args.json:
            print_line(json_line(vars(line)))
        else:
            graded = f"{line.done} of {line.total} graded" if line.total else "not opened"
            about = f"{line.state}, {line.scale}, {line.photos} photos, {line.raters} raters, {graded}"
            print_line(shown(f"{line.id}  {line.name}: {about}"))
    return 0


def _export(args: argparse.Namespace, settings: StoreSettings, store: Store) -> int:
    name = args.format
    if name is None:
        ending = ".csv" if args.out is None else args.out.suffix.lower()
        if ending not in _BY_ENDING:
            raise UsageError(f"Say with --format what {args.out} is to hold: {', '.join(FORMATS)}.")
        name = _BY_ENDING[ending]
    record = read_study(store.db, _find(store.db, args.study).id)
    made = FORMATS[name]
    out = args.out or Path(made.file_name(record))
    write_file(out, made.make(store.db, record))
    with store.db.begin() as session:
        audit.record(session, who=None, what="study.exported", study_id=record.id, format=name, by="command line")
    running = " The study is not closed: the file says 'running'." if record.running else ""
    print_line(shown(f"{out}: {made.title.lower()}.{running}"))
    return 0


def _bring_in(
    settings: StoreSettings,
    store: Store,
    study_id: str,
    by: str,
    photos: Mapping[str, Path],
    references: Mapping[str, Reference],
    persons: Mapping[str, str],
) -> int:
    """Stores the photos one by one; 1 where some were refused."""
    stored = refused = alone = 0
    for name, path in tqdm(photos.items(), desc="Photos", unit="photo", disable=None, leave=False):
        reference = references.get(name)
        try:
            incoming = prepare_photo(
                read_file(path, name),
                name=name,
                person=persons.get(name),
                max_pixels=settings.max_pixels,
                kind="ordinary" if reference is None else reference.kind,
                reference=None if reference is None else reference.grade,
            )
            add_photo(store.db, store.photos, by=by, study_id=study_id, incoming=incoming)
            stored += 1
            alone += bool(persons) and name not in persons
        except StoreError:
            raise
        except DermagradeError as error:
            refused += 1
            tell(str(error))
    rest = f" {alone} of them are in no row of the persons and count as a person each." if alone else ""
    print_line(f"Study {study_id}: {stored} photos stored, {refused} refused.{rest}")
    return 1 if refused else 0


def _photos(folder: Path) -> dict[str, Path]:
    """Name below the folder to file.

    Raises:
        UsageError: if it is no folder, or holds no photo.
    """
    if not folder.is_dir():
        raise UsageError(f"{folder} is no folder.")
    found = {path.relative_to(folder).as_posix(): path for path in walk_photos([folder]) if path != folder}
    if not found:
        raise UsageError(f"{folder} holds no photo.")
    return found


def _tables(
    args: argparse.Namespace, scale: str, photos: Mapping[str, Path]
) -> tuple[dict[str, Reference], Mapping[str, str]]:
    """References and persons by photo; every reference must be of a photo of the folder."""
    references: dict[str, Reference] = {}
    for kind in ("golden", "calibration"):
        path: Path | None = getattr(args, kind)
        if path is None:
            continue
        given = read_references(path, scale=scale, kind=kind)
        found = match_references(given, {name: name for name in photos}, str(path))
        twice = sorted(set(found) & set(references))
        if twice:
            raise LabelsError(f"{path}: {twice[0]} is in the table of golden photos, too; a photo is one or the other.")
        references |= found
    return references, _persons(args.persons, photos)


def _persons(path: Path | None, photos: Mapping[str, Path]) -> Mapping[str, str]:
    """Person by photo; names of the table that are no photo are said, and at the end how many photos lack one."""
    if path is None:
        return {}
    joined = join_subjects(photos, path, names_are="photos of the folder")
    for note in joined.report.notes if joined.report.unknown.count else ():
        tell(note)
    return joined.found


def _member_id(db: Database, email: str | None) -> str:
    """Id of who does it: by e-mail, else the first admin."""
    for member in sorted(list_members(db), key=lambda one: one.created_at):
        if member.active and (member.email == email.lower() if email else "admin" in member.roles):
            return member.id
    if email:
        raise UsageError(f"Nobody with the e-mail address {email} has an account here.")
    raise UsageError(
        "There is no account yet: run 'dermagrade serve' and open the link that it prints, then try again."
    )


def _find(db: Database, asked: str) -> StudyLine:
    """A study by its id or its name."""
    lines = list_studies(db)
    found = [line for line in lines if line.id == asked] or [line for line in lines if line.name == asked]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"{len(found)} studies are called {asked}; name one by its id ('dermagrade study list').")
    raise UsageError(f"There is no study {asked}; 'dermagrade study list' lists them.")


@contextmanager
def _opened(settings: StoreSettings) -> Iterator[Store]:
    store = Store(settings)
    try:
        yield store
    finally:
        store.close()
