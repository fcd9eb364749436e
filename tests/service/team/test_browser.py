"""The team's desk in a real browser: photos sent by the page's script, and pages that fit their screen."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image

from browser import browser as browser  # a fixture
from browser import expect, signed_in
from dermagrade.people.studies.record import read_study
from dermagrade.people.studies.roster import add_rater
from dermagrade.people.studies.setup import create_study, open_study
from dermagrade.service.team.study_page import TABS
from drawn_face import picture
from service_process import Service
from signed import PASSWORD, database_in, make_people
from study_scene import Scene

pytestmark = pytest.mark.long


def test_photos_are_sent_a_few_at_a_time_and_every_page_fits_its_screen(browser, tmp_path: Path) -> None:
    db = database_in(tmp_path)
    people = make_people(db)
    study_id = create_study(db, by=people.team, name="A study with a rather long name of 2026", scale="acne-5", seed=1)
    files = []
    for number in range(6):
        files.append(tmp_path / f"a-photo-with-a-rather-long-name-{number}.png")
        Image.fromarray(picture(96, spots=number + 1, seed=number)).save(files[-1])
    (tmp_path / "letter.jpg").write_text("I am a letter.")
    (tmp_path / "persons.csv").write_text(f"photo,subject\n{files[5].name},P5\n")
    with Service(tmp_path) as service:
        context = signed_in(browser, service.url, "team@clinic.example", PASSWORD)
        page = context.new_page()
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
        page.goto(f"/team/studies/{study_id}/photos")
        page.set_input_files('input[name="persons"]', tmp_path / "persons.csv")
        page.set_input_files('input[name="photos"]', [*files[:3], tmp_path / "letter.jpg", *files[3:]])
        page.click("#upload button")
        page.wait_for_selector("text=6 photos are stored")
        problems_told = page.locator("#upload-problems li")
        # The table names one photo of six; they are sent in two requests.
        expect(problems_told).to_have_text(
            [
                re.compile("letter.jpg: this is a text file"),
                re.compile("3 of 3 photos sent are not in persons.csv"),
                re.compile("2 of 3 photos sent are not in persons.csv"),
            ]
        )
        stored = {photo.name: photo.person for photo in read_study(db, study_id).photos.values()}
        assert set(stored) == {path.name for path in files}
        assert stored[files[5].name] == "P5", "the table comes along with every batch"

        for rater in people.raters:
            add_rater(db, by=people.team, study_id=study_id, member_id=rater)
        widths = (390, 820, 1280)
        addresses = ["/team", "/team/new", *(f"/team/studies/{study_id}{tab}" for tab, _ in TABS)]
        assert too_wide(page, addresses, widths) == []
        open_study(db, by=people.team, study_id=study_id)
        scene = Scene(db, None, study_id, people.team, people.raters, {})  # type: ignore[arg-type]
        for grade, rater in zip((1.0, 3.0, 5.0), people.raters, strict=True):
            scene.grade(rater, photos=6, grade=grade)
        assert too_wide(page, addresses, widths) == []
        assert problems == []
        context.close()
    db.close()


def too_wide(page, addresses: list[str], widths: tuple[int, ...]) -> list[str]:
    """The pages that are wider than the screen, and those that were not shown."""
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        for address in addresses:
            answer = page.goto(address)
            if answer.status != 200 or page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append(f"{address} at {width}")
    return found


@pytest.mark.parametrize("scripts", [True, False])
def test_a_link_can_be_copied_and_read_without_scripts(browser, tmp_path: Path, scripts: bool) -> None:
    db = database_in(tmp_path)
    people = make_people(db, raters=0)
    study_id = create_study(db, by=people.team, name="S", scale="acne-5", seed=1)
    db.close()
    with Service(tmp_path) as service:
        context = signed_in(browser, service.url, "team@clinic.example", PASSWORD, java_script_enabled=scripts)
        page = context.new_page()
        page.goto(f"/team/studies/{study_id}/raters")
        page.fill('form[action$="/invite"] input[name="name"]', "Dr Neu")
        page.click('form[action$="/invite"] button')
        assert page.input_value("#link").startswith(service.url)
        if scripts:
            expect(page.locator("[data-copy]")).to_be_visible()
        else:
            page.wait_for_load_state()
            expect(page.locator("[data-copy]")).to_be_hidden()
        context.close()
