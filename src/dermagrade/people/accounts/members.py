"""Members of the staff: who there is, their roles, and who may sign in. Each verb is one transaction, and audited."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from dermagrade.errors import UsageError
from dermagrade.people.accounts.policy import ROLES
from dermagrade.people.accounts.sessions import end_all
from dermagrade.people.store.audit import record
from dermagrade.people.store.database import Database
from dermagrade.people.store.schema import Member

_MAX_NAME = 200


@dataclass(frozen=True)
class ListedMember:
    """A member as admins see them."""

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


def find_email(session: Session, email: str) -> Member | None:
    """The member with an e-mail address."""
    return session.scalars(select(Member).where(Member.email == email)).first()


def has_admin(session: Session) -> bool:
    """Whether there is an admin who is active."""
    roles = session.scalars(select(Member.roles).where(Member.active))
    return any("admin" in words.split() for words in roles)


def list_members(db: Database) -> tuple[ListedMember, ...]:
    """Everybody, by name."""
    with db.read() as session:
        found = [
            ListedMember(
                m.id, m.name, m.email, frozenset(m.roles.split()), m.issuer is not None, m.active, m.created_at
            )
            for m in session.scalars(select(Member)).all()
        ]
    return tuple(sorted(found, key=lambda member: (member.name.casefold(), member.id)))


def active_members(db: Database) -> list[tuple[str, str, str]]:
    """Id, name and roles of everybody who may sign in, by name."""
    with db.read() as session:
        members = session.scalars(select(Member).where(Member.active).order_by(Member.name))
        return [(member.id, member.name, member.roles) for member in members]


def set_roles(db: Database, *, by: str, member_id: str, roles: Iterable[str]) -> None:
    """Gives a member with a local account these roles and no others.

    Raises:
        UsageError: for roles that there are not, for one's own, and for members who come from the provider.
    """
    words = clean_roles(roles)
    with db.begin() as session:
        member = _other(session, by, member_id)
        if member.issuer is not None:
            raise UsageError(f"The roles of {member.name} come from the provider and from invitations.")
        if member.roles != words:
            record(session, who=by, what="person.roles", person=member.id, before=member.roles, after=words)
            member.roles = words


def set_active(db: Database, *, by: str, member_id: str, active: bool) -> None:
    """Lets a member sign in or not; those who may not are signed out at once.

    Raises:
        UsageError: for oneself.
    """
    with db.begin() as session:
        member = _other(session, by, member_id)
        if member.active != active:
            member.active = active
            record(session, who=by, what="person.activated" if active else "person.deactivated", person=member.id)
        if not active:
            end_all(session, member.id)


def lock_members(session: Session) -> None:
    """Lets no other transaction add a member before this one ends; SQLite has one writer in any case."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE persons IN SHARE ROW EXCLUSIVE MODE"))


def _other(session: Session, by: str, member_id: str) -> Member:
    if by == member_id:
        raise UsageError("Nobody changes their own roles or shuts themselves out; ask another admin.")
    member = session.get(Member, member_id)
    if member is None:
        raise UsageError("There is no such person; load the page again.")
    return member
