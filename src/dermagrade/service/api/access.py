"""Who may use the service: those who bring one of its keys, or everybody where it has none."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable

from fastapi import Request

from dermagrade.service.web.problem import Problem


class Keys:
    """The keys of a service, kept as digests."""

    def __init__(self, keys: Iterable[str]) -> None:
        self._digests = [_digest(key) for key in keys]

    def __bool__(self) -> bool:
        return bool(self._digests)

    def hold(self, key: str) -> bool:
        """True for one of the keys. Every key is compared, and in constant time: the time tells nothing."""
        asked = _digest(key)
        return sum([hmac.compare_digest(asked, digest) for digest in self._digests]) > 0

    def check(self, key: str | None) -> None:
        """Does nothing for one of the keys, or where the service has none.

        Raises:
            Problem: 401, for any other and for none.
        """
        if not self or (key is not None and self.hold(key)):
            return
        said = "An API key is needed" if not key else "The API key is not one of this service's"
        sentence = f"{said}; send it as the header 'Authorization: Bearer KEY'."
        raise Problem(401, sentence, {"www-authenticate": "Bearer"})


async def need_key(request: Request) -> None:
    """What a route depends on that only holders of a key may use.

    Raises:
        Problem: 401, without one.
    """
    keys: Keys = request.app.state.keys
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    keys.check(key.strip() if scheme.lower() == "bearer" else None)


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()
