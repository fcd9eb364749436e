"""How often a secret may be tried: counted in memory, by sender and by account, within a bound."""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable

from fastapi import Request

from dermagrade.service.settings import Settings
from dermagrade.service.web.problem import Problem

#: Tries in five minutes. The first is for one sender, behind whom a whole clinic may sit; a right try costs none.
BY_SENDER = 60
BY_ACCOUNT = 10
WINDOW_S = 300.0
_MOST_NAMES = 20_000


class Limit:
    """So many tries in a while for each name.

    Args:
        most: tries in ``window_s``.
        window_s: seconds.
        most_names: names that are remembered; beyond that those that were seen longest ago are forgotten.
        clock: seconds that only rise.
    """

    def __init__(
        self,
        most: int,
        window_s: float = WINDOW_S,
        *,
        most_names: int = _MOST_NAMES,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most, self._window_s, self._most_names, self._clock = most, window_s, most_names, clock
        self._tries: OrderedDict[str, list[float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._tries)

    def take(self, name: str) -> float:
        """Counts a try; 0 where it may be made, else the seconds to wait."""
        moment = self._clock()
        recent = [at for at in self._tries.pop(name, []) if moment - at < self._window_s]
        self._tries[name] = recent
        while len(self._tries) > self._most_names:
            self._tries.popitem(last=False)
        if len(recent) >= self._most:
            return recent[0] + self._window_s - moment
        recent.append(moment)
        return 0.0

    def give_back(self, name: str) -> None:
        """Takes the last try off again: it was right."""
        if self._tries.get(name):
            self._tries[name].pop()


class Limits:
    """The limits of a service."""

    def __init__(self) -> None:
        self._by_sender = Limit(BY_SENDER)
        self._by_account = Limit(BY_ACCOUNT)

    def take(self, request: Request, account: str | None = None) -> None:
        """Counts a try before it is made, so that many at once do not slip through.

        Args:
            request: of whoever tries.
            account: whose secret is tried.

        Raises:
            Problem: 429, where there were too many.
        """
        wait_s = self._by_sender.take(sender_of(request))
        if not wait_s and account is not None:
            wait_s = self._by_account.take(account)
        if wait_s:
            sentence = f"There were too many tries; wait {max(1, round(wait_s / 60))} minutes and try again."
            raise Problem(429, sentence.replace("1 minutes", "a minute"), {"retry-after": str(int(wait_s) + 1)})

    def give_back(self, request: Request, account: str | None = None) -> None:
        """Takes the try off again: it was right."""
        self._by_sender.give_back(sender_of(request))
        if account is not None:
            self._by_account.give_back(account)


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
