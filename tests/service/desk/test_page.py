"""The grading page: keys, half steps, marks, pauses and the calibration round, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from browser import browser, expect, signed_in
from dermagrade.people.studies.answers import Current, current_ratings
from desk_page import Rating, settle
from desk_study import HEIGHT, WIDTH, Made, incoming, make_study, open_desk
from signed import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

__all__ = ["browser"]  # a fixture

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    """A server; the tests make studies of their own."""
    with open_desk(tmp_path_factory.mktemp("desk"), ordinary=1, golden=0, raters=1) as running:
        yield running


@pytest.fixture(scope="module")
def window(browser: Browser, made: Made) -> Iterator[BrowserContext]:
    """Rater 1, signed in on a touch screen of a phone's narrowest width."""
    context = signed_in(
        browser,
        made.service.url,
        "rater1@clinic.example",
        PASSWORD,
        viewport={"width": 360, "height": 740},
        has_touch=True,
    )
    yield context
    context.close()


def new_study(made: Made, **options: object) -> str:
    """A study of four photos, unless told otherwise."""
    folder = Path(made.db.engine.url.database or "").parent.parent
    given = {"ordinary": 4, "golden": 0, "repeats": 0, **options}
    return make_study(made.db, folder, made.people, **given)  # type: ignore[arg-type]


def in_order(made: Made, study: str) -> list[Current]:
    """What counts, in the order in which it was answered."""
    return sorted(current_ratings(made.db, study), key=lambda row: row.position)


def place(rater: Rating, x: float, y: float) -> tuple[float, float]:
    """Where a pixel of the photo is on the screen."""
    box = rater.page.locator('[data-part="photo"]').bounding_box()
    assert box is not None
    return box["x"] + x / WIDTH * box["width"], box["y"] + y / HEIGHT * box["height"]


def overflow(rater: Rating) -> int:
    """By how many pixels the page is wider than the screen."""
    wider: int = rater.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return wider


def test_the_picture_of_the_grade_that_one_thinks_of_stands_beside_the_photo(
    made: Made, window: BrowserContext
) -> None:
    shown = {float(grade): incoming(80 + grade) for grade in (0, 3, 6, 9)}
    rater = Rating(window, new_study(made, scale="pigment-9", pictures=shown))
    rater.ready()
    beside = rater.page.locator('[data-part="beside"]')
    expect(beside).to_be_hidden()
    rater.page.keyboard.press("4")
    expect(rater.page.locator('[data-part="levels"] [aria-pressed="true"]').first).to_be_visible()
    assert not beside.is_visible(), "nobody asked for it yet"
    rater.page.keyboard.press("c")
    expect(beside).to_have_text("Picture of 3 Mild")
    width = "() => document.querySelector('[data-part=beside] img').naturalWidth"
    rater.page.wait_for_function(f"{width} > 0")
    assert overflow(rater) <= 0
    rater.page.keyboard.press("9")
    expect(beside).to_have_text("Picture of 9 Severe")
    rater.page.get_by_role("button", name="Picture of grade 6").tap()
    expect(beside).to_have_text("Picture of 6 Moderate")
    rater.page.get_by_role("button", name="Picture of grade 6").tap()
    expect(beside).to_be_hidden()
    expect(rater.page.locator('[data-part="pictures"]')).to_contain_text("Drawn, not photographed.")
    rater.grade(9, "9", "Enter")
    rater.ready()
    assert rater.errors == []


def test_half_steps_are_put_together_and_confirmed(made: Made, window: BrowserContext) -> None:
    study = new_study(made, scale="pigment-9")
    rater = Rating(window, study)
    rater.grade(4.5, "4", ".", "Enter")
    rater.grade(8.5, "3", "9", "ArrowDown", "Enter")
    rater.grade(0, "0", "Enter")
    rater.ready()
    assert overflow(rater) <= 0
    rater.page.keyboard.press("Enter")  # nothing is chosen yet
    rater.page.get_by_role("button", name="6", exact=False).first.tap()
    rater.page.get_by_role("button", name="A half step more").tap()
    expect(rater.page.locator('[data-part="levels"]')).to_contain_text("6.5 Severe")
    rater.page.get_by_role("button", name="Confirm the grade").tap()
    rater.page.wait_for_selector('#desk[data-state="ended"]')
    rater.settled()
    assert [row.grade for row in in_order(made, study)] == [4.5, 8.5, 0.0, 6.5]


def test_a_digit_is_the_grade_on_the_button_also_where_the_scale_begins_at_0(
    made: Made, window: BrowserContext
) -> None:
    study = new_study(made, scale="acne-hayashi")
    rater = Rating(window, study)
    for grade in (2, 0, 3):
        rater.grade(grade)
    rater.ready()
    rater.page.keyboard.press("4")  # no grade of this scale
    rater.page.get_by_role("button", name="moderate").tap()
    rater.page.wait_for_selector('#desk[data-state="ended"]')
    rater.settled()
    assert [row.grade for row in in_order(made, study)] == [2.0, 0.0, 3.0, 1.0]


