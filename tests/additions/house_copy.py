"""A copy of the package that a stranger adds something to, as CONTRIBUTING says, without touching the real one."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from command_line import ENVIRONMENT

#: What strangers add, where it is more than a few lines: one folder each, as it would stand in the package.
ADDITIONS = Path(__file__).parent
REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGE = REPOSITORY / "src" / "dermagrade"


class HouseCopy:
    """A copy below ``folder``. A Python that is started there as ``python -m dermagrade`` runs the copy.

    Args:
        folder: where the copy is made; must not hold one.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.package = folder / "dermagrade"
        shutil.copytree(PACKAGE, self.package, ignore=shutil.ignore_patterns("__pycache__"))

    def add_folder(self, place: str, files: dict[str, str]) -> None:
        """Adds one folder of files.

        Args:
            place: below the package; there must be none yet.
            files: path below the folder to text.
        """
        root = self.package / place
        root.mkdir()
        for name, text in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")

    def add(self, addition: str, to: str) -> None:
        """Copies one folder of :data:`ADDITIONS` into a folder of the package; there must be none of its name yet."""
        shutil.copytree(ADDITIONS / addition, self.package / to / addition)

    def run(self, *arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
        """Runs ``dermagrade`` of this copy in a folder."""
        return self.python("-m", "dermagrade", *map(str, arguments), cwd=cwd)

    def python(self, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        """Runs Python with this copy in a folder."""
        environment = {**ENVIRONMENT, "PYTHONPATH": str(self.folder)}
        command = [sys.executable, *arguments]
        return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=600)

    def add_line(self, file: str, after: str, line: str) -> None:
        """Adds one line to a file, below the only line that holds some words.

        Args:
            file: below the package.
            after: words of the line before it.
            line: without its end.
        """
        path = self.package / file
        lines = path.read_text("utf-8").split("\n")
        found = [number for number, old in enumerate(lines) if after in old]
        assert len(found) == 1, f"{file} holds {after!r} {len(found)} times"
        lines.insert(found[0] + 1, line)
        path.write_text("\n".join(lines), encoding="utf-8")

    def changed(self) -> set[str]:
        """Files of the real package that the copy has otherwise."""
        files = {path.relative_to(PACKAGE) for path in PACKAGE.rglob("*") if path.is_file()}
        return {
            file.as_posix()
            for file in files
            if "__pycache__" not in file.parts and (PACKAGE / file).read_bytes() != (self.package / file).read_bytes()
        }
