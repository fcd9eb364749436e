"""A study's photos: brought in, listed, and marked as golden or for calibration."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from dermagrade.errors import DermagradeError, LabelsError, StoreError, UsageError
from dermagrade.people.accounts.sessions import SignedIn
from dermagrade.people.studies.current_answers import PhotoEntry
from dermagrade.people.studies.incoming import prepare_photo, thumbnail
from dermagrade.people.studies.record import StudyRecord, find_photo
from dermagrade.people.studies.setup import add_photo, set_kind
from dermagrade.scales import SCALES
from dermagrade.service.settings import Settings
from dermagrade.service.signin.guards import check_csrf
from dermagrade.service.team.study_page import Filled, Team, attempt, page, store_of, study_of
from dermagrade.service.team.uploads import read_files
from dermagrade.service.web.problem import Problem
from dermagrade.tables.join import composed, match
from dermagrade.tables.references import MAX_TABLE_BYTES, match_references, read_references
from dermagrade.tables.row import UploadedTable
from dermagrade.tables.subjects import read_subjects

router = APIRouter(prefix="/team")

#: Photos on one page of the list.
ON_A_PAGE = 60


@dataclass
class Received:
    """What became of the files of an upload.

    Attributes:
        stored: names of the photos that are kept.
        problems: a sentence for each file that was refused.
        notes: what is to be known of files that were taken.
    """

    stored: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@router.get("/studies/{study_id}/photos", response_class=HTMLResponse)
def list_photos(request: Request, member: Team, study_id: str) -> HTMLResponse:
    """The photos, a page at a time, with the ways to bring in more."""
    return _page(request, member, study_of(request, study_id))


@router.post("/studies/{study_id}/photos")
async def upload(request: Request, member: Team, study_id: str) -> Response:
    """Takes the files of a form; each is stored before the next is looked at."""
    record = await run_in_threadpool(study_of, request, study_id)
    received = await _receive(request, member, record)
    record = await run_in_threadpool(study_of, request, study_id)
    return _page(request, member, record, received=received)


@router.post("/api/studies/{study_id}/photos")
async def upload_by_script(request: Request, member: Team, study_id: str) -> Response:
    """The same for the page's script, which sends a few files at a time."""
    record = await run_in_threadpool(study_of, request, study_id)
    received = await _receive(request, member, record)
    return JSONResponse(asdict(received))


@router.post("/studies/{study_id}/references")
async def upload_references(request: Request, member: Team, study_id: str) -> Response:
    """Marks photos by a table of ``photo,grade[,kind]``: all of its rows, or none where one is wrong."""
    record = await run_in_threadpool(study_of, request, study_id)
    settings: Settings = request.app.state.settings
    files = [
        one
        async for one in read_files(request, csrf=member.csrf, limit=MAX_TABLE_BYTES, wait_s=settings.upload_timeout_s)
    ]

    def mark() -> None:
        if not files:
            raise LabelsError("There is no table in the form; choose one.")
        name, data = files[0].name, files[0].data
        if data is None:
            raise LabelsError(f"{name} is larger than {MAX_TABLE_BYTES / 1e6:g} MB, too much for a table.")
        references = read_references(UploadedTable(name, data), scale=record.scale)
        photos = {photo.name: photo.id for photo in record.photos.values()}
        for photo_id, reference in match_references(references, photos, name).items():
            set_kind(
                store_of(request).db,
                by=member.id,
                study_id=study_id,
                photo_id=photo_id,
                kind=reference.kind,
                reference=reference.grade,
            )

    try:
        await run_in_threadpool(mark)
    except StoreError:
        raise
    except DermagradeError as error:
        return _page(request, member, record, problem=str(error))
    return RedirectResponse(f"/team/studies/{study_id}/photos?done=references", 303)


