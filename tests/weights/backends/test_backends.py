"""One setting chooses the backend; all of them give the same answers in float32, and the caches tell them apart."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from command_line import ENVIRONMENT
from dermagrade.errors import MissingExtraError, UsageError, WeightsError
from dermagrade.evaluation.networks import Networks
from dermagrade.tables.labels import PhotoLabel
from dermagrade.weights.backends import BACKENDS, DEFAULT, chosen
from dermagrade.weights.backends.network import NetworkError
from dermagrade.weights.model import load_model
from dermagrade.weights.store import SHIPPED

INSTALLED = [name for name in BACKENDS if importlib.util.find_spec(name)]
OTHERS = [
    pytest.param(name, marks=pytest.mark.skipif(name not in INSTALLED, reason=f"needs the {backend.extra} extra"))
    for name, backend in BACKENDS.items()
    if name != DEFAULT
]


def inputs_of(name: str) -> dict[str, np.ndarray]:
    """Inputs of a shipped network, drawn with a fixed seed."""
    rng = np.random.default_rng(7)
    size = load_model(name).manifest.size
    if name == "zones":
        return {"image": rng.random((1, 3, size, size), np.float32)}
    if name == "acne":
        region = np.ones((3, 1, size // 4, size // 4), np.float32)
        return {"image": rng.random((1, 3, size, size), np.float32), "region": region}
    shape = load_model(name).manifest.inputs["image"][1:]
    zones = np.zeros((2, 5, shape[1] // 2, shape[2] // 2), np.float32)
    zones[:, :, 20:60, 20:60] = 1
    return {"image": rng.random((2, *shape), np.float32), "zones": zones}


def test_the_default_is_onnx_runtime_and_an_empty_setting_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DERMAGRADE_BACKEND", raising=False)
    assert chosen().name == DEFAULT == "onnxruntime"
    monkeypatch.setenv("DERMAGRADE_BACKEND", "")
    assert chosen().name == DEFAULT


def test_a_backend_that_there_is_not_is_one_sentence_that_lists_those_there_are(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DERMAGRADE_BACKEND", "abacus")
    with pytest.raises(UsageError, match=r"must be one of onnxruntime, openvino, not abacus\."):
        load_model("acne")
    done = subprocess.run(
        [sys.executable, "-m", "dermagrade", "assess", "a.jpg"], cwd=tmp_path, capture_output=True, text=True,
        env=ENVIRONMENT | {"DERMAGRADE_BACKEND": "abacus"}, timeout=300,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == ("dermagrade: DERMAGRADE_BACKEND must be one of onnxruntime, openvino, not abacus.\n")


def test_a_backend_that_is_not_installed_names_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DERMAGRADE_BACKEND", "openvino")
    monkeypatch.delitem(sys.modules, "dermagrade.weights.backends.openvino", raising=False)
    # None makes the import fail as if the package were not installed.
    monkeypatch.setitem(sys.modules, "openvino", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'dermagrade\[openvino\]'"):
        load_model("acne")


@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.parametrize("name", sorted(path.stem for path in SHIPPED.glob("*.onnx")))
def test_backends_agree_on_every_shipped_network(name: str, other: str, monkeypatch: pytest.MonkeyPatch) -> None:
    inputs = inputs_of(name)
    wanted = load_model(name).run(**inputs)
    monkeypatch.setenv("DERMAGRADE_BACKEND", other)
    model = load_model(name)
    assert model.backend == other
    got = model.run(**inputs)
    assert list(got) == list(wanted)
    for output, values in wanted.items():
        assert got[output].dtype == values.dtype
        np.testing.assert_allclose(got[output], values, rtol=1e-4, atol=1e-4, err_msg=output)


@pytest.mark.parametrize("other", OTHERS)
def test_assess_gives_the_same_scores_with_another_backend(other: str, tmp_path: Path) -> None:
    found = importlib.util.find_spec("matplotlib")
    if found is None or found.origin is None:
        pytest.skip("needs matplotlib's sample portrait (the demo extra)")
    portrait = Path(found.origin).parent / "mpl-data" / "sample_data" / "grace_hopper.jpg"
    records = []
    for backend in (DEFAULT, other):
        done = subprocess.run(
            [sys.executable, "-W", "error", "-m", "dermagrade", "assess", portrait, "--json"], cwd=tmp_path,
            env=ENVIRONMENT | {"DERMAGRADE_BACKEND": backend}, capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, "")
        records.append(json.loads(done.stdout))
    first, second = records
    assert first["model"] == second["model"]
    for condition in ("acne", "pigmentation"):
        assert second[condition]["score"] == pytest.approx(first[condition]["score"], abs=0.01)
        assert second[condition]["level"] == first[condition]["level"]


@pytest.mark.parametrize("backend", INSTALLED)
def test_a_network_serves_several_threads_at_once(backend: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DERMAGRADE_BACKEND", backend)
    rng = np.random.default_rng(1)
    model = load_model("zones")
    pictures = [rng.random((1, 3, 160, 160), np.float32) for _ in range(8)]
    one_by_one = [model.run(image=picture)["zones"] for picture in pictures]
    with ThreadPoolExecutor(4) as pool:
        at_once = list(pool.map(lambda picture: model.run(image=picture)["zones"], pictures))
    for wanted, got in zip(one_by_one, at_once, strict=True):
        np.testing.assert_allclose(got, wanted, atol=1e-6)


@pytest.mark.parametrize("backend", INSTALLED)
def test_what_does_not_fit_is_one_sentence_whichever_backend_runs(
    backend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DERMAGRADE_BACKEND", backend)
    model = load_model("zones")
    for inputs in (
        {"picture": np.zeros((1, 3, 160, 160), np.float32)},
        {"image": np.zeros((3, 160, 160), np.float32)},
        {"image": np.zeros((1, 4, 160, 160), np.float32)},
        {},
    ):
        with pytest.raises(WeightsError, match=r"zones-2026\.11@47ae5173 does not fit this version"):
            model.run(**inputs)
    with pytest.raises(NetworkError) as error:
        BACKENDS[backend].module().open_network(b"no network", threads=1)
    assert len(str(error.value).splitlines()) == 1


@pytest.mark.parametrize("other", OTHERS)
def test_each_backend_has_its_own_network_in_memory_and_its_own_kept_answers(
    other: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = PhotoLabel("a.jpg", "p", 1)
    first, key = load_model("acne"), Networks("acne").key(photo)
    monkeypatch.setenv("DERMAGRADE_BACKEND", other)
    assert load_model("acne") is not first
    assert Networks("acne").key(photo) != key
    monkeypatch.setenv("DERMAGRADE_BACKEND", DEFAULT)
    assert load_model("acne") is first
    assert Networks("acne").key(photo) == key


@pytest.mark.parametrize("backend", INSTALLED)
def test_models_says_what_runs_the_networks(backend: str, tmp_path: Path) -> None:
    version = BACKENDS[backend].module().version()
    environment = ENVIRONMENT | {"DERMAGRADE_BACKEND": backend}
    call = [sys.executable, "-m", "dermagrade", "models"]
    told = subprocess.run(call, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True, timeout=300)
    assert told.stdout.splitlines()[-1] == f"run by {version}"
    call.append("--json")
    told = subprocess.run(call, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True, timeout=300)
    assert {json.loads(line)["backend"] for line in told.stdout.splitlines()} == {version}


@pytest.mark.skipif("openvino" not in INSTALLED, reason="needs the openvino extra")
def test_openvino_computes_in_float32_and_not_in_what_the_processor_likes_best() -> None:
    network = BACKENDS["openvino"].module().open_network((SHIPPED / "zones.onnx").read_bytes(), threads=1)
    assert "f32" in str(network._compiled.get_property("INFERENCE_PRECISION_HINT").to_string())  # type: ignore[attr-defined]
