"""``/``: a plain page on which one photo can be tried. It needs no script and fetches nothing."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from dermagrade.assess.photo import Assessed
from dermagrade.conditions import CONDITIONS
from dermagrade.conditions.details import details_of
from dermagrade.scales import SCALES
from dermagrade.service.api.access import Keys
from dermagrade.service.api.assess_routes import assess_request
from dermagrade.service.settings import Settings
from dermagrade.service.web.pages import render
from dermagrade.service.web.problem import Problem
from dermagrade.types import ZONES

_STYLE = (Path(__file__).parent / "templates" / "page.css").read_text(encoding="utf-8")
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
# The one style sheet, and the form that leads back here, are all that the page may use.
_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

router = APIRouter(include_in_schema=False)


@router.get("/", response_class=HTMLResponse)
async def show(request: Request) -> HTMLResponse:
    """The page with an empty form."""
    return _page(request)


@router.post("/", response_class=HTMLResponse)
async def try_photo(request: Request) -> HTMLResponse:
    """The page with what was found on the photo that the form sent."""
    keys: Keys = request.app.state.keys

    def admit(fields: Mapping[str, list[str]]) -> None:
        if keys and not any(keys.hold(key) for key in fields.get("key", [])):
            raise Problem(401, "This service needs a key; type it above the photo.")

    try:
        result = await assess_request(request, admit)
    except Problem as problem:
        return _page(request, status=problem.status, problem=problem.detail)
    return _page(request, result=result)


def _page(
    request: Request, *, status: int = 200, problem: str | None = None, result: Assessed | None = None
) -> HTMLResponse:
    settings: Settings = request.app.state.settings
    text = render(
        request,
        "try_photo/page.html",
        style=_STYLE,
        needs_key=bool(request.app.state.keys),
        limit_mb=f"{settings.max_upload_bytes / 1e6:g}",
        problem=problem,
        record=None if result is None else result.record(),
        details={} if result is None else {name: details_of(a) for name, a in result.assessments.items()},
        conditions={name: condition for name, condition in CONDITIONS.items() if condition.takes == "photo"},
        scales=SCALES,
        zones=ZONES,
    )
    return HTMLResponse(text, status, {"content-security-policy": _POLICY})