@router.post("/studies/{study_id}/photos/{photo_id}/kind", dependencies=[Depends(check_csrf)])
def change_kind(request: Request, member: Team, study_id: str, photo_id: str, form: Filled) -> Response:
    """Makes one photo ordinary, golden or one for calibration."""
    number = max(_number(form.get("page")), 1)

    def change() -> None:
        set_kind(
            store_of(request).db,
            by=member.id,
            study_id=study_id,
            photo_id=photo_id,
            kind=form.get("kind"),
            reference=_grade(form.get("reference")) if form.get("kind") != "ordinary" else None,
        )

    return attempt(
        change,
        f"/team/studies/{study_id}/photos?done=kind&page={number}",
        lambda why: _page(request, member, study_of(request, study_id), problem=why, number=number),
    )


@router.get("/studies/{study_id}/photos/{photo_id}/small")
def small(request: Request, member: Team, study_id: str, photo_id: str) -> Response:
    """A small picture for the list."""
    data = store_of(request).photos.get(_photo(request, study_id, photo_id).key)
    return _picture(thumbnail(data))


@router.get("/studies/{study_id}/photos/{photo_id}/whole")
def whole(request: Request, member: Team, study_id: str, photo_id: str) -> Response:
    """The photo as the raters see it."""
    return _picture(store_of(request).photos.get(_photo(request, study_id, photo_id).key))


async def _receive(request: Request, member: SignedIn, record: StudyRecord) -> Received:
    settings: Settings = request.app.state.settings
    state = store_of(request)
    received = Received()
    persons: dict[str, str] = {}
    tables: list[str] = []

    def store(name: str, data: bytes) -> None:
        person = persons.get(composed(name))  # a table is read in that form
        incoming = prepare_photo(data, name=name, person=person, max_pixels=settings.max_pixels)
        add_photo(state.db, state.photos, by=member.id, study_id=record.id, incoming=incoming)

    async for arrived in read_files(
        request, csrf=member.csrf, limit=settings.max_upload_bytes, wait_s=settings.upload_timeout_s
    ):
        if arrived.data is None:
            received.problems.append(
                f"{arrived.name}: the file is larger than the limit of {settings.max_upload_bytes / 1e6:g} MB."
            )
            continue
        try:
            if arrived.field == "persons":
                persons |= read_subjects(UploadedTable(arrived.name, arrived.data))
                tables.append(arrived.name)
            else:
                await run_in_threadpool(store, arrived.name, arrived.data)
                received.stored.append(arrived.name)
        except StoreError:
            raise
        except DermagradeError as error:
            sentence = str(error).rstrip(".")
            received.problems.append(f"{sentence}." if arrived.name in sentence else f"{arrived.name}: {sentence}.")
    if tables and received.stored:
        report = match(received.stored, persons, names_are="photos sent", table=" and ".join(tables)).report
        # A table may speak of photos that come with another request.
        received.notes += [f"{note} Each counts as a person of its own." for note in report.notes_on_names]
    return received


def _page(
    request: Request,
    member: SignedIn,
    record: StudyRecord,
    *,
    received: Received | None = None,
    problem: str | None = None,
    number: int | None = None,
) -> HTMLResponse:
    photos = list(record.photos.values())
    pages = max(-(-len(photos) // ON_A_PAGE), 1)
    asked = _number(request.query_params.get("page", "1")) if number is None else number
    number = min(max(asked, 1), pages)
    settings: Settings = request.app.state.settings
    return page(
        request,
        "photos.html",
        member,
        record,
        tab="/photos",
        problem=problem,
        received=received,
        photos=photos[(number - 1) * ON_A_PAGE : number * ON_A_PAGE],
        total=len(photos),
        number=number,
        pages=pages,
        first=(number - 1) * ON_A_PAGE + 1,
        scale=SCALES[record.scale],
        limit_mb=f"{settings.max_upload_bytes / 1e6:g}",
        can_change=record.locked_at is None and record.state != "closed",
    )


def _photo(request: Request, study_id: str, photo_id: str) -> PhotoEntry:
    try:
        return find_photo(store_of(request).db, study_id, photo_id)
    except UsageError as error:
        raise Problem(404, str(error)) from error


def _picture(data: bytes) -> Response:
    kind = "image/png" if data.startswith(b"\x89PNG") else "image/jpeg"
    return Response(data, media_type=kind)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 1


def _grade(text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        raise UsageError("A golden or calibration photo needs a reference grade, a number on the scale.") from None
