"""A face of the service: its routes, and the folder that holds its templates and its static files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter


@dataclass(frozen=True)
class WebFace:
    """One face, or one page of one.

    Attributes:
        name: begins the names of its templates and files: ``team/list.html`` and ``/static/team/team.css``.
        router: its routes; None for what all faces share.
        folder: holds its code, ``templates/`` and ``static/``; either may be missing.
    """

    name: str
    router: APIRouter | None
    folder: Path

    @property
    def templates(self) -> Path:
        """The folder of its templates."""
        return self.folder / "templates"

    @property
    def static(self) -> Path:
        """The folder of the files that its pages fetch."""
        return self.folder / "static"
