"""A site with an admin, a member of the team and three raters."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from signed import People, make_people
from signin_site import Site, site_in


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("_DERMAGRADE_FIRST_ADMIN", raising=False)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with site_in(tmp_path) as made:
        yield made


@pytest.fixture
def people(site: Site) -> People:
    return make_people(site.db)
