"""Where the command line writes: lines on stdout and stderr, and files, each whole or not at all.

Everything that cannot be written ends in an :class:`~dermagrade.errors.OutputError` with one sentence.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from dermagrade.errors import OutputError, UsageError
from dermagrade.tables.csv_text import csv_text


def shown(text: str) -> str:
    """``text`` on one line, with whatever could disturb a terminal escaped."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "backslashreplace").decode() for c in text)


def tell(message: str, *, program: str = "dermagrade") -> None:
    """One line on stderr; an error in writing it is ignored."""
    if sys.stderr is None:  # closed by the caller
        return
    with contextlib.suppress(OSError):
        # In one piece: print would write the end of the line apart, and an interrupt may come between.
        sys.stderr.write(f"{program}: {shown(message)}\n")
        sys.stderr.flush()


def print_line(text: str) -> None:
    """One line on stdout, out at once.

    Raises:
        BrokenPipeError: if the reader went away.
        OutputError: if it cannot be written otherwise.
    """
    try:
        print(text, flush=True)
    except BrokenPipeError:
        raise
    except OSError as error:
        abandon_stdout()
        raise OutputError(f"The results cannot be written to standard output: {_reason(error)}.") from error


def flush_stdout() -> None:
    """Flushes stdout, or discards what is left where its reader has gone."""
    if sys.stdout is None:  # closed by the caller
        return
    try:
        sys.stdout.flush()
    except OSError:
        abandon_stdout()


def abandon_stdout() -> None:
    """Discards what is left for stdout, so that the interpreter does not fail on it when it ends."""
    try:
        descriptor = sys.stdout.fileno()
    except (OSError, ValueError):  # not a file, or already closed
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)


def json_line(record: Mapping[str, Any]) -> str:
    """The record as one line of JSON, in ASCII, so that any file name survives any terminal."""
    return json.dumps(record, allow_nan=False)


def make_folder(folder: Path) -> None:
    """Makes ``folder`` and what is above it, if need be.

    Raises:
        OutputError: if it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"The folder {folder} cannot be made: {_reason(error)}.") from error


def write_file(path: Path, content: bytes) -> None:
    """Writes a whole file: under another name first, so that a full disk leaves no partial one.

    Raises:
        OutputError: if it cannot be written.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        try:
            part.write_bytes(content)
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {_reason(error)}.") from error


class CsvFile:
    """A CSV file to which rows are added one by one, each on the disk before the next is made.

    Args:
        path: the file; one that exists is replaced.
        columns: the header.

    Raises:
        OutputError: if it cannot be written.
    """

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        self.path = path
        self.columns = tuple(columns)
        try:
            self._file = open(path, "wb", buffering=0)  # noqa: SIM115 (closed by __exit__)
        except OSError as error:
            raise OutputError(f"{path} cannot be written: {_reason(error)}.") from error
        try:
            self._write(self.columns)
        except OutputError:
            self._file.close()
            raise

    def add(self, row: Mapping[str, object]) -> None:
        """Writes one row; columns that it lacks, and None, stay empty.

        Raises:
            OutputError: if it cannot be written; the rows before it stay.
        """
        self._write([row.get(column) for column in self.columns])

    def _write(self, values: Sequence[object]) -> None:
        data = memoryview(csv_text([values]).encode("utf-8", "backslashreplace"))
        try:
            while data:
                data = data[self._file.write(data) :]
        except OSError as error:
            raise OutputError(f"{self.path} cannot be written: {_reason(error)}.") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()


class OutputNames:
    """Gives every photo a name of its own in an output folder.

    A photo ``a/x.jpg`` gets ``x``; a second ``b/x.png`` gets ``x-2``. Case does not tell names apart, since some disks
    do not either. No file that was given as an input is ever overwritten.

    Args:
        folder: where the files go.
        inputs: the photos that were given.
    """

    def __init__(self, folder: Path, inputs: Iterable[Path]) -> None:
        self._folder = folder
        self._inputs = {os.path.realpath(path) for path in inputs}
        self._used: set[str] = set()

    def claim(self, photo: Path, endings: Sequence[str]) -> str:
        """A name that no other photo has and with which none of ``endings`` makes the path of an input."""
        base = photo.stem or "photo"
        number = 1
        while True:
            name = base if number == 1 else f"{base}-{number}"
            files = [os.path.realpath(self._folder / f"{name}{ending}") for ending in endings]
            if not self._used.intersection(f.casefold() for f in files) and not self._inputs.intersection(files):
                self._used.update(f.casefold() for f in files)
                return name
            number += 1


def refuse_overwriting(path: Path, inputs: Iterable[Path]) -> None:
    """Refuses an output file that is one of the inputs.

    Raises:
        UsageError: if it is.
    """
    if os.path.realpath(path) in {os.path.realpath(p) for p in inputs}:
        raise UsageError(f"{path} is one of the photos; name another file to write to.")


def _reason(error: OSError) -> str:
    return error.strerror or str(error)
