"""The application factory: every part of the service is put together here and nowhere else."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from dermagrade import __version__
from dermagrade.errors import DermagradeError
from dermagrade.people.store.store import Store
from dermagrade.service.api.access import Keys
from dermagrade.service.api.grading import GradingThreads, load_networks
from dermagrade.service.faces import FACES
from dermagrade.service.settings import Settings, read_settings
from dermagrade.service.signin.provider import Provider
from dermagrade.service.web.headers import SecurityHeaders
from dermagrade.service.web.limits import Limits
from dermagrade.service.web.pages import add_pages
from dermagrade.service.web.problem import add_handlers

_ABOUT = (
    "Grades facial skin from ordinary photos. Research and wellness software: not a diagnosis, not a medical device. "
    "Nothing of a photo that is sent to /v1 is stored or logged. Errors are RFC 9457 problems. Where the service has "
    "API keys, /v1 needs one as `Authorization: Bearer KEY`."
)


def create_app(settings: Settings | None = None) -> FastAPI:
    """A service with these settings; with those of the environment where None.

    Raises:
        UsageError: if a setting of the environment is wrong.
    """
    settings = settings or read_settings()
    # The pages that fastapi brings for its document fetch scripts from elsewhere; the document itself is served.
    app = FastAPI(
        title="Dermagrade",
        version=__version__,
        description=_ABOUT,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
        redirect_slashes=False,  # it would lead to whatever host the request names
        separate_input_output_schemas=False,
    )
    app.state.settings = settings
    app.state.keys = Keys(settings.keys())
    app.state.grader = GradingThreads(settings)
    app.state.store = Store(settings)
    app.state.limits = Limits()
    app.state.provider = Provider(settings) if settings.oidc_issuer else None
    app.add_middleware(SecurityHeaders)
    add_handlers(app)
    for face in FACES:
        if face.router is not None:
            app.include_router(face.router)
    add_pages(app, FACES)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Loads the networks before the first photo, and closes the threads after the last."""
    try:
        await asyncio.to_thread(load_networks)
    except DermagradeError as error:  # /ready goes on saying so, until the weights are put right
        logging.getLogger(__name__).error("%s", error)
    try:
        yield
    finally:
        app.state.grader.close()
        app.state.store.close()
        app.state.limits.close()
