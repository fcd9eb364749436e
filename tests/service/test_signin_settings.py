"""The settings of the sign-in are strict as well."""

from __future__ import annotations

import pytest

from dermagrade.errors import UsageError
from dermagrade.service.settings import Settings, read_settings

ISSUER = "https://login.example/realms/clinic"
WHOLE = {"OIDC_ISSUER": ISSUER, "OIDC_CLIENT_ID": "dermagrade", "PUBLIC_URL": "https://grading.example"}


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"DERMAGRADE_{name.upper()}", raising=False)


def given(monkeypatch: pytest.MonkeyPatch, **values: str) -> Settings:
    for name, value in values.items():
        monkeypatch.setenv(f"DERMAGRADE_{name}", value)
    return read_settings()


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"PUBLIC_URL": "http://grading.example"}, "https"),
        ({"PUBLIC_URL": "grading.example"}, "no address"),
        ({"PUBLIC_URL": "https://grading.example/desk"}, "no path"),
        ({"PUBLIC_URL": "https://user@grading.example"}, "no address"),
        ({"PUBLIC_URL": "https://grading.example:port"}, "no address"),
        ({"OIDC_ISSUER": "http://login.example"}, "https"),
        ({"OIDC_ISSUER": "ldap://login.example"}, "no address"),
        ({"OIDC_ISSUER": ISSUER}, "DERMAGRADE_OIDC_CLIENT_ID"),
        ({"OIDC_ISSUER": ISSUER, "OIDC_CLIENT_ID": "a"}, "DERMAGRADE_PUBLIC_URL"),
        ({"OIDC_CLIENT_ID": "a"}, "DERMAGRADE_OIDC_ISSUER"),
        ({"LOCAL_ACCOUNTS": "false"}, "DERMAGRADE_OIDC_ISSUER"),
        ({**WHOLE, "LOCAL_ACCOUNTS": "false"}, "admin"),
        ({**WHOLE, "OIDC_SCOPES": "profile email"}, "openid"),
        ({"OIDC_ADMINS": "ada"}, "no e-mail"),
        ({"OIDC_ROLE_MAP": "graders"}, "word=role"),
        ({"OIDC_ROLE_MAP": "graders=owner"}, "DERMAGRADE_OIDC_ROLE_MAP"),
        ({"OIDC_ROLE_MAP": "{"}, "JSON"),
        ({"PROXIES": "-1"}, "DERMAGRADE_PROXIES"),
        ({"SESSION_H": "0"}, "DERMAGRADE_SESSION_H"),
    ],
)
def test_a_wrong_setting_is_one_sentence(monkeypatch: pytest.MonkeyPatch, values: dict[str, str], says: str) -> None:
    with pytest.raises(UsageError) as caught:
        given(monkeypatch, **values)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_provider_is_told_in_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = given(
        monkeypatch,
        **WHOLE,
        OIDC_ROLES_CLAIM="groups",
        OIDC_ROLE_MAP="cn=graders=rater, Trial Office=team",
        OIDC_ADMINS="Ada@Clinic.example; olga@clinic.example",
        OIDC_RATERS="@hospital.example",
        LOCAL_ACCOUNTS="no",
    )
    assert settings.oidc_role_map == {"cn=graders": "rater", "Trial Office": "team"}
    assert settings.oidc_admins == ("ada@clinic.example", "olga@clinic.example")
    assert settings.oidc_raters == ("@hospital.example",)
    assert settings.address == "https://grading.example"
    assert not settings.local_accounts


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = given(
        monkeypatch, **WHOLE, OIDC_CLIENT_SECRET="very-secret", DATABASE_URL="postgresql://me:very-secret@host/name"
    )
    assert "very-secret" not in repr(settings)
    assert "very-secret" not in settings.model_dump_json()


@pytest.mark.parametrize(
    ("values", "can"),
    [
        ({}, True),
        ({"HOST": "0.0.0.0", "API_KEYS": "sixteen-and-more-letters"}, False),
        ({"HOST": "0.0.0.0", "API_KEYS": "sixteen-and-more-letters", "PUBLIC_URL": "https://grading.example"}, True),
        ({"HOST": "0.0.0.0", "API_KEYS": "sixteen-and-more-letters", "PUBLIC_URL": "http://localhost:8000"}, True),
    ],
)
def test_signing_in_takes_a_way_that_nobody_can_listen_at(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, str], can: bool
) -> None:
    assert given(monkeypatch, **values).can_sign_in is can
