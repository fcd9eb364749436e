"""A real PostgreSQL in a temporary folder, on a free port, for the tests that need one."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

#: It runs as this user where the tests run as root, whom it refuses.
SERVER_USER = "postgres"

OWNER = "dermagrade"
PASSWORD = "a-password-for-tests-only"

#: Small, since the tests' tables are; what is committed is on disk, as the tests that kill it rely on.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "shared_buffers": "16MB",
    "max_connections": "120",
    "fsync": "on",
    # After a crash one call for all files, in place of one for each.
    "recovery_init_sync_method": "syncfs",
    "autovacuum": "off",
    "logging_collector": "off",
}


def programs() -> Path | None:
    """The folder of PostgreSQL's programs, the newest version's; None where it is not installed."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    folders = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return max((path.parent for path in folders), key=lambda path: int(path.parent.name), default=None)


def why_not() -> str | None:
    """Why no server can be started here; None where one can."""
    if programs() is None:
        return "needs PostgreSQL, which is not installed (Debian: postgresql)"
    if os.name == "posix" and os.geteuid() == 0:
        try:
            pwd.getpwnam(SERVER_USER)
        except KeyError:
            return f"PostgreSQL does not run as root, and there is no user {SERVER_USER}"
    return None


class PostgresServer:
    """A server that runs from :meth:`start` to :meth:`stop`.

    Args:
        folder: empty, for its files.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._as_user = {"user": SERVER_USER, "group": SERVER_USER, "extra_groups": []} if os.geteuid() == 0 else {}
        self._databases = 0
        self._scratch: str | None = None
        self._process: subprocess.Popen[bytes] | None = None
        password = folder / "password"
        password.write_text(PASSWORD)
        if self._as_user:
            for path in (folder, password):
                shutil.chown(path, SERVER_USER, SERVER_USER)
        self._run("initdb", "--no-sync", "-A", "scram-sha-256", f"--pwfile={password}", "-U", OWNER, "-E", "UTF8")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    def url(self, database: str, password: str = PASSWORD) -> str:
        """Where a database is."""
        return f"postgresql://{OWNER}:{password}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Starts it, and waits until it answers."""
        options = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        bin_folder = programs()
        assert bin_folder is not None
        with open(self.folder / "log", "ab") as log:
            self._process = subprocess.Popen(
                [
                    bin_folder / "postgres",
                    "-D",
                    self.folder / "data",
                    "-p",
                    str(self.port),
                    "-k",
                    self.folder,
                    *options,
                ],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                **self._as_user,  # type: ignore[call-overload]
            )
        until = time.monotonic() + 300
        while True:
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=60).close()
                return
            except psycopg.OperationalError:
                if self._process.poll() is not None or time.monotonic() > until:
                    said = (self.folder / "log").read_text()
                    raise AssertionError(f"PostgreSQL did not start: {said}") from None
            time.sleep(0.05)

    def new_database(self) -> str:
        """Makes a database without tables and gives its URL."""
        self._databases += 1
        name = f"test_{self._databases}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.url(name)

    def scratch_database(self) -> str:
        """The URL of a database without tables that nobody else uses from now on; cheaper than a new one."""
        self._scratch = self._scratch or self.new_database()
        with psycopg.connect(self._scratch) as connection:
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
        return self._scratch

    def kill(self) -> None:
        """Ends it as a power cut would: no process of it gets to tidy up."""
        assert self._process is not None
        workers = subprocess.run(["pgrep", "-P", str(self._process.pid)], capture_output=True, text=True, check=False)
        for pid in [self._process.pid, *map(int, workers.stdout.split())]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self._process.wait(timeout=300)

    def stop(self) -> None:
        """Ends it."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGQUIT)  # at once: its files are of no use any more
            self._process.wait(timeout=300)

    def _run(self, program: str, *arguments: str) -> None:
        bin_folder = programs()
        assert bin_folder is not None
        done = subprocess.run(
            [bin_folder / program, "-D", self.folder / "data", *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd=self.folder,
            **self._as_user,  # type: ignore[call-overload]
        )
        assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """One server for all tests; each makes databases of its own in it."""
    if reason := why_not():
        pytest.skip(reason)
    folder = Path(tempfile.mkdtemp(prefix="dermagrade-postgres-"))
    try:
        server = PostgresServer(folder)
        try:
            server.start()
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder)
