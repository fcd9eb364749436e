"""The address that an invited person opens."""

from __future__ import annotations

from dermagrade.service.settings import Settings


def invitation_link(settings: Settings, secret: str) -> str:
    """What to send to whom an invitation is for."""
    return f"{settings.address}/sign-in/invitation?token={secret}"
