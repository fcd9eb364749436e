"""Whatever a provider, or somebody in its place, may get wrong: nobody is signed in by it."""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from dermagrade.people.store.schema import Member
from openid_provider import CLIENT, SECRET, LyingProvider, free_port
from signin_site import Browser, Site, problem_of, site_in


@pytest.fixture(scope="module")
def made() -> Iterator[LyingProvider]:
    provider = LyingProvider()
    yield provider
    provider.close()


@pytest.fixture
def provider(made: LyingProvider) -> LyingProvider:
    made.lie = ""
    made.claims = {"email": "vera@clinic.example", "email_verified": True, "name": "Vera"}
    return made


@pytest.fixture
def site(tmp_path: Path, provider: LyingProvider) -> Iterator[Site]:
    with site_of(tmp_path, provider.issuer) as site:
        yield site


def site_of(folder: Path, issuer: str, **settings: object) -> AbstractContextManager[Site]:
    given = {"oidc_client_id": CLIENT, "oidc_client_secret": SECRET, "oidc_admins": "vera@clinic.example"}
    return site_in(folder, oidc_issuer=issuer, **{**given, **settings})


def enter(site: Site, browser: Browser) -> httpx.Response:
    sent = browser.get("/sign-in/provider")
    if sent.status_code != 303:
        return sent  # type: ignore[return-value]
    with httpx.Client() as client:
        return browser.get(client.get(sent.headers["location"]).headers["location"])  # type: ignore[return-value]


def test_a_good_answer_signs_in(site: Site, provider: LyingProvider) -> None:
    browser = site.browser()
    assert enter(site, browser).status_code == 303
    assert browser.is_in()


def test_every_sign_in_has_secrets_of_its_own_and_pkce(site: Site, provider: LyingProvider) -> None:
    provider.asked.clear()
    for _ in range(2):
        enter(site, site.browser())
    first, second = provider.asked
    assert first["code_challenge_method"] == "S256"
    assert first["redirect_uri"] == "http://127.0.0.1:8000/sign-in/provider/back"
    assert first["response_type"] == "code"
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name]) >= 43
        assert first[name] != second[name]


@pytest.mark.parametrize(
    ("lie", "reason"),
    [
        ("signed by another", "bad_signature"),
        ("signed with the client's secret", "'HS256' is not allowed"),
        ("alg none", "'none' is not allowed"),
        ("changed", "bad_signature"),
        ("garbage", "decode_error"),
        ("expired", "expired"),
        ("not yet", "in the future"),
        ("other nonce", "Invalid claim: 'nonce'"),
        ("other audience", "Invalid claim: 'aud'"),
        ("further audience", "Invalid claim: 'azp'"),
        ("other issuer", "Invalid claim: 'iss'"),
        ("other access token", "Invalid claim: 'at_hash'"),
        ("no subject", "no subject"),
        ("no ID token", "no ID token"),
        ("without exp", "Missing claim: 'exp'"),
        ("without iat", "Missing claim: 'iat'"),
        ("without nonce", "Missing claim: 'nonce'"),
        ("without aud", "Missing claim: 'aud'"),
        ("without iss", "Missing claim: 'iss'"),
        ("without sub", "Missing claim: 'sub'"),
        ("other state", "not begun here"),
        ("other issuer in the answer", "names another issuer"),
        ("denied", "did not let you in"),
    ],
)
def test_a_bad_answer_signs_nobody_in(
    site: Site, provider: LyingProvider, lie: str, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    provider.lie = lie
    browser = site.browser()
    answer = enter(site, browser)
    assert answer.status_code == 401
    assert reason in caplog.text + problem_of(answer), "it is refused for this very reason"
    assert not browser.is_in()
    assert not site.store.there, "nobody was made"
    assert SECRET not in caplog.text


@pytest.mark.parametrize("lie", ["other issuer in the metadata", "clear text"])
def test_a_provider_that_is_not_who_it_should_be_is_not_gone_to(
    site: Site, provider: LyingProvider, lie: str, caplog: pytest.LogCaptureFixture
) -> None:
    provider.lie = lie
    answer = site.browser().get("/sign-in/provider")
    assert answer.status_code == 502
    assert "cannot be reached" in problem_of(answer)
    assert caplog.records[-1].levelno == logging.WARNING
    provider.lie = ""
    assert site.browser().get("/sign-in/provider").status_code == 303, "it is asked again"


def test_a_provider_that_cannot_be_reached_is_one_sentence(tmp_path: Path) -> None:
    with site_of(tmp_path, f"http://127.0.0.1:{free_port()}") as site:
        answer = site.browser().get("/sign-in/provider")
        assert answer.status_code == 502
        assert "try again later" in problem_of(answer)
        assert 'type="password"' in answer.text, "passwords still work"


def test_new_keys_of_the_provider_are_fetched(site: Site, provider: LyingProvider) -> None:
    assert enter(site, site.browser()).status_code == 303
    provider.new_key()
    assert enter(site, site.browser()).status_code == 303


def test_roles_may_come_from_the_user_info(tmp_path: Path, provider: LyingProvider) -> None:
    settings = {"oidc_roles_claim": "realm_access.roles", "oidc_admins": ""}
    provider.user_info = {"sub": "vera", "realm_access": {"roles": ["dermagrade-team"]}}
    with site_of(tmp_path, provider.issuer, **settings) as site:
        assert enter(site, site.browser()).status_code == 303
        with site.db.read() as session:
            assert session.scalars(select(Member.roles)).one() == "team"
        provider.user_info = {"sub": "olga", "realm_access": {"roles": ["dermagrade-admin"]}}
        assert enter(site, site.browser()).status_code == 401, "another person's"


def test_a_cookie_that_was_tampered_with_signs_nobody_in(site: Site, provider: LyingProvider) -> None:
    browser = site.browser()
    sent = browser.get("/sign-in/provider")
    with httpx.Client() as client:
        back = client.get(sent.headers["location"]).headers["location"]
    good = browser.cookies["dermagrade-flow"]
    said = json.loads(base64.urlsafe_b64decode(good + "=="))
    for spoilt in ({**said, "nonce": "x"}, {**said, "verifier": "x" * 43}, {**said, "state": 1}, {"state": "a"}, []):
        other = site.browser()
        other.cookies.set("dermagrade-flow", base64.urlsafe_b64encode(json.dumps(spoilt).encode()).decode())
        assert other.get(back).status_code == 401
        assert not other.is_in()


def test_without_a_provider_there_is_no_way_to_one(tmp_path: Path) -> None:
    with site_in(tmp_path) as site:
        assert site.browser().get("/sign-in/provider").status_code == 404
        assert site.browser().get("/sign-in/provider/back?code=a&state=b").status_code == 404
        assert "Sign in with" not in site.browser().get("/sign-in").text
