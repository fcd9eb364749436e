"""Tries are counted once: for a while, for a bounded number of names, and by all processes of a service."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import httpx
import pytest
from limits import RateLimitItemPerMinute
from limits.strategies import MovingWindowRateLimiter

from dermagrade.service.web.limits import BY_ACCOUNT
from dermagrade.service.web.tries import Tries
from service_process import Service
from signed import database_in, form_secret, make_people

ITEM = RateLimitItemPerMinute(2)


@pytest.fixture(params=["memory", "file"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | None:
    return tmp_path / "tries" if request.param == "file" else None


def test_a_limit_holds_for_a_while_and_forgets_the_oldest_names(place: Path | None) -> None:
    clock = [0.0]
    tries = Tries(place, most_names=3, clock=lambda: clock[0])
    limiter = MovingWindowRateLimiter(tries)
    assert [limiter.hit(ITEM, "a"), limiter.hit(ITEM, "a")] == [True, True]
    clock[0] = 20
    assert not limiter.hit(ITEM, "a")
    assert limiter.get_window_stats(ITEM, "a").reset_time - clock[0] == 40
    assert limiter.hit(ITEM, "b")
    clock[0] = 60
    assert limiter.hit(ITEM, "a")
    tries.give_back(ITEM.key_for("a"))
    assert limiter.get_window_stats(ITEM, "a").remaining == 2
    assert limiter.hit(ITEM, "a")
    for name in "cdefgh":
        limiter.hit(ITEM, name)
    assert len(tries) == 3
    assert [tries.get(ITEM.key_for(name)) for name in "aefgh"] == [0, 0, 1, 1, 1]
    tries.close()


def test_names_are_forgotten_one_by_one_and_all_at_once(place: Path | None) -> None:
    tries = Tries(place)
    limiter = MovingWindowRateLimiter(tries)
    assert tries.check()
    for name in "abc":
        limiter.hit(ITEM, name)
    limiter.clear(ITEM, "a")
    assert [tries.get(ITEM.key_for(name)) for name in "ab"] == [0, 1]
    assert tries.reset() == 2
    assert len(tries) == 0
    tries.close()


def test_two_processes_count_together(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom dermagrade.service.web.tries import Tries\n"
        "tries = Tries(Path(sys.argv[1]))\n"
        "print(sum(tries.acquire_entry('one', 100, 600) for _ in range(75)))\n"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "tries")], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    counted = [int(process.communicate(timeout=120)[0]) for process in running]
    assert sum(counted) == 100, "together they may make as many tries as one"


def test_the_workers_of_a_service_share_one_count(tmp_path: Path) -> None:
    db = database_in(tmp_path)
    make_people(db)
    db.close()
    with Service(tmp_path, "--workers", "2") as service:
        answers: Counter[int] = Counter()
        # Each try on a connection of its own: whichever worker takes it, it counts.
        for _ in range(BY_ACCOUNT + 6):
            with httpx.Client(base_url=service.url, timeout=300) as client:
                secret = form_secret(client.get("/sign-in"))
                fields = {"csrf": secret, "email": "rater1@clinic.example", "password": "wrong"}
                answers[client.post("/sign-in", data=fields).status_code] += 1
        assert answers == {401: BY_ACCOUNT, 429: 6}
        assert service.end() == (0, "")
