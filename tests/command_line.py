"""What tests need to run the command line in a process of its own."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import dermagrade

#: Runs ``python -m dermagrade`` with the arguments given; the fixture ``run`` is one.
Run = Callable[..., subprocess.CompletedProcess[str]]

#: The environment of such a process: the package that is under test, wherever it is.
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(dermagrade.__file__).parents[1]), "DERMAGRADE_THREADS": "1"}
