"""All routes of the rater's desk."""

from __future__ import annotations

from fastapi import APIRouter

from dermagrade.service.desk import answer_routes, page_routes, task_routes

router = APIRouter(include_in_schema=False)
for part in (task_routes, answer_routes, page_routes):
    router.include_router(part.router)
