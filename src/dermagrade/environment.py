"""The environment variables that the program reads, and the check that none was misspelt."""

from __future__ import annotations

import os
from collections.abc import Iterable

from dermagrade.errors import UsageError

PREFIX = "DERMAGRADE_"

#: Where the studies are: their folder or database, and how large a photo may be.
STORE = ("DATA_DIR", "DATABASE_URL", "MAX_PIXELS")

#: How the service listens, grades and ends.
SERVICE = (
    *("HOST", "PORT", "WORKERS", "API_KEYS", "API_KEY_FILE", "MAX_UPLOAD_BYTES", "PHOTOS_AT_ONCE", "UPLOADS_AT_ONCE"),
    *("UPLOAD_TIMEOUT_S", "ANSWER_TIMEOUT_S", "DRAIN_TIMEOUT_S", "PUBLIC_URL", "PROXIES"),
)

#: Who may sign in.
ACCOUNTS = (
    *("SESSION_IDLE_H", "SESSION_H", "LOCAL_ACCOUNTS", "OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"),
    *("OIDC_NAME", "OIDC_SCOPES", "OIDC_ROLES_CLAIM", "OIDC_ROLE_MAP", "OIDC_ADMINS", "OIDC_TEAM", "OIDC_RATERS"),
)

#: The networks, and the collections that measurements read.
ELSEWHERE = ("WEIGHTS", "BACKEND", "THREADS", "DATA")

#: Every variable; a setting that is not named here is refused as misspelt, and a test says so first.
VARIABLES = frozenset(PREFIX + name for name in (*STORE, *SERVICE, *ACCOUNTS, *ELSEWHERE))


def check_names(environment: Iterable[str] | None = None) -> None:
    """Refuses a variable with our prefix that nobody reads, which is most likely one that was misspelt.

    Args:
        environment: names of variables; those of the process where None.

    Raises:
        UsageError: for the first of them; names all that there are.
    """
    for name in sorted(os.environ if environment is None else environment):
        if name.startswith(PREFIX) and name not in VARIABLES:
            raise UsageError(f"There is no setting {name}; there are: {', '.join(sorted(VARIABLES))}.")
