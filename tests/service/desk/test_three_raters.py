"""Three raters grade a study in real browsers: one leaves half-way, one loses the connection, nothing is lost."""

from __future__ import annotations

import csv
import io
import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, select

from browser import CHROMIUM, PATIENCE_MS, browser, expect, sign_in_on, signed_in
from dermagrade.people.store.schema import Item, RatingRow, SignIn
from dermagrade.people.studies.answers import current_ratings
from desk_page import Rating, profile_process, waiting
from desk_study import Made, make_study, open_desk
from signed import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

__all__ = ["browser"]  # a fixture

pytestmark = pytest.mark.long

#: Small, to be quick.
SIZE = {"width": 820, "height": 620}


def context_of(browser: Browser, made: Made, number: int) -> BrowserContext:
    """A window in which a rater has signed in."""
    return signed_in(browser, made.service.url, f"rater{number}@clinic.example", PASSWORD, viewport=SIZE)


def stored(made: Made, study: str, person: str) -> dict[str, float | str]:
    """Item to what counts of a rater's answers: the grade, or the reason why there is none."""
    return {
        row.item_id: row.grade if row.grade is not None else str(row.reason)
        for row in current_ratings(made.db, study)
        if row.member_id == person
    }


def items(made: Made, study: str, person: str) -> set[str]:
    """All items of a rater."""
    with made.db.read() as session:
        return set(session.scalars(select(Item.id).where(Item.study_id == study, Item.member_id == person)))


def test_three_raters_grade_sixty_photos_and_every_answer_is_kept_once(browser: Browser, tmp_path: Path) -> None:
    with open_desk(tmp_path, ordinary=50, golden=8, calibration=2, per_photo=2, repeats=0.1) as made:
        windows = [context_of(browser, made, number) for number in (1, 2, 3)]
        raters = [Rating(window, made.id) for window in windows]
        first, second, third = raters
        turn, going = 0, True
        while going:
            if turn == 7:
                first.cannot("Out of focus")
            graded = [rater.grade((turn * 7 + number) % 5 + 1) for number, rater in enumerate(raters)]
            going = any(graded)
            if turn == 11:
                again = first.undo()
                assert first.grade(5) == again
            if turn == 20:
                second.page.close()
                second.open()
            if turn == 25:
                third.disconnect(5)
                for grade in (5, 4, 3, 2, 1):
                    third.grade(grade)
                third.ready()
                assert waiting(third.page) == 5
                expect(third.status).to_contain_text("5 answers are kept on this device")
                windows[2].set_offline(False)
            turn += 1
        for rater, person in zip(raters, made.people.raters, strict=True):
            rater.settled()
            expect(rater.page.locator("#desk")).to_contain_text("All photos are graded")
            expect(rater.status).to_have_text("")
            assert rater.errors == []
            assert set(rater.chosen) == items(made, made.id, person)
            assert stored(made, made.id, person) == rater.chosen
        ratings = current_ratings(made.db, made.id)
        assert {row.item_id: row.rows for row in ratings if row.rows != 1} == {again: 3}
        assert {row.kind for row in ratings} == {"ordinary", "golden", "repeat", "calibration"}
        assert all(row.shown_at < row.answered_at <= row.received_at for row in ratings)
        for window in windows:
            window.close()
        rows = exported(browser, made)
        counted = [row for row in ratings if row.kind != "calibration"]
        assert sorted((row["photo"], row["grade"]) for row in rows) == sorted(
            (row.photo.name, "" if row.grade is None else f"{row.grade:g}") for row in counted
        )
        assert sum(row["golden"] == "1" for row in rows) == 8 * 3
        assert {row["round"] for row in rows} == {"1", "2"}


def exported(browser: Browser, made: Made) -> list[dict[str, str]]:
    """What a member of the team takes away as ratings, in a browser."""
    window = signed_in(browser, made.service.url, "team@clinic.example", PASSWORD, accept_downloads=True)
    page = window.new_page()
    page.goto(f"{made.service.url}/team/studies/{made.id}/export")
    with page.expect_download() as coming:
        page.locator("form:has(input[value='ratings']) button").click()
    text = Path(coming.value.path()).read_text("utf-8")
    window.close()
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    """A server; every test makes a study of its own."""
    with open_desk(tmp_path_factory.mktemp("desk"), ordinary=1, golden=0, raters=2) as running:
        yield running


