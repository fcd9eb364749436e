"""Local accounts: who gets in with a password, and who does not."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from dermagrade.errors import UsageError
from dermagrade.people.accounts.members import set_active
from dermagrade.people.accounts.passwords import check_new, hash_password, is_right
from dermagrade.people.store.schema import SignIn, now
from dermagrade.service.web.limits import BY_ACCOUNT
from signed import PASSWORD, People, make_people
from signin_site import Site, problem_of, site_in

RATER = "rater1@clinic.example"


def test_the_right_password_signs_in(site: Site, people: People) -> None:
    browser = site.browser()
    answer = browser.sign_in("Rater1@Clinic.example ")
    assert answer.status_code == 303
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie
    assert browser.is_in()
    assert browser.get("/sign-in").headers["location"] == "/desk"
    assert site.signed_in("team@clinic.example").get("/sign-in").headers["location"] == "/team"
    assert [row.who for row in site.audited("sign_in")] == [people.raters[0], people.team]


def test_a_wrong_password_an_unknown_name_and_a_shut_account_are_answered_alike(site: Site, people: People) -> None:
    set_active(site.db, by=people.admin, member_id=people.raters[1], active=False)
    answers = [
        site.browser().sign_in(RATER, "a password that is wrong"),
        site.browser().sign_in("nobody@clinic.example"),
        site.browser().sign_in("rater2@clinic.example"),
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({problem_of(answer) for answer in answers}) == 1
    assert not any("dermagrade=" in answer.headers["set-cookie"] for answer in answers)
    failed = site.audited("sign_in.failed")
    assert [row.who for row in failed] == [people.raters[0], None, None]
    assert "wrong" not in str([row.details for row in failed])


def test_over_https_the_cookies_are_bound_to_it(tmp_path: Path) -> None:
    with site_in(tmp_path, public_url="https://grading.example") as site:
        make_people(site.db, 1)
        browser = site.browser()
        answer = browser.sign_in(RATER)
        assert answer.headers["set-cookie"].startswith("__Host-dermagrade=")
        assert "Secure" in answer.headers["set-cookie"]
        assert browser.is_in()


def test_the_database_holds_neither_passwords_nor_what_opens_a_session(site: Site, people: People) -> None:
    browser = site.signed_in(RATER)
    secret = browser.cookies["dermagrade"]
    assert len(secret) == 43, "256 bits in base64"
    site.store.close()  # writes what waits in the journal
    held = (site.folder / "data" / "dermagrade.sqlite3").read_bytes()
    assert b"$argon2id$" in held
    assert secret.encode() not in held
    assert PASSWORD.encode() not in held


@pytest.mark.parametrize("back", ["/desk", "/team/x?page=2&sort=name", "/sign-in/account"])
def test_who_was_sent_to_the_sign_in_comes_back(site: Site, people: People, back: str) -> None:
    browser = site.browser()
    sent = browser.get("/sign-in/account?a=b")
    assert sent.status_code == 303
    assert sent.headers["location"] == "/sign-in?next=/sign-in/account%3Fa%3Db"
    page = browser.get("/sign-in", params={"next": back})
    form = browser.form(page.text, "/sign-in")
    answer = browser.post("/sign-in", data={**form, "email": RATER, "password": PASSWORD})
    assert answer.headers["location"] == back


@pytest.mark.parametrize(
    "back",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "/\t/evil.example",
        "/%0d%0aset-cookie:a=b\r\n",
        "\\\\evil.example",
        "javascript:alert(1)",
        "desk",
        " //evil.example",
        "/desk\\..\\x",
        "/" + 3000 * "a",
    ],
)
def test_the_way_on_never_leads_off_the_service(site: Site, people: People, back: str) -> None:
    browser = site.browser()
    form = browser.form(browser.get("/sign-in", params={"next": back}).text, "/sign-in")
    assert form["next"] == ""
    answer = browser.post("/sign-in", data={**form, "next": back, "email": RATER, "password": PASSWORD})
    assert answer.headers["location"] == "/sign-in"
    assert browser.get("/sign-in", params={"next": back}).headers["location"] == "/desk"


def test_a_forged_host_header_leads_nowhere(site: Site, people: People) -> None:
    for path in ("/sign-in/account", "/sign-in/account/", "/desk/", "/sign-in/"):
        answer = site.browser().get(path, headers={"host": "evil.example"})
        assert "evil.example" not in answer.headers.get("location", "") + answer.text


def test_signing_out_ends_this_session_alone(site: Site, people: People) -> None:
    here, there = site.signed_in(RATER), site.signed_in(RATER)
    kept = here.cookies["dermagrade"]
    assert here.post("/sign-out", data={"csrf": here.csrf}).status_code == 303
    here.cookies.set("dermagrade", kept)
    assert not here.is_in()
    assert there.is_in()


def test_signing_out_everywhere_ends_all(site: Site, people: People) -> None:
    here, there, other = site.signed_in(RATER), site.signed_in(RATER), site.signed_in("rater2@clinic.example")
    here.post("/sign-out", data={"csrf": here.csrf, "everywhere": "1"})
    assert not there.is_in()
    assert other.is_in()


@pytest.mark.parametrize(
    "aged",
    [
        {"seen_at": now() - timedelta(hours=13)},
        {"expires_at": now() - timedelta(seconds=1)},
    ],
)
def test_a_session_ends_when_it_is_old_or_idle(site: Site, people: People, aged: dict[str, object]) -> None:
    browser = site.signed_in(RATER)
    with site.db.begin() as session:
        session.execute(update(SignIn).values(seen_at=now() - timedelta(hours=11)))
    assert browser.is_in(), "eleven hours idle are not too long, and begin anew"
    with site.db.read() as session:
        assert now() - session.query(SignIn).one().seen_at < timedelta(minutes=5)
    with site.db.begin() as session:
        session.execute(update(SignIn).values(**aged))
    assert not browser.is_in()
    assert browser.get("/desk/api/none").status_code in {401, 404}


def test_somebody_who_is_shut_out_is_out_at_once(site: Site, people: People) -> None:
    browser = site.signed_in(RATER)
    set_active(site.db, by=people.admin, member_id=people.raters[0], active=False)
    assert not browser.is_in()


def test_a_changed_password_ends_all_other_sessions(site: Site, people: People) -> None:
    here, there = site.signed_in(RATER), site.signed_in(RATER)
    page, new = "/sign-in/account", "another set of plain words"
    assert problem_of(here.fill_in(page, old="not it at all", new=new, again=new)) == "The present password is wrong."
    assert "twice" in problem_of(here.fill_in(page, old=PASSWORD, new=new, again=new + "x"))
    assert "12 characters" in problem_of(here.fill_in(page, old=PASSWORD, new="short", again="short"))
    assert here.fill_in(page, old=PASSWORD, new=new, again=new).status_code == 303
    assert here.is_in()
    assert not there.is_in()
    assert site.browser().sign_in(RATER, PASSWORD).status_code == 401
    assert site.browser().sign_in(RATER, new).status_code == 303
    assert len(site.audited("password.changed")) == 1


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("elevenchars", "12 characters"),
        ("            ", "first"),
        ("aaaaaaaaaaaaaa", "first"),
        ("Password1234", "first"),
        ("QWERTYUIOP123", "first"),
        ("anna.muster2026", "name or e-mail"),
        (300 * "a long one ", "at most"),
    ],
)
def test_a_password_that_can_be_guessed_is_refused(password: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        check_new(password, "Anna Muster", "anna.muster@clinic.example")


@pytest.mark.parametrize("password", ["correct horse battery", "fünf grüne Äpfel", "Annas kleiner blauer Hund 7"])
def test_a_good_password_is_taken_and_kept_as_argon2id(password: str) -> None:
    check_new(password, "Anna", "anna@clinic.example")
    kept = hash_password(password)
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert hash_password(password) != kept, "each has a salt of its own"
    assert is_right(kept, password)
    assert not is_right(kept, password + " ")
    assert not is_right(None, password)


def test_an_umlaut_is_the_same_however_it_is_typed() -> None:
    assert is_right(hash_password("fu\u0308nf gru\u0308ne Birnen"), "f\u00fcnf gr\u00fcne Birnen")


def test_after_too_many_tries_not_even_the_right_password_helps(site: Site, people: People) -> None:
    browser = site.browser()
    form = browser.form(browser.get("/sign-in").text, "/sign-in")
    for _ in range(BY_ACCOUNT):
        wrong = browser.post("/sign-in", data={**form, "email": RATER, "password": "wrong"})
        assert wrong.status_code == 401
    for sender in ("10.0.0.1", "10.0.0.2"):
        answer = site.browser(sender).sign_in(RATER)
        assert answer.status_code == 429
        assert 0 < int(answer.headers["retry-after"]) <= 301
    assert site.browser().sign_in("rater2@clinic.example").status_code == 303


def test_signing_in_rightly_is_never_too_often(site: Site, people: People) -> None:
    browser = site.browser()
    form = browser.form(browser.get("/sign-in").text, "/sign-in")
    for _ in range(BY_ACCOUNT + 2):
        assert browser.post("/sign-in", data={**form, "email": RATER, "password": PASSWORD}).status_code == 303


def test_who_only_looks_writes_nothing(tmp_path: Path) -> None:
    with site_in(tmp_path) as site:
        browser = site.browser()
        assert browser.sign_in("anna@clinic.example").status_code == 401
        assert browser.get("/sign-in/invitation?token=none").status_code == 404
        assert browser.get("/sign-in/first?token=none").status_code == 404
        browser.cookies.set("dermagrade", "no-session")
        assert not browser.is_in()
        assert list(tmp_path.iterdir()) == []


def test_nobody_signs_in_where_passwords_would_travel_in_the_clear(tmp_path: Path) -> None:
    with site_in(tmp_path, public_url=None, host="0.0.0.0", api_keys="sixteen-and-more-letters") as site:
        answer = site.browser().get("/sign-in")
        assert answer.status_code == 503
        assert "DERMAGRADE_PUBLIC_URL" in problem_of(answer)
