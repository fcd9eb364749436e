"""``/sign-in/invitation``: where an invited person sets a password, or takes the invitation as who they are."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response

from dermagrade.errors import UsageError
from dermagrade.people.accounts.invitations import Invited, accept_as, accept_with_password, find_invitation
from dermagrade.people.store.store import Store
from dermagrade.service.settings import Settings
from dermagrade.service.signin.cookies import keep_cookie
from dermagrade.service.signin.guards import check_csrf, find_member, signed_in
from dermagrade.service.signin.next_page import home_of
from dermagrade.service.web.csrf import check_form_secret, form_secret, keep_form_secret
from dermagrade.service.web.form import Form, read_form
from dermagrade.service.web.limits import Limits
from dermagrade.service.web.pages import show
from dermagrade.service.web.problem import Problem

router = APIRouter(prefix="/sign-in/invitation")

_DEAD = Problem(404, "This link was used already, has ended, or is not one of this service; ask for another one.")


@router.get("")
async def ask(request: Request, token: str = "") -> Response:
    """What the invitation offers, and how to take it."""
    return await _page(request, token, await _find(request, token), Form([]), "")


@router.post("", dependencies=[Depends(check_form_secret)])
async def accept(request: Request) -> Response:
    """Makes the account, or sets the new password, and signs in."""
    settings: Settings = request.app.state.settings
    store: Store = request.app.state.store
    form = await read_form(request)
    token = form.get("token")
    offered = await _find(request, token)
    try:
        if not settings.local_accounts:
            raise UsageError("Nobody signs in with a password here; use the button of the provider.")
        password = form.chosen_password()
        secret = await run_in_threadpool(
            lambda: accept_with_password(
                store.db,
                settings.account_policy,
                secret=token,
                name=form.get("name"),
                email=form.get("email"),
                password=password,
            )
        )
    except UsageError as error:
        return await _page(request, token, offered, form, str(error))
    answer = RedirectResponse("/desk" if offered.study else "/sign-in", 303)
    keep_cookie(answer, settings, secret)
    return answer


@router.post("/mine", dependencies=[Depends(check_csrf)])
async def accept_mine(request: Request) -> Response:
    """Lets whoever is signed in take the invitation."""
    store: Store = request.app.state.store
    member = await signed_in(request)
    token = (await read_form(request)).get("token")
    offered = await _find(request, token)
    await run_in_threadpool(lambda: accept_as(store.db, secret=token, member_id=member.id))
    return RedirectResponse("/desk" if offered.study else home_of(member.roles | offered.roles), 303)


async def _find(request: Request, token: str) -> Invited:
    """What a link offers; a problem, where it is dead."""
    store: Store = request.app.state.store
    limits: Limits = request.app.state.limits
    limits.take(request)
    offered = await run_in_threadpool(find_invitation, store.db, token) if token and store.there else None
    if offered is None:
        raise _DEAD
    limits.give_back(request)
    return offered


async def _page(request: Request, token: str, offered: Invited, form: Form, problem: str) -> Response:
    settings: Settings = request.app.state.settings
    member, secret = await find_member(request), form_secret(request)
    answer = show(
        request,
        "signin/invitation.html",
        member=member,
        status=422 if problem else 200,
        csrf=member.csrf if member else secret,
        token=token,
        offered=offered,
        name=form.get("name") or offered.name,
        email=form.get("email") or offered.email or "",
        problem=problem,
        local=settings.local_accounts,
        provider=settings.oidc_name if settings.oidc_issuer else "",
    )
    keep_form_secret(request, answer, secret)
    return answer
