"""That a form was sent from a page of ours: a secret in the page that a page from elsewhere cannot know."""

from __future__ import annotations

import hmac
import secrets

from fastapi import Request
from fastapi.responses import Response

from dermagrade.service.settings import Settings
from dermagrade.service.web.form import read_form
from dermagrade.service.web.problem import Problem

#: What is said to a form that did not come from a page of ours.
STALE = "This page is out of date or did not come from here; load it again and repeat what you did."


def form_secret(request: Request) -> str:
    """The secret for a form of somebody who is not signed in; :func:`keep_form_secret` lets their browser keep it."""
    return request.cookies.get(_name(request)) or secrets.token_urlsafe(32)


def keep_form_secret(request: Request, response: Response, secret: str) -> None:
    """Sets the cookie that :func:`check_form_secret` compares with."""
    settings: Settings = request.app.state.settings
    secure = settings.address.startswith("https:")
    response.set_cookie(_name(request), secret, path="/", secure=secure, httponly=True, samesite="strict")


async def check_form_secret(request: Request) -> None:
    """What routes depend on for somebody who is not signed in yet: field and cookie have to agree.

    Raises:
        Problem: 403, where they do not.
    """
    if not same_secret((await read_form(request)).get("csrf"), request.cookies.get(_name(request), "")):
        raise Problem(403, STALE)


def same_secret(given: str, kept: str) -> bool:
    """Whether a secret that came in is the one that is kept, compared in constant time; never for an empty one."""
    return bool(kept) and hmac.compare_digest(given.encode("utf-8", "surrogatepass"), kept.encode("utf-8", "replace"))


def _name(request: Request) -> str:
    settings: Settings = request.app.state.settings
    # The prefix lets a browser take the cookie from this very host alone, and only over TLS.
    return "__Host-dermagrade-form" if settings.address.startswith("https:") else "dermagrade-form"
