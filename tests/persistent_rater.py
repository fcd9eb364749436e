"""A rater's side of the desk without a browser: sends each answer until it is acknowledged, as the page does."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx

#: A rater gives up when the server does not come back for so long.
PATIENCE_S = 600


@dataclass
class PersistentRater:
    """One rater, signed in.

    Attributes:
        address: where the server is just now; it may have moved after a crash.
        client: has the session's cookie and secret.
        study_id: that is graded.
        given: key to item and grade of every acknowledged answer.
        resent: how many acknowledged answers had been sent more than once.
        found_stored: of these, how many the server had stored before it could say so.
        round_trips_s: of every acknowledged answer's last sending.
    """

    address: Callable[[], str]
    client: httpx.Client
    study_id: str
    given: dict[str, tuple[str, float]] = field(default_factory=dict)
    resent: int = 0
    found_stored: int = 0
    round_trips_s: list[float] = field(default_factory=list)

    def items(self) -> list[str]:
        """The next 50 items at most, in order."""
        answer = self._until_it_works("GET", f"/desk/api/{self.study_id}/tasks?count=50")[0]
        return [task["item"] for task in answer.json()["tasks"]]

    def rate(self, item: str, grade: float) -> None:
        """Grades one item; comes back when the server has acknowledged it."""
        moment = datetime.now(UTC).isoformat()
        body = {
            "key": secrets.token_hex(16),
            "item": item,
            "kind": "grade",
            "grade": grade,
            "shown_at": moment,
            "answered_at": moment,
        }
        answer, sent = self._until_it_works("POST", f"/desk/api/{self.study_id}/answers", body)
        said = answer.json()
        assert said["stored"] is True
        self.given[str(body["key"])] = (item, grade)
        self.resent += sent > 1
        self.found_stored += not said["new"]

    def _until_it_works(self, method: str, path: str, body: object = None) -> tuple[httpx.Response, int]:
        """The answer to a request, and how often it was sent: again and again while there is no server or no database.

        Anything else than that and success is a fault.
        """
        until = time.monotonic() + PATIENCE_S
        sent = 0
        while True:
            sent += 1
            started = time.perf_counter()
            try:
                answer = self.client.request(method, self.address() + path, json=body)
            except httpx.TransportError:
                answer = None
            if answer is not None and answer.status_code == 200:
                if method == "POST":
                    self.round_trips_s.append(time.perf_counter() - started)
                return answer, sent
            assert answer is None or answer.status_code == 503, f"{answer.status_code} {answer.text}"
            assert time.monotonic() < until, "the server did not come back"
            time.sleep(0.02)
