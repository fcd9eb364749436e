"""What the tests of additions share: the portrait that comes inside matplotlib."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def portrait() -> Path:
    """The public-domain portrait that the demo uses."""
    found = importlib.util.find_spec("matplotlib")
    if found is None or found.origin is None:
        pytest.skip("needs matplotlib's sample portrait (the demo extra)")
    return Path(found.origin).parent / "mpl-data" / "sample_data" / "grace_hopper.jpg"
