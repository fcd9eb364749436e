"""Who sends a request, and what routes may ask of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import quote

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response

from dermagrade.service.settings import Settings
from dermagrade.service.signin.sessions import cookie_name, find_session
from dermagrade.service.studies_state import StudiesState
from dermagrade.service.web.headers import SECURITY_HEADERS
from dermagrade.service.web.problem import Problem


@dataclass(frozen=True)
class Member:
    """Somebody who is signed in.

    Attributes:
        id: of the person.
        name: as the team knows them.
        roles: out of ``rater``, ``team`` and ``admin``.
        csrf: the secret that their pages send along with every change.
    """

    id: str
    name: str
    roles: frozenset[str]
    csrf: str

    def may(self, *roles: str) -> bool:
        """Whether they have one of these roles; an admin may all."""
        return "admin" in self.roles or not self.roles.isdisjoint(roles)


class SignInFirst(Problem):
    """Ends a request for a page by sending the browser to the sign-in, which leads back."""

    def __init__(self, back: str) -> None:
        super().__init__(401, "Sign in first.")
        self.location = "/sign-in?next=" + quote(back, safe="/")

    def response(self) -> Response:
        """The way to the sign-in."""
        return RedirectResponse(self.location, 303, SECURITY_HEADERS)

    def page(self) -> Response:
        """Likewise."""
        return self.response()


async def find_member(request: Request) -> Member | None:
    """Who sends a request; None where nobody is signed in. One look into the database a request."""
    if not hasattr(request.state, "member"):
        request.state.member = await _look_up(request)
    found: Member | None = request.state.member
    return found


async def signed_in(request: Request) -> Member:
    """What routes depend on that are for people who are signed in.

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


def need_role(*roles: str) -> Callable[..., Awaitable[Member]]:
    """What routes depend on that are for people with one of these roles; an admin may all.

    Raises (when asked):
        Problem: 403 for anybody else, and as :func:`signed_in` for nobody.
    """

    async def check(member: Member = Depends(signed_in)) -> Member:  # noqa: B008 (how the framework asks for it)
        if not member.may(*roles):
            raise Problem(403, f"This is for people with the role {' or '.join(roles)}; ask an admin of this service.")
        return member

    return check


async def _look_up(request: Request) -> Member | None:
    settings: Settings = request.app.state.settings
    studies: StudiesState = request.app.state.studies
    secret = request.cookies.get(cookie_name(settings))
    if not secret or not studies.there:
        return None
    found = await run_in_threadpool(find_session, studies.db, settings, secret)
    if found is None:
        return None
    return Member(found.person_id, found.name, found.roles, found.csrf)
