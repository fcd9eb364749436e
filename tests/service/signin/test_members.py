"""The admins' page: who may do what."""

from __future__ import annotations

from sqlalchemy import select

from dermagrade.people.store.schema import Member
from signed import People
from signin_site import Site, problem_of


def roles_of(site: Site, member_id: str) -> str:
    with site.db.read() as session:
        return str(session.scalars(select(Member.roles).where(Member.id == member_id)).one())


def test_an_admin_sees_everybody_and_gives_roles(site: Site, people: People) -> None:
    admin, rater = site.signed_in("admin@clinic.example"), site.signed_in("rater1@clinic.example")
    page = admin.get("/sign-in/people").text
    assert all(f"{name}@clinic.example" in page for name in ("admin", "team", "rater1", "rater2", "rater3"))
    data = {"csrf": admin.csrf, "person": people.raters[0], "role": ["team", "rater"]}
    assert admin.post("/sign-in/people/roles", data=data).status_code == 303
    assert roles_of(site, people.raters[0]) == "rater team"
    assert rater.get("/sign-in").headers["location"] == "/team", "it holds from the next request on"
    assert [row.details for row in site.audited("person.roles")] == [
        {"person": people.raters[0], "before": "rater", "after": "rater team"}
    ]


def test_an_admin_shuts_somebody_out_and_lets_them_in_again(site: Site, people: People) -> None:
    admin, rater = site.signed_in("admin@clinic.example"), site.signed_in("rater1@clinic.example")
    admin.post("/sign-in/people/active", data={"csrf": admin.csrf, "person": people.raters[0], "active": ""})
    assert not rater.is_in()
    assert site.browser().sign_in("rater1@clinic.example").status_code == 401
    admin.post("/sign-in/people/active", data={"csrf": admin.csrf, "person": people.raters[0], "active": "1"})
    assert site.browser().sign_in("rater1@clinic.example").status_code == 303
    assert [row.who for row in site.audited("person.deactivated")] == [people.admin]


def test_no_admin_shuts_themselves_out(site: Site, people: People) -> None:
    admin = site.signed_in("admin@clinic.example")
    own = {"csrf": admin.csrf, "person": people.admin}
    for path, data in (("active", {"active": ""}), ("roles", {"role": "rater"})):
        answer = admin.post(f"/sign-in/people/{path}", data={**own, **data})
        assert answer.status_code == 422
        assert "another admin" in problem_of(answer)
    assert roles_of(site, people.admin) == "admin"


def test_what_cannot_be_is_one_sentence(site: Site, people: People) -> None:
    admin = site.signed_in("admin@clinic.example")
    for path, data in (
        ("roles", {"person": people.team}),
        ("roles", {"person": people.team, "role": "owner"}),
        ("roles", {"person": "nobody", "role": "rater"}),
        ("active", {"person": "nobody"}),
        ("invite", {"name": "", "role": "rater"}),
        ("invite", {"name": "Vera", "email": "vera", "role": "rater"}),
        ("password", {"person": "nobody"}),
    ):
        answer = admin.post(f"/sign-in/people/{path}", data={"csrf": admin.csrf, **data})
        assert answer.status_code == 422, path
        assert problem_of(answer).endswith("."), path


def test_an_admin_invites_a_second_one(site: Site, people: People) -> None:
    admin = site.signed_in("admin@clinic.example")
    answer = admin.post("/sign-in/people/invite", data={"csrf": admin.csrf, "name": "Olga", "role": ["admin", "team"]})
    secret = answer.text.partition("/sign-in/invitation?token=")[2].partition("<")[0]
    assert secret not in admin.get("/sign-in/people").text
    olga, password = site.browser(), "olga's own plain words"
    olga.fill_in(
        f"/sign-in/invitation?token={secret}",
        name="Olga",
        email="olga@clinic.example",
        password=password,
        again=password,
    )
    assert olga.get("/sign-in/people").status_code == 200


def test_a_name_is_shown_and_not_obeyed(site: Site, people: People) -> None:
    admin = site.signed_in("admin@clinic.example")
    admin.post("/sign-in/people/invite", data={"csrf": admin.csrf, "name": "<b>x</b>", "role": "rater"})
    page = admin.post("/sign-in/people/invite", data={"csrf": admin.csrf, "name": "<b>x</b>", "role": "owner"}).text
    assert "<b>x" not in page
    assert "&lt;b&gt;x" in page
