"""Keeps text of a table from being run as a formula by a spreadsheet program, and takes that back when it is read.

One rule serves both ways, so that every text comes back as it was. A text that begins with ``=``, ``+``, ``-``, ``@``,
a tab or a line's end is written with an apostrophe before it. So is one that begins with apostrophes and then one of
these. A plain number such as ``-0.5`` is left as it is. Reading takes one apostrophe away from such a beginning:
``=cmd.jpg`` is written as ``'=cmd.jpg`` and read as ``=cmd.jpg``; a photo that is really called ``'=cmd.jpg`` stands in
the table as ``''=cmd.jpg``.

Source: https://owasp.org/www-community/attacks/CSV_Injection.
"""

from __future__ import annotations

import re

_RUN = re.compile(r"'*[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")


def guarded(text: str) -> str:
    """``text`` as a cell of a CSV."""
    return f"'{text}" if _RUN.match(text) and not _NUMBER.fullmatch(text) else text


def guarded_in_sheet(text: str) -> str:
    """``text`` as a cell of a workbook, whose type says already that it is no formula."""
    return f"'{text}" if _GUARDED.match(text) else text


def unguarded(cell: str) -> str:
    """The text that such a cell stands for."""
    return cell[1:] if _GUARDED.match(cell) else cell
