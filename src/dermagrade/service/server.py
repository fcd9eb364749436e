"""Runs the service: one socket, one or several processes, and an orderly end."""

from __future__ import annotations

import os
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

import uvicorn
from uvicorn.config import LOGGING_CONFIG
from uvicorn.supervisors import Multiprocess

from dermagrade.errors import UsageError
from dermagrade.service.settings import Settings
from dermagrade.service.web.limits import VARIABLE

_BACKLOG = 1024

#: Warnings alone; and none of the form parser's, which quote the body, so bytes of a photo.
_LOGGING = {
    **LOGGING_CONFIG,
    "loggers": {**LOGGING_CONFIG["loggers"], "python_multipart": {"level": "CRITICAL"}},
}


def listen(host: str, port: int) -> socket.socket:
    """A socket that takes connections at once, so that none is lost while the networks load.

    Raises:
        UsageError: if the address cannot be had; one sentence says why.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        sock = socket.socket(family, kind, protocol)
    except OSError as error:
        raise UsageError(f"There is no address {host} to listen at ({error.strerror}).") from error
    try:
        if sys.platform != "win32":  # where this would let two services share a port
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(address)
        sock.listen(_BACKLOG)
    except OSError as error:
        sock.close()
        raise UsageError(
            f"Port {port} of {host} cannot be used ({error.strerror}); choose another with --port."
        ) from error
    sock.set_inheritable(True)
    return sock


def address_of(sock: socket.socket) -> str:
    """What to type into a browser to reach a socket."""
    host, port = sock.getsockname()[:2]
    return f"http://[{host}]:{port}" if sock.family == socket.AF_INET6 else f"http://{host}:{port}"


def serve(settings: Settings, sock: socket.socket) -> None:
    """Serves until a SIGTERM or SIGINT; running requests may end first. Workers read the environment again."""
    config = uvicorn.Config(
        "dermagrade.service.app:create_app",
        factory=True,
        workers=settings.workers,
        backlog=_BACKLOG,
        access_log=False,  # who sends photos, and when, is nobody's business
        log_config=_LOGGING,
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        lifespan="on",
        ws="none",
        timeout_keep_alive=10,
        timeout_graceful_shutdown=settings.drain_timeout_s,
    )
    try:
        with _ending_well(), _one_count(settings):
            if settings.workers > 1:
                Multiprocess(config, sockets=[sock]).run()
            else:
                uvicorn.Server(config).run(sockets=[sock])
    finally:
        sock.close()


@contextmanager
def _ending_well() -> Iterator[None]:
    """Takes a signal that asks for the end for no failure; the server raises it once more when it is done."""
    before = {sig: signal.signal(sig, _end) for sig in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    except _Ended:
        pass
    finally:
        for sig, handler in before.items():
            signal.signal(sig, handler)


@contextmanager
def _one_count(settings: Settings) -> Iterator[None]:
    """Gives several processes one file in which they count tries together; it is gone when they are."""
    if settings.workers == 1:
        yield
        return
    memory = Path("/dev/shm")  # what is there never comes to a disk
    place = memory if memory.is_dir() and os.access(memory, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="dermagrade-", dir=place) as folder:
        os.environ[VARIABLE] = str(Path(folder) / "tries")
        try:
            yield
        finally:
            del os.environ[VARIABLE]


class _Ended(BaseException):
    """A signal asked for the end."""


def _end(number: int, frame: FrameType | None) -> NoReturn:
    raise _Ended
