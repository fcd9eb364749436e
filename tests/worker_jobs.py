"""Work for processes side by side; in a module of its own, as processes that begin anew must import it."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path


def hour(folder: str, number: int) -> None:
    """Says which process it is in, as ``NUMBER.pid``, and works for an hour."""
    part = Path(folder) / f"{number}.part"
    part.write_text(str(os.getpid()))
    part.rename(Path(folder) / f"{number}.pid")
    time.sleep(3600)


def fail_on_second(folder: str, number: int) -> None:
    """The same, but the second one ends with status 3."""
    if number == 1:
        sys.exit(3)
    hour(folder, number)


def note(folder: str, number: int) -> None:
    """Says in a file of its number which process it was done in."""
    (Path(folder) / str(number)).write_text(str(os.getpid()))
