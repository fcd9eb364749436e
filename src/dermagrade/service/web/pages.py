"""Pages of the parts that people sign in to: one way to show a template, and the files that pages fetch."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Response
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dermagrade import __version__
from dermagrade.reports.page_templates import FOLDER as REPORT_TEMPLATES

if TYPE_CHECKING:
    from dermagrade.service.signin.member import Member

_HERE = Path(__file__).parents[1]
#: Of every page. Those that show measured figures share their tables with the reports.
TEMPLATES = Environment(
    loader=FileSystemLoader([_HERE / "templates", REPORT_TEMPLATES]),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

#: What a page may use: files of this service, and pictures that its script holds. Nothing inline, nothing of others.
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def show(
    template: str,
    *,
    member: Member | None = None,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **values: Any,
) -> HTMLResponse:
    """A page.

    Args:
        template: below ``service/templates``, such as ``signin/people.html``.
        member: who is signed in; the page's head shows their name and the ways that their roles open.
        status: of HTTP.
        headers: further ones.
        values: for the template; one that it uses and that is missing is a fault.
    """
    text = TEMPLATES.get_template(template).render(member=member, version=__version__, **values)
    return HTMLResponse(text, status, {"content-security-policy": PAGE_POLICY, **(headers or {})})


def add_static(app: FastAPI) -> None:
    """Serves ``service/static`` at ``/static``."""
    app.mount("/static", _Files(directory=_HERE / "static"), name="static")


class _Files(StaticFiles):
    """Files that a browser may keep, but asks about each time: a newer version is never mixed with an older one."""

    async def get_response(self, path: str, scope: MutableMapping[str, Any]) -> Response:
        """The file, or a 404."""
        answer = await super().get_response(path, scope)
        answer.headers["cache-control"] = "no-cache"
        return answer
