"""A study's scale as its raters see it: levels, their words, and pictures of the grades, if the team has some."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from dermagrade.errors import DermagradeError, StoreError, UsageError
from dermagrade.people.accounts.sessions import SignedIn
from dermagrade.people.studies.instrument import picture_of, pictures_of
from dermagrade.people.studies.picture_files import PictureFiles
from dermagrade.people.studies.record import StudyRecord
from dermagrade.people.studies.scale_pictures import set_pictures
from dermagrade.service.settings import Settings
from dermagrade.service.signin.guards import check_csrf
from dermagrade.service.team.study_page import Team, attempt, page, store_of, study_of
from dermagrade.service.team.uploads import read_files
from dermagrade.service.web.problem import Problem

router = APIRouter(prefix="/team")


@router.get("/studies/{study_id}/scale", response_class=HTMLResponse)
def show_scale(request: Request, member: Team, study_id: str) -> HTMLResponse:
    """The levels with their words and pictures, and the way to bring pictures in."""
    return _page(request, member, study_of(request, study_id))


@router.post("/studies/{study_id}/scale/pictures")
async def upload_pictures(request: Request, member: Team, study_id: str) -> Response:
    """Takes pictures of the grades in place of those that the study has: all files, or none where one is wrong."""
    record = await run_in_threadpool(study_of, request, study_id)
    settings: Settings = request.app.state.settings
    limit = settings.max_upload_bytes
    files = PictureFiles(settings.max_pixels)
    refused = ""
    # The form is read to its end in any case: most browsers show an answer only then.
    async for one in read_files(request, csrf=member.csrf, limit=limit, wait_s=settings.upload_timeout_s):
        if refused:
            continue
        if one.data is None:
            refused = f"{one.name}: the file is larger than the limit of {limit / 1e6:g} MB."
            continue
        try:
            await run_in_threadpool(files.add, one.name, one.data)
        except DermagradeError as error:
            refused = str(error)

    def store() -> None:
        if refused:
            raise UsageError(refused)
        state = store_of(request)
        set_pictures(state.db, state.photos, by=member.id, study_id=study_id, pictures=files.pictures, note=files.note)

    try:
        await run_in_threadpool(store)
    except StoreError:
        raise
    except DermagradeError as error:
        return _page(request, member, record, problem=str(error))
    return RedirectResponse(f"/team/studies/{study_id}/scale?done=pictures", 303)


@router.post("/studies/{study_id}/scale/no-pictures", dependencies=[Depends(check_csrf)])
def remove_pictures(request: Request, member: Team, study_id: str) -> Response:
    """Takes the pictures away."""
    state = store_of(request)
    study_of(request, study_id)
    return attempt(
        lambda: set_pictures(state.db, state.photos, by=member.id, study_id=study_id, pictures={}),
        f"/team/studies/{study_id}/scale?done=no-pictures",
        lambda why: _page(request, member, study_of(request, study_id), problem=why),
    )


@router.get("/studies/{study_id}/scale/pictures/{digest}")
def picture(request: Request, member: Team, study_id: str, digest: str) -> Response:
    """One of the pictures, as the raters see it."""
    found = picture_of(study_of(request, study_id).instrument, digest)
    if found is None:
        raise Problem(404, "The study has no such picture.")
    return Response(store_of(request).photos.get(found.key), media_type="image/jpeg")


def _page(request: Request, member: SignedIn, record: StudyRecord, *, problem: str | None = None) -> HTMLResponse:
    settings: Settings = request.app.state.settings
    return page(
        request,
        "scale.html",
        member,
        record,
        tab="/scale",
        problem=problem,
        instrument=record.instrument,
        pictures={one.grade: one for one in pictures_of(record.instrument)},
        limit_mb=f"{settings.max_upload_bytes / 1e6:g}",
        can_change=record.state == "draft",
    )
