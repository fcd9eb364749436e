"""A network is checked, loaded once and run, or refused with a sentence."""

import hashlib
import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from dermagrade.errors import UsageError, WeightsError
from dermagrade.weights.model import inference_threads, load_model, open_network

pytest.importorskip("onnx", reason="makes a network; onnx comes with the train extra")
from red_dots import write_network


@pytest.fixture
def network(tmp_path: Path) -> Path:
    return write_network(tmp_path)


def _inputs() -> dict[str, np.ndarray]:
    image = np.full((1, 3, 32, 64), 0.5, np.float32)
    image[0, :, 8:16, 8:16] = np.array([1, 0, 0], np.float32)[:, None, None]
    return {"image": image, "region": np.ones((1, 1, 8, 16), np.float32)}


def test_outputs_come_by_name(network: Path) -> None:
    out = load_model(network).run(**_inputs())
    assert set(out) == {"density", "grade", "count"}
    assert out["count"].tolist() == pytest.approx([1.0], abs=1e-5)
    assert out["density"].shape == (2, 8, 16)


def test_the_id_is_version_and_digest(network: Path) -> None:
    digest = json.loads(network.with_suffix(".json").read_text())["sha256"]
    assert load_model(network).id == f"acne-dots@{digest[:8]}"


def test_threads_share_one_network_that_is_loaded_once(network: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        models = list(pool.map(load_model, [network] * 16))
        counts = list(pool.map(lambda model: float(model.run(**_inputs())["count"][0]), models))
    assert len({id(model) for model in models}) == 1
    assert counts == pytest.approx([1.0] * 16, abs=1e-5)


def test_a_folder_with_one_network_stands_for_it(network: Path) -> None:
    assert load_model(network.parent) is load_model(network)


def test_one_changed_byte_is_noticed(network: Path) -> None:
    content = bytearray(network.read_bytes())
    content[len(content) // 2] ^= 1
    network.write_bytes(bytes(content))
    with pytest.raises(WeightsError, match="damaged"):
        load_model(network)


def test_a_network_that_was_replaced_is_loaded_anew(network: Path) -> None:
    before = load_model(network)
    write_network(network.parent, version="acne-later", inputs={"size": 64})
    network.write_bytes(network.read_bytes())
    stamp = network.stat().st_mtime_ns + 1_000_000_000
    os.utime(network, ns=(stamp, stamp))
    assert load_model(network) is not before


def test_a_manifest_that_was_changed_is_read_anew(network: Path) -> None:
    before = load_model(network)
    path = network.with_suffix(".json")
    content = json.loads(path.read_text())
    content["postprocess"] = {"peak_threshold": 0.5}
    path.write_text(json.dumps(content))
    os.utime(path, (1, 1))
    after = load_model(network)
    assert after.manifest.postprocess == {"peak_threshold": 0.5}
    assert after is not before


def test_something_that_is_no_network_is_refused_even_where_its_digest_fits(network: Path) -> None:
    network.write_bytes(b"no network")
    manifest = json.loads(network.with_suffix(".json").read_text())
    manifest["sha256"] = hashlib.sha256(b"no network").hexdigest()
    network.with_suffix(".json").write_text(json.dumps(manifest))
    with pytest.raises(WeightsError, match="cannot load"):
        load_model(network)


def test_inputs_of_another_version_are_refused(network: Path) -> None:
    model = load_model(network)
    with pytest.raises(WeightsError, match="does not fit this version"):
        model.run(picture=np.zeros((1, 3, 32, 32), np.float32))
    with pytest.raises(WeightsError, match="does not fit this version"):
        model.run(**(_inputs() | {"image": np.zeros((3, 32, 32), np.float32)}))


@pytest.mark.parametrize("asked", ["0", "-1", "two", "1.5"])
def test_a_number_of_threads_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, asked: str) -> None:
    monkeypatch.setenv("DERMAGRADE_THREADS", asked)
    with pytest.raises(UsageError, match="DERMAGRADE_THREADS"):
        inference_threads()


def test_threads_are_at_most_four_unless_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DERMAGRADE_THREADS", raising=False)
    assert 1 <= inference_threads() <= 4
    monkeypatch.setenv("DERMAGRADE_THREADS", "7")
    assert inference_threads() == 7


def test_a_manifest_that_changed_within_the_same_instant_is_read_anew(network: Path) -> None:
    before = load_model(network)
    path = network.with_suffix(".json")
    stamp = path.stat().st_mtime_ns
    path.write_text(json.dumps(json.loads(path.read_text()) | {"version": "acne-much-later"}))
    os.utime(path, ns=(stamp, stamp))
    assert load_model(network) is not before
    assert load_model(network).id.startswith("acne-much-later@")


def test_a_network_without_a_manifest_is_opened_by_the_same_door(network: Path) -> None:
    network.with_suffix(".json").unlink()
    out = open_network(network, threads=1).run(_inputs())
    assert out["count"].tolist() == pytest.approx([1.0], abs=1e-5)


def test_a_network_that_cannot_be_opened_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="cannot be opened"):
        open_network(tmp_path / "backbone.onnx", threads=1)
    (tmp_path / "backbone.onnx").write_bytes(b"no network")
    with pytest.raises(WeightsError, match=r"cannot load the weights .*backbone\.onnx"):
        open_network(tmp_path / "backbone.onnx", threads=1)
