"""Pages: one way to show a template of any face, and the files that pages fetch."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined

from dermagrade import __version__
from dermagrade.people.accounts.sessions import SignedIn
from dermagrade.reports.page_templates import FOLDER as REPORT_TEMPLATES
from dermagrade.service.web.face import WebFace

#: What a page may use: files of this service, and pictures that its script holds. Nothing inline, nothing of others.
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def add_pages(app: FastAPI, faces: Sequence[WebFace]) -> None:
    """Lets an application show the faces' templates, and serve the files of each at ``/static/<its name>``.

    Args:
        app: the application.
        faces: each with a name of its own.

    Raises:
        ValueError: if two have the same name.
    """
    names = [face.name for face in faces]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"there are two faces of the name {name}")
    app.state.templates = Environment(
        loader=ChoiceLoader(
            [
                PrefixLoader({face.name: FileSystemLoader(face.templates) for face in faces}),
                # Pages that show measured figures share their tables with the reports.
                FileSystemLoader(REPORT_TEMPLATES),
            ]
        ),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for face in faces:
        if face.static.is_dir():
            app.mount(f"/static/{face.name}", _Files(directory=face.static), name=f"{face.name} files")


def render(request: Request, template: str, **values: Any) -> str:
    """The text of a template.

    Args:
        request: that is answered.
        template: face and file, such as ``signin/members.html``.
        values: for the template; one that it uses and that is missing is a fault.
    """
    templates: Environment = request.app.state.templates
    return templates.get_template(template).render(version=__version__, **values)


def show(
    request: Request,
    template: str,
    *,
    member: SignedIn | None = None,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **values: Any,
) -> HTMLResponse:
    """A page.

    Args:
        request: that is answered.
        template: face and file, such as ``signin/members.html``.
        member: who is signed in; the page's head shows their name and the ways that their roles open.
        status: of HTTP.
        headers: further ones.
        values: for the template; one that it uses and that is missing is a fault.
    """
    text = render(request, template, member=member, **values)
    return HTMLResponse(text, status, {"content-security-policy": PAGE_POLICY, **(headers or {})})


class _Files(StaticFiles):
    """Files that a browser may keep, but asks about each time: a newer version is never mixed with an older one."""

    async def get_response(self, path: str, scope: MutableMapping[str, Any]) -> Response:
        """The file, or a 404."""
        answer = await super().get_response(path, scope)
        answer.headers["cache-control"] = "no-cache"
        return answer
