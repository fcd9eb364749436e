"""``/sign-in``, ``/sign-out`` and ``/sign-in/account``."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response

from dermagrade.errors import UsageError
from dermagrade.people.accounts.local_accounts import change_password, local_email, sign_in
from dermagrade.people.accounts.sessions import SignedIn, end_all, end_session
from dermagrade.people.store.audit import record
from dermagrade.people.store.store import Store
from dermagrade.service.settings import Settings
from dermagrade.service.signin.cookies import cookie_name, drop_cookie, keep_cookie
from dermagrade.service.signin.guards import AnyMember, check_csrf, find_member
from dermagrade.service.signin.next_page import home_of, local_path
from dermagrade.service.signin.sign_in_page import sign_in_page
from dermagrade.service.web.csrf import check_form_secret
from dermagrade.service.web.form import read_form
from dermagrade.service.web.limits import Limits
from dermagrade.service.web.pages import show
from dermagrade.service.web.problem import Problem

router = APIRouter()


@router.get("/sign-in")
async def ask(request: Request, next: str = "") -> Response:
    """The page to sign in; whoever is signed in goes on at once."""
    member = await find_member(request)
    if member is not None:
        return RedirectResponse(local_path(next) or home_of(member.roles), 303)
    return sign_in_page(request, back=local_path(next))


@router.post("/sign-in", dependencies=[Depends(check_form_secret)])
async def enter(request: Request) -> Response:
    """Signs somebody in with their password."""
    settings: Settings = request.app.state.settings
    store: Store = request.app.state.store
    limits: Limits = request.app.state.limits
    form = await read_form(request)
    back, email = local_path(form.exact("next")), form.get("email").lower()[:320]
    if not settings.local_accounts:
        raise Problem(403, "Nobody signs in with a password here; use the button of the provider.")
    try:
        limits.take(request, email)
    except Problem as problem:
        return sign_in_page(request, back=back, email=email, problem=problem)
    secret = None
    if store.there:
        secret = await run_in_threadpool(
            sign_in, store.db, settings.account_policy, email=email, password=form.exact("password")
        )
    if secret is None:
        return sign_in_page(request, back=back, email=email, problem=Problem(401, "E-mail or password is wrong."))
    limits.give_back(request, email)
    answer = RedirectResponse(back or "/sign-in", 303)  # which knows by then where this person works
    keep_cookie(answer, settings, secret)
    return answer


@router.post("/sign-out", dependencies=[Depends(check_csrf)])
async def leave(request: Request, member: AnyMember) -> Response:
    """Ends the session; with the field ``everywhere`` all of this person's."""
    settings: Settings = request.app.state.settings
    store: Store = request.app.state.store
    everywhere = bool((await read_form(request)).get("everywhere"))

    def end() -> None:
        with store.db.begin() as session:
            if everywhere:
                end_all(session, member.id)
                record(session, who=member.id, what="sign_out.everywhere")
            else:
                end_session(session, request.cookies.get(cookie_name(settings), ""))

    await run_in_threadpool(end)
    answer = RedirectResponse("/sign-in", 303)
    drop_cookie(answer, settings)
    return answer


@router.get("/sign-in/account")
async def account(request: Request, member: AnyMember) -> Response:
    """The page of one's own account."""
    return await _account(request, member)


@router.post("/sign-in/account", dependencies=[Depends(check_csrf)])
async def new_password(request: Request, member: AnyMember) -> Response:
    """Changes one's own password, and ends all other sessions."""
    settings: Settings = request.app.state.settings
    store: Store = request.app.state.store
    limits: Limits = request.app.state.limits
    form = await read_form(request)
    name = f"password of {member.id}"
    try:
        limits.take(request, name)
        if form.exact("new") != form.exact("again"):
            raise UsageError("The new password was not typed the same twice.")
        secret = await run_in_threadpool(
            change_password,
            store.db,
            settings.account_policy,
            member_id=member.id,
            old=form.exact("old"),
            new=form.exact("new"),
        )
    except UsageError as error:
        return await _account(request, member, problem=Problem(422, str(error)))
    except Problem as problem:
        return await _account(request, member, problem=problem)
    limits.give_back(request, name)
    answer = RedirectResponse("/sign-in/account?changed=1", 303)
    keep_cookie(answer, settings, secret)
    return answer


async def _account(request: Request, member: SignedIn, problem: Problem | None = None) -> Response:
    store: Store = request.app.state.store
    return show(
        request,
        "signin/account.html",
        member=member,
        status=problem.status if problem else 200,
        headers=problem.headers if problem else None,
        problem=problem.detail if problem else "",
        changed=request.query_params.get("changed") == "1" and problem is None,
        email=await run_in_threadpool(local_email, store.db, member.id),
    )
