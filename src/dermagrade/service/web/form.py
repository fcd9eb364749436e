"""Reads the short forms of pages: a few fields, never a file."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl

from fastapi import Request

from dermagrade.errors import UsageError
from dermagrade.service.web.problem import Problem

_KIND = "application/x-www-form-urlencoded"
_MAX_BYTES = 64 * 1024
_MAX_FIELDS = 200


class Form:
    """The fields of a form, in the order that they came in."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self._pairs = pairs

    def get(self, name: str) -> str:
        """The first value of that name, without space around it; empty where there is none."""
        return self.exact(name).strip()

    def exact(self, name: str) -> str:
        """The first value of that name as it was typed, such as a password; empty where there is none."""
        return next((value for key, value in self._pairs if key == name), "")

    def chosen_password(self) -> str:
        """The password that was chosen, as it was typed in both ``password`` and ``again``.

        Raises:
            UsageError: if the two differ.
        """
        if self.exact("password") != self.exact("again"):
            raise UsageError("The password was not typed the same twice.")
        return self.exact("password")

    def all(self, name: str) -> tuple[str, ...]:
        """All values of that name."""
        return tuple(value for key, value in self._pairs if key == name)


async def read_form(request: Request) -> Form:
    """The form that a request holds; it may be asked for more than once.

    Raises:
        Problem: 415 for a body of another kind, 413 for one that is too long, 400 for one that is no form.
    """
    kept = getattr(request.state, "form", None)
    if isinstance(kept, Form):
        return kept
    if request.headers.get("content-length", "") == "0":
        return Form([])
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _KIND:
        raise Problem(415, f"Send the form as {_KIND}.")
    parsed = getattr(request, "_form", None)  # where the framework has read the body for a route's own fields
    if isinstance(parsed, Mapping):
        form = Form([(key, value) for key, value in (await request.form()).multi_items() if isinstance(value, str)])
    else:
        form = Form(_pairs(await _body(request)))
    request.state.form = form
    return form


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MAX_BYTES:
            raise Problem(413, f"A form of a page has at most {_MAX_BYTES // 1024} kB.")
    return bytes(body)


def _pairs(body: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=_MAX_FIELDS, errors="strict")
    except ValueError as error:
        raise Problem(400, "The body is no complete form; send it again.") from error
