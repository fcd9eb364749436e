"""All addresses of the team's desk: each asks for the role ``team`` (or ``admin``) before it does anything."""

from __future__ import annotations

from fastapi import APIRouter, Depends

from dermagrade.service.signin.guards import need_role
from dermagrade.service.team import agreement, disagreements, export, golden, photos, raters, scale, studies

router = APIRouter(include_in_schema=False, dependencies=[Depends(need_role("team"))])

# The studies' own addresses end with any word, so they come last.
for part in (photos, scale, raters, golden, agreement, disagreements, export, studies):
    router.include_router(part.router)
