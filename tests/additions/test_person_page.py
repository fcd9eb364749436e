"""A page for the person photographed is one folder and one line, as CONTRIBUTING says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from additions.house_copy import PACKAGE, HouseCopy
from service_process import CLEAN, Service

ROUTES = '''"""``/weeks``: how many weeks a course of treatment takes."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from dermagrade.service.web.pages import show

router = APIRouter(include_in_schema=False)


@router.get("/weeks", response_class=HTMLResponse)
async def weeks(request: Request) -> HTMLResponse:
    """The page."""
    return show(request, "weeks/weeks.html", weeks=12)
'''

TEMPLATE = """{% extends "web/base.html" %}
{% block title %}Weeks{% endblock %}
{% block head %}
<link rel="stylesheet" href="/static/weeks/weeks.css">
{% endblock %}
{% block main %}
<h1 class="weeks">A course takes {{ weeks }} weeks</h1>
{% endblock %}
"""

FILES = {
    "__init__.py": '"""``/weeks``: how long a course takes."""\n',
    "routes.py": ROUTES,
    "templates/weeks.html": TEMPLATE,
    "static/weeks.css": ".weeks { color: green; }\n",
}


@pytest.fixture
def house(tmp_path: Path) -> HouseCopy:
    made = HouseCopy(tmp_path)
    made.add_folder("service/person/weeks", FILES)
    made.add_line("service/person/pages.py", '"try_photo"', '    "weeks",')
    return made


def test_one_folder_and_one_line_make_a_page(house: HouseCopy) -> None:
    assert house.changed() == {"service/person/pages.py"}
    assert not (PACKAGE / "service/person/weeks").exists()
    with Service(house.folder) as service:
        page = service.client.get("/weeks")
        assert page.status_code == 200
        assert "A course takes 12 weeks" in page.text
        assert "<title>Weeks - Dermagrade</title>" in page.text
        assert "style-src 'self'" in page.headers["content-security-policy"]
        assert page.headers["cache-control"] == "no-store"
        sheet = service.client.get("/static/weeks/weeks.css")
        assert (sheet.status_code, sheet.text) == (200, FILES["static/weeks.css"])
        assert sheet.headers["cache-control"] == "no-cache"
        assert service.client.get("/static/weeks/routes.py").status_code == 404
        assert "Grade" in service.client.get("/").text, "the page that was there still is"
        assert service.client.post("/weeks").status_code == 405
        assert service.end() == (0, "")


def test_a_page_whose_name_is_taken_is_refused_at_once(tmp_path: Path) -> None:
    made = HouseCopy(tmp_path)
    made.add_folder("service/person/team", FILES)
    made.add_line("service/person/pages.py", '"try_photo"', '    "team",')
    code = "from dermagrade.service.app import create_app\ncreate_app()\n"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=made.folder, env=CLEAN, capture_output=True, text=True, check=False
    )
    assert run.returncode == 1
    assert run.stderr.endswith("ValueError: there are two faces of the name team\n")
