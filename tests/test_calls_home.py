"""Nothing calls home: a command leaves nothing in the user's home and asks for no host."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from command_line import ENVIRONMENT
from dermagrade import telemetry
from dermagrade.cli.main import COMMANDS
from name_lookups import NameLookups, names
from service_process import CLEAN, Service

pytestmark = pytest.mark.long

SRC = Path(__file__).resolve().parents[1] / "src"

#: One call or more of every command, in a folder that holds ``a.jpg``, ``labels.csv`` and ``ratings.csv``.
CALLS: dict[str, list[str]] = {
    "assess": ["assess a.jpg --json", "assess --visit a.jpg a.jpg"],
    "compare": ["compare a.jpg a.jpg"],
    "screen": ["screen a.jpg"],
    "patches": ["patches a.jpg --out patches"],
    "demo": ["demo --out demo"],
    "simulate": ["simulate a.jpg --condition acne --grade 3 --out painted"],
    "models": ["models"],
    "train": ["train acne --recipe clean-smoke --out mine"],
    "evaluate": ["evaluate acne --labels labels.csv --images ."],
    "measure": [f"measure {name} --images ." for name in ("steadiness", "left-right", "confounding", "cross-table")]
    + ["measure by-age --images . --ages ages.csv"],
    "agreement": ["agreement ratings.csv --report r.html", "agreement --plan --icc 0.8 --raters 3 --width 0.1"],
    "power": ["power pigmentation --effect 0.5 --report p.html"],
    "study": ["study list"],
    "serve": [],  # has a test of its own
}


@pytest.fixture(scope="session")
def lookups(tmp_path_factory: pytest.TempPathFactory) -> NameLookups:
    return NameLookups(tmp_path_factory.mktemp("lookups"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = importlib.util.find_spec("matplotlib")
    if found is None or found.origin is None:
        pytest.skip("needs matplotlib's sample portrait (the demo extra)")
    folder = tmp_path / "work"
    folder.mkdir()
    portrait = Path(found.origin).parent / "mpl-data" / "sample_data" / "grace_hopper.jpg"
    shutil.copy(portrait, folder / "a.jpg")
    (folder / "labels.csv").write_text("photo,subject,grade\na.jpg,p,1\n")
    (folder / "ages.csv").write_text("photo,age\na.jpg,37\n")
    (folder / "ratings.csv").write_text(
        "photo,rater,grade\n"
        + "".join(f"p{n}.jpg,{rater},{1 + (n + rater) % 4}\n" for n in range(8) for rater in (0, 1))
    )
    return folder


def _home(tmp_path: Path) -> tuple[Path, dict[str, str]]:
    home = tmp_path / "home"
    home.mkdir()
    # Where these are set, files would go elsewhere and not be seen.
    hidden = {"XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "MPLCONFIGDIR", "HF_HOME", *telemetry.SWITCHES}
    return home, {name: value for name, value in ENVIRONMENT.items() if name not in hidden} | {"HOME": str(home)}


def _files(home: Path) -> list[str]:
    return sorted(str(path.relative_to(home)) for path in home.rglob("*"))


def test_every_command_has_a_call_here() -> None:
    assert set(CALLS) == {command.name for command in COMMANDS}


@pytest.mark.parametrize("call", [call for calls in CALLS.values() for call in calls])
def test_a_command_leaves_nothing_at_home_and_looks_up_no_host(
    call: str, folder: Path, tmp_path: Path, lookups: NameLookups
) -> None:
    home, environment = _home(tmp_path)
    notes = tmp_path / "notes"
    done = subprocess.run(
        [sys.executable, "-m", "dermagrade", *call.split()],
        cwd=folder, env=environment | lookups.environment(notes), capture_output=True, text=True, timeout=900,
    )  # fmt: skip
    # No condition of the table compares, which is a wrong call.
    assert done.returncode == (2 if call.startswith("compare") else 0), done.stderr
    assert _files(home) == []
    assert names(notes) == []


def test_the_service_leaves_nothing_at_home_and_looks_up_no_host(
    folder: Path, tmp_path: Path, lookups: NameLookups, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, environment = _home(tmp_path)
    notes = tmp_path / "notes"
    for name in telemetry.SWITCHES:
        monkeypatch.delitem(CLEAN, name, raising=False)
    monkeypatch.setitem(CLEAN, "HOME", environment["HOME"])
    for name, value in lookups.environment(notes).items():
        monkeypatch.setitem(CLEAN, name, value)
    with Service(folder) as service:
        assert service.assess((folder / "a.jpg").read_bytes()).status_code == 200
        service.end()
    assert _files(home) == []
    assert names(notes) == []


def test_the_library_leaves_nothing_at_home_and_looks_up_no_host(
    folder: Path, tmp_path: Path, lookups: NameLookups
) -> None:
    home, environment = _home(tmp_path)
    notes = tmp_path / "notes"
    code = "from dermagrade.assess.photo import assess_file; assert assess_file('a.jpg').status == 'assessed'"
    subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=environment | lookups.environment(notes), check=True, timeout=300
    )
    assert _files(home) == []
    assert names(notes) == []


def test_a_look_up_would_be_counted(tmp_path: Path, lookups: NameLookups) -> None:
    notes = tmp_path / "notes"
    code = "import socket\ntry:\n    socket.getaddrinfo('host.invalid', 80)\nexcept OSError:\n    pass"
    subprocess.run([sys.executable, "-c", code], env=os.environ | lookups.environment(notes), check=True, timeout=300)
    assert names(notes) == ["host.invalid"]


@pytest.mark.parametrize(
    ("package", "silence"), [("onnxruntime", "\ntelemetry.switch_off()"), ("openvino", "\ntelemetry.keep_out(")]
)
def test_what_runs_networks_is_imported_in_one_place_and_after_its_telemetry_is_off(package: str, silence: str) -> None:
    imports = {
        path.relative_to(SRC).as_posix(): text
        for path in sorted(SRC.rglob("*.py"))
        if f"\nimport {package}" in (text := path.read_text("utf-8")) or f"\nfrom {package}" in text
    }
    assert list(imports) == [f"dermagrade/weights/backends/{package}.py"]
    (text,) = imports.values()
    assert text.index(silence) < text.index(f"\nimport {package}")


@pytest.mark.skipif(importlib.util.find_spec("openvino") is None, reason="needs the openvino extra")
def test_openvino_leaves_nothing_at_home_and_looks_up_no_host(
    folder: Path, tmp_path: Path, lookups: NameLookups
) -> None:
    home, environment = _home(tmp_path)
    notes = tmp_path / "notes"
    done = subprocess.run(
        [sys.executable, "-m", "dermagrade", "assess", "a.jpg", "--json"],
        cwd=folder, env=environment | lookups.environment(notes) | {"DERMAGRADE_BACKEND": "openvino"},
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert _files(home) == []
    assert names(notes) == []


def test_a_switch_that_somebody_set_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORT_DISABLE_TELEMETRY", "0")
    monkeypatch.delenv("HF_HUB_DISABLE_TELEMETRY", raising=False)
    telemetry.switch_off()
    assert os.environ["ORT_DISABLE_TELEMETRY"] == "0"
    assert os.environ["HF_HUB_DISABLE_TELEMETRY"] == "1"