@pytest.fixture
def study(made: Made, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> str:
    """A study of ten photos for both raters."""
    folder = Path(made.db.engine.url.database or "").parent.parent
    return make_study(made.db, folder, made.people, ordinary=10, golden=0, repeats=0, name=request.node.name)


def test_answers_outlive_a_browser_that_is_killed(browser: Browser, made: Made, study: str, tmp_path: Path) -> None:
    profile, person = tmp_path / "profile", made.people.raters[0]
    rater = Rating(lasting_window(browser, made, profile), study)
    rater.disconnect(3)
    for grade in (4, 2, 5):
        rater.grade(grade)
    rater.ready()
    assert stored(made, study, person) == {}
    os.kill(profile_process(profile), signal.SIGKILL)
    again = Rating(lasting_window(browser, made, profile), study)
    assert again.ready() not in rater.chosen
    again.settled()
    assert stored(made, study, person) == rater.chosen
    again.context.close()


def lasting_window(browser: Browser, made: Made, profile: Path) -> BrowserContext:
    """A browser of its own that keeps its profile, with rater 1 signed in."""
    window = browser.browser_type.launch_persistent_context(
        str(profile), executable_path=str(CHROMIUM), args=["--no-sandbox"], base_url=made.service.url
    )
    window.set_default_timeout(PATIENCE_MS)
    page = window.new_page()
    page.goto("/desk")
    if "/sign-in" in page.url:  # at first, and where the browser died before it kept its cookie
        sign_in_on(page, "rater1@clinic.example", PASSWORD)
    page.close()
    return window


def test_a_session_that_ended_asks_to_sign_in_and_loses_nothing(browser: Browser, made: Made, study: str) -> None:
    window = context_of(browser, made, 1)
    rater = Rating(window, study)
    rater.grade(3)
    rater.disconnect(2)  # so that both photos are there
    window.set_offline(False)
    rater.settled()
    with made.db.begin() as session:
        session.execute(delete(SignIn).where(SignIn.member_id == made.people.raters[0]))
    rater.grade(2)
    rater.grade(5)
    link = rater.page.get_by_role("link", name="Sign in again")
    link.wait_for()
    expect(rater.status).to_contain_text("2 answers are kept on this device")
    link.click()
    sign_in_on(rater.page, "rater1@clinic.example", PASSWORD)
    assert rater.page.url.endswith(f"/desk/{study}")
    assert rater.ready() not in rater.chosen
    rater.settled()
    assert stored(made, study, made.people.raters[0]) == rater.chosen
    window.close()


def test_another_person_on_the_same_browser_sends_nothing_of_the_first(
    browser: Browser, made: Made, study: str
) -> None:
    window = context_of(browser, made, 1)
    first = Rating(window, study)
    first.disconnect(2)
    first.grade(1)
    first.grade(2)
    first.ready()  # what was answered is kept before the next photo comes
    first.page.close()
    window.clear_cookies()  # before the connection is back: a page that is closing may still send what is its own
    window.set_offline(False)
    page = window.new_page()
    sign_in_page(page, "rater2@clinic.example")
    second = Rating(window, study)
    second.grade(4)
    expect(second.count).to_contain_text("2 of")
    one, two = made.people.raters
    assert waiting(second.page) >= 2
    second.page.goto("/desk")
    second.settled(besides=2)
    assert stored(made, study, one) == {}
    assert stored(made, study, two) == second.chosen
    window.clear_cookies()
    sign_in_page(page, "rater1@clinic.example")
    page.goto("/desk")  # the list of studies sends what waits, too
    expect(page.locator('[data-part="status"]')).to_have_text("")
    first.open()
    first.settled()
    assert stored(made, study, one) == first.chosen
    assert stored(made, study, two) == second.chosen
    window.close()


def sign_in_page(page: object, email: str) -> None:
    """Signs somebody in on a page where nobody is."""
    page.goto("/sign-in")  # type: ignore[attr-defined]
    sign_in_on(page, email, PASSWORD)  # type: ignore[arg-type]


def test_a_choice_made_before_a_photo_can_have_been_seen_counts_for_nothing(
    browser: Browser, made: Made, study: str
) -> None:
    window = context_of(browser, made, 1)
    now = datetime.now(UTC)
    window.clock.install(time=now - timedelta(minutes=20))
    rater = Rating(window, study)
    rater.ready()
    window.clock.pause_at(now)  # so that all of this is one moment for the page, however long it takes
    item = rater.grade(3, "3", "3", "3")
    expect(rater.count).to_contain_text("2 of")
    rater.page.keyboard.press("3")
    window.clock.resume()
    assert rater.ready() != item
    rater.settled()
    assert stored(made, study, made.people.raters[0]) == {item: 3.0}
    with made.db.read() as session:
        assert len(session.scalars(select(RatingRow).where(RatingRow.study_id == study)).all()) == 1
    window.close()
