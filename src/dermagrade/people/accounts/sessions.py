"""Sessions, kept in the database: the browser's cookie is a secret that says nothing, and ends when its row does."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from dermagrade.people.accounts.policy import AccountPolicy
from dermagrade.people.store.database import Database
from dermagrade.people.store.schema import Member, SignIn, now

#: A session's last request is noted this coarsely, so that not every request writes.
_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class SignedIn:
    """A member whose session stands.

    Attributes:
        id: of the member.
        name: as the team knows them.
        roles: out of ``rater``, ``team`` and ``admin``.
        csrf: the secret that their pages send along with every change.
    """

    id: str
    name: str
    roles: frozenset[str]
    csrf: str

    def may(self, *roles: str) -> bool:
        """Whether they have one of these roles; an admin may all."""
        return "admin" in self.roles or not self.roles.isdisjoint(roles)


def digest_of(secret: str) -> str:
    """What the database keeps of a secret: its SHA-256. The secrets are random, so there is nothing to guess."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def begin_session(session: Session, policy: AccountPolicy, member: Member) -> str:
    """Begins a session, and forgets those of the member that are over; the secret for the cookie."""
    moment = now()
    session.execute(delete(SignIn).where(SignIn.member_id == member.id, SignIn.expires_at <= moment))
    secret = secrets.token_urlsafe(32)
    session.add(
        SignIn(
            digest=digest_of(secret),
            member_id=member.id,
            csrf=secrets.token_urlsafe(32),
            created_at=moment,
            seen_at=moment,
            expires_at=moment + timedelta(hours=policy.session_h),
        )
    )
    return secret


def find_session(db: Database, policy: AccountPolicy, secret: str) -> SignedIn | None:
    """The session of a cookie; None where there is none, it is over, or the member is inactive."""
    digest, moment, idle = digest_of(secret), now(), timedelta(hours=policy.session_idle_h)
    with db.read() as session:
        row = session.execute(
            select(SignIn.seen_at, SignIn.expires_at, SignIn.csrf, Member.id, Member.name, Member.roles)
            .join(Member, Member.id == SignIn.member_id)
            .where(SignIn.digest == digest, Member.active)
        ).first()
    if row is None or moment >= row.expires_at or moment >= row.seen_at + idle:
        return None
    if moment >= row.seen_at + min(_NOTED_EVERY, idle / 10):
        with db.begin() as session:
            session.execute(update(SignIn).where(SignIn.digest == digest).values(seen_at=moment))
    return SignedIn(row.id, row.name, frozenset(row.roles.split()), row.csrf)


def end_session(session: Session, secret: str) -> None:
    """Ends the session of a cookie."""
    session.execute(delete(SignIn).where(SignIn.digest == digest_of(secret)))


def end_all(session: Session, member_id: str) -> None:
    """Ends every session of a member."""
    session.execute(delete(SignIn).where(SignIn.member_id == member_id))
