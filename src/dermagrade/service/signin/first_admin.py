"""The one-time link that makes the first admin: its token is made in memory; nothing is written until it is used."""

from __future__ import annotations

import hmac
import os
import secrets

from dermagrade.people.accounts.members import has_admin
from dermagrade.people.accounts.sessions import digest_of
from dermagrade.people.store.store import Store
from dermagrade.service.settings import Settings

#: The digest of the token, for the processes of one service. It is no setting: who starts the service makes it.
VARIABLE = "_DERMAGRADE_FIRST_ADMIN"


def is_wanted(settings: Settings, store: Store) -> bool:
    """Whether the service needs the link: members may sign in with passwords, and there is no admin."""
    if not (settings.can_sign_in and settings.local_accounts):
        return False
    if not store.there:
        return True
    with store.db.read() as session:
        return not has_admin(session)


def make_link(settings: Settings) -> str:
    """The link; from now on this process and those that it starts know its digest."""
    token = secrets.token_urlsafe(32)
    os.environ[VARIABLE] = digest_of(token)
    return f"{settings.address}/sign-in/first?token={token}"


def is_token(token: str) -> bool:
    """Whether a token is the one of the link that was printed."""
    kept = os.environ.get(VARIABLE, "")
    return bool(kept) and hmac.compare_digest(digest_of(token), kept)
