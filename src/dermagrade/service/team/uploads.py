"""Reads many files from one ``multipart/form-data`` request, one after the other: no more than one is in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

from fastapi import Request

from dermagrade.service.web.csrf import STALE, same_secret
from dermagrade.service.web.multipart import FormParts, chunks_of, harmless_name, parser_of, whole_form
from dermagrade.service.web.problem import Problem

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
    form = _Form(limit, csrf, same_secret(request.headers.get("x-csrf-token", ""), csrf))
    parser = parser_of(request, form, otherwise="Send the files as multipart/form-data.")
    chunks = chunks_of(request, missing="all files")
    with whole_form(form):
        while (chunk := await _next(chunks, wait_s)) is not None:
            parser.write(chunk)
            for arrived in form.take():
                yield arrived


async def _next(chunks: AsyncIterator[bytes], wait_s: float) -> bytes | None:
    """The next chunk, or None after the last."""
    try:
        async with asyncio.timeout(wait_s):
            return await anext(chunks, None)
    except TimeoutError as error:
        raise Problem(408, f"Nothing came in for {wait_s:g} seconds; send the rest again.") from error


class _Form(FormParts):
    """Collects the files of a form."""

    def __init__(self, limit: int, csrf: str, trusted: bool) -> None:
        super().__init__()
        self._limit, self._csrf, self._trusted = limit, csrf, trusted
        self._ready: list[Arrived] = []
        self._files = 0
        self._name = ""
        self._file_name: str | None = None
        self._body = bytearray()
        self._too_large = False

    def take(self) -> list[Arrived]:
        """The files that became whole since it was asked last."""
        ready, self._ready = self._ready, []
        return ready

    def part_begins(self) -> None:
        """See :class:`~dermagrade.service.web.multipart.FormParts`."""
        self._body, self._too_large = bytearray(), False

    def part_opens(self, name: str, file_name: str | None) -> None:
        """See :class:`~dermagrade.service.web.multipart.FormParts`."""
        self._name, self._file_name = name, file_name
        if file_name is None:
            return
        if not self._trusted:
            raise Problem(403, STALE)
        self._files += 1
        if self._files > MAX_FILES:
            raise Problem(413, f"Send at most {MAX_FILES} files at once; those before are stored.")

    def part_data(self, data: bytes, start: int, end: int) -> None:
        """See :class:`~dermagrade.service.web.multipart.FormParts`."""
        if self._file_name is None:
            if len(self._body) + end - start > _MAX_FIELD_BYTES:
                raise Problem(400, "A field of the form is too long.")
        elif self._too_large or len(self._body) + end - start > self._limit:
            self._body, self._too_large = bytearray(), True
            return
        self._body += data[start:end]

    def part_ends(self) -> None:
        """See :class:`~dermagrade.service.web.multipart.FormParts`."""
        if self._file_name is None:
            if self._name == "csrf":
                self._trusted = self._trusted or same_secret(self._body.decode("utf-8", "replace"), self._csrf)
        elif self._body or self._file_name or self._too_large:  # a form without a chosen file sends an empty part
            data = None if self._too_large else bytes(self._body)
            self._ready.append(Arrived(self._name, harmless_name(self._file_name), data))
        self._body = bytearray()
