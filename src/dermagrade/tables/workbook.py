"""Reads the first sheet of an Excel workbook as text, the way a table of labels would stand in a CSV."""

from __future__ import annotations

import io
import threading
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from dermagrade.errors import LabelsError, MissingExtraError

#: How a workbook (a ZIP archive) starts, and how the files of Excel before 2007 and encrypted workbooks start.
ZIP_START, OLE_START = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: A workbook that unpacks to more is no table of labels.
MAX_UNPACKED_BYTES = 200_000_000

# What openpyxl raises on damaged or foreign files; it promises no set.
_READER_ERRORS = (
    OSError,
    zipfile.BadZipFile,
    SyntaxError,  # xml's ParseError is one
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    RuntimeError,
    NotImplementedError,
    EOFError,
)

# `warnings.catch_warnings` changes the process's filters, so no two threads may be inside it at once.
_QUIET = threading.Lock()


def is_spreadsheet(name: str, start: bytes) -> bool:
    """Whether a file is meant as a workbook, by its first bytes or its name."""
    return start.startswith((ZIP_START, OLE_START)) or name.lower().endswith((".xlsx", ".xlsm", ".xls"))


def sheet_rows(name: str, data: bytes) -> list[tuple[int, list[str]]]:
    """Rows of the first sheet: their number in the sheet and their cells as text; empty rows are left out.

    Whole numbers are written without a fraction, dates as in ISO 8601, and of a formula the result that Excel stored.

    Args:
        name: of the file, for messages.
        data: the file.

    Raises:
        MissingExtraError: if the reader is not installed.
        LabelsError: if the file is encrypted, of Excel before 2007, damaged, or not a workbook.
    """
    if data.startswith(OLE_START):
        # The stream's name, in the container's own encoding.
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise LabelsError(f"{name} is protected by a password; save it without one, or as CSV.")
        raise LabelsError(f"{name} is of Excel before 2007 (.xls); save it as .xlsx or CSV.")
    try:
        import openpyxl
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            f"Reading {name} needs openpyxl, which is not installed; run: pip install 'dermagrade[train]', or save the "
            "table as CSV."
        ) from error
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > MAX_UNPACKED_BYTES:
            raise LabelsError(f"{name} unpacks to {unpacked / 1e6:.0f} MB, too much for a table; save it as CSV.")
        # The reader warns of parts of a workbook that it leaves out (styles, lists to choose from).
        with _QUIET, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            try:
                return list(_rows(book))
            finally:
                book.close()
    except _READER_ERRORS as error:
        raise LabelsError(f"{name} cannot be read as an Excel workbook; save it anew as .xlsx or CSV.") from error


def _rows(book: Any) -> Iterator[tuple[int, list[str]]]:
    for sheet in book.worksheets[:1]:
        sheet.reset_dimensions()  # what the file says of its size is often wrong
        for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
            cells = [_text(value) for value in values]
            if any(cells):
                yield number, cells


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value).strip()
