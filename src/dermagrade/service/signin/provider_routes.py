"""``/sign-in/provider``: the way to the OpenID provider and back."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response

from dermagrade.errors import UsageError
from dermagrade.people.accounts.provider_members import NotAdmittedError, enter
from dermagrade.people.store.store import Store
from dermagrade.service.settings import Settings
from dermagrade.service.signin.cookies import keep_cookie
from dermagrade.service.signin.flow import begin_flow, drop_flow, find_flow, keep_flow
from dermagrade.service.signin.next_page import local_path
from dermagrade.service.signin.provider import Provider
from dermagrade.service.signin.sign_in_page import sign_in_page
from dermagrade.service.web.limits import Limits
from dermagrade.service.web.problem import Problem

router = APIRouter(prefix="/sign-in/provider")


@router.get("")
async def go(request: Request, next: str = "", invitation: str = "") -> Response:
    """Sends the browser to the provider."""
    settings: Settings = request.app.state.settings
    flow = begin_flow(back=local_path(next), invitation=invitation)
    try:
        answer = RedirectResponse(await _provider(request).address(flow), 303)
    except Problem as problem:
        return sign_in_page(request, back=flow.back, problem=problem)
    keep_flow(answer, settings, flow)
    return answer


@router.get("/back")
async def back(request: Request) -> Response:
    """Where the provider sends the browser back to: signs in whom it vouches for."""
    settings: Settings = request.app.state.settings
    store: Store = request.app.state.store
    limits: Limits = request.app.state.limits
    provider, flow = _provider(request), find_flow(request, settings)
    try:
        limits.take(request)
        if flow is None:
            raise Problem(401, "This sign-in was not begun here, or too long ago; begin it again.")
        claims = await provider.claims(flow, dict(request.query_params))
        secret = await run_in_threadpool(
            lambda: enter(store.db, settings.account_policy, claims, invitation=flow.invitation if flow else "")
        )
    except (NotAdmittedError, UsageError) as error:
        answer = sign_in_page(request, back="", problem=Problem(403, str(error)))
    except Problem as problem:
        answer = sign_in_page(request, back=flow.back if flow else "", problem=problem)
    else:
        limits.give_back(request)
        answer = RedirectResponse(local_path(flow.back) or "/sign-in", 303)
        keep_cookie(answer, settings, secret)
    drop_flow(answer, settings)
    return answer


def _provider(request: Request) -> Provider:
    provider: Provider | None = request.app.state.provider
    if provider is None:
        raise Problem(404, "This service has no OpenID provider; sign in with your password.")
    return provider
