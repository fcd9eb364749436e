"""The settings are strict, and keep their secrets."""

from __future__ import annotations

from pathlib import Path

import pytest

from dermagrade.errors import UsageError
from dermagrade.service.settings import Settings, is_loopback, read_settings

KEY = "sixteen-and-more-letters"


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"DERMAGRADE_{name.upper()}", raising=False)


def test_by_default_only_this_machine_is_served() -> None:
    assert is_loopback(read_settings().host)
    assert read_settings().keys() == ()


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("PORT", "70000", "DERMAGRADE_PORT"),
        ("PORT", "http", "DERMAGRADE_PORT"),
        ("WORKERS", "0", "DERMAGRADE_WORKERS"),
        ("MAX_UPLOAD_BYTES", "-1", "DERMAGRADE_MAX_UPLOAD_BYTES"),
        ("ANSWER_TIMEOUT_S", "nan", "DERMAGRADE_ANSWER_TIMEOUT_S"),
        ("API_KEYS", "short", "16 characters"),
        ("API_KEY_FILE", "/nowhere/keys", "/nowhere/keys cannot be read"),
        ("WEIGHTS", "/nowhere", "no weights"),
        ("HOST", "0.0.0.0", "needs API keys"),
        ("HOST", "::", "needs API keys"),
        ("HOST", "my-machine", "needs API keys"),
        ("API_KEY", KEY, "no setting DERMAGRADE_API_KEY"),
        ("PROT", "80", "no setting DERMAGRADE_PROT"),
    ],
)
def test_a_wrong_setting_is_one_sentence(monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str) -> None:
    monkeypatch.setenv(f"DERMAGRADE_{name}", value)
    with pytest.raises(UsageError) as caught:
        read_settings()
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)
    assert KEY not in str(caught.value)


def test_a_setting_that_there_is_not_is_refused_as_an_argument_too() -> None:
    with pytest.raises(UsageError, match="COLOUR"):
        read_settings(colour="blue")


def test_keys_open_the_service_to_other_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DERMAGRADE_API_KEYS", f" {KEY}, {KEY}2\n")
    assert read_settings(host="0.0.0.0").keys() == (KEY, f"{KEY}2")


def test_keys_come_from_a_file_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "keys"
    file.write_text(f"# of the clinic\n{KEY}\n\n  {KEY}2  \n")
    monkeypatch.setenv("DERMAGRADE_API_KEYS", f"{KEY}3")
    assert set(read_settings(host="0.0.0.0", api_key_file=file).keys()) == {KEY, f"{KEY}2", f"{KEY}3"}


def test_a_file_without_a_key_does_not_open_the_service(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("# none yet\n\n")
    with pytest.raises(UsageError, match="holds none"):
        read_settings(host="0.0.0.0", api_key_file=tmp_path / "keys")


def test_what_is_shown_of_the_settings_holds_no_key() -> None:
    settings = read_settings(api_keys=KEY)
    assert KEY not in repr(settings)
    assert KEY not in settings.model_dump_json()


@pytest.mark.parametrize(
    ("host", "answer"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.5", False),
        ("localhost.evil.example", False),
        ("", False),
    ],
)
def test_loopback_is_told_from_the_rest(host: str, answer: bool) -> None:
    assert is_loopback(host) is answer
