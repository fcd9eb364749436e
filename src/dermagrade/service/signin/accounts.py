"""People and their local accounts: each verb is one transaction, and leaves a row in the audit log."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from dermagrade.errors import UsageError
from dermagrade.people.store.audit import record
from dermagrade.people.store.database import Database
from dermagrade.people.store.schema import Person
from dermagrade.service.settings import Role, Settings
from dermagrade.service.signin.passwords import check_new, hash_password, is_outdated, is_right
from dermagrade.service.signin.sessions import begin_session, end_all

ROLES: tuple[str, ...] = get_args(Role)
_MAX_NAME = 200


@dataclass(frozen=True)
class Listed:
    """A person as admins see them."""

    id: str
    name: str
    email: str | None
    roles: frozenset[str]
    at_provider: bool
    active: bool
    created_at: datetime


def clean_name(name: str) -> str:
    """A name on one line, without what does not print.

    Raises:
        UsageError: if nothing is left, or too much.
    """
    kept = " ".join("".join(c for c in unicodedata.normalize("NFC", name) if c.isprintable()).split())
    if not kept or len(kept) > _MAX_NAME:
        raise UsageError(f"A name has 1 to {_MAX_NAME} characters.")
    return kept


def clean_email(email: str) -> str:
    """An e-mail address in lower case.

    Raises:
        UsageError: if it is none.
    """
    low = unicodedata.normalize("NFKC", email).strip().lower()
    if len(low) > 320 or not low.isprintable() or not re.fullmatch(r"[^@\s<>\"',;]+@[^@\s<>\"',;]+", low):
        raise UsageError("Type an e-mail address, such as anna@clinic.example.")
    return low


def clean_roles(roles: Iterable[str]) -> str:
    """Roles as the database keeps them.

    Raises:
        UsageError: if there is none, or one that is no role.
    """
    asked = set(roles)
    if not asked or not asked <= set(ROLES):
        raise UsageError(f"Choose one or more of the roles {', '.join(ROLES)}.")
    return " ".join(role for role in ROLES if role in asked)


def find_email(session: Session, email: str) -> Person | None:
    """The person with an e-mail address."""
    return session.scalars(select(Person).where(Person.email == email)).first()


def has_admin(session: Session) -> bool:
    """Whether there is an admin who is active."""
    roles = session.scalars(select(Person.roles).where(Person.active))
    return any("admin" in words.split() for words in roles)


def make_first_admin(db: Database, settings: Settings, *, name: str, email: str, password: str) -> str:
    """Makes the first admin and signs them in; the session's secret.

    Raises:
        UsageError: if there is an admin already, or something is wrong with what they typed.
    """
    name, email = clean_name(name), clean_email(email)
    check_new(password, name, email)
    kept = hash_password(password)
    with db.begin() as session:
        lock_persons(session)
        if has_admin(session):
            raise UsageError("There is an admin already, so this link is dead.")
        if find_email(session, email) is not None:
            raise UsageError("Somebody has this e-mail address already; take another.")
        person = Person(name=name, email=email, roles=clean_roles(ROLES), password=kept)
        session.add(person)
        session.flush()
        record(session, who=person.id, what="person.first_admin")
        return begin_session(session, settings, person)


def sign_in(db: Database, settings: Settings, *, email: str, password: str) -> str | None:
    """Signs somebody in with their password; the session's secret, or None where e-mail or password is wrong."""
    with db.read() as session:
        found = session.execute(
            select(Person.id, Person.password).where(Person.email == email.strip().lower(), Person.active)
        ).first()
    known, kept = (found.id, found.password) if found else (None, None)
    if not is_right(kept, password) or kept is None:  # outside a transaction: it takes a while
        with db.begin() as session:
            # What was typed is not kept: it may be a password in the wrong field.
            record(session, who=known, what="sign_in.failed")
        return None
    renewed = hash_password(password) if is_outdated(kept) else kept
    with db.begin() as session:
        person = session.get(Person, known)
        if person is None or not person.active or person.password != kept:
            return None
        person.password = renewed
        record(session, who=person.id, what="sign_in")
        return begin_session(session, settings, person)


def change_password(db: Database, settings: Settings, *, person_id: str, old: str, new: str) -> str:
    """Changes a password and ends all sessions; the secret of a new one.

    Raises:
        UsageError: if the old one is wrong, the new one could be guessed, or they have none here.
    """
    with db.read() as session:
        person = session.get_one(Person, person_id)
        name, email, kept = person.name, person.email or "", person.password
    if kept is None:
        raise UsageError("You sign in at your organisation, so there is no password to change here.")
    if not is_right(kept, old):
        raise UsageError("The present password is wrong.")
    check_new(new, name, email)
    renewed = hash_password(new)
    with db.begin() as session:
        person = session.get_one(Person, person_id)
        if person.password != kept:
            raise UsageError("The password was changed a moment ago; sign in again.")
        person.password = renewed
        end_all(session, person_id)
        record(session, who=person_id, what="password.changed")
        return begin_session(session, settings, person)


def local_email(db: Database, person_id: str) -> str | None:
    """The address with which a person signs in here; None for somebody who does so at the provider."""
    with db.read() as session:
        person = session.get_one(Person, person_id)
        return person.email if person.password is not None else None


def list_people(db: Database) -> tuple[Listed, ...]:
    """Everybody, by name."""
    with db.read() as session:
        people = session.scalars(select(Person)).all()
        found = [
            Listed(p.id, p.name, p.email, frozenset(p.roles.split()), p.issuer is not None, p.active, p.created_at)
            for p in people
        ]
    return tuple(sorted(found, key=lambda person: (person.name.casefold(), person.id)))


def set_roles(db: Database, *, by: str, person_id: str, roles: Iterable[str]) -> None:
    """Gives a local person these roles and no others.

    Raises:
        UsageError: for roles that there are not, for one's own, and for people of the provider.
    """
    words = clean_roles(roles)
    with db.begin() as session:
        person = _other(session, by, person_id)
        if person.issuer is not None:
            raise UsageError(f"The roles of {person.name} come from the provider and from invitations.")
        if person.roles != words:
            record(session, who=by, what="person.roles", person=person.id, before=person.roles, after=words)
            person.roles = words


def set_active(db: Database, *, by: str, person_id: str, active: bool) -> None:
    """Lets a person sign in or not; those who may not are signed out at once.

    Raises:
        UsageError: for oneself.
    """
    with db.begin() as session:
        person = _other(session, by, person_id)
        if person.active != active:
            person.active = active
            record(session, who=by, what="person.activated" if active else "person.deactivated", person=person.id)
        if not active:
            end_all(session, person.id)


def _other(session: Session, by: str, person_id: str) -> Person:
    if by == person_id:
        raise UsageError("Nobody changes their own roles or shuts themselves out; ask another admin.")
    person = session.get(Person, person_id)
    if person is None:
        raise UsageError("There is no such person; load the page again.")
    return person


def lock_persons(session: Session) -> None:
    """Lets no other transaction add a person before this one ends; SQLite has one writer in any case."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE persons IN SHARE ROW EXCLUSIVE MODE"))
