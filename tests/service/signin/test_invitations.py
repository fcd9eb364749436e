"""Invitations: a link lets one person in, once."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from hashlib import sha256

import pytest
from PIL import Image
from sqlalchemy import select, update

from dermagrade.errors import UsageError
from dermagrade.people.accounts.invitations import accept_with_password, make_invitation
from dermagrade.people.accounts.members import set_active
from dermagrade.people.store.schema import Invitation, Member, StudyRater, now
from dermagrade.people.studies.incoming import Incoming
from dermagrade.people.studies.rater_desk import desks_of
from dermagrade.people.studies.setup import add_photo, close_study, create_study, open_study
from dermagrade.service.signin.links import invitation_link
from signed import PASSWORD, People
from signin_site import ADDRESS, Browser, Site, problem_of

NEW = {"name": "Vera", "email": "vera@clinic.example", "password": PASSWORD, "again": PASSWORD}


def a_study(site: Site, people: People) -> str:
    """A draft with one photo."""
    study = create_study(site.db, by=people.team, name="Spring", scale="acne-5", seed=1)
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, "png")
    data = file.getvalue()
    incoming = Incoming(name="a.png", person=None, data=data, width=8, height=8, digest=sha256(data).hexdigest())
    add_photo(site.db, site.store.photos, by=people.team, study_id=study, incoming=incoming)
    return study


def the_person(site: Site, email: str) -> Member:
    with site.db.read() as session:
        return session.scalars(select(Member).where(Member.email == email)).one()


def open_link(site: Site, secret: str, browser: Browser | None = None, **fields: str) -> object:
    browser = browser or site.browser()
    return browser.fill_in(f"/sign-in/invitation?token={secret}", **{**NEW, **fields})


def test_a_link_makes_an_account_and_a_rater_of_the_study(site: Site, people: People) -> None:
    study = a_study(site, people)
    secret = make_invitation(site.db, by=people.team, name="Vera", study_id=study)
    assert invitation_link(site.settings, secret) == f"{ADDRESS}/sign-in/invitation?token={secret}"
    browser = site.browser()
    page = browser.get(f"/sign-in/invitation?token={secret}").text
    assert "<b>Spring</b>" in page
    answer = open_link(site, secret, browser)
    assert answer.headers["location"] == "/desk"  # type: ignore[attr-defined]
    assert browser.is_in()
    person = the_person(site, "vera@clinic.example")
    assert person.roles == "rater"
    with site.db.read() as session:
        assert session.get_one(StudyRater, (study, person.id)).code == "R01"
    assert site.browser().sign_in("vera@clinic.example").status_code == 303
    assert [row.study_id for row in site.audited("invitation.accepted")] == [study]


def test_somebody_who_joins_an_open_study_finds_photos_on_their_desk(site: Site, people: People) -> None:
    study = a_study(site, people)
    open_link(site, make_invitation(site.db, by=people.team, name="Vera", study_id=study))
    open_study(site.db, by=people.team, study_id=study)
    open_link(site, make_invitation(site.db, by=people.team, name="Otto", study_id=study), email="otto@clinic.example")
    assert [desk.total for desk in desks_of(site.db, the_person(site, "otto@clinic.example").id)] == [1]


def test_a_link_that_was_used_has_ended_or_never_was_is_answered_alike(site: Site, people: People) -> None:
    used, ended, withdrawn = (make_invitation(site.db, by=people.team, name="Vera") for _ in range(3))
    open_link(site, used)
    with site.db.begin() as session:
        rows = session.scalars(select(Invitation).where(Invitation.digest == sha256(ended.encode()).hexdigest()))
        rows.one().expires_at = now() - timedelta(seconds=1)
    said = set()
    for secret in (used, ended, "from-another-service", "", 3000 * "a", "\x00"):
        answer = site.browser().get("/sign-in/invitation", params={"token": secret})
        assert answer.status_code == 404
        said.add(problem_of(answer))
    set_active(site.db, by=people.admin, member_id=people.team, active=False)
    said.add(problem_of(site.browser().get("/sign-in/invitation", params={"token": withdrawn})))
    assert len(said) == 1
    assert "\n" not in said.pop()


def test_two_at_once_do_not_both_use_a_link(site: Site, people: People) -> None:
    secret = make_invitation(site.db, by=people.team, name="Vera")

    def use(number: int) -> bool:
        try:
            accept_with_password(
                site.db,
                site.settings.account_policy,
                secret=secret,
                name=f"Vera {number}",
                email=f"vera{number}@clinic.example",
                password=PASSWORD,
            )
        except UsageError:
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(use, range(4))) == [False, False, False, True]


def test_an_invitation_to_a_study_that_was_closed_leaves_nothing_behind(site: Site, people: People) -> None:
    study = a_study(site, people)
    first, late = (make_invitation(site.db, by=people.team, name="Vera", study_id=study) for _ in range(2))
    open_link(site, first)
    open_study(site.db, by=people.team, study_id=study)
    close_study(site.db, by=people.team, study_id=study)
    answer = open_link(site, late, email="late@clinic.example")
    assert "closed" in problem_of(answer)
    with site.db.read() as session:
        assert session.scalars(select(Member).where(Member.email == "late@clinic.example")).first() is None


def test_whoever_is_signed_in_takes_a_link_as_who_they_are(site: Site, people: People) -> None:
    study = a_study(site, people)
    secret = make_invitation(site.db, by=people.admin, name="Rater 1", roles=["team"], study_id=study)
    browser = site.signed_in("rater1@clinic.example")
    page = f"/sign-in/invitation?token={secret}"
    assert "Accept as Rater 1" in browser.get(page).text
    answer = browser.fill_in(page, action="/sign-in/invitation/mine")
    assert answer.headers["location"] == "/desk"
    assert the_person(site, "rater1@clinic.example").roles == "rater team"
    assert [desk.study_id for desk in desks_of(site.db, people.raters[0])] == []
    with site.db.read() as session:
        assert session.get(StudyRater, (study, people.raters[0])) is not None
    assert browser.get(page).status_code == 404


def test_an_invitation_takes_over_no_account_that_there_is(site: Site, people: People) -> None:
    secret = make_invitation(site.db, by=people.team, name="X", email="admin@clinic.example")
    page = site.browser().get(f"/sign-in/invitation?token={secret}").text
    assert "There is an account" in page
    assert 'type="password"' not in page
    unnamed = make_invitation(site.db, by=people.team, name="X")
    for token in (secret, unnamed):
        browser = site.browser()
        form = browser.form(browser.get(f"/sign-in/invitation?token={unnamed}").text, "/sign-in/invitation")
        fields = {**form, **NEW, "token": token, "email": "admin@clinic.example", "password": PASSWORD + "!"}
        answer = browser.post("/sign-in/invitation", data={**fields, "again": PASSWORD + "!"})
        assert "sign in" in problem_of(answer)
        assert not browser.is_in()
    assert site.browser().sign_in("admin@clinic.example", PASSWORD + "!").status_code == 401


def test_an_address_that_the_team_named_cannot_be_changed_by_the_invited(site: Site, people: People) -> None:
    secret = make_invitation(site.db, by=people.team, name="Vera", email="Vera@Clinic.example")
    open_link(site, secret, email="somebody@else.example")
    assert the_person(site, "vera@clinic.example").name == "Vera"


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"again": "something else here"}, "twice"),
        ({"password": "short", "again": "short"}, "12 characters"),
        ({"email": "vera"}, "e-mail"),
        ({"email": "a@b, c@d"}, "e-mail"),
        ({"name": " \x07 "}, "name"),
    ],
)
def test_what_is_typed_wrong_keeps_the_link_alive(
    site: Site, people: People, fields: dict[str, str], says: str
) -> None:
    secret = make_invitation(site.db, by=people.team, name="Vera")
    answer = open_link(site, secret, **fields)
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert says in problem_of(answer)
    assert open_link(site, secret).status_code == 303  # type: ignore[attr-defined]


def test_the_team_invites_raters_and_admins_everybody(site: Site, people: People) -> None:
    for by, roles in (
        (people.team, ["team"]),
        (people.team, ["rater", "admin"]),
        (people.raters[0], ["rater"]),
        (people.admin, []),
        (people.admin, ["owner"]),
    ):
        with pytest.raises(UsageError):
            make_invitation(site.db, by=by, name="Vera", roles=roles)
    for days in (0, -1, 91):
        with pytest.raises(UsageError, match="days"):
            make_invitation(site.db, by=people.admin, name="Vera", days=days)
    assert make_invitation(site.db, by=people.admin, name="Vera", roles=["team", "admin"])


def test_the_database_cannot_be_read_to_use_a_link(site: Site, people: People) -> None:
    secret = make_invitation(site.db, by=people.team, name="Vera")
    site.store.close()
    held = (site.folder / "data" / "dermagrade.sqlite3").read_bytes()
    assert secret.encode() not in held
    assert sha256(secret.encode()).hexdigest().encode() in held


def test_a_new_password_comes_by_a_link_of_an_admin(site: Site, people: People) -> None:
    rater = site.signed_in("rater1@clinic.example")
    admin = site.signed_in("admin@clinic.example")
    answer = admin.post("/sign-in/people/password", data={"csrf": admin.csrf, "person": people.raters[0]})
    secret = answer.text.partition("/sign-in/invitation?token=")[2].partition("<")[0]
    browser, new = site.browser(), "fresh words that nobody knows"
    assert open_link(site, secret, browser, password=new, again=new).status_code == 303  # type: ignore[attr-defined]
    assert browser.is_in()
    assert not rater.is_in()
    assert site.browser().sign_in("rater1@clinic.example", new).status_code == 303
    assert site.browser().get(f"/sign-in/invitation?token={secret}").status_code == 404
    assert the_person(site, "rater1@clinic.example").roles == "rater"
    with site.db.begin() as session:
        session.execute(update(Member).where(Member.id == people.raters[1]).values(password=None))
    answer = admin.post("/sign-in/people/password", data={"csrf": admin.csrf, "person": people.raters[1]})
    assert "no active account" in problem_of(answer)
