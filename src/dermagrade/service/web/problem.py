"""What the service answers when it cannot do what was asked: one sentence, as RFC 9457 has it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

from dermagrade.errors import MissingExtraError, PhotoError, PhotoFormatError, StoreError, UsageError, WeightsError
from dermagrade.service.web.headers import SECURITY_HEADERS
from dermagrade.service.web.pages import PAGE_POLICY, show

MEDIA_TYPE = "application/problem+json"

#: The schema of a problem, for the OpenAPI document.
SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["title", "status", "detail"],
    "properties": {
        "title": {"type": "string", "description": "what the status means in general"},
        "status": {"type": "integer", "description": "the HTTP status again"},
        "detail": {"type": "string", "description": "one sentence that says what is wrong and what to do"},
    },
}


class Problem(Exception):
    """Ends a request with a status and one sentence.

    Args:
        status: of HTTP, 400 or above.
        detail: the sentence.
        headers: to be sent with it, such as ``Retry-After``.
    """

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})

    def response(self) -> Response:
        """The answer, security headers included: an error at the outermost edge passes no middleware."""
        body = {"title": HTTPStatus(self.status).phrase, "status": self.status, "detail": self.detail}
        return JSONResponse(body, self.status, {**SECURITY_HEADERS, **self.headers}, MEDIA_TYPE)

    def page(self, request: Request) -> Response:
        """The same for somebody who looks at it in a browser."""
        headers = {**SECURITY_HEADERS, "content-security-policy": PAGE_POLICY, **self.headers}
        return show(request, "web/problem.html", problem=self.detail, status=self.status, headers=headers)


def as_problem(error: PhotoError | StoreError | UsageError | WeightsError | MissingExtraError) -> Problem:
    """The problem that an error of the package is for the one who sent the request."""
    if isinstance(error, StoreError):
        return Problem(503, "The studies cannot be read or written just now; the operator has to look.")
    if isinstance(error, WeightsError | MissingExtraError):
        return Problem(503, "The networks that grade photos cannot be loaded here; the operator has to look.")
    if isinstance(error, PhotoFormatError):
        return Problem(415, _sentence(error))
    return Problem(422, _sentence(error))


def described(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """These statuses for the OpenAPI document."""
    return {
        status: {"description": HTTPStatus(status).phrase, "content": {MEDIA_TYPE: {"schema": SCHEMA}}}
        for status in statuses
    }


def add_handlers(app: FastAPI) -> None:
    """Lets every error of the application leave as a problem; as a page, where a browser asks for one."""

    async def of_problem(request: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)
        return _answer(request, error)

    async def of_package(request: Request, error: Exception) -> Response:
        assert isinstance(error, StoreError | UsageError)
        if isinstance(error, StoreError):
            logging.getLogger(__name__).error("%s", error)
        return _answer(request, as_problem(error))

    async def not_found(request: Request, error: Exception) -> Response:
        return _answer(request, Problem(404, "There is nothing at this address; /openapi.json lists what there is."))

    async def not_allowed(request: Request, error: Exception) -> Response:
        headers = getattr(error, "headers", None) or {}
        return _answer(request, Problem(405, f"{request.method} is not possible at this address.", headers))

    async def fault(request: Request, error: Exception) -> Response:
        return _answer(request, Problem(500, "The service itself failed; the operator finds the reason in its log."))

    app.add_exception_handler(Problem, of_problem)
    app.add_exception_handler(StoreError, of_package)
    app.add_exception_handler(UsageError, of_package)
    app.add_exception_handler(404, not_found)
    app.add_exception_handler(405, not_allowed)
    app.add_exception_handler(500, fault)


def _answer(request: Request, problem: Problem) -> Response:
    """As a page where a browser asks for one; what its scripts fetch, and all below ``/v1``, is JSON."""
    path = request.url.path
    wants_page = "text/html" in request.headers.get("accept", "") and "/api/" not in path
    return problem.page(request) if wants_page and not path.startswith("/v1/") else problem.response()


def _sentence(error: Exception) -> str:
    text = str(error)
    return text if text.endswith(".") else text + "."
