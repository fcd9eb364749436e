"""What routes ask of who sends a request: a session, a role, and that a form came from a page of ours."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response

from dermagrade.people.accounts.sessions import SignedIn, find_session
from dermagrade.people.store.store import Store
from dermagrade.service.settings import Settings
from dermagrade.service.signin.cookies import cookie_name
from dermagrade.service.web.csrf import STALE, same_secret
from dermagrade.service.web.form import read_form
from dermagrade.service.web.headers import SECURITY_HEADERS
from dermagrade.service.web.problem import Problem


class SignInFirst(Problem):
    """Ends a request for a page by sending the browser to the sign-in, which leads back."""

    def __init__(self, back: str) -> None:
        super().__init__(401, "Sign in first.")
        self.location = "/sign-in?next=" + quote(back, safe="/")

    def response(self) -> Response:
        """The way to the sign-in."""
        return RedirectResponse(self.location, 303, SECURITY_HEADERS)

    def page(self, request: Request) -> Response:
        """Likewise."""
        return self.response()


async def find_member(request: Request) -> SignedIn | None:
    """Who sends a request; None where nobody is signed in. One look into the database a request."""
    if not hasattr(request.state, "member"):
        request.state.member = await _look_up(request)
    found: SignedIn | None = request.state.member
    return found


async def signed_in(request: Request) -> SignedIn:
    """What routes depend on that are for whoever is signed in.

    Raises:
        Problem: 401 for an address with ``/api/``; for a page, the way to the sign-in.
    """
    member = await find_member(request)
    if member is not None:
        return member
    if "/api/" in request.url.path:
        raise Problem(401, "Your session has ended; sign in again.")
    if request.method != "GET":
        raise SignInFirst("/")  # what was sent is lost, and cannot be sent again by following a link
    raise SignInFirst(request.url.path + (f"?{request.url.query}" if request.url.query else ""))


def need_role(*roles: str) -> Callable[..., Awaitable[SignedIn]]:
    """What routes depend on that are for members with one of these roles; an admin may all.

    Raises (when asked):
        Problem: 403 for anybody else, and as :func:`signed_in` for nobody.
    """

    async def check(member: SignedIn = Depends(signed_in)) -> SignedIn:  # noqa: B008 (how the framework asks for it)
        if not member.may(*roles):
            raise Problem(403, f"This is for people with the role {' or '.join(roles)}; ask an admin of this service.")
        return member

    return check


async def check_csrf(request: Request) -> None:
    """What every route depends on that changes something for somebody who is signed in.

    The secret of the session comes as the header ``x-csrf-token`` or as the form's field ``csrf``.

    Raises:
        Problem: 403, where it is missing or another's; as :func:`signed_in`, where nobody is signed in.
    """
    member = await signed_in(request)
    if not same_secret(request.headers.get("x-csrf-token") or (await read_form(request)).get("csrf"), member.csrf):
        raise Problem(403, STALE)


async def _look_up(request: Request) -> SignedIn | None:
    settings: Settings = request.app.state.settings
    store: Store = request.app.state.store
    secret = request.cookies.get(cookie_name(settings))
    if not secret or not store.there:
        return None
    return await run_in_threadpool(find_session, store.db, settings.account_policy, secret)


#: Whoever is signed in.
AnyMember = Annotated[SignedIn, Depends(signed_in)]
