"""Takes ``multipart/form-data`` apart while it comes in; what becomes of its parts is for others to say."""

from __future__ import annotations

import unicodedata
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from dermagrade.service.web.problem import Problem

_MAX_NAME_LENGTH = 120
_INCOMPLETE = "The body is no complete multipart/form-data; send the form again."


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


def parser_of(request: Request, parts: FormParts, *, otherwise: str) -> MultipartParser:
    """What the chunks of a request are written to; it hands its parts on to ``parts``.

    Args:
        request: whose body was not read yet.
        parts: to be told of each part.
        otherwise: the sentence for a request of another content type.

    Raises:
        Problem: 415, for that; 400, for a boundary that cannot be one.
    """
    kind, options = parse_options_header(request.headers.get("content-type"))
    if kind != b"multipart/form-data" or not options.get(b"boundary"):
        raise Problem(415, otherwise)
    try:
        return MultipartParser(options[b"boundary"], parts.callbacks())  # type: ignore[arg-type]
    except FormParserError as error:  # no boundary is that long
        raise Problem(400, _INCOMPLETE) from error


async def chunks_of(request: Request, *, missing: str) -> AsyncIterator[bytes]:
    """The body as it comes in.

    Raises:
        Problem: 400, if the connection is closed before ``missing`` (such as ``all files``) had come in.
    """
    more = True
    while more:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise Problem(400, f"The connection was closed before {missing} had come in.")
        yield message.get("body", b"")
        more = message.get("more_body", False)


@contextmanager
def whole_form(parts: FormParts) -> Iterator[None]:
    """Around all that is written to a parser.

    Raises:
        Problem: 400, if it is no form, or the block ends before the form does.
    """
    try:
        yield
        if not parts.ended:
            raise FormParserError("the body ended before its last boundary")
    except FormParserError as error:
        raise Problem(400, _INCOMPLETE) from error
