"""What a provider says of somebody, and what follows from it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from dermagrade.people.accounts.policy import AccountPolicy


def verified_email(claims: Mapping[str, Any]) -> str | None:
    """The e-mail address in lower case, if the provider says that it is their own; else None.

    Microsoft Entra ID says so by ``xms_edov``, all others by ``email_verified``.
    """
    email = claims.get("email")
    if not isinstance(email, str) or email.count("@") != 1 or len(email) > 320:
        return None
    said = (claims.get("email_verified"), claims.get("xms_edov"))
    return email.strip().lower() if any(str(word).lower() in {"true", "1"} for word in said) else None


def words_at(claims: Mapping[str, Any], path: str) -> frozenset[str] | None:
    """The words of a claim, which is a list or a text with spaces or commas; None where it is not there.

    Args:
        claims: of the token.
        path: name of the claim; with dots, the way into nested ones, unless a claim has just this name.
    """
    found: Any = claims
    for step in [path] if path in claims else path.split("."):
        if not isinstance(found, Mapping) or step not in found:
            return None
        found = found[step]
    if isinstance(found, str):
        return frozenset({found, *re.split(r"[,\s]+", found)} - {""})
    if isinstance(found, list):
        return frozenset(word for word in found if isinstance(word, str))
    return None


def roles_of(claims: Mapping[str, Any], policy: AccountPolicy) -> frozenset[str]:
    """The roles that follow from the claim and from the lists of e-mail addresses; none where none does."""
    roles: set[str] = set()
    if policy.roles_claim:
        words = words_at(claims, policy.roles_claim) or frozenset()
        roles.update(role for word, role in policy.role_map.items() if word in words)
    email = verified_email(claims)
    if email is not None:
        lists = {"admin": policy.admins, "team": policy.team, "rater": policy.raters}
        whole = "@" + email.partition("@")[2]
        roles.update(role for role, emails in lists.items() if email in emails or whole in emails)
    return frozenset(roles)


def name_of(claims: Mapping[str, Any]) -> str:
    """What to call somebody; the subject where the provider tells no name."""
    for key in ("name", "preferred_username", "email", "sub"):
        said = claims.get(key)
        if isinstance(said, str) and said.strip():
            return said[:200]
    return "unnamed"
