"""Members whom a provider vouches for: found or made, and given the roles that follow from what it says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from dermagrade.errors import DermagradeError, UsageError
from dermagrade.people.accounts.claims import name_of, roles_of, verified_email
from dermagrade.people.accounts.invitations import invited_roles, take
from dermagrade.people.accounts.members import clean_name, clean_roles, find_email, lock_members
from dermagrade.people.accounts.policy import AccountPolicy
from dermagrade.people.accounts.sessions import begin_session
from dermagrade.people.store.audit import record
from dermagrade.people.store.database import Database
from dermagrade.people.store.schema import Member

_NO_ROLE = "You are signed in at {name}, but nothing there says that you may work here; ask the team of your study."
_INACTIVE = "Your account here is shut; ask an admin of this service."
_TAKEN = "There is an account with a password for your e-mail address; sign in with that password."


class NotAdmittedError(DermagradeError):
    """The provider vouches for somebody who may not work here."""


def enter(db: Database, policy: AccountPolicy, claims: Mapping[str, Any], *, invitation: str = "") -> str:
    """Signs in whom the claims are about; the session's secret.

    Their roles are those that follow from the claims now, and those of invitations that they accepted: a role that the
    provider takes away is gone at the next sign-in.

    Args:
        db: the database.
        policy: says what follows from the claims.
        claims: of a token that was found good.
        invitation: secret of an invitation that is accepted by this; may be empty.

    Raises:
        NotAdmittedError: for somebody who may not in.
        UsageError: if the invitation is dead.
    """
    from_claims = roles_of(claims, policy)
    with db.begin() as session:
        lock_members(session)
        member = _find(session, policy, claims)
        refusal = _refusal(session, policy, claims, member, from_claims, invitation)
        if refusal is None:
            if member is None:
                member = _make(session, policy, claims)
            return _let_in(session, policy, claims, member, from_claims, invitation)
        record(session, who=member.id if member else None, what="sign_in.refused")
    raise NotAdmittedError(refusal)


def _find(session: Session, policy: AccountPolicy, claims: Mapping[str, Any]) -> Member | None:
    ours = Member.issuer == policy.issuer, Member.subject == claims["sub"]
    member = session.scalars(select(Member).where(*ours)).first()
    if member is not None or policy.local_accounts:
        return member
    # Where passwords are turned off, whoever had one goes on under the address that the provider has verified.
    email = verified_email(claims)
    member = find_email(session, email) if email else None
    return member if member is not None and member.issuer is None else None


def _refusal(
    session: Session,
    policy: AccountPolicy,
    claims: Mapping[str, Any],
    member: Member | None,
    from_claims: frozenset[str],
    invitation: str,
) -> str | None:
    """Why somebody may not in, or None."""
    if member is not None and not member.active:
        return _INACTIVE
    if not (from_claims or invitation or (member is not None and invited_roles(session, member.id))):
        return _NO_ROLE.format(name=policy.provider_name)
    email = verified_email(claims)
    namesake = find_email(session, email) if member is None and email else None
    if namesake is not None and namesake.password is not None:
        return _TAKEN
    return None


def _make(session: Session, policy: AccountPolicy, claims: Mapping[str, Any]) -> Member:
    member = Member(name=name_of(claims), roles="", issuer=policy.issuer, subject=claims["sub"])
    session.add(member)
    session.flush()
    record(session, who=member.id, what="person.from_provider")
    return member


def _let_in(
    session: Session,
    policy: AccountPolicy,
    claims: Mapping[str, Any],
    member: Member,
    from_claims: frozenset[str],
    invitation: str,
) -> str:
    try:
        member.name = clean_name(name_of(claims))
    except UsageError:
        member.name = "unnamed"
    email = verified_email(claims)
    if email is not None and find_email(session, email) in {None, member}:
        member.email = email
    if member.issuer is None:
        member.issuer, member.subject, member.password = policy.issuer, claims["sub"], None
        record(session, who=member.id, what="person.to_provider")
    before = member.roles
    roles = from_claims | invited_roles(session, member.id)
    member.roles = clean_roles(roles) if roles else ""
    if invitation:
        take(session, member, invitation)
    if member.roles != before:
        record(session, who=None, what="person.roles", person=member.id, before=before, after=member.roles)
    record(session, who=member.id, what="sign_in", at="provider")
    return begin_session(session, policy, member)
