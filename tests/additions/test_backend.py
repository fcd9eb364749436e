"""A backend is one file and one line, as CONTRIBUTING says: every command then runs the networks with it."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

from additions.house_copy import HouseCopy
from command_line import ENVIRONMENT

#: ONNX Runtime as somebody may want it who looks for a fault in it: nothing is made faster, one thread, and a note of
#: each run.
PLAIN = '''"""ONNX Runtime without its optimisations."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from dermagrade import telemetry
from dermagrade.weights.backends.network import NetworkError

telemetry.switch_off()
import onnxruntime as ort  # noqa: E402


class PlainNetwork:
    """A network, run step by step."""

    def __init__(self, session: ort.InferenceSession) -> None:
        self._session = session

    def run(self, inputs: Mapping[str, NDArray[Any]]) -> Mapping[str, NDArray[Any]]:
        """All outputs by name."""
        names = [output.name for output in self._session.get_outputs()]
        with Path(os.environ["RUNS"]).open("a") as notes:
            notes.write(" ".join(names) + "\\n")
        try:
            return dict(zip(names, self._session.run(names, dict(inputs)), strict=True))
        except Exception as error:
            raise NetworkError(error) from error


def open_network(content: bytes, *, threads: int) -> PlainNetwork:
    """Opens a network; one thread is enough here."""
    options = ort.SessionOptions()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.intra_op_num_threads = 1
    try:
        return PlainNetwork(ort.InferenceSession(content, options, providers=["CPUExecutionProvider"]))
    except Exception as error:
        raise NetworkError(error) from error


def version() -> str:
    """For people."""
    return "the plain backend"
'''


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> HouseCopy:
    """The package with the backend added."""
    house = HouseCopy(tmp_path_factory.mktemp("backend"))
    (house.package / "weights/backends/plain.py").write_text(PLAIN, encoding="utf-8")
    house.add_line("weights/backends/__init__.py", 'Backend("onnxruntime")', '            Backend("plain"),')
    return house


def command(house: HouseCopy, *arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs a command of the copy."""
    return subprocess.run(
        [sys.executable, "-m", "dermagrade", *map(str, arguments)], cwd=house.folder, capture_output=True, text=True,
        env=ENVIRONMENT | {"PYTHONPATH": str(house.folder), "RUNS": str(house.folder / "runs")} | environment,
        timeout=300,
    )  # fmt: skip


@pytest.fixture(scope="module")
def portrait() -> Path:
    """The public-domain portrait that comes inside matplotlib."""
    found = importlib.util.find_spec("matplotlib")
    if found is None or found.origin is None:
        pytest.skip("needs matplotlib's sample portrait (the demo extra)")
    return Path(found.origin).parent / "mpl-data" / "sample_data" / "grace_hopper.jpg"


def test_one_file_and_one_line_were_added(house: HouseCopy) -> None:
    assert house.changed() == {"weights/backends/__init__.py"}


def test_assess_runs_the_networks_with_it_and_scores_alike(house: HouseCopy, portrait: Path) -> None:
    runs = house.folder / "runs"
    default = command(house, "assess", portrait, "--json")
    assert (default.returncode, default.stderr) == (0, "")
    assert not runs.exists()
    mine = command(house, "assess", portrait, "--json", DERMAGRADE_BACKEND="plain")
    assert (mine.returncode, mine.stderr) == (0, "")
    ran = runs.read_text().splitlines()
    assert {"density grade count", "strength grade steepness", "zones centre size points visible pose"} <= set(ran)
    first, second = json.loads(default.stdout), json.loads(mine.stdout)
    assert second["model"] == first["model"]
    for condition in ("acne", "pigmentation"):
        assert second[condition]["score"] == pytest.approx(first[condition]["score"], abs=0.01)


def test_models_and_the_error_of_a_wrong_name_know_it(house: HouseCopy) -> None:
    told = command(house, "models", DERMAGRADE_BACKEND="plain")
    assert told.stdout.splitlines()[-1] == "run by the plain backend"
    wrong = command(house, "models", DERMAGRADE_BACKEND="planned")
    assert wrong.returncode == 2
    assert wrong.stderr == (
        "dermagrade: DERMAGRADE_BACKEND must be one of onnxruntime, plain, openvino, not planned.\n"
    )
