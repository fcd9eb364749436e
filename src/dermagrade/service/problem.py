"""What the service answers when it cannot do what was asked: one sentence, as RFC 9457 has it."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from dermagrade.errors import PhotoError, PhotoFormatError, UsageError, WeightsError
from dermagrade.service.headers import SECURITY_HEADERS

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

    def response(self) -> JSONResponse:
        """The answer, security headers included: an error at the outermost edge passes no middleware."""
        body = {"title": HTTPStatus(self.status).phrase, "status": self.status, "detail": self.detail}
        return JSONResponse(body, self.status, {**SECURITY_HEADERS, **self.headers}, MEDIA_TYPE)


def as_problem(error: PhotoError | UsageError | WeightsError) -> Problem:
    """The problem that an error of the package is for the one who sent the request."""
    if isinstance(error, WeightsError):
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
    """Lets every error of the application leave as a problem."""

    async def of_problem(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, Problem)
        return error.response()

    async def not_found(request: Request, error: Exception) -> JSONResponse:
        return Problem(404, "There is nothing at this address; /openapi.json lists what there is.").response()

    async def not_allowed(request: Request, error: Exception) -> JSONResponse:
        headers = getattr(error, "headers", None) or {}
        return Problem(405, f"{request.method} is not possible at this address.", headers).response()

    async def fault(request: Request, error: Exception) -> JSONResponse:
        return Problem(500, "The service itself failed; the operator finds the reason in its log.").response()

    app.add_exception_handler(Problem, of_problem)
    app.add_exception_handler(404, not_found)
    app.add_exception_handler(405, not_allowed)
    app.add_exception_handler(500, fault)


def _sentence(error: Exception) -> str:
    text = str(error)
    return text if text.endswith(".") else text + "."
