"""Where somebody goes once they are signed in: back to where they came from, and never off this service."""

from __future__ import annotations

import re
from collections.abc import Collection

#: A path of this service. A second slash or a backslash at its begin would make a browser take it for another host.
_LOCAL = re.compile(r"/(?![/\\])[!-~]*")


def local_path(given: str) -> str:
    """A path of this service as it stands; empty for anything else."""
    return given if len(given) <= 2_000 and _LOCAL.fullmatch(given) and "\\" not in given else ""


def home_of(roles: Collection[str]) -> str:
    """Where people with these roles work."""
    if "team" in roles or "admin" in roles:
        return "/team"
    return "/desk"
