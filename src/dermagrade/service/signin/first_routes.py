"""``/sign-in/first``: makes the first admin, by the link that was printed when the service started."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response

from dermagrade.errors import UsageError
from dermagrade.people.accounts.local_accounts import make_first_admin
from dermagrade.people.store.store import Store
from dermagrade.service.settings import Settings
from dermagrade.service.signin import first_admin
from dermagrade.service.signin.cookies import keep_cookie
from dermagrade.service.web.csrf import check_form_secret, form_secret, keep_form_secret
from dermagrade.service.web.form import Form, read_form
from dermagrade.service.web.limits import Limits
from dermagrade.service.web.pages import show
from dermagrade.service.web.problem import Problem

router = APIRouter(prefix="/sign-in/first")

_DEAD = Problem(
    404, "This link is dead: an admin exists, or the service was started again and has printed another link."
)


@router.get("")
async def ask(request: Request, token: str = "") -> Response:
    """The form for the first admin."""
    await _check(request, token)
    return _page(request, token, Form([]), "")


@router.post("", dependencies=[Depends(check_form_secret)])
async def make(request: Request) -> Response:
    """Makes the first admin, and signs them in."""
    settings: Settings = request.app.state.settings
    store: Store = request.app.state.store
    form = await read_form(request)
    token = form.get("token")
    await _check(request, token)
    try:
        password = form.chosen_password()
        secret = await run_in_threadpool(
            lambda: make_first_admin(
                store.db,
                settings.account_policy,
                name=form.get("name"),
                email=form.get("email"),
                password=password,
            )
        )
    except UsageError as error:
        return _page(request, token, form, str(error))
    answer = RedirectResponse("/team", 303)
    keep_cookie(answer, settings, secret)
    return answer


async def _check(request: Request, token: str) -> None:
    """Raises a problem unless the link still opens something."""
    settings: Settings = request.app.state.settings
    store: Store = request.app.state.store
    limits: Limits = request.app.state.limits
    limits.take(request)
    if not first_admin.is_token(token):
        raise _DEAD
    limits.give_back(request)
    if not await run_in_threadpool(first_admin.is_wanted, settings, store):
        raise _DEAD


def _page(request: Request, token: str, form: Form, problem: str) -> Response:
    secret = form_secret(request)
    answer = show(
        request,
        "signin/first.html",
        status=422 if problem else 200,
        csrf=secret,
        token=token,
        name=form.get("name"),
        email=form.get("email"),
        problem=problem,
    )
    keep_form_secret(request, answer, secret)
    return answer
