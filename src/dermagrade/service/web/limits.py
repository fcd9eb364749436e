"""How often a secret may be tried, by sender and by account; counted once for all processes of the service."""

from __future__ import annotations

import ipaddress
import os
from pathlib import Path

from fastapi import Request
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.strategies import MovingWindowRateLimiter

from dermagrade.service.settings import Settings
from dermagrade.service.web.problem import Problem
from dermagrade.service.web.tries import Tries

#: Minutes in which tries count.
WINDOW_MIN = 5
#: Tries in that time. The first is for one sender, behind whom a whole clinic may sit; a right try costs none.
BY_SENDER = 60
BY_ACCOUNT = 10

#: Where the processes of one service count together. It is no setting: who starts them makes the file.
VARIABLE = "_DERMAGRADE_TRIES"


class Limits:
    """The limits of a service.

    Args:
        tries: where they are counted; where None, in the file that the processes of this service share, or else in the
            memory of this one.
    """

    def __init__(self, tries: Tries | None = None) -> None:
        file = os.environ.get(VARIABLE)
        self._tries = tries or Tries(Path(file) if file else None)
        self._limiter = MovingWindowRateLimiter(self._tries)
        self._by_sender = RateLimitItemPerMinute(BY_SENDER, WINDOW_MIN, namespace="sender")
        self._by_account = RateLimitItemPerMinute(BY_ACCOUNT, WINDOW_MIN, namespace="account")

    def take(self, request: Request, account: str | None = None) -> None:
        """Counts a try before it is made, so that many at once do not slip through.

        Args:
            request: of whoever tries.
            account: whose secret is tried.

        Raises:
            Problem: 429, where there were too many.
        """
        wait_s = self._wait_s(self._by_sender, sender_of(request))
        if not wait_s and account is not None:
            wait_s = self._wait_s(self._by_account, account)
        if wait_s:
            sentence = f"There were too many tries; wait {max(1, round(wait_s / 60))} minutes and try again."
            raise Problem(429, sentence.replace("1 minutes", "a minute"), {"retry-after": str(int(wait_s) + 1)})

    def give_back(self, request: Request, account: str | None = None) -> None:
        """Takes the try off again: it was right."""
        self._tries.give_back(self._by_sender.key_for(sender_of(request)))
        if account is not None:
            self._tries.give_back(self._by_account.key_for(account))

    def close(self) -> None:
        """Gives back what was opened."""
        self._tries.close()

    def _wait_s(self, item: RateLimitItem, name: str) -> float:
        """Counts a try; 0 where it may be made, else the seconds to wait."""
        if self._limiter.hit(item, name):
            return 0.0
        return self._limiter.get_window_stats(item, name).reset_time - self._tries.clock()


def sender_of(request: Request) -> str:
    """Who sends a request: an address, or a network of IPv6, whose every address may be one machine's.

    Proxies are believed as far as the settings say that there are some: each adds at the end of ``X-Forwarded-For``
    whom it was asked by.
    """
    settings: Settings = request.app.state.settings
    direct = request.client.host if request.client else ""
    hops = [hop.strip() for line in request.headers.getlist("x-forwarded-for") for hop in line.split(",")]
    said = hops[-settings.proxies] if 0 < settings.proxies <= len(hops) else direct
    try:
        address = ipaddress.ip_address(said)
    except ValueError:
        return direct
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped
        return str(inner) if inner else str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