def test_marks_are_pixels_of_the_photo_whatever_the_zoom(made: Made, window: BrowserContext) -> None:
    study = new_study(made, lesions=True)
    rater = Rating(window, study)
    rater.ready()
    page = rater.page
    assert overflow(rater) <= 0
    page.touchscreen.tap(*place(rater, 40, 50))
    page.touchscreen.tap(*place(rater, 100, 150))
    page.touchscreen.tap(*place(rater, 100, 150))  # taken away again
    page.mouse.move(*place(rater, 80, 100))
    page.mouse.down()
    page.mouse.move(*place(rater, 86, 100), steps=3)
    page.mouse.move(*place(rater, 92, 100), steps=3)
    page.mouse.up()
    for _ in range(5):
        page.keyboard.press("+")
    page.mouse.click(*place(rater, 70, 110))
    expect(page.locator("circle.over")).to_have_count(3)
    rater.grade(3)
    rater.undo()
    expect(page.locator("circle.over")).to_have_count(3)  # they come back with the photo
    rater.grade(4)
    rater.grade(2)
    rater.ready()
    rater.settled()
    first, second = in_order(made, study)
    wanted = [(40, 50, 3), (80, 100, 12), (70, 110, 3)]
    assert first.marks is not None
    assert len(first.marks) == 3
    for mark, (x, y, radius) in zip(first.marks, wanted, strict=True):
        assert mark == pytest.approx({"x": x, "y": y, "radius": radius}, abs=1)
    assert (first.grade, first.rows, second.marks) == (4.0, 3, ())


def test_the_photo_is_shown_in_its_own_pixels_and_never_smoothed_when_enlarged(
    made: Made, window: BrowserContext
) -> None:
    rater = Rating(window, new_study(made))
    rater.ready()
    photo = rater.page.locator('[data-part="photo"]')
    rater.page.keyboard.press("o")
    expect(rater.page.locator('[data-part="zoom"]')).to_have_text("100 %")
    assert photo.evaluate("(image) => image.getBoundingClientRect().width * devicePixelRatio") == pytest.approx(WIDTH)
    rater.page.keyboard.press("+")
    assert photo.evaluate("(image) => getComputedStyle(image).imageRendering") == "pixelated"
    assert photo.evaluate("(image) => image.naturalWidth") == WIDTH
    rater.page.keyboard.press("f")
    frame = rater.page.locator('[data-part="frame"]').bounding_box()
    box = photo.bounding_box()
    assert frame is not None
    assert box is not None
    assert box["width"] <= frame["width"] + 1
    assert box["height"] <= frame["height"] + 1


def test_a_pause_hides_the_photo_and_stops_the_clock(browser: Browser, made: Made, window: BrowserContext) -> None:
    study = new_study(made)
    page = window.new_page()
    page.clock.install()
    page.goto(f"/desk/{study}")
    page.wait_for_function("() => document.getElementById('desk').dataset.state !== 'loading'")
    page.clock.fast_forward(2_000)
    page.wait_for_selector('#desk[data-state="grading"]')
    page.keyboard.press("p")
    page.get_by_role("heading", name="Paused").wait_for()
    expect(page.locator('[data-part="photo"]')).to_be_hidden()
    page.keyboard.press("3")  # nothing is graded behind it
    page.clock.fast_forward("01:00:00")
    page.get_by_role("button", name="Go on").click()
    page.wait_for_selector('#desk[data-state="grading"]')
    page.clock.fast_forward(5_000)
    page.keyboard.press("3")
    expect(page.locator('[data-part="count"]')).to_contain_text("2 of")
    page.clock.fast_forward("00:26:00")
    page.get_by_text("You have graded for 25 minutes").wait_for()
    page.get_by_role("button", name="Take a break").click()
    page.get_by_role("heading", name="Paused").wait_for()
    settle(page)
    page.close()
    [row] = current_ratings(made.db, study)
    assert 5 <= (row.answered_at - row.shown_at).total_seconds() < 600


def test_calibration_shows_the_teams_grade_and_then_the_study_begins(made: Made, window: BrowserContext) -> None:
    study = new_study(made, ordinary=1, calibration=1)
    rater = Rating(window, study)
    page = rater.page
    page.get_by_role("heading", name="First, a calibration round").wait_for()
    page.keyboard.press("Enter")
    page.wait_for_selector('#desk[data-state="grading"]')
    page.keyboard.press("5")
    page.get_by_text("The team's grade: 3 Mild.").wait_for()  # the second photo's, as the study was made
    expect(page.locator('[data-part="cover"]')).to_contain_text("Yours: 5 Severe.")
    expect(page.locator('[data-part="photo"]')).to_be_visible()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="The study begins").wait_for()
    page.keyboard.press("Enter")
    page.wait_for_selector('#desk[data-state="grading"]')
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    page.keyboard.press("2")
    page.get_by_role("heading", name="All photos are graded").wait_for()
    rater.settled()
    assert [row.grade for row in in_order(made, study)] == [5.0, 2.0]


def test_everything_that_can_be_pressed_says_what_it_does(made: Made, window: BrowserContext) -> None:
    rater = Rating(window, new_study(made, scale="pigment-9", lesions=True))
    rater.ready()
    for button in rater.page.get_by_role("button").all():
        label = button.get_attribute("aria-label") or button.inner_text()
        assert any(letter.isalnum() for letter in label), button.evaluate("(it) => it.outerHTML")
    small = rater.page.evaluate(
        "[...document.querySelectorAll('button')].filter((it) => it.offsetParent && it.offsetHeight < 44)"
        ".map((it) => it.outerHTML)"
    )
    assert small == []
