"""The faces of the service, as one explicit table: who adds a face adds its folder and its line here.

A page for the person photographed is a folder below ``person/`` and a line in :mod:`dermagrade.service.person.pages`.
"""

from __future__ import annotations

from pathlib import Path

from dermagrade.service.api import routes as api
from dermagrade.service.desk import routes as desk
from dermagrade.service.person.pages import person_faces
from dermagrade.service.signin import routes as signin
from dermagrade.service.team import routes as team
from dermagrade.service.web.face import WebFace

_HERE = Path(__file__).parent

#: What all pages share comes first; routes are asked in this order.
FACES: tuple[WebFace, ...] = (
    WebFace("web", None, _HERE / "web"),
    WebFace("api", api.router, _HERE / "api"),
    *person_faces(),
    WebFace("signin", signin.router, _HERE / "signin"),
    WebFace("desk", desk.router, _HERE / "desk"),
    WebFace("team", team.router, _HERE / "team"),
)
