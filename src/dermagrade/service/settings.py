"""Settings of the service: one strict object, from environment variables that begin with ``DERMAGRADE_``."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationInfo, field_validator, model_validator
from pydantic_settings import NoDecode

from dermagrade.people.accounts.policy import DEFAULT_ROLE_MAP, AccountPolicy, Role
from dermagrade.people.store.settings import StoreSettings, read_settings_of

#: A shorter key is refused: it could be guessed.
SHORTEST_KEY = 16


class Settings(StoreSettings):
    """What the service can be told beyond :class:`StoreSettings`; each field is also ``DERMAGRADE_<NAME>``.

    Attributes:
        host: address to listen at. Other than loopback only with keys.
        port: TCP port; 0 takes a free one.
        workers: processes that serve side by side; each loads the weights.
        weights: folder whose weights take the place of the shipped ones; the networks' loader reads the variable.
        api_keys: keys that may use ``/v1``; in the variable separated by commas or spaces. Without any, everybody who
            reaches the service may.
        api_key_file: file with further keys, one a line; empty lines and lines that begin with ``#`` do not count.
        max_upload_bytes: a larger picture is refused while it comes in.
        photos_at_once: photos of one worker that are graded at the same time, each in a thread.
        uploads_at_once: photos of one worker that are held in memory at the same time; further ones wait.
        upload_timeout_s: seconds in which a picture must have come in.
        answer_timeout_s: seconds that a photo may wait for its turn, and again that its grading may take.
        drain_timeout_s: seconds in which running requests may end after a SIGTERM.
        public_url: where browsers reach the service, without a path; ``https`` unless that is this machine.
        proxies: how many proxies stand in front, each of which adds the sender's address to ``X-Forwarded-For``.
        session_idle_h: hours without a request after which somebody has to sign in again.
        session_h: hours after which they have to in any case.
        local_accounts: whether members may sign in with a password that is kept here.
        oidc_issuer: address of the OpenID provider, as its tokens name it.
        oidc_client_id: by which the provider knows this service.
        oidc_client_secret: likewise; None for a public client, which PKCE alone protects.
        oidc_name: of the provider, for the button.
        oidc_scopes: what is asked for, separated by spaces.
        oidc_roles_claim: where the token says what a member may do, such as ``roles`` or ``realm_access.roles``.
        oidc_role_map: word of that claim to role; in the variable ``word=role`` separated by commas, or JSON.
        oidc_admins: verified e-mail addresses of admins at the provider; ``@clinic.example`` stands for all there.
        oidc_team: likewise, of the team.
        oidc_raters: likewise, of raters.
    """

    host: str = "127.0.0.1"
    port: int = Field(8000, ge=0, le=65535)
    workers: int = Field(1, ge=1, le=64)
    weights: Path | None = None
    api_keys: Annotated[tuple[SecretStr, ...], NoDecode] = ()
    api_key_file: Path | None = None
    max_upload_bytes: int = Field(30_000_000, ge=1_000, le=500_000_000)
    photos_at_once: int = Field(2, ge=1, le=64)
    uploads_at_once: int = Field(16, ge=1, le=1_000)
    upload_timeout_s: float = Field(60, gt=0, le=3_600)
    answer_timeout_s: float = Field(60, gt=0, le=3_600)
    drain_timeout_s: int = Field(30, ge=1, le=3_600)
    public_url: str | None = None
    proxies: int = Field(0, ge=0, le=8)
    session_idle_h: float = Field(12, gt=0, le=720)
    session_h: float = Field(168, gt=0, le=2_160)
    local_accounts: bool = True
    oidc_issuer: str | None = None
    oidc_client_id: str | None = None
    oidc_client_secret: SecretStr | None = None
    oidc_name: str = "your organisation"
    oidc_scopes: str = "openid profile email"
    oidc_roles_claim: str | None = None
    oidc_role_map: Annotated[dict[str, Role], NoDecode] = Field(default_factory=lambda: dict(DEFAULT_ROLE_MAP))
    oidc_admins: Annotated[tuple[str, ...], NoDecode] = ()
    oidc_team: Annotated[tuple[str, ...], NoDecode] = ()
    oidc_raters: Annotated[tuple[str, ...], NoDecode] = ()

    @field_validator("api_keys", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(re.split(r"[,\s]+", value.strip(", \t\r\n"))) if isinstance(value, str) else value

    @field_validator("oidc_admins", "oidc_team", "oidc_raters", mode="before")
    @classmethod
    def _addresses(cls, value: object) -> object:
        words = re.split(r"[,;\s]+", value) if isinstance(value, str) else value
        if not isinstance(words, list | tuple):
            return value
        found = tuple(str(word).lower() for word in words if word)
        for word in found:
            if word.count("@") != 1 or word.endswith("@"):
                raise ValueError(f"{word!r} is no e-mail address")
        return found

    @field_validator("oidc_role_map", mode="before")
    @classmethod
    def _pairs(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        if value.lstrip().startswith("{"):
            try:
                return json.loads(value)
            except ValueError as error:
                raise ValueError("This is no JSON object") from error
        pairs = [part.rpartition("=") for part in value.split(",") if part.strip()]
        if not all(sign and word.strip() for word, sign, _ in pairs):
            raise ValueError("Write word=role, separated by commas, such as dermatologists=rater,trial-office=team")
        return {word.strip(): role.strip() for word, _, role in pairs}

    @field_validator("public_url", "oidc_issuer")
    @classmethod
    def _address(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None:
            return None
        try:
            parts = urlsplit(value)
            host, _ = parts.hostname or "", parts.port
        except ValueError as error:
            raise ValueError(f"{value} is no address") from error
        if parts.scheme not in {"http", "https"} or not host or parts.username or parts.query or parts.fragment:
            raise ValueError(f"{value} is no address such as https://name.example")
        if parts.scheme == "http" and not is_loopback(host):
            raise ValueError(f"{value} has to begin with https://; plain http is for this machine alone")
        if info.field_name == "public_url":
            if parts.path not in {"", "/"}:
                raise ValueError(f"{value} must have no path: the service stands at the root of its name")
            return f"{parts.scheme}://{parts.netloc.lower()}"
        return value

    @model_validator(mode="after")
    def _provider_is_whole(self) -> Self:
        if self.oidc_issuer is None:
            if self.oidc_client_id or not self.local_accounts:
                raise ValueError("An OpenID provider needs DERMAGRADE_OIDC_ISSUER, its address")
            return self
        if not self.oidc_client_id:
            raise ValueError("An OpenID provider needs DERMAGRADE_OIDC_CLIENT_ID too")
        if not self.public_url:
            raise ValueError(
                "An OpenID provider sends people back to DERMAGRADE_PUBLIC_URL, such as https://grading.example"
            )
        if "openid" not in self.oidc_scopes.split():
            raise ValueError("DERMAGRADE_OIDC_SCOPES needs the word openid")
        if not self.local_accounts and not (self.oidc_roles_claim or self.oidc_admins):
            raise ValueError(
                "Without local accounts an admin has to come from the provider: name DERMAGRADE_OIDC_ROLES_CLAIM or "
                "DERMAGRADE_OIDC_ADMINS"
            )
        return self

    @model_validator(mode="after")
    def _hold_together(self) -> Self:
        if any(len(key) < SHORTEST_KEY for key in self.keys()):
            raise ValueError(f"An API key must have {SHORTEST_KEY} characters or more")
        if self.weights is not None and not any(self.weights.glob("*.onnx")):
            raise ValueError(f"The folder {self.weights} holds no weights (no .onnx file)")
        if not is_loopback(self.host) and not self.keys():
            raise ValueError(
                f"Listening at {self.host} lets other machines in and needs API keys: name a file that holds some with "
                "--api-key-file, or set DERMAGRADE_API_KEYS"
            )
        return self

    @property
    def can_sign_in(self) -> bool:
        """Whether members may sign in: not where passwords could travel between machines in the clear."""
        return self.public_url is not None or is_loopback(self.host)

    @property
    def address(self) -> str:
        """Where browsers reach the service, as far as the settings tell; without a slash at its end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.public_url or f"http://{host}:{self.port}"

    @property
    def account_policy(self) -> AccountPolicy:
        """What accounts have to know of these settings."""
        return AccountPolicy(
            session_idle_h=self.session_idle_h,
            session_h=self.session_h,
            local_accounts=self.local_accounts,
            issuer=self.oidc_issuer,
            provider_name=self.oidc_name,
            roles_claim=self.oidc_roles_claim,
            role_map=self.oidc_role_map,
            admins=self.oidc_admins,
            team=self.oidc_team,
            raters=self.oidc_raters,
        )

    def keys(self) -> tuple[str, ...]:
        """All keys, those of the file included.

        Raises:
            ValueError: if the file cannot be read, or holds none.
        """
        keys = tuple(key.get_secret_value() for key in self.api_keys)
        if self.api_key_file is None:
            return keys
        try:
            lines = self.api_key_file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
            raise ValueError(f"The file of API keys {self.api_key_file} cannot be read ({reason})") from error
        found = tuple(line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#"))
        if not found:
            raise ValueError(f"The file of API keys {self.api_key_file} holds none")
        return keys + found


def read_settings(environment: Iterable[str] | None = None, **given: Any) -> Settings:
    """The settings of the service, as :func:`~dermagrade.people.store.settings.read_settings_of` says."""
    return read_settings_of(Settings, environment, **given)


def is_loopback(host: str) -> bool:
    """True for an address that only this machine reaches; a name other than ``localhost`` is taken for none."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
