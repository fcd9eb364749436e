"""The command line as a person runs it: in a process of its own."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from command_line import ENVIRONMENT, Run


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs ``python -m dermagrade`` with these arguments in an empty folder."""

    def run(*arguments: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
        settings: dict[str, object] = {
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
            "env": ENVIRONMENT,
            "cwd": tmp_path,
        }
        command = [sys.executable, "-W", "error", "-m", "dermagrade", *map(str, arguments)]
        return subprocess.run(command, text=True, timeout=300, **(settings | options))  # type: ignore[call-overload]

    return run


@pytest.fixture(scope="session")
def portrait() -> Path:
    """The public-domain portrait that the demo uses; it comes inside matplotlib."""
    found = importlib.util.find_spec("matplotlib")
    if found is None or found.origin is None:
        pytest.skip("needs matplotlib's sample portrait (the demo extra)")
    return Path(found.origin).parent / "mpl-data" / "sample_data" / "grace_hopper.jpg"


@pytest.fixture
def photos(tmp_path: Path, portrait: Path) -> Path:
    """A folder with the portrait under two names and one file that is no picture between them."""
    folder = tmp_path / "photos"
    folder.mkdir()
    shutil.copy(portrait, folder / "a.jpg")
    (folder / "b.jpg").write_text("I am a letter, not a picture.")
    shutil.copy(portrait, folder / "c.jpg")
    return folder
