"""A copy of the package to which a stranger adds something: folders, and lines in its tables, by editing text."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import dermagrade
from command_line import ENVIRONMENT

#: What strangers add, one folder each.
ADDITIONS = Path(__file__).parent / "additions"


class AddedTree:
    """A copy of the package in a folder.

    Attributes:
        source: what stands in ``PYTHONPATH`` for it.
        environment: of commands that see it.
    """

    def __init__(self, folder: Path) -> None:
        self.source = folder / "src"
        package = Path(dermagrade.__file__).parent
        # Weights are the most of it, and nobody edits them.
        shutil.copytree(package, self.source / "dermagrade", ignore=shutil.ignore_patterns("__pycache__", "*.onnx"))
        for network in (package / "weights").glob("*.onnx"):
            os.symlink(network, self.source / "dermagrade" / "weights" / network.name)
        self.environment = {**ENVIRONMENT, "PYTHONPATH": str(self.source)}

    def add(self, addition: str, to: str) -> None:
        """Copies one folder of :data:`ADDITIONS` into a folder of the package."""
        shutil.copytree(ADDITIONS / addition, self.source / "dermagrade" / to / addition)

    def add_line(self, line: str, *, after: str, to: str) -> None:
        """Adds one line to a file of the package, below a line that stands there once."""
        path = self.source / "dermagrade" / to
        text = path.read_text("utf-8")
        assert text.count(f"{after}\n") == 1, f"{after!r} stands {text.count(after)} times in {to}"
        path.write_text(text.replace(f"{after}\n", f"{after}\n{line}\n"), "utf-8")

    def run(self, *arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
        """Runs ``dermagrade`` of this copy."""
        return self.python("-m", "dermagrade", *map(str, arguments), cwd=cwd)

    def python(self, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        """Runs Python with this copy."""
        return subprocess.run(
            [sys.executable, *arguments], cwd=cwd, env=self.environment, capture_output=True, text=True, timeout=600
        )
