"""What keeps strangers and other sites out: roles, the secret of forms, limits, headers."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi import Request
from fastapi.routing import iter_route_contexts

from dermagrade.service.web.limits import sender_of
from signed import PASSWORD, People
from signin_site import Site, problem_of, site_in

OPEN = {"/", "/v1/assess", "/sign-in", "/sign-in/first", "/sign-in/invitation"}


def test_a_rater_sees_nothing_of_the_admins(site: Site, people: People) -> None:
    for email in ("rater1@clinic.example", "team@clinic.example"):
        browser = site.signed_in(email)
        answer = browser.get("/sign-in/people")
        assert answer.status_code == 403
        assert "admin" in problem_of(answer)
        assert "/sign-in/people" not in browser.get("/sign-in/account").text
    assert site.signed_in("admin@clinic.example").get("/sign-in/people").status_code == 200


def test_a_browser_gets_problems_as_pages_and_scripts_as_json(site: Site, people: People) -> None:
    browser = site.signed_in("rater1@clinic.example")
    page = browser.get("/sign-in/people", headers={"accept": "text/html,*/*"})
    assert page.status_code == 403
    assert page.headers["content-type"].startswith("text/html")
    assert "style-src 'self'" in page.headers["content-security-policy"]
    assert "ask an admin" in problem_of(page)
    missing = browser.get("/v1/nothing", headers={"accept": "text/html"})
    assert missing.headers["content-type"] == "application/problem+json"


def every_post(site: Site) -> list[str]:
    """All addresses at which something can be changed by somebody who is signed in."""
    found = {route.path for route in iter_route_contexts(site.app.routes) if "POST" in (route.methods or ())}
    return sorted({str(path) for path in found} - OPEN)


def test_every_change_needs_the_secret_of_the_session(site: Site, people: People) -> None:
    browser = site.signed_in("admin@clinic.example")
    other = site.signed_in("admin@clinic.example").csrf
    paths = every_post(site)
    assert {"/sign-out", "/sign-in/account", "/sign-in/people/roles"} <= set(paths)
    for path in paths:
        address = path.replace("{", "").replace("}", "")
        # An upload's secret is a part of its body, which is read when it is clear that there is such a study.
        refused = {403, 404} if path.endswith(("/photos", "/references", "/pictures")) else {403}
        for data in ({}, {"csrf": other}, {"csrf": ""}):
            assert browser.post(address, data=data).status_code in refused, path
        assert browser.post(address, headers={"x-csrf-token": other}).status_code in refused | {415}, path
    assert browser.is_in()


def test_every_change_needs_somebody_who_is_signed_in(site: Site, people: People) -> None:
    for path in every_post(site):
        address = path.replace("{", "").replace("}", "")
        answer = site.browser().post(address, data={"csrf": "a"})
        assert answer.status_code in {303, 401, 403}, path
        if answer.status_code == 303:
            assert answer.headers["location"].startswith("/sign-in?next="), path


def test_the_secret_may_come_as_a_header(site: Site, people: People) -> None:
    browser = site.signed_in("rater1@clinic.example")
    assert browser.post("/sign-out", headers={"x-csrf-token": browser.csrf}, data={}).status_code == 303
    assert not browser.is_in()


def test_a_sign_in_cannot_be_sent_from_elsewhere(site: Site, people: People) -> None:
    fields = {"email": "rater1@clinic.example", "password": PASSWORD}
    assert site.browser().post("/sign-in", data=fields).status_code == 403
    browser = site.browser()
    browser.get("/sign-in")
    assert browser.post("/sign-in", data={**fields, "csrf": "guessed"}).status_code == 403
    assert not browser.is_in()


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"a=" + 70_000 * b"b", "application/x-www-form-urlencoded", 413),
        (300 * b"a=b&", "application/x-www-form-urlencoded", 400),
        (b"a=%ff%fe", "application/x-www-form-urlencoded", 400),
        (b"\xff", "application/x-www-form-urlencoded", 400),
        (b"{}", "application/json", 415),
        (b"a=b", "", 415),
        (b"", "", 403),
    ],
)
def test_a_form_that_is_none_is_a_problem(site: Site, body: bytes, kind: str, status: int) -> None:
    assert site.browser().post("/sign-in", content=body, headers={"content-type": kind}).status_code == status


def test_pages_may_run_and_show_only_what_is_ours(site: Site, people: People) -> None:
    for page in ("/sign-in", "/sign-in/account", "/sign-in/people"):
        answer = site.signed_in("admin@clinic.example").get(page) if page != "/sign-in" else site.browser().get(page)
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "<style" not in answer.text
        assert " style=" not in answer.text
        assert "http://" not in answer.text.replace("http://127.0.0.1", "")


def test_files_of_pages_are_served_and_nothing_beside_them(site: Site) -> None:
    browser = site.browser()
    sheet = browser.get("/static/web/base.css")
    assert sheet.headers["content-type"].startswith("text/css")
    assert sheet.headers["cache-control"] == "no-cache"
    assert browser.get("/static/web/base.css", headers={"if-none-match": sheet.headers["etag"]}).status_code == 304
    for path in ("/static/", "/static/../app.py", "/static/%2e%2e/app.py", "/static/none.css"):
        assert browser.get(path).status_code == 404


@pytest.mark.parametrize(
    ("proxies", "direct", "forwarded", "sender"),
    [
        (0, "10.0.0.1", "1.2.3.4", "10.0.0.1"),
        (1, "10.0.0.1", "1.2.3.4", "1.2.3.4"),
        (1, "10.0.0.1", "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (2, "10.0.0.1", "6.6.6.6, 1.2.3.4, 10.0.0.9", "1.2.3.4"),
        (2, "10.0.0.1", "1.2.3.4", "10.0.0.1"),
        (1, "10.0.0.1", "no address", "10.0.0.1"),
        (0, "2001:db8:1:2:3::4", "", "2001:db8:1:2::/64"),
        (0, "::ffff:10.0.0.1", "", "10.0.0.1"),
    ],
)
def test_the_sender_is_who_the_nearest_proxy_of_ours_saw(
    tmp_path: Path, proxies: int, direct: str, forwarded: str, sender: str
) -> None:
    with site_in(tmp_path, proxies=proxies) as site:
        headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
        scope = {"type": "http", "app": site.app, "client": (direct, 1), "headers": headers}
        assert sender_of(Request(scope)) == sender
