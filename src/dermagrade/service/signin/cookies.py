"""The cookie of a session: it holds the session's secret and nothing else."""

from __future__ import annotations

from fastapi.responses import Response

from dermagrade.service.settings import Settings


def cookie_name(settings: Settings) -> str:
    """Of the session's cookie; the prefix lets a browser take it from this very host alone, and only over TLS."""
    return "__Host-dermagrade" if settings.address.startswith("https:") else "dermagrade"


def keep_cookie(response: Response, settings: Settings, secret: str) -> None:
    """Lets the browser keep the session's secret."""
    response.set_cookie(
        cookie_name(settings),
        secret,
        max_age=int(settings.session_h * 3600),
        path="/",
        secure=settings.address.startswith("https:"),
        httponly=True,
        samesite="lax",
    )


def drop_cookie(response: Response, settings: Settings) -> None:
    """Lets the browser forget it."""
    response.delete_cookie(
        cookie_name(settings),
        path="/",
        secure=settings.address.startswith("https:"),
        httponly=True,
        samesite="lax",
    )
