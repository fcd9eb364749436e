"""Passwords of local accounts: argon2id, and a few rules."""

from __future__ import annotations

import threading
import unicodedata
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from dermagrade.errors import UsageError

SHORTEST = 12
LONGEST = 200

#: RFC 9106's second recommendation: three passes over 64 MiB.
_HASHER = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)
#: At most this many at once, since each takes its memory.
_PLACES = threading.Semaphore(4)


def hash_password(password: str) -> str:
    """The argon2id hash of a password, salt and cost included."""
    with _PLACES:
        return _HASHER.hash(_plain(password))


def is_right(kept: str | None, password: str) -> bool:
    """Whether a password is the one of a hash. Takes as long where there is no hash, so the time tells nothing."""
    if len(password) > LONGEST:
        password = ""
    with _PLACES:
        try:
            return _HASHER.verify(kept or _nobodys(), _plain(password)) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(kept: str) -> bool:
    """Whether a hash was made at another cost than one would be today."""
    return _HASHER.check_needs_rehash(kept)


def check_new(password: str, *about: str) -> None:
    """Refuses a password that could be guessed.

    Args:
        password: that somebody chose.
        about: what is known of them, such as name and e-mail.

    Raises:
        UsageError: one sentence says why.
    """
    plain = _plain(password)
    if len(plain) < SHORTEST:
        raise UsageError(f"A password needs {SHORTEST} characters or more; a few words in a row do well.")
    if len(plain) > LONGEST:
        raise UsageError(f"A password has at most {LONGEST} characters.")
    low = plain.casefold()
    if len(set(low)) < 5 or low in _commonest():
        raise UsageError("This password is among the first that anybody would try; choose another.")
    for word in about:
        for part in (word, word.partition("@")[0]):
            if len(part) >= 5 and part.casefold() in low and len(low) - len(part) < 8:
                raise UsageError("This password is hardly more than your name or e-mail; choose another.")


def _plain(password: str) -> str:
    """One spelling for what looks the same: an umlaut may come as one character or as two."""
    return unicodedata.normalize("NFKC", password)


@cache
def _commonest() -> frozenset[str]:
    text = (Path(__file__).parent / "common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))


@cache
def _nobodys() -> str:
    return _HASHER.hash("nobody's password")
