"""All routes of the sign-in."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request

from dermagrade.service.settings import Settings
from dermagrade.service.signin import account_routes, first_routes, invitation_routes, provider_routes
from dermagrade.service.signin import member_routes as people_routes
from dermagrade.service.web.problem import Problem


async def need_safe_way(request: Request) -> None:
    """Refuses to let anybody sign in where passwords could travel between machines in the clear.

    Raises:
        Problem: 503, there.
    """
    settings: Settings = request.app.state.settings
    if not settings.can_sign_in:
        raise Problem(
            503,
            "Nobody can sign in yet: this service is open to other machines, so the operator has to set "
            "DERMAGRADE_PUBLIC_URL to the https address by which browsers reach it.",
        )


router = APIRouter(include_in_schema=False, dependencies=[Depends(need_safe_way)])
for part in (account_routes, first_routes, invitation_routes, people_routes, provider_routes):
    router.include_router(part.router)
