"""A real server in a process of its own, on a free port."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from command_line import ENVIRONMENT

#: No setting of the machine that runs the tests reaches the server.
CLEAN = {name: value for name, value in ENVIRONMENT.items() if not name.startswith("DERMAGRADE_")} | {
    "DERMAGRADE_THREADS": "1"
}
KEY = "a-key-for-tests-only"


class Service:
    """``dermagrade serve`` with these arguments and settings; ends when its block does."""

    def __init__(
        self, folder: Path, *arguments: str | Path, before: Callable[[], None] | None = None, **settings: object
    ) -> None:
        command = [sys.executable, "-W", "error", "-m", "dermagrade", "serve", "--port", "0", *map(str, arguments)]
        environment = CLEAN | {f"DERMAGRADE_{name.upper()}": str(value) for name, value in settings.items()}
        self.process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=before
        )
        assert self.process.stdout is not None
        self.greeting = self.process.stdout.readline().decode()
        found = re.search(r"http://\S+:\d+", self.greeting)
        if found is None:
            raise AssertionError(f"the server did not start: {self.process.communicate(timeout=300)[1].decode()}")
        self.url = found[0]
        self.client = httpx.Client(base_url=self.url, timeout=300)
        while True:  # the socket takes connections at once, so this waits until the server answers
            if self.client.get("/health").status_code == 200:
                break
            time.sleep(0.1)

    @property
    def address(self) -> tuple[str, int]:
        """Host and port."""
        host, port = self.url.removeprefix("http://").rsplit(":", 1)
        return host, int(port)

    def assess(self, photo: bytes, name: str = "a.jpg", **options: object) -> httpx.Response:
        """Sends one photo."""
        return self.client.post("/v1/assess", files={"file": (name, photo)}, **options)  # type: ignore[arg-type]

    def end(self) -> tuple[int, str]:
        """Asks for an orderly end; the exit status and what stood on stderr."""
        if self.process.poll() is None:
            self.process.terminate()
        return self.ended()

    def ended(self) -> tuple[int, str]:
        """Waits for an end that was asked for; the exit status and what stood on stderr."""
        self.client.close()
        stderr = self.process.communicate(timeout=300)[1].decode()
        return self.process.returncode, stderr

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.client.close()
        if self.process.poll() is None:
            self.process.kill()
        for stream in (self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()
        self.process.wait(timeout=300)


def peak_memory_kb(pid: int) -> int:
    """The most memory that a process has held so far."""
    return int(re.findall(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())[0])


def no_writing() -> None:
    """Lets the process that calls it write no byte into any file."""
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


HAS_PROC = os.path.isdir("/proc/self")
