"""What accounts follow: the roles that there are, how long a session lasts, and which roles a provider's word gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, get_args

#: What a member may be allowed to do.
Role = Literal["rater", "team", "admin"]

ROLES: tuple[str, ...] = get_args(Role)

#: Words of the provider's claim that give a role unless told otherwise. The bare words would not do: ``admin`` is an
#: ordinary role of many a provider's realm.
DEFAULT_ROLE_MAP: Mapping[str, Role] = MappingProxyType(
    {"dermagrade-rater": "rater", "dermagrade-team": "team", "dermagrade-admin": "admin"}
)


@dataclass(frozen=True)
class AccountPolicy:
    """The rules of one installation.

    Attributes:
        session_idle_h: hours without a request after which a session ends.
        session_h: hours after which it ends in any case.
        local_accounts: whether members may sign in with a password that is kept here.
        issuer: address of the OpenID provider, as its tokens name it; None where there is none.
        provider_name: what members call the provider.
        roles_claim: where the token says what a member may do, such as ``roles`` or ``realm_access.roles``.
        role_map: word of that claim to role.
        admins: verified e-mail addresses of admins at the provider, in lower case; ``@clinic.example`` stands for all
            there.
        team: likewise, of the team.
        raters: likewise, of raters.
    """

    session_idle_h: float = 12
    session_h: float = 168
    local_accounts: bool = True
    issuer: str | None = None
    provider_name: str = "your organisation"
    roles_claim: str | None = None
    role_map: Mapping[str, Role] = field(default_factory=lambda: DEFAULT_ROLE_MAP)
    admins: tuple[str, ...] = ()
    team: tuple[str, ...] = ()
    raters: tuple[str, ...] = ()
