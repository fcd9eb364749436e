"""The pages for the person photographed, as one explicit table.

A new page is a folder beside this file and a line in :data:`PAGES`. The folder holds ``routes.py`` with a ``router``,
and if it needs them ``templates/`` and ``static/``.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from dermagrade.service.web.face import WebFace

#: Folders below this one.
PAGES: tuple[str, ...] = (
    "try_photo",  # one photo, graded and forgotten
)


def person_faces() -> tuple[WebFace, ...]:
    """Every page of the table, in its order."""
    here = Path(__file__).parent
    return tuple(WebFace(name, import_module(f"{__package__}.{name}.routes").router, here / name) for name in PAGES)
