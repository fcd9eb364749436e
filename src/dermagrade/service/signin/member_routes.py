"""``/sign-in/people``: who may do what, for admins."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response

from dermagrade.errors import UsageError
from dermagrade.people.accounts.invitations import PASSWORD_DAYS, make_invitation, make_password_link
from dermagrade.people.accounts.members import list_members, set_active, set_roles
from dermagrade.people.accounts.policy import ROLES
from dermagrade.people.accounts.sessions import SignedIn
from dermagrade.people.store.store import Store
from dermagrade.service.settings import Settings
from dermagrade.service.signin.guards import check_csrf, need_role
from dermagrade.service.signin.links import invitation_link
from dermagrade.service.web.form import Form, read_form
from dermagrade.service.web.pages import show

Admin = Annotated[SignedIn, Depends(need_role("admin"))]

router = APIRouter(prefix="/sign-in/people")

_INVITED_DAYS = 14


@router.get("")
async def members(request: Request, member: Admin) -> Response:
    """Everybody, and a form to invite more."""
    return await _page(request, member)


@router.post("/invite", dependencies=[Depends(check_csrf)])
async def invite(request: Request, member: Admin) -> Response:
    """Makes an invitation, and shows its link this one time."""
    store: Store = request.app.state.store
    form = await read_form(request)

    def make() -> str:
        return make_invitation(
            store.db,
            by=member.id,
            name=form.get("name"),
            email=form.get("email") or None,
            roles=form.all("role"),
            days=_INVITED_DAYS,
        )

    return await _with_link(request, member, make, f"{form.get('name')} within {_INVITED_DAYS} days", form)


@router.post("/password", dependencies=[Depends(check_csrf)])
async def password(request: Request, member: Admin) -> Response:
    """Makes a link by which somebody sets a new password."""
    store: Store = request.app.state.store
    member_id = (await read_form(request)).get("person")
    return await _with_link(
        request,
        member,
        lambda: make_password_link(store.db, by=member.id, member_id=member_id),
        f"its owner within {PASSWORD_DAYS} days; it sets a new password",
    )


@router.post("/roles", dependencies=[Depends(check_csrf)])
async def roles(request: Request, member: Admin) -> Response:
    """Gives somebody these roles and no others."""
    store: Store = request.app.state.store
    form = await read_form(request)
    return await _done(
        request,
        member,
        lambda: set_roles(store.db, by=member.id, member_id=form.get("person"), roles=form.all("role")),
    )


@router.post("/active", dependencies=[Depends(check_csrf)])
async def active(request: Request, member: Admin) -> Response:
    """Shuts somebody out, or lets them in again."""
    store: Store = request.app.state.store
    form = await read_form(request)
    wanted = form.get("active") == "1"
    return await _done(
        request, member, lambda: set_active(store.db, by=member.id, member_id=form.get("person"), active=wanted)
    )


async def _done(request: Request, member: SignedIn, work: Callable[[], None]) -> Response:
    try:
        await run_in_threadpool(work)
    except UsageError as error:
        return await _page(request, member, problem=str(error))
    return RedirectResponse("/sign-in/people", 303)


async def _with_link(
    request: Request, member: SignedIn, make: Callable[[], str], for_whom: str, form: Form | None = None
) -> Response:
    settings: Settings = request.app.state.settings
    try:
        secret = await run_in_threadpool(make)
    except UsageError as error:
        return await _page(request, member, problem=str(error), form=form)
    return await _page(request, member, link=invitation_link(settings, secret), for_whom=for_whom)


async def _page(
    request: Request,
    member: SignedIn,
    *,
    problem: str = "",
    link: str = "",
    for_whom: str = "",
    form: Form | None = None,
) -> Response:
    store: Store = request.app.state.store
    form = form or Form([])
    return show(
        request,
        "signin/members.html",
        member=member,
        status=422 if problem else 200,
        members=await run_in_threadpool(list_members, store.db),
        all_roles=ROLES,
        problem=problem,
        link=link,
        for_whom=for_whom,
        name=form.get("name"),
        email=form.get("email"),
        chosen=form.all("role") or ("rater",),
    )
