"""``/health`` and ``/ready``: for whoever watches over the service."""

from __future__ import annotations

from fastapi import APIRouter, Request

from dermagrade.errors import MissingExtraError, UsageError, WeightsError
from dermagrade.service.api.grading import GradingThreads, load_networks
from dermagrade.service.api.records import Health
from dermagrade.service.web.problem import as_problem, described

router = APIRouter()


@router.get("/health", summary="The service lives", response_model_exclude_none=True)
async def health() -> Health:
    """Answers as long as the loop turns."""
    return Health(status="ok")


@router.get("/ready", summary="The networks are loaded", responses=described(503), response_model_exclude_none=True)
async def ready(request: Request) -> Health:
    """Answers once photos can be graded."""
    grader: GradingThreads = request.app.state.grader
    try:
        return Health(status="ok", models=list(await grader.run(load_networks)))
    except (UsageError, WeightsError, MissingExtraError) as error:
        raise as_problem(error) from error
