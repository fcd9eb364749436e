"""What follows from what a provider says of somebody."""

from __future__ import annotations

from typing import Any

import pytest

from dermagrade.people.accounts.claims import roles_of, verified_email, words_at
from dermagrade.people.accounts.policy import AccountPolicy

CLAIMS: dict[str, Any] = {
    "roles": ["dermagrade-rater", 7],
    "groups": "trial-office, graders",
    "realm_access": {"roles": ["dermagrade-admin"]},
    "https://clinic.example/roles": ["dermagrade-team"],
}


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("roles", {"dermagrade-rater"}),
        ("groups", {"trial-office", "graders", "trial-office, graders"}),
        ("realm_access.roles", {"dermagrade-admin"}),
        ("https://clinic.example/roles", {"dermagrade-team"}),
        ("realm_access", None),
        ("realm_access.roles.more", None),
        ("none", None),
    ],
)
def test_words_are_found_where_the_path_leads(path: str, words: set[str] | None) -> None:
    assert words_at(CLAIMS, path) == words


@pytest.mark.parametrize(
    ("path", "roles"), [("roles", {"rater"}), ("realm_access.roles", {"admin"}), ("groups", set()), (None, set())]
)
def test_only_mapped_words_give_a_role(path: str | None, roles: set[str]) -> None:
    policy = AccountPolicy(roles_claim=path)
    assert roles_of({**CLAIMS, "admin": True}, policy) == roles


@pytest.mark.parametrize(
    ("said", "email"),
    [
        ({"email": "Ada@Clinic.example", "email_verified": True}, "ada@clinic.example"),
        ({"email": "ada@clinic.example", "email_verified": "true"}, "ada@clinic.example"),
        ({"email": "ada@clinic.example", "xms_edov": "1"}, "ada@clinic.example"),
        ({"email": "ada@clinic.example", "email_verified": False}, None),
        ({"email": "ada@clinic.example"}, None),
        ({"email": ["ada@clinic.example"], "email_verified": True}, None),
        ({"email": "ada", "email_verified": True}, None),
        ({"email_verified": True}, None),
    ],
)
def test_an_address_counts_only_where_it_is_verified(said: dict[str, Any], email: str | None) -> None:
    assert verified_email(said) == email
    policy = AccountPolicy(admins=("ada@clinic.example",))
    assert roles_of(said, policy) == ({"admin"} if email else set())
