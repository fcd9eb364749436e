"""The page to sign in, which several routes show."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import Response

from dermagrade.service.settings import Settings
from dermagrade.service.web.csrf import form_secret, keep_form_secret
from dermagrade.service.web.pages import show
from dermagrade.service.web.problem import Problem


def sign_in_page(request: Request, *, back: str, email: str = "", problem: Problem | None = None) -> Response:
    """The page.

    Args:
        request: that is answered.
        back: path to go on to; may be empty.
        email: that was typed before.
        problem: what went wrong.
    """
    settings: Settings = request.app.state.settings
    secret = form_secret(request)
    answer = show(
        request,
        "signin/sign_in.html",
        status=problem.status if problem else 200,
        headers=problem.headers if problem else None,
        csrf=secret,
        next=back,
        email=email,
        problem=problem.detail if problem else "",
        local=settings.local_accounts,
        provider=settings.oidc_name if settings.oidc_issuer else "",
    )
    keep_form_secret(request, answer, secret)
    return answer
