"""Reads an upload from a ``multipart/form-data`` request: into memory, never onto a disk, and never past the limit."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fastapi import Request

from dermagrade.service.web.multipart import FormParts, chunks_of, harmless_name, parser_of, whole_form
from dermagrade.service.web.problem import Problem

#: Room in a request for what is not the picture: boundaries, part headers and short fields.
_OVERHEAD_BYTES = 64 * 1024
_MAX_FIELD_BYTES = 1024
_MAX_PARTS = 16
#: An upload that is too large is read on and thrown away up to this many times the limit: most clients read the
#: answer only when all is sent.
_DISCARDED_TIMES = 4


@dataclass(frozen=True)
class Upload:
    """What came in: the picture, its name as the client calls it, made harmless, and the short fields."""

    name: str
    data: bytes
    fields: Mapping[str, list[str]]


async def read_upload(
    request: Request,
    *,
    limit: int,
    timeout_s: float,
    admit: Callable[[Mapping[str, list[str]]], None] | None = None,
) -> Upload:
    """Reads the part ``file`` and the fields of a request.

    Args:
        request: whose body was not read yet.
        limit: bytes that the picture may have.
        timeout_s: seconds in which all must have come in.
        admit: called with the fields so far when the picture begins; may raise a problem.

    Raises:
        Problem: 415 for another content type, 400 for a body that is no form, 413 for too large, 408 for too slow,
            422 where there is no picture.
    """
    too_large = Problem(413, f"The photo is larger than the limit of {limit / 1e6:g} MB; send a smaller copy.")
    parts = _Parts(limit, admit, too_large)
    parser = parser_of(request, parts, otherwise="Send the photo as multipart/form-data, in a part named 'file'.")
    declared = request.headers.get("content-length", "")
    hopeless = declared.isdecimal() and int(declared) > limit + _OVERHEAD_BYTES
    if hopeless and request.headers.get("expect", "").lower() == "100-continue":
        raise too_large  # nothing was sent yet, and now never will be
    received, problem = 0, too_large if hopeless else None
    try:
        with whole_form(parts):
            async with asyncio.timeout(timeout_s):
                async for chunk in chunks_of(request, missing="all of the photo"):
                    received += len(chunk)
                    if problem is None and received > limit + _OVERHEAD_BYTES:
                        problem = too_large
                    if problem is not None:
                        parts.forget()
                        if received > _DISCARDED_TIMES * limit + _OVERHEAD_BYTES:
                            break
                        continue
                    try:
                        parser.write(chunk)
                    except Problem as error:
                        problem = error
            if problem is not None:
                raise problem
    except TimeoutError as error:
        raise Problem(408, f"The photo did not come in within {timeout_s:g} seconds; send it again.") from error
    if parts.picture is None:
        raise Problem(422, "There is no photo in the request; send it as a file in a part named 'file'.")
    return Upload(harmless_name(parts.picture_name), parts.picture, parts.fields)


class _Parts(FormParts):
    """Collects the parts of one form with one picture."""

    def __init__(self, limit: int, admit: Callable[[Mapping[str, list[str]]], None] | None, too_large: Problem) -> None:
        super().__init__()
        self.picture: bytes | None = None
        self.picture_name = ""
        self.fields: dict[str, list[str]] = {}
        self._limit, self._admit, self._too_large = limit, admit, too_large
        self._count = 0
        self._name = ""
        self._is_file = False
        self._body = bytearray()

    def forget(self) -> None:
        """Lets go of what was collected."""
        self._body = bytearray()
        self.picture = None

    def part_begins(self) -> None:
        """See :class:`~dermagrade.service.web.multipart.FormParts`."""
        self._count += 1
        if self._count > _MAX_PARTS:
            raise Problem(400, f"The form has more than {_MAX_PARTS} parts; send one photo a request.")
        self._body = bytearray()

    def part_opens(self, name: str, file_name: str | None) -> None:
        """See :class:`~dermagrade.service.web.multipart.FormParts`."""
        self._name, self._is_file = name, file_name is not None
        if file_name is None:
            return
        if self._name != "file":
            raise Problem(422, "The photo must come in a part named 'file'.")
        if self.picture is not None:
            raise Problem(422, "Send one photo a request.")
        self.picture_name = file_name
        if self._admit is not None:
            self._admit(self.fields)

    def part_data(self, data: bytes, start: int, end: int) -> None:
        """See :class:`~dermagrade.service.web.multipart.FormParts`."""
        if len(self._body) + end - start > (self._limit if self._is_file else _MAX_FIELD_BYTES):
            raise self._too_large if self._is_file else Problem(400, f"The field {self._name[:40]!r} is too long.")
        self._body += data[start:end]

    def part_ends(self) -> None:
        """See :class:`~dermagrade.service.web.multipart.FormParts`."""
        if self._is_file:
            # A form whose file was not chosen sends an empty part without a name.
            self.picture = bytes(self._body) if self._body or self.picture_name else None
        else:
            self.fields.setdefault(self._name, []).append(self._body.decode("utf-8", "replace"))
        self._body = bytearray()
