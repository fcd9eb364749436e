"""All routes for programs."""

from __future__ import annotations

from fastapi import APIRouter

from dermagrade.service.api import assess_routes, status_routes

router = APIRouter()
for part in (status_routes, assess_routes):
    router.include_router(part.router)
