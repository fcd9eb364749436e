"""The first admin, by the one-time link of a real server."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from dermagrade.errors import UsageError
from dermagrade.people.accounts.local_accounts import make_first_admin
from dermagrade.people.store.schema import Member
from dermagrade.service.signin.first_admin import make_link
from postgres_server import PostgresServer
from service_process import Service
from signed import PASSWORD, add_person, database_in, form_secret
from signin_site import Site, problem_of, site_in

ADA = {"name": "Ada", "email": "ada@clinic.example", "password": PASSWORD, "again": PASSWORD}


def second_line(running: Service) -> str:
    assert running.process.stdout is not None
    return running.process.stdout.readline().decode()


def test_the_link_that_is_printed_makes_the_first_admin_and_dies(tmp_path: Path) -> None:
    with Service(tmp_path, "--workers", "2") as running:
        line = second_line(running)
        link = re.search(r"http\S+", line)
        assert link is not None, line
        assert link[0].startswith(f"{running.url}/sign-in/first?token=")
        token = link[0].partition("=")[2]
        with httpx.Client(timeout=300) as client:
            page = client.get(link[0])
            assert page.status_code == 200
            assert client.get(link[0][:-1]).status_code == 404
            assert list(tmp_path.iterdir()) == [], "nothing is written until the link is used"
            sent = {**ADA, "csrf": form_secret(page), "token": token}
            assert client.post(f"{running.url}/sign-in/first", data=sent).status_code == 303
            for _ in range(6):  # whichever of the processes answers
                assert client.get(f"{running.url}/sign-in/people").status_code == 200
                with httpx.Client(timeout=300) as other:
                    assert other.get(link[0]).status_code == 404
            assert client.post(f"{running.url}/sign-in/first", data=sent).status_code == 404
        assert running.end() == (0, "")
    with Service(tmp_path) as again:
        again.process.terminate()
        assert again.process.stdout is not None
        assert again.process.stdout.read() == b"", "there is an admin, so no link"


def test_a_server_without_a_safe_way_prints_no_link(tmp_path: Path) -> None:
    with Service(tmp_path, "--host", "0.0.0.0", api_keys="sixteen-and-more-letters") as running:
        running.process.terminate()
        assert running.process.stdout is not None
        assert running.process.stdout.read() == b""


def test_a_link_of_another_start_is_dead(site: Site) -> None:
    old = make_link(site.settings).removeprefix(site.settings.address)
    new = make_link(site.settings).removeprefix(site.settings.address)
    assert site.browser().get(old).status_code == 404
    assert site.browser().get(new).status_code == 200


def test_what_is_typed_wrong_keeps_the_link_alive(site: Site) -> None:
    link = make_link(site.settings).removeprefix(site.settings.address)
    for wrong in ({"again": "else"}, {"password": "short", "again": "short"}, {"email": "ada"}, {"name": ""}):
        answer = site.browser().fill_in(link, **{**ADA, **wrong})
        assert answer.status_code == 422
        assert problem_of(answer).endswith(".")
    browser = site.browser()
    assert browser.fill_in(link, **ADA).status_code == 303
    assert browser.get("/sign-in/people").status_code == 200


def test_a_shut_admin_does_not_count(site: Site) -> None:
    add_person(site.db, "Rater", "rater")
    link = make_link(site.settings).removeprefix(site.settings.address)
    assert site.browser().fill_in(link, **ADA).status_code == 303
    assert site.browser().get(link).status_code == 404
    with site.db.begin() as session:
        session.query(Member).filter(Member.email == ADA["email"]).one().active = False
    assert site.browser().get(link).status_code == 200


def at_once(site: Site) -> list[bool]:
    def make(number: int) -> bool:
        try:
            make_first_admin(
                site.db,
                site.settings.account_policy,
                name="Ada",
                email=f"ada{number}@clinic.example",
                password=PASSWORD,
            )
        except UsageError:
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        return sorted(threads.map(make, range(4)))


def test_two_at_once_do_not_both_become_the_first_admin(site: Site) -> None:
    assert at_once(site) == [False, False, False, True]


def test_nor_on_postgresql(tmp_path: Path, postgres: PostgresServer) -> None:
    with site_in(tmp_path, database_url=postgres.new_database()) as site:
        assert at_once(site) == [False, False, False, True]
        assert site.browser().sign_in("nobody@clinic.example").status_code == 401
        assert len(site.audited("person.first_admin")) == 1


def test_a_database_that_cannot_be_reached_is_one_sentence_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="The studies' database"):
        Service(tmp_path, database_url="postgresql://me:very-secret@127.0.0.1:9/none")


def test_the_database_in_the_folder_is_the_one_that_is_served(tmp_path: Path) -> None:
    db = database_in(tmp_path)
    add_person(db, "Admin", "admin")
    db.close()
    with site_in(tmp_path, data_dir=tmp_path / "dermagrade-data") as site:
        assert site.browser().sign_in("admin@clinic.example").status_code == 303
