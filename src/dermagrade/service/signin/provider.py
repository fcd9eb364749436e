"""The OpenID provider: authorization code with PKCE, and an ID token of which nothing is taken on trust.

After OpenID Connect Core 1.0 (sections 3.1.2.1 and 3.1.3.7), RFC 7636 (PKCE) and RFC 9207 (issuer in the answer).
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from dermagrade.people.accounts.claims import words_at
from dermagrade.service.settings import Settings, is_loopback
from dermagrade.service.signin.flow import Flow
from dermagrade.service.web.problem import Problem

#: Signatures by a key that the provider alone holds. ``none`` and those with a shared secret are no proof.
_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
_TIMEOUT_S = 10.0
_LEEWAY_S = 60
_KEPT_S = 3600.0
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")

_log = logging.getLogger(__name__)


class Provider:
    """The provider of the settings. What it says of itself is asked for at the first sign-in, and again each hour.

    Args:
        settings: with an issuer.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = asyncio.Lock()
        self._about: dict[str, Any] = {}
        self._keys: KeySet | None = None
        self._asked_at = float("-inf")

    async def address(self, flow: Flow) -> str:
        """Where the browser goes to sign in.

        Raises:
            Problem: 502, if the provider cannot be reached or is not who it should be.
        """
        about = await self._describe()
        async with self._client(about) as client:
            url, _ = client.create_authorization_url(
                about["authorization_endpoint"], state=flow.state, nonce=flow.nonce, code_verifier=flow.verifier
            )
        return str(url)

    async def claims(self, flow: Flow, answer: Mapping[str, str]) -> dict[str, Any]:
        """What the provider says of who has signed in.

        Args:
            flow: that this browser began.
            answer: query of the address to which the provider sent the browser back.

        Raises:
            Problem: 401 if the answer or its token is not good, 502 if the provider cannot be reached.
        """
        if not hmac.compare_digest(answer.get("state", "").encode(), flow.state.encode()):
            raise Problem(401, "This sign-in was not begun here, or too long ago; begin it again.")
        about = await self._describe()
        if answer.get("iss", about["issuer"]) != about["issuer"]:
            raise self._untrusted("the answer names another issuer")
        if answer.get("error") or not answer.get("code"):
            raise Problem(401, "The provider did not let you in; begin again, or ask who runs it.")
        try:
            async with self._client(about) as client:
                token = await client.fetch_token(
                    about["token_endpoint"],
                    grant_type="authorization_code",
                    code=answer["code"],
                    code_verifier=flow.verifier,
                )
                said = await self._check(token, flow, about)
                return await self._completed(client, said, about)
        except (httpx2.HTTPError, ValueError) as error:
            raise self._unreachable(error) from error
        except AuthlibBaseError as error:
            raise self._untrusted(str(error)) from error

    async def _check(self, token: Mapping[str, Any], flow: Flow, about: Mapping[str, Any]) -> dict[str, Any]:
        """The claims of the ID token, if all of it is good."""
        id_token = token.get("id_token")
        if not isinstance(id_token, str):
            raise self._untrusted("there is no ID token")
        offered = about.get("id_token_signing_alg_values_supported") or ["RS256"]
        registry = JWSRegistry(
            algorithms=[name for name in _ALGORITHMS if name in offered] or ["RS256"], strict_check_header=False
        )
        try:
            try:
                decoded = jwt.decode(id_token, key=await self._key_set(about), registry=registry)
            except (JoseError, ValueError):  # its keys may have changed since
                decoded = jwt.decode(id_token, key=await self._key_set(about, anew=True), registry=registry)
            claims = CodeIDToken(
                decoded.claims,
                decoded.header,
                options={
                    "iss": {"essential": True, "value": about["issuer"]},
                    "aud": {"essential": True, "value": self._settings.oidc_client_id},
                },
                params={
                    "nonce": flow.nonce,
                    "client_id": self._settings.oidc_client_id,
                    "access_token": token.get("access_token"),
                },
            )
            claims.validate(leeway=_LEEWAY_S)
        except (JoseError, AuthlibBaseError, ValueError, TypeError, KeyError) as error:
            raise self._untrusted(f"{type(error).__name__}: {error}") from error
        if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= 255:
            raise self._untrusted("there is no subject")
        return dict(claims)

    async def _completed(
        self, client: AsyncOAuth2Client, claims: dict[str, Any], about: Mapping[str, Any]
    ) -> dict[str, Any]:
        """The claims, with what the token lacks and the provider tells on request."""
        path = self._settings.oidc_roles_claim
        endpoint = about.get("userinfo_endpoint")
        if not endpoint or ("email" in claims and (path is None or words_at(claims, path) is not None)):
            return claims
        answer = await client.get(_safe(endpoint))
        answer.raise_for_status()
        more = answer.json()
        if not isinstance(more, dict) or more.get("sub") != claims["sub"]:
            raise self._untrusted("the user info is somebody else's")
        if "email" in claims:  # whether one address is verified says nothing of another
            more = {key: value for key, value in more.items() if key not in {"email_verified", "xms_edov"}}
        return {**more, **claims}

    async def _describe(self) -> dict[str, Any]:
        """What the provider says of itself."""
        async with self._lock:
            if time.monotonic() - self._asked_at < _KEPT_S:
                return self._about
            issuer = self._settings.oidc_issuer or ""
            try:
                about = await self._fetch(issuer.rstrip("/") + "/.well-known/openid-configuration")
                if str(about.get("issuer", "")).rstrip("/") != issuer.rstrip("/"):
                    raise ValueError(f"it calls itself {about.get('issuer')}, not {issuer}")
                for name in _ENDPOINTS:
                    about[name] = _safe(about.get(name))
            except (httpx2.HTTPError, ValueError) as error:
                raise self._unreachable(error) from error
            self._about, self._keys, self._asked_at = about, None, time.monotonic()
            return about

    async def _key_set(self, about: Mapping[str, Any], *, anew: bool = False) -> KeySet:
        if self._keys is None or anew:
            published: Any = await self._fetch(about["jwks_uri"])
            self._keys = KeySet.import_key_set(published)
        return self._keys

    async def _fetch(self, url: str) -> dict[str, Any]:
        async with httpx2.AsyncClient(timeout=_TIMEOUT_S) as client:
            answer = await client.get(url)
        answer.raise_for_status()
        found = answer.json()
        if not isinstance(found, dict):
            raise ValueError(f"{url} holds no JSON object")
        return found

    def _client(self, about: Mapping[str, Any]) -> AsyncOAuth2Client:
        settings = self._settings
        secret = settings.oidc_client_secret.get_secret_value() if settings.oidc_client_secret else None
        known = about.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        method = "client_secret_basic" if "client_secret_basic" in known else "client_secret_post"
        return AsyncOAuth2Client(
            client_id=settings.oidc_client_id,
            client_secret=secret,
            token_endpoint_auth_method=method if secret else "none",
            scope=settings.oidc_scopes,
            redirect_uri=settings.address + "/sign-in/provider/back",
            code_challenge_method="S256",
            timeout=_TIMEOUT_S,
        )

    def _unreachable(self, error: Exception) -> Problem:
        _log.warning("The OpenID provider %s cannot be used: %s", self._settings.oidc_issuer, error)
        return Problem(502, f"The sign-in of {self._settings.oidc_name} cannot be reached just now; try again later.")

    def _untrusted(self, reason: str) -> Problem:
        _log.warning("An answer of the OpenID provider %s was refused: %s", self._settings.oidc_issuer, reason)
        return Problem(401, "The provider's answer was not good, so nobody was signed in; begin again.")


def _safe(url: object) -> str:
    """An address that may be sent secrets.

    Raises:
        ValueError: for any other.
    """
    parts = urlsplit(url) if isinstance(url, str) else urlsplit("")
    if parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or "")):
        return parts.geturl()
    raise ValueError(f"it names {url!r}, which is no https address")
