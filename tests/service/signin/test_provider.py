"""Sign-in at a real OpenID provider, in a process of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from dermagrade.people.accounts.invitations import make_invitation
from dermagrade.people.store.schema import Member
from openid_provider import CLIENT, SECRET, real_provider
from signed import add_person
from signin_site import Browser, Site, problem_of, site_in

USERS = {
    "rita": {"email": "rita@clinic.example", "email_verified": True, "name": "Rita", "roles": ["graders", "canteen"]},
    "theo": {"email": "theo@clinic.example", "email_verified": True, "name": "Theo", "roles": ["trial-office"]},
    "ada": {"email": "ada@clinic.example", "email_verified": True, "name": "Ada"},
    "ruth": {"email": "ruth@hospital.example", "email_verified": True, "name": "Ruth"},
    "eve": {"email": "ada@clinic.example", "email_verified": False, "name": "Eve"},
    "mallory": {"email": "mallory@else.example", "email_verified": True, "name": "Mallory", "roles": ["admin"]},
}


@pytest.fixture(scope="module")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with real_provider(tmp_path_factory.mktemp("provider"), USERS) as found:
        yield found


def with_provider(folder: Path, issuer: str, **settings: object) -> AbstractContextManager[Site]:
    given = {
        "oidc_issuer": issuer,
        "oidc_client_id": CLIENT,
        "oidc_client_secret": SECRET,
        "oidc_name": "the clinic",
        "oidc_roles_claim": "roles",
        "oidc_role_map": json.dumps({"graders": "rater", "trial-office": "team"}),
        "oidc_admins": "ada@clinic.example",
        "oidc_raters": "@hospital.example",
    }
    return site_in(folder, **{**given, **settings})


@pytest.fixture
def site(tmp_path: Path, issuer: str) -> Iterator[Site]:
    with with_provider(tmp_path, issuer) as made:
        yield made


def at_provider(address: str, subject: str | None) -> str:
    """Signs in at the provider's own page, or refuses there; where it sends the browser then."""
    said = {"sub": subject} if subject else {"action": "deny"}
    with httpx.Client() as client:
        answer = client.post(address, data=said)
    assert answer.status_code == 302, answer.text
    return answer.headers["location"]


def enter(site: Site, subject: str | None, browser: Browser | None = None, query: str = "") -> httpx.Response:
    """The whole way: to the provider, through its page, and back."""
    browser = browser or site.browser()
    sent = browser.get("/sign-in/provider" + query)
    assert sent.status_code == 303, sent.text
    return browser.get(at_provider(sent.headers["location"], subject))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("subject", "roles", "home"),
    [("rita", "rater", "/desk"), ("theo", "team", "/team"), ("ada", "admin", "/team"), ("ruth", "rater", "/desk")],
)
def test_the_provider_vouches_for_somebody_with_a_role(site: Site, subject: str, roles: str, home: str) -> None:
    browser = site.browser()
    assert "Sign in with the clinic" in browser.get("/sign-in").text
    answer = enter(site, subject, browser, "?next=/sign-in/account")
    assert answer.headers["location"] == "/sign-in/account"
    assert USERS[subject]["name"] in browser.get("/sign-in/account").text
    assert browser.get("/sign-in").headers["location"] == home
    with site.db.read() as session:
        person = session.scalars(select(Member)).one()
    assert (person.roles, person.subject, person.email) == (roles, subject, USERS[subject]["email"])
    assert person.password is None
    enter(site, subject)
    with site.db.read() as session:
        assert len(session.scalars(select(Member)).all()) == 1, "the same person again"


@pytest.mark.parametrize("subject", ["eve", "mallory", "stranger"])
def test_somebody_without_a_role_is_refused(site: Site, subject: str) -> None:
    browser = site.browser()
    answer = enter(site, subject, browser)
    assert answer.status_code == 403
    assert "ask the team" in problem_of(answer)
    assert not browser.is_in()
    with site.db.read() as session:
        assert session.scalars(select(Member)).all() == []
    assert len(site.audited("sign_in.refused")) == 1


def test_somebody_who_refuses_at_the_provider_is_not_let_in(site: Site) -> None:
    browser = site.browser()
    assert enter(site, None, browser).status_code == 401
    assert not browser.is_in()


def test_an_answer_is_good_once_and_for_the_browser_that_asked(site: Site) -> None:
    mine, other = site.browser(), site.browser()
    back = at_provider(mine.get("/sign-in/provider").headers["location"], "rita")
    other.get("/sign-in/provider")
    assert other.get(back).status_code == 401
    assert site.browser().get(back).status_code == 401
    assert mine.get(back).status_code == 303
    assert mine.get(back).status_code == 401
    assert not other.is_in()


def test_a_role_that_the_provider_takes_away_is_gone_at_the_next_sign_in(tmp_path: Path, issuer: str) -> None:
    with with_provider(tmp_path, issuer) as site:
        assert enter(site, "ada").status_code == 303
    with with_provider(tmp_path, issuer, oidc_admins="other@clinic.example") as site:
        assert enter(site, "ada").status_code == 403


def test_an_account_that_was_shut_stays_shut(site: Site) -> None:
    enter(site, "rita")
    with site.db.begin() as session:
        session.scalars(select(Member)).one().active = False
    answer = enter(site, "rita")
    assert answer.status_code == 403
    assert "shut" in problem_of(answer)


def test_an_invitation_lets_in_whom_the_provider_gives_no_role(site: Site) -> None:
    admin = add_person(site.db, "Admin", "admin")
    secret = make_invitation(site.db, by=admin, name="Mallory")
    browser = site.browser()
    assert f"/sign-in/provider?invitation={secret}" in browser.get(f"/sign-in/invitation?token={secret}").text
    assert enter(site, "mallory", browser, f"?invitation={secret}").status_code == 303
    assert browser.is_in()
    assert enter(site, "mallory").status_code == 303, "the role of the invitation stays"
    assert enter(site, "stranger", query=f"?invitation={secret}").status_code == 403
    with site.db.read() as session:
        assert {person.roles for person in session.scalars(select(Member))} == {"admin", "rater"}


def test_a_password_account_is_not_taken_over_by_its_address(site: Site) -> None:
    add_person(site.db, "Ada", "rater")
    answer = enter(site, "ada")
    assert answer.status_code == 403
    assert "sign in with that password" in problem_of(answer)


def test_without_passwords_an_account_goes_on_at_the_provider(tmp_path: Path, issuer: str) -> None:
    with with_provider(tmp_path, issuer, local_accounts=False) as site:
        before = add_person(site.db, "Ada", "rater")
        assert 'type="password"' not in site.browser().get("/sign-in").text
        browser = site.browser()
        assert enter(site, "eve").status_code == 403, "her address is not verified"
        assert enter(site, "ada", browser).status_code == 303
        with site.db.read() as session:
            person = session.get_one(Member, before)
        assert (person.roles, person.subject, person.password) == ("admin", "ada", None)
        secret = make_invitation(site.db, by=before, name="Vera")
        page = site.browser().get(f"/sign-in/invitation?token={secret}").text
        assert 'type="password"' not in page
        assert "Accept with the clinic" in page


def test_a_token_that_has_expired_is_refused(tmp_path: Path) -> None:
    with real_provider(tmp_path, USERS, token_life_s=-3600) as issuer, with_provider(tmp_path, issuer) as site:
        assert enter(site, "ada").status_code == 401
        assert not site.store.there
