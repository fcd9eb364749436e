"""Reads many files from one ``multipart/form-data`` request, one after the other: no more than one is in memory."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from dermagrade.service.problem import Problem
from dermagrade.service.upload import harmless_name

#: Files in one request; a folder with more is brought in by the command line, or in several uploads.
MAX_FILES = 2000

_MAX_FIELD_BYTES = 4096


@dataclass(frozen=True)
class Arrived:
    """One file of a form; ``data`` is None where it was larger than the limit."""

    field: str
    name: str
    data: bytes | None


async def read_files(request: Request, *, csrf: str, limit: int, wait_s: float) -> AsyncIterator[Arrived]:
    """The files of a form in their order, each as soon as it is whole.

    The secret of the session comes as the header ``x-csrf-token``, or as the field ``csrf`` before the first file.

    Args:
        request: whose body was not read yet.
        csrf: the secret that the form has to bring.
        limit: bytes that one file may have; of a larger one only the name is given.
        wait_s: seconds without a byte after which the sender is given up.

    Raises:
        Problem: 415 for another content type, 400 for a body that is no form, 403 without the secret, 408 for silence,
            413 for too many files.
    """
    kind, options = parse_options_header(request.headers.get("content-type"))
    if kind != b"multipart/form-data" or not options.get(b"boundary"):
        raise Problem(415, "Send the files as multipart/form-data.")
    form = _Form(limit, csrf, _same(request.headers.get("x-csrf-token", ""), csrf))
    try:
        parser = MultipartParser(options[b"boundary"], form.callbacks())  # type: ignore[arg-type]
        more = True
        while more:
            async with asyncio.timeout(wait_s):
                message = await request.receive()
            if message["type"] == "http.disconnect":
                raise Problem(400, "The connection was closed before all files had come in.")
            parser.write(message.get("body", b""))
            more = message.get("more_body", False)
            for arrived in form.take():
                yield arrived
        if not form.ended:
            raise FormParserError("the body ended before its last boundary")
    except FormParserError as error:
        raise Problem(400, "The body is no complete multipart/form-data; send the form again.") from error
    except TimeoutError as error:
        raise Problem(408, f"Nothing came in for {wait_s:g} seconds; send the rest again.") from error


class _Form:
    """Collects the parts of a form while its parser runs."""

    def __init__(self, limit: int, csrf: str, trusted: bool) -> None:
        self.ended = False
        self._limit, self._csrf, self._trusted = limit, csrf, trusted
        self._ready: list[Arrived] = []
        self._files = 0
        self._header = (bytearray(), bytearray())
        self._disposition = b""
        self._name = b""
        self._file_name: str | None = None
        self._body = bytearray()
        self._too_large = False

    def take(self) -> list[Arrived]:
        """The files that became whole since it was asked last."""
        ready, self._ready = self._ready, []
        return ready

    def callbacks(self) -> dict[str, Callable[..., None]]:
        """For the parser, by the names that it knows."""
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._header[0].extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._header[1].extend(data[start:end]),
            "on_header_end": self._header_end,
            "on_headers_finished": self._headers_finished,
            "on_part_data": self._data,
            "on_part_end": self._end,
            "on_end": self._all_ended,
        }

    def _begin(self) -> None:
        self._header, self._disposition = (bytearray(), bytearray()), b""
        self._body, self._too_large = bytearray(), False

    def _header_end(self) -> None:
        if bytes(self._header[0]).lower() == b"content-disposition":
            self._disposition = bytes(self._header[1])
        self._header = (bytearray(), bytearray())

    def _headers_finished(self) -> None:
        _, options = parse_options_header(self._disposition)
        self._name = options.get(b"name", b"")
        self._file_name = options[b"filename"].decode("utf-8", "replace") if b"filename" in options else None
        if self._file_name is None:
            return
        if not self._trusted:
            raise Problem(
                403, "This page is out of date or did not come from here; load it again and repeat what you did."
            )
        self._files += 1
        if self._files > MAX_FILES:
            raise Problem(413, f"Send at most {MAX_FILES} files at once; those before are stored.")

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._file_name is None:
            if len(self._body) + end - start > _MAX_FIELD_BYTES:
                raise Problem(400, "A field of the form is too long.")
        elif self._too_large or len(self._body) + end - start > self._limit:
            self._body, self._too_large = bytearray(), True
            return
        self._body += data[start:end]

    def _end(self) -> None:
        if self._file_name is None:
            if self._name == b"csrf":
                self._trusted = self._trusted or _same(self._body.decode("utf-8", "replace"), self._csrf)
        elif self._body or self._file_name or self._too_large:  # a form without a chosen file sends an empty part
            data = None if self._too_large else bytes(self._body)
            self._ready.append(Arrived(self._name.decode("utf-8", "replace"), harmless_name(self._file_name), data))
        self._body = bytearray()

    def _all_ended(self) -> None:
        self.ended = True


def _same(given: str, kept: str) -> bool:
    return bool(kept) and hmac.compare_digest(given.encode("utf-8", "surrogatepass"), kept.encode())
