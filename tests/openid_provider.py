"""OpenID providers for tests: a real one in a process of its own, and one that lies in every way that is asked for."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

CLIENT = "dermagrade-for-tests"
SECRET = "the-client's-secret"


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def real_provider(folder: Path, users: Mapping[str, Mapping[str, Any]], *, token_life_s: int = 600) -> Iterator[str]:
    """``oidc-provider-mock`` with these users and what it says of them; its issuer."""
    port = free_port()
    command = [sys.executable, "-m", "oidc_provider_mock", "-p", str(port), "-n", "true", "-e", str(token_life_s)]
    for subject, claims in users.items():
        command += ["--user-claims", json.dumps({"sub": subject, **claims})]
    with open(folder / "provider.log", "wb") as log:
        # Its own use of authlib is not up to date, which is no affair of the tests here.
        environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, env=environment)
    issuer = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 300
        while True:
            try:
                httpx.get(issuer + "/.well-known/openid-configuration", timeout=60).raise_for_status()
                break
            except httpx.HTTPError:
                said = (folder / "provider.log").read_text()
                assert process.poll() is None, f"the provider ended: {said}"
                assert time.monotonic() < until, f"the provider does not answer: {said}"
                time.sleep(0.1)
        yield issuer
    finally:
        process.kill()
        process.wait(timeout=300)


class LyingProvider:
    """A provider that lets ``subject`` in at once, and whose next answers can be spoilt.

    Attributes:
        issuer: its address.
        claims: what its tokens say besides the usual.
        lie: name of what is wrong with the next answers; empty for a good one.
        asked: the queries of the sign-ins that it was asked for.
    """

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {"email": "vera@clinic.example", "email_verified": True, "name": "Vera"}
        self.user_info: dict[str, Any] = {"sub": "vera"}
        self.lie = ""
        self.asked: list[dict[str, str]] = []
        self._key, self._other = (RSAKey.generate_key(2048, {"kid": kid}) for kid in ("one", "two"))
        self._codes: dict[str, dict[str, str]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.issuer = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Ends it."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def new_key(self) -> None:
        """Signs with another key from now on."""
        self._key, self._other = self._other, self._key

    def about(self) -> dict[str, Any]:
        """What it says of itself."""
        return {
            "issuer": "http://127.0.0.1:9" if self.lie == "other issuer in the metadata" else self.issuer,
            "authorization_endpoint": self.issuer + "/authorize",
            "token_endpoint": "http://elsewhere.example/token" if self.lie == "clear text" else self.issuer + "/token",
            "jwks_uri": self.issuer + "/keys",
            "userinfo_endpoint": self.issuer + "/me",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
        }

    def authorize(self, query: dict[str, str]) -> str:
        """The address to which it sends the browser back."""
        self.asked.append(query)
        code = f"code-{len(self.asked)}"
        self._codes[code] = query
        state = "another" if self.lie == "other state" else query["state"]
        answer = {"code": code, "state": state, "iss": self.issuer}
        if self.lie == "other issuer in the answer":
            answer["iss"] = "https://other.example"
        if self.lie == "denied":
            answer = {"error": "access_denied", "state": query["state"]}
        return query["redirect_uri"] + "?" + urlencode(answer)

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """What it gives for a code."""
        asked = self._codes.pop(form.get("code", ""), None)
        proof = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if asked is None or authorization != f"Basic {proof}" or asked["redirect_uri"] != form["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        if asked.get("code_challenge_method") != "S256" or asked["code_challenge"] != challenge.decode().rstrip("="):
            return 400, {"error": "invalid_grant", "error_description": "PKCE"}
        if self.lie == "no ID token":
            return 200, {"access_token": "a", "token_type": "Bearer"}
        return 200, {"access_token": "a", "token_type": "Bearer", "id_token": self._id_token(asked["nonce"])}

    def _id_token(self, nonce: str) -> str:
        moment = int(time.time())
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "vera",
            "exp": moment + 300,
            "iat": moment,
            "nonce": nonce,
            **self.claims,
        }
        spoilt: dict[str, dict[str, Any]] = {
            "expired": {"exp": moment - 3600, "iat": moment - 7200},
            "not yet": {"iat": moment + 7200, "nbf": moment + 7200, "exp": moment + 9000},
            "other nonce": {"nonce": "another"},
            "other audience": {"aud": "somebody-else"},
            "further audience": {"aud": [CLIENT, "somebody-else"], "azp": "somebody-else"},
            "other issuer": {"iss": "https://other.example"},
            "other access token": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
            "no subject": {"sub": ""},
        }
        claims.update(spoilt.get(self.lie, {}))
        for name in ("exp", "nonce", "aud", "iss", "sub", "iat"):
            if self.lie == f"without {name}":
                del claims[name]
        header: dict[str, Any] = {"alg": "RS256", "kid": self._key.kid}
        if self.lie == "signed by another":
            stranger = RSAKey.generate_key(2048, {"kid": self._key.kid})
            return jwt.encode(header, claims, stranger)
        if self.lie == "signed with the client's secret":
            return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET * 3), algorithms=["HS256"])
        token = jwt.encode(header, claims, self._key)
        head, body, signature = token.split(".")
        if self.lie == "alg none":
            return f"{_part({'alg': 'none'})}.{body}."
        if self.lie == "changed":
            return f"{head}.{_part({**claims, 'sub': 'admin'})}.{signature}"
        return "no.token" if self.lie == "garbage" else token

    def _handler(provider) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                if parts.path == "/authorize":
                    self.send_response(302)
                    self.send_header("location", provider.authorize(query))
                    self.end_headers()
                elif parts.path == "/me":
                    self._json(200, provider.user_info)
                elif parts.path == "/keys":
                    self._json(200, {"keys": [provider._key.as_dict(private=False)]})
                else:
                    self._json(200, provider.about())

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                form = {name: values[0] for name, values in parse_qs(body).items()}
                self._json(*provider.token(form, self.headers.get("authorization", "")))

            def _json(self, status: int, said: object) -> None:
                data = json.dumps(said).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, format: str, *arguments: object) -> None:
                pass

        return Handler


def _part(said: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")
