"""Where the real photos lie that are not part of the repository."""

from __future__ import annotations

import argparse
import os
from pathlib import Path


def add_data(parser: argparse.ArgumentParser) -> None:
    """Adds ``--data``: the folder that ``DERMAGRADE_DATA`` names unless the call does."""
    place = Path(os.environ.get("DERMAGRADE_DATA", "../shared/data"))
    parser.add_argument("--data", type=Path, default=place, metavar="DIR", help="default: $DERMAGRADE_DATA")
