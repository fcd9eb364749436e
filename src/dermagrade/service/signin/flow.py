"""A sign-in at the provider that is under way: what this service has to remember until the browser comes back.

The browser keeps it in a cookie for ten minutes. It holds nothing that its owner may not know, and a changed one leads
to a refused sign-in.
"""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import asdict, dataclass

from fastapi import Request
from fastapi.responses import Response

from dermagrade.service.settings import Settings

_LIFE_S = 600


@dataclass(frozen=True)
class Flow:
    """One sign-in.

    Attributes:
        state: comes back in the address, and so shows that the answer is to a question of this browser.
        nonce: comes back in the token, and so shows that the token was made for it.
        verifier: shows the provider that who asks for the token is who asked for the sign-in (PKCE).
        back: path to go on to.
        invitation: secret of the invitation that is accepted by signing in; may be empty.
    """

    state: str
    nonce: str
    verifier: str
    back: str = ""
    invitation: str = ""


def begin_flow(*, back: str = "", invitation: str = "") -> Flow:
    """A new one, with secrets of its own."""
    return Flow(
        secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48), back[:1000], invitation[:100]
    )


def keep_flow(response: Response, settings: Settings, flow: Flow) -> None:
    """Lets the browser remember it."""
    value = base64.urlsafe_b64encode(json.dumps(asdict(flow)).encode()).decode().rstrip("=")
    response.set_cookie(
        _name(settings), value, max_age=_LIFE_S, path="/", secure=_secure(settings), httponly=True, samesite="lax"
    )


def find_flow(request: Request, settings: Settings) -> Flow | None:
    """The one that the browser remembers; None where there is none that can be read."""
    value = request.cookies.get(_name(settings), "")
    try:
        said = json.loads(base64.urlsafe_b64decode(value + "=" * (-len(value) % 4)))
        flow = Flow(**said)
    except (ValueError, TypeError):
        return None
    return flow if all(isinstance(word, str) for word in asdict(flow).values()) and flow.state else None


def drop_flow(response: Response, settings: Settings) -> None:
    """Lets the browser forget it."""
    response.delete_cookie(_name(settings), path="/", secure=_secure(settings), httponly=True, samesite="lax")


def _secure(settings: Settings) -> bool:
    return settings.address.startswith("https:")


def _name(settings: Settings) -> str:
    return "__Host-dermagrade-flow" if _secure(settings) else "dermagrade-flow"
