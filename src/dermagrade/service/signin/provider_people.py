"""People whom a provider vouches for: found or made, and given the roles that follow from what it says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from dermagrade.errors import UsageError
from dermagrade.people.store.audit import record
from dermagrade.people.store.database import Database
from dermagrade.people.store.schema import Person
from dermagrade.service.settings import Settings
from dermagrade.service.signin.accounts import clean_name, clean_roles, find_email, lock_persons
from dermagrade.service.signin.claims import name_of, roles_of, verified_email
from dermagrade.service.signin.invitations import invited_roles, take
from dermagrade.service.signin.sessions import begin_session
from dermagrade.service.web.problem import Problem

_NO_ROLE = "You are signed in at {name}, but nothing there says that you may work here; ask the team of your study."
_INACTIVE = "Your account here is shut; ask an admin of this service."
_TAKEN = "There is an account with a password for your e-mail address; sign in with that password."


def enter(db: Database, settings: Settings, claims: Mapping[str, Any], *, invitation: str = "") -> str:
    """Signs in whom the claims are about; the session's secret.

    Their roles are those that follow from the claims now, and those of invitations that they accepted: a role that the
    provider takes away is gone at the next sign-in.

    Args:
        db: the database.
        settings: say what follows from the claims.
        claims: of a token that was found good.
        invitation: secret of an invitation that is accepted by this; may be empty.

    Raises:
        Problem: 403, for somebody who may not in.
        UsageError: if the invitation is dead.
    """
    from_claims = roles_of(claims, settings)
    with db.begin() as session:
        lock_persons(session)
        person = _find(session, settings, claims)
        refusal = _refusal(session, settings, claims, person, from_claims, invitation)
        if refusal is None:
            if person is None:
                person = _make(session, settings, claims)
            return _let_in(session, settings, claims, person, from_claims, invitation)
        record(session, who=person.id if person else None, what="sign_in.refused")
    raise Problem(403, refusal)


def _find(session: Session, settings: Settings, claims: Mapping[str, Any]) -> Person | None:
    ours = Person.issuer == settings.oidc_issuer, Person.subject == claims["sub"]
    person = session.scalars(select(Person).where(*ours)).first()
    if person is not None or settings.local_accounts:
        return person
    # Where passwords are turned off, whoever had one goes on under the address that the provider has verified.
    email = verified_email(claims)
    person = find_email(session, email) if email else None
    return person if person is not None and person.issuer is None else None


def _refusal(
    session: Session,
    settings: Settings,
    claims: Mapping[str, Any],
    person: Person | None,
    from_claims: frozenset[str],
    invitation: str,
) -> str | None:
    """Why somebody may not in, or None."""
    if person is not None and not person.active:
        return _INACTIVE
    if not (from_claims or invitation or (person is not None and invited_roles(session, person.id))):
        return _NO_ROLE.format(name=settings.oidc_name)
    email = verified_email(claims)
    namesake = find_email(session, email) if person is None and email else None
    if namesake is not None and namesake.password is not None:
        return _TAKEN
    return None


def _make(session: Session, settings: Settings, claims: Mapping[str, Any]) -> Person:
    person = Person(name=name_of(claims), roles="", issuer=settings.oidc_issuer, subject=claims["sub"])
    session.add(person)
    session.flush()
    record(session, who=person.id, what="person.from_provider")
    return person


def _let_in(
    session: Session,
    settings: Settings,
    claims: Mapping[str, Any],
    person: Person,
    from_claims: frozenset[str],
    invitation: str,
) -> str:
    try:
        person.name = clean_name(name_of(claims))
    except UsageError:
        person.name = "unnamed"
    email = verified_email(claims)
    if email is not None and find_email(session, email) in {None, person}:
        person.email = email
    if person.issuer is None:
        person.issuer, person.subject, person.password = settings.oidc_issuer, claims["sub"], None
        record(session, who=person.id, what="person.to_provider")
    before = person.roles
    roles = from_claims | invited_roles(session, person.id)
    person.roles = clean_roles(roles) if roles else ""
    if invitation:
        take(session, person, invitation)
    if person.roles != before:
        record(session, who=None, what="person.roles", person=person.id, before=before, after=person.roles)
    record(session, who=person.id, what="sign_in", at="provider")
    return begin_session(session, settings, person)
