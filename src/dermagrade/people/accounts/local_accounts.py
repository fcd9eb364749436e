"""Accounts with a password that is kept here. Each verb is one transaction, and leaves a row in the audit log."""

from __future__ import annotations

from sqlalchemy import select

from dermagrade.errors import UsageError
from dermagrade.people.accounts.members import (
    clean_email,
    clean_name,
    clean_roles,
    find_email,
    has_admin,
    lock_members,
)
from dermagrade.people.accounts.passwords import check_new, hash_password, is_outdated, is_right
from dermagrade.people.accounts.policy import ROLES, AccountPolicy
from dermagrade.people.accounts.sessions import begin_session, end_all
from dermagrade.people.store.audit import record
from dermagrade.people.store.database import Database
from dermagrade.people.store.schema import Member


def make_first_admin(db: Database, policy: AccountPolicy, *, name: str, email: str, password: str) -> str:
    """Makes the first admin and signs them in; the session's secret.

    Raises:
        UsageError: if there is an admin already, or something is wrong with what they typed.
    """
    name, email = clean_name(name), clean_email(email)
    check_new(password, name, email)
    kept = hash_password(password)
    with db.begin() as session:
        lock_members(session)
        if has_admin(session):
            raise UsageError("There is an admin already, so this link is dead.")
        if find_email(session, email) is not None:
            raise UsageError("Somebody has this e-mail address already; take another.")
        member = Member(name=name, email=email, roles=clean_roles(ROLES), password=kept)
        session.add(member)
        session.flush()
        record(session, who=member.id, what="person.first_admin")
        return begin_session(session, policy, member)


def sign_in(db: Database, policy: AccountPolicy, *, email: str, password: str) -> str | None:
    """Signs somebody in with their password; the session's secret, or None where e-mail or password is wrong."""
    with db.read() as session:
        found = session.execute(
            select(Member.id, Member.password).where(Member.email == email.strip().lower(), Member.active)
        ).first()
    known, kept = (found.id, found.password) if found else (None, None)
    if not is_right(kept, password) or kept is None:  # outside a transaction: it takes a while
        with db.begin() as session:
            # What was typed is not kept: it may be a password in the wrong field.
            record(session, who=known, what="sign_in.failed")
        return None
    renewed = hash_password(password) if is_outdated(kept) else kept
    with db.begin() as session:
        member = session.get(Member, known)
        if member is None or not member.active or member.password != kept:
            return None
        member.password = renewed
        record(session, who=member.id, what="sign_in")
        return begin_session(session, policy, member)


def change_password(db: Database, policy: AccountPolicy, *, member_id: str, old: str, new: str) -> str:
    """Changes a password and ends all sessions; the secret of a new one.

    Raises:
        UsageError: if the old one is wrong, the new one could be guessed, or they have none here.
    """
    with db.read() as session:
        member = session.get_one(Member, member_id)
        name, email, kept = member.name, member.email or "", member.password
    if kept is None:
        raise UsageError("You sign in at your organisation, so there is no password to change here.")
    if not is_right(kept, old):
        raise UsageError("The present password is wrong.")
    check_new(new, name, email)
    renewed = hash_password(new)
    with db.begin() as session:
        member = session.get_one(Member, member_id)
        if member.password != kept:
            raise UsageError("The password was changed a moment ago; sign in again.")
        member.password = renewed
        end_all(session, member_id)
        record(session, who=member_id, what="password.changed")
        return begin_session(session, policy, member)


def local_email(db: Database, member_id: str) -> str | None:
    """The address with which a member signs in here; None for somebody who does so at the provider."""
    with db.read() as session:
        member = session.get_one(Member, member_id)
        return member.email if member.password is not None else None
