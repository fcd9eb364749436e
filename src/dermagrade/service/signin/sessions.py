"""Sessions, kept in the database: the cookie is a secret that says nothing, and ends when its row does."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from fastapi.responses import Response
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from dermagrade.people.store.database import Database
from dermagrade.people.store.schema import Person, SignIn, now
from dermagrade.service.settings import Settings

#: A session's last request is noted this coarsely, so that not every request writes.
_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Found:
    """A session that stands."""

    person_id: str
    name: str
    roles: frozenset[str]
    csrf: str


def digest_of(secret: str) -> str:
    """What the database keeps of a secret: its SHA-256. The secrets are random, so there is nothing to guess."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def begin_session(session: Session, settings: Settings, person: Person) -> str:
    """Begins a session, and forgets those of the person that are over; the secret for the cookie."""
    moment = now()
    session.execute(delete(SignIn).where(SignIn.person_id == person.id, SignIn.expires_at <= moment))
    secret = secrets.token_urlsafe(32)
    session.add(
        SignIn(
            digest=digest_of(secret),
            person_id=person.id,
            csrf=secrets.token_urlsafe(32),
            created_at=moment,
            seen_at=moment,
            expires_at=moment + timedelta(hours=settings.session_h),
        )
    )
    return secret


def find_session(db: Database, settings: Settings, secret: str) -> Found | None:
    """The session of a cookie; None where there is none, it is over, or the person is inactive."""
    digest, moment, idle = digest_of(secret), now(), timedelta(hours=settings.session_idle_h)
    with db.read() as session:
        row = session.execute(
            select(SignIn.seen_at, SignIn.expires_at, SignIn.csrf, Person.id, Person.name, Person.roles)
            .join(Person, Person.id == SignIn.person_id)
            .where(SignIn.digest == digest, Person.active)
        ).first()
    if row is None or moment >= row.expires_at or moment >= row.seen_at + idle:
        return None
    if moment >= row.seen_at + min(_NOTED_EVERY, idle / 10):
        with db.begin() as session:
            session.execute(update(SignIn).where(SignIn.digest == digest).values(seen_at=moment))
    return Found(row.id, row.name, frozenset(row.roles.split()), row.csrf)


def end_session(session: Session, secret: str) -> None:
    """Ends the session of a cookie."""
    session.execute(delete(SignIn).where(SignIn.digest == digest_of(secret)))


def end_all(session: Session, person_id: str) -> None:
    """Ends every session of a person."""
    session.execute(delete(SignIn).where(SignIn.person_id == person_id))


def cookie_name(settings: Settings) -> str:
    """Of the session's cookie; the prefix lets a browser take it from this very host alone, and only over TLS."""
    return "__Host-dermagrade" if settings.address.startswith("https:") else "dermagrade"


def keep_cookie(response: Response, settings: Settings, secret: str) -> None:
    """Lets the browser keep the session's secret."""
    response.set_cookie(
        cookie_name(settings),
        secret,
        max_age=int(settings.session_h * 3600),
        path="/",
        secure=settings.address.startswith("https:"),
        httponly=True,
        samesite="lax",
    )


def drop_cookie(response: Response, settings: Settings) -> None:
    """Lets the browser forget it."""
    response.delete_cookie(
        cookie_name(settings),
        path="/",
        secure=settings.address.startswith("https:"),
        httponly=True,
        samesite="lax",
    )
