"""Weights are found by name or path, and a folder that was named for them is never passed over in silence."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from command_line import ENVIRONMENT
from dermagrade.assess.photo import assess_file
from dermagrade.cli.main import COMMANDS
from dermagrade.conditions import CONDITIONS
from dermagrade.errors import UsageError, WeightsError, WeightsFolderError
from dermagrade.weights.model import load_model
from dermagrade.weights.store import SHIPPED, find_weights, installed_names, named_network, own_folder

#: A call of every command that ends quickly where it is refused.
CALLS = {
    "assess": "assess a.jpg",
    "compare": "compare a.jpg b.jpg",
    "screen": "screen a.jpg",
    "patches": "patches a.jpg --out patches",
    "demo": "demo --photo a.jpg --out demo",
    "simulate": "simulate a.jpg --condition acne --grade 3 --out painted",
    "models": "models",
    "train": "train acne --recipe clean-smoke --out mine",
    "evaluate": "evaluate acne --labels labels.csv --images .",
    "measure": "measure steadiness --images .",
    "agreement": "agreement ratings.csv",
    "power": "power pigmentation --effect 0.5",
    "study": "study list",
    "serve": "serve",
}


@pytest.fixture(params=["missing", "empty", "a file", "without weights"])
def no_weights(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """What may be named by mistake as a folder of weights."""
    folder = tmp_path / "weights"
    if request.param == "a file":
        folder.write_text("no folder")
    elif request.param != "missing":
        folder.mkdir()
    if request.param == "without weights":
        shutil.copy(SHIPPED / "acne.json", folder)
    return folder


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A folder with own acne weights, and none of another name."""
    folder = tmp_path / "mine"
    folder.mkdir()
    shutil.copy(SHIPPED / "acne.onnx", folder)
    record = json.loads((SHIPPED / "acne.json").read_text("utf-8")) | {"version": "mine-1"}
    (folder / "acne.json").write_text(json.dumps(record))
    return folder


def command(call: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """What a command says, run in that folder."""
    return subprocess.run(
        [sys.executable, "-m", "dermagrade", *call.split()],
        cwd=folder, env=ENVIRONMENT | environment, capture_output=True, text=True, timeout=300,
    )  # fmt: skip


def test_every_command_has_a_call_here() -> None:
    assert set(CALLS) == {command.name for command in COMMANDS}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_command_refuses_a_named_folder_without_weights(call: str, tmp_path: Path) -> None:
    done = command(call, tmp_path, DERMAGRADE_WEIGHTS="/no/such")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "dermagrade: DERMAGRADE_WEIGHTS names /no/such, which does not exist; name a folder of weights.\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_the_library_refuses_a_named_folder_without_weights(no_weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DERMAGRADE_WEIGHTS", str(no_weights))
    for way in (
        own_folder,
        installed_names,
        lambda: find_weights("acne"),
        lambda: load_model("zones"),
        lambda: CONDITIONS["acne"].ships,
        lambda: assess_file(no_weights.parent / "a.jpg"),
    ):
        with pytest.raises(WeightsFolderError, match=f"DERMAGRADE_WEIGHTS names {no_weights}"):
            way()


def test_such_a_folder_is_a_wrong_call_and_missing_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DERMAGRADE_WEIGHTS", "/no/such")
    for kind in (UsageError, WeightsError):
        with pytest.raises(kind):
            load_model("acne")


@pytest.mark.parametrize("name", ["DERMAGRADE_WEIGHT", "DERMAGRADE_WEIGHTS_DIR"])
def test_a_misspelt_variable_is_told(name: str, mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, str(mine))
    with pytest.raises(WeightsFolderError, match=f"{name} is no setting; .* is DERMAGRADE_WEIGHTS"):
        load_model("acne")


def test_an_empty_variable_names_no_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DERMAGRADE_WEIGHTS", "")
    assert own_folder() is None
    assert find_weights("acne").path.parent == SHIPPED


def test_a_folder_of_ones_own_takes_the_place_of_shipped_weights_of_the_same_name_alone(
    mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DERMAGRADE_WEIGHTS", str(mine))
    assert find_weights("acne").path == (mine / "acne.onnx").resolve()
    assert find_weights("acne").id.startswith("mine-1@")
    assert find_weights("zones").path.parent == SHIPPED
    assert installed_names() == ("acne", "pigmentation", "zones")


def test_a_path_that_is_named_never_falls_back(no_weights: Path) -> None:
    with pytest.raises(WeightsError, match=r"no weights at|exactly one \.onnx file, not 0"):
        find_weights(named_network(no_weights, "acne"))


def test_evaluate_refuses_a_model_without_weights(no_weights: Path, tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text("photo,subject,grade\na.jpg,p,1\n")
    (tmp_path / "a.jpg").write_bytes(b"never read")
    done = command(f"evaluate acne --labels labels.csv --images . --model {no_weights}", tmp_path)
    assert done.returncode in {1, 2}
    assert (done.stdout, len(done.stderr.splitlines())) == ("", 1)
    assert str(no_weights) in done.stderr


def test_a_name_that_is_not_installed_is_refused() -> None:
    with pytest.raises(WeightsError, match=r"no weights named psoriasis; there are: acne, pigmentation, zones\."):
        find_weights("psoriasis")


def test_a_path_that_leads_nowhere_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="no weights at"):
        find_weights(tmp_path / "acne.onnx")


def test_a_folder_with_two_networks_is_refused_unless_one_is_named(mine: Path) -> None:
    shutil.copy(mine / "acne.onnx", mine / "other.onnx")
    with pytest.raises(WeightsError, match=r"exactly one \.onnx file, not 2"):
        find_weights(mine)
    assert find_weights(named_network(mine, "acne")).path == mine / "acne.onnx"


def test_a_folder_in_the_working_directory_never_hides_a_name(
    mine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine.rename(tmp_path / "zebra")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(WeightsError, match="no weights named zebra"):
        find_weights("zebra")


def test_everything_shipped_has_a_card_and_figures_and_stays_under_15_mb() -> None:
    names = [path.stem for path in SHIPPED.glob("*.onnx")]
    assert {"acne", "zones"} <= set(names)
    for name in names:
        weights = load_model(SHIPPED / f"{name}.onnx").weights
        assert weights.card.is_file()
        assert weights.manifest.licence
        assert weights.manifest.metrics
    assert sum(path.stat().st_size for path in SHIPPED.glob("*.onnx")) < 15_000_000
