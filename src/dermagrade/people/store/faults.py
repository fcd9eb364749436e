"""What a database says when it cannot be used, in one sentence for the one who runs it."""

from __future__ import annotations

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError

#: What SQLite says, and what it means.
_SQLITE = {
    "locked": "is locked by another program; try again, and end the other one if it hangs",
    "full": "cannot grow: the disk is full; make room",
    "readonly": "cannot be written: the file, its folder or the disk is read-only",
    "unable to open": "cannot be opened; check that its folder is there and may be written",
    "not a database": "is damaged or no SQLite database; bring it back from a backup, or move it away",
    "malformed": "is damaged; bring it back from a backup",
    "already exists": "holds tables of another program; give the studies a database of their own",
    "disk i/o": "cannot be read or written: the disk reports an error, or may not be written",
}

#: First letters of PostgreSQL's SQLSTATE, and what they mean; the longest that fits counts.
_POSTGRES = {
    "08": "cannot be reached",
    "28": "refused the user or the password",
    "25006": "is read-only",
    "3D": "is not there; create it first",
    "40": "was busy with another change; try again",
    "42P07": "holds tables of another program; give the studies a database of their own",
    "42501": "does not let this user do what is needed; let the user own the database",
    "53": "has no room left: its disk, memory or connections are used up",
    "55P03": "is locked by another change; try again",
    "57": "is starting, ending or was told to stop; try again",
    "58": "reports an error of its disk",
    "XX": "is damaged",
}


def sentence_of(error: DBAPIError, url: URL) -> str | None:
    """One sentence for an error of the database; None where it is a fault of ours rather than its state.

    Args:
        error: as SQLAlchemy raised it.
        url: of the database; its password is never shown.
    """
    if url.get_backend_name() == "sqlite":
        said = str(error.orig).lower()
        found = next((meaning for word, meaning in _SQLITE.items() if word in said), None)
        return found and f"The studies' database {url.database} {found}."
    state = getattr(error.orig, "sqlstate", None)
    where = f"The studies' database {url.database or ''} at {url.host or 'the local socket'}".replace("  ", " ")
    if state is None:
        # The connection could not be made or broke off, for which there is no code. libpq's own words may be many
        # lines and name the user, so they stay out.
        lost = error.connection_invalidated or type(error.orig).__name__ in {"OperationalError", "ConnectionTimeout"}
        return f"{where} {_connecting(str(error.orig))}." if lost else None
    for length in (5, 2):
        if meaning := _POSTGRES.get(state[:length]):
            return f"{where} {meaning}."
    return None


def _connecting(said: str) -> str:
    """What libpq's words on a connection that failed mean."""
    if "password" in said or "authentication" in said or "role" in said:
        return "refused the user or the password"
    if "does not exist" in said:
        return "is not there; create it first"
    if "starting up" in said or "shutting down" in said or "recovery mode" in said:
        return "is starting or ending; try again"
    return "cannot be reached; check that it runs and that its URL is right"
