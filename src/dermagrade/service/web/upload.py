"""Reads an upload from a ``multipart/form-data`` request: into memory, never onto a disk, and never past the limit."""

from __future__ import annotations

import asyncio
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from dermagrade.service.web.problem import Problem

#: Room in a request for what is not the picture: boundaries, part headers and short fields.
_OVERHEAD_BYTES = 64 * 1024
_MAX_FIELD_BYTES = 1024
_MAX_PARTS = 16
#: An upload that is too large is read on and thrown away up to this many times the limit: most clients read the
#: answer only when all is sent.
_DISCARDED_TIMES = 4
_MAX_NAME_LENGTH = 120


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
    kind, options = parse_options_header(request.headers.get("content-type"))
    if kind != b"multipart/form-data" or not options.get(b"boundary"):
        raise Problem(415, "Send the photo as multipart/form-data, in a part named 'file'.")
    too_large = Problem(413, f"The photo is larger than the limit of {limit / 1e6:g} MB; send a smaller copy.")
    declared = request.headers.get("content-length", "")
    hopeless = declared.isdecimal() and int(declared) > limit + _OVERHEAD_BYTES
    if hopeless and request.headers.get("expect", "").lower() == "100-continue":
        raise too_large  # nothing was sent yet, and now never will be
    parts = _Parts(limit, admit, too_large)
    received, problem = 0, too_large if hopeless else None
    try:
        parser = MultipartParser(options[b"boundary"], parts.callbacks())  # type: ignore[arg-type]
        async with asyncio.timeout(timeout_s):
            async for chunk in _chunks(request):
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
        if not parts.ended:
            raise FormParserError("the body ended before its last boundary")
    except FormParserError as error:
        raise Problem(400, "The body is no complete multipart/form-data; send the form again.") from error
    except TimeoutError as error:
        raise Problem(408, f"The photo did not come in within {timeout_s:g} seconds; send it again.") from error
    if parts.picture is None:
        raise Problem(422, "There is no photo in the request; send it as a file in a part named 'file'.")
    return Upload(harmless_name(parts.picture_name), parts.picture, parts.fields)


async def _chunks(request: Request) -> AsyncIterator[bytes]:
    """The body as it comes in."""
    more = True
    while more:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise Problem(400, "The connection was closed before all of the photo had come in.")
        yield message.get("body", b"")
        more = message.get("more_body", False)


def harmless_name(name: str) -> str:
    """The last part of a file's name, without what could disturb a reader: at most 120 printable characters."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(c for c in last if c.isprintable()).strip()
    if len(kept) > _MAX_NAME_LENGTH:
        ending = kept[-10:]
        kept = kept[: _MAX_NAME_LENGTH - len(ending) - 1] + "…" + ending
    return kept if kept.strip(".") else "photo"


class FormParts(ABC):
    """Takes a form apart while its parser runs; a subclass says what becomes of each part.

    Attributes:
        ended: whether the last boundary has come.
    """

    def __init__(self) -> None:
        self.ended = False
        self._header = (bytearray(), bytearray())
        self._disposition = b""

    def callbacks(self) -> dict[str, Callable[..., None]]:
        """For the parser, by the names that it knows."""
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._header[0].extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._header[1].extend(data[start:end]),
            "on_header_end": self._header_end,
            "on_headers_finished": self._headers_finished,
            "on_part_data": self.part_data,
            "on_part_end": self.part_ends,
            "on_end": self._all_ended,
        }

    @abstractmethod
    def part_begins(self) -> None:
        """Before anything is known of it."""

    @abstractmethod
    def part_opens(self, name: str, file_name: str | None) -> None:
        """Its headers have come; ``file_name`` is None for a field that is no file."""

    @abstractmethod
    def part_data(self, data: bytes, start: int, end: int) -> None:
        """Some of its bytes: ``data[start:end]``."""

    @abstractmethod
    def part_ends(self) -> None:
        """All of its bytes have come."""

    def _begin(self) -> None:
        self._header, self._disposition = (bytearray(), bytearray()), b""
        self.part_begins()

    def _header_end(self) -> None:
        if bytes(self._header[0]).lower() == b"content-disposition":
            self._disposition = bytes(self._header[1])
        self._header = (bytearray(), bytearray())

    def _headers_finished(self) -> None:
        _, options = parse_options_header(self._disposition)
        file_name = options[b"filename"].decode("utf-8", "replace") if b"filename" in options else None
        self.part_opens(options.get(b"name", b"").decode("utf-8", "replace"), file_name)

    def _all_ended(self) -> None:
        self.ended = True


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
        """See :class:`FormParts`."""
        self._count += 1
        if self._count > _MAX_PARTS:
            raise Problem(400, f"The form has more than {_MAX_PARTS} parts; send one photo a request.")
        self._body = bytearray()

    def part_opens(self, name: str, file_name: str | None) -> None:
        """See :class:`FormParts`."""
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
        """See :class:`FormParts`."""
        if len(self._body) + end - start > (self._limit if self._is_file else _MAX_FIELD_BYTES):
            raise self._too_large if self._is_file else Problem(400, f"The field {self._name[:40]!r} is too long.")
        self._body += data[start:end]

    def part_ends(self) -> None:
        """See :class:`FormParts`."""
        if self._is_file:
            # A form whose file was not chosen sends an empty part without a name.
            self.picture = bytes(self._body) if self._body or self.picture_name else None
        else:
            self.fields.setdefault(self._name, []).append(self._body.decode("utf-8", "replace"))
        self._body = bytearray()
