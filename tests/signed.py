"""People of a study's database, and clients of a real server that have signed in by its real form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import httpx

from dermagrade.people.accounts.passwords import hash_password
from dermagrade.people.store.database import Database, open_database
from dermagrade.people.store.schema import Member

#: Of everybody here.
PASSWORD = "quite plain words for tests"


@dataclass(frozen=True)
class People:
    """Ids by role; the e-mail addresses are ``admin@``, ``team@``, ``rater1@`` ... ``clinic.example``."""

    admin: str
    team: str
    raters: tuple[str, ...]


@cache
def _hash() -> str:
    return hash_password(PASSWORD)


def add_person(db: Database, name: str, roles: str) -> str:
    """Adds somebody with an e-mail made of their name and with :data:`PASSWORD`; their id."""
    email = f"{name.lower().replace(' ', '')}@clinic.example"
    person = Member(name=name, email=email, roles=roles, password=_hash())
    with db.begin() as session:
        session.add(person)
        session.flush()
        return person.id


def make_people(db: Database, raters: int = 3) -> People:
    """An admin, a member of the team and so many raters."""
    return People(
        admin=add_person(db, "Admin", "admin"),
        team=add_person(db, "Team", "team"),
        raters=tuple(add_person(db, f"Rater {number}", "rater") for number in range(1, raters + 1)),
    )


def database_in(folder: Path) -> Database:
    """The database that ``dermagrade serve``, started in ``folder``, finds by default."""
    return open_database(None, folder / "dermagrade-data")


def form_secret(page: httpx.Response) -> str:
    """What the first form of a page sends along to show that it came from here."""
    found = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert found is not None, f"{page.status_code} {page.url} has no form: {page.text[:500]}"
    return found[1]


def sign_in(url: str, email: str, password: str = PASSWORD, **options: object) -> httpx.Client:
    """A client that has signed in by the form; it sends ``x-csrf-token`` with all that it sends."""
    client = httpx.Client(base_url=url, timeout=300, **options)  # type: ignore[arg-type]
    secret = form_secret(client.get("/sign-in"))
    answer = client.post("/sign-in", data={"csrf": secret, "email": email, "password": password})
    assert answer.status_code == 303, f"{email} could not sign in: {answer.status_code} {answer.text[:2000]}"
    client.headers["x-csrf-token"] = form_secret(client.get("/sign-in/account"))
    return client
