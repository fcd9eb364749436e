"""One server for most tests of a module, and the photos that are sent to it."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest

from service_process import Service


@pytest.fixture(scope="session")
def portrait() -> Path:
    """The public-domain portrait that the demo uses; it comes inside matplotlib."""
    found = importlib.util.find_spec("matplotlib")
    if found is None or found.origin is None:
        pytest.skip("needs matplotlib's sample portrait (the demo extra)")
    return Path(found.origin).parent / "mpl-data" / "sample_data" / "grace_hopper.jpg"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A server as it is by default, on loopback, but for the port."""
    with Service(tmp_path_factory.mktemp("service")) as running:
        yield running
        assert running.end() == (0, ""), "the service logged something, or did not end well"
