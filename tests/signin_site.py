"""The whole application within the test's own process, without its networks, and browsers that visit it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from dermagrade.people.store.audit import verify
from dermagrade.people.store.database import Database
from dermagrade.people.store.schema import AuditRow
from dermagrade.people.store.store import Store
from dermagrade.service.app import create_app
from dermagrade.service.settings import read_settings
from signed import PASSWORD

ADDRESS = "http://127.0.0.1:8000"


class Site:
    """The application with a folder of its own.

    Args:
        folder: for its data.
        settings: that differ from the default.
    """

    def __init__(self, folder: Path, **settings: object) -> None:
        self.folder = folder
        self.settings = read_settings({}, **{"data_dir": folder / "data", "public_url": ADDRESS, **settings})
        self.app = create_app(self.settings)

    @property
    def store(self) -> Store:
        """Its database and photos."""
        found: Store = self.app.state.store
        return found

    @property
    def db(self) -> Database:
        """Its database."""
        return self.store.db

    def browser(self, sender: str = "10.0.0.1") -> Browser:
        """A browser without cookies."""
        return Browser(self.app, base_url=self.settings.address, follow_redirects=False, client=(sender, 50000))

    def signed_in(self, email: str, password: str = PASSWORD) -> Browser:
        """A browser of somebody who has signed in."""
        browser = self.browser()
        answer = browser.sign_in(email, password)
        assert answer.status_code == 303, answer.text
        return browser

    def audited(self, what: str) -> list[AuditRow]:
        """The rows of the audit log with this word; the log has to be whole."""
        assert verify(self.db) is None
        with self.db.read() as session:
            return [row for row in session.query(AuditRow).order_by(AuditRow.number) if row.what == what]


class Browser(TestClient):
    """A client that keeps cookies and fills in the forms of pages."""

    def fill_in(self, page: str, action: str | None = None, **fields: Any) -> Any:
        """Sends the form of a page: its hidden fields, and these."""
        shown = self.get(page)
        assert shown.status_code < 400, shown.text
        form = self.form(shown.text, action or page.partition("?")[0])
        return self.post(action or page.partition("?")[0], data={**form, **fields})

    def form(self, text: str, action: str) -> dict[str, str]:
        """The hidden fields of the first form with this action."""
        found = re.search(rf'<form action="{re.escape(action)}".*?</form>', text, re.DOTALL)
        assert found is not None, f"no form for {action} in {text}"
        pairs = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', found[0])
        return {name: value.replace("&#39;", "'").replace("&amp;", "&") for name, value in pairs}

    def sign_in(self, email: str, password: str = PASSWORD, back: str = "") -> Any:
        """Sends the form of the sign-in."""
        return self.fill_in(f"/sign-in?next={back}" if back else "/sign-in", email=email, password=password)

    @property
    def csrf(self) -> str:
        """The secret of this browser's session."""
        return self.form(self.get("/sign-in/account").text, "/sign-out")["csrf"]

    def is_in(self) -> bool:
        """Whether somebody is signed in here."""
        return bool(self.get("/sign-in/account").status_code == 200)


@contextmanager
def site_in(folder: Path, **settings: object) -> Iterator[Site]:
    """A site, and an end to its database when the block ends."""
    site = Site(folder, **settings)
    try:
        yield site
    finally:
        site.store.close()
        site.app.state.grader.close()
        site.app.state.limits.close()


def problem_of(answer: Any) -> str:
    """The sentence that a page or an answer shows as its problem."""
    if answer.headers["content-type"] == "application/problem+json":
        return str(answer.json()["detail"])
    found = re.search(r'class="problem" role="alert"><p>(.*?)</p>', answer.text)
    assert found is not None, answer.text
    return found[1].replace("&#39;", "'")
