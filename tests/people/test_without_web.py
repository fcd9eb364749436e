"""Accounts, studies and the store stand below the web: a program without a web package can use all of them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import dermagrade.people

FOLDER = Path(dermagrade.people.__file__).parent

#: What the service serves, reads forms and talks to providers with.
WEB = ("fastapi", "starlette", "uvicorn", "python_multipart", "httpx", "httpx2", "authlib", "joserfc", "limits")


def modules() -> list[str]:
    """Every module of ``people``, by its dotted name; Alembic alone can run its environment."""
    files = [path.relative_to(FOLDER).with_suffix("") for path in FOLDER.rglob("*.py")]
    names = [".".join(["dermagrade.people", *file.parts]).removesuffix(".__init__") for file in files]
    return sorted(name for name in names if not name.endswith("migrations.env"))


def test_every_module_of_people_loads_where_no_web_package_is_installed() -> None:
    names = modules()
    assert {"dermagrade.people.accounts.sessions", "dermagrade.people.store.store"} <= set(names)
    # None in sys.modules makes the import fail as if the package were not installed.
    code = (
        "import importlib, sys\n"
        f"sys.modules.update(dict.fromkeys({WEB!r}))\n"
        f"for name in {names!r}:\n    importlib.import_module(name)\n"
        "print([name for name in sys.modules if name.startswith('dermagrade.service')])\n"
    )
    run = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert run.stdout == "[]\n"


def test_the_command_for_studies_loads_where_no_web_package_is_installed() -> None:
    code = f"import sys\nsys.modules.update(dict.fromkeys({WEB!r}))\nimport dermagrade.cli.study\n"
    run = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
