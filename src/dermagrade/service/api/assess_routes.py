"""``/v1``: grades one photo a request, and says with which networks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, PlainTextResponse

from dermagrade.assess.photo import Assessed, choose_conditions
from dermagrade.conditions import CONDITIONS
from dermagrade.errors import MissingExtraError, PhotoError, UsageError, WeightsError
from dermagrade.service.api.access import need_key
from dermagrade.service.api.grading import GradingThreads, assess_bytes
from dermagrade.service.api.records import ModelCard, Models, PhotoRecord
from dermagrade.service.settings import Settings
from dermagrade.service.web.problem import Problem, as_problem, described
from dermagrade.service.web.upload import read_upload
from dermagrade.weights.store import find_weights, installed_names

router = APIRouter(prefix="/v1", dependencies=[Depends(need_key)])

#: The body is read by hand, so that the limit holds while it comes in; this describes it.
_FORM: dict[str, Any] = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {
                    "file": {"type": "string", "format": "binary", "description": "one photo"},
                    "condition": {
                        "type": "string",
                        "enum": [condition.name for condition in CONDITIONS.values() if condition.takes == "photo"],
                        "description": "grade this alone; may be sent again; without it all that are installed",
                    },
                },
            }
        }
    },
}


@router.post(
    "/assess",
    summary="Grade one photo",
    description="Reads, screens and grades one photo, and keeps nothing of it. A photo that the screening refuses is "
    "answered with status 200 too; its findings say what to do.",
    response_model=None,
    responses={200: {"model": PhotoRecord}, **described(400, 401, 408, 413, 415, 422, 503)},
    openapi_extra={"requestBody": _FORM},
)
async def assess(request: Request) -> JSONResponse:
    """Grades one photo."""
    result = await assess_request(request)
    return JSONResponse(result.record())


@router.get("/models", summary="The networks that grade", responses=described(401, 503))
def models() -> Models:
    """Lists the networks that are installed."""
    try:
        found = [find_weights(name) for name in installed_names()]
    except WeightsError as error:
        raise as_problem(error) from error
    return Models(
        models=[
            ModelCard(
                name=weights.name,
                id=weights.id,
                licence=weights.manifest.licence,
                created=weights.manifest.created,
                card=f"/v1/models/{weights.name}/card",
            )
            for weights in found
        ]
    )


@router.get(
    "/models/{name}/card",
    summary="The card of a network, in Markdown",
    response_class=PlainTextResponse,
    responses=described(401, 404, 503),
)
def card(name: str) -> PlainTextResponse:
    """What a network was trained on, how good it is and where it fails."""
    try:
        if name not in installed_names():
            raise Problem(404, "There is no network of that name; /v1/models lists them.")
        text = find_weights(name).card.read_text(encoding="utf-8")
    except WeightsError as error:
        raise as_problem(error) from error
    except OSError as error:
        raise Problem(404, f"The network {name} came without a card.") from error
    return PlainTextResponse(text, media_type="text/markdown")


async def assess_request(request: Request, admit: Callable[[Mapping[str, list[str]]], None] | None = None) -> Assessed:
    """What is found on the photo that a request holds; ``admit`` as for :func:`~.upload.read_upload`.

    Raises:
        Problem: if there is none, or it cannot be read or graded.
    """
    settings: Settings = request.app.state.settings
    grader: GradingThreads = request.app.state.grader
    try:
        async with grader.place():
            upload = await read_upload(
                request, limit=settings.max_upload_bytes, timeout_s=settings.upload_timeout_s, admit=admit
            )
            conditions = [name for name in upload.fields.get("condition", []) if name] or None
            choose_conditions(conditions)
            return await grader.run(
                partial(
                    assess_bytes,
                    upload.data,
                    name=upload.name,
                    conditions=conditions,
                    max_pixels=settings.max_pixels,
                )
            )
    except (PhotoError, UsageError, WeightsError, MissingExtraError) as error:
        raise as_problem(error) from error
