"""Weights are found, checked, loaded once and run, or refused with a sentence."""

import hashlib
import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from dermagrade.errors import UsageError, WeightsError
from dermagrade.weights import runtime

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
    out = runtime.load(network).run(**_inputs())
    assert set(out) == {"density", "grade", "count"}
    assert out["count"].tolist() == pytest.approx([1.0], abs=1e-5)
    assert out["density"].shape == (2, 8, 16)


def test_the_id_is_version_and_digest(network: Path) -> None:
    digest = json.loads(network.with_suffix(".json").read_text())["sha256"]
    assert runtime.load(network).id == f"acne-dots@{digest[:8]}"


def test_threads_share_one_network_that_is_loaded_once(network: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        models = list(pool.map(runtime.load, [network] * 16))
        counts = list(pool.map(lambda model: float(model.run(**_inputs())["count"][0]), models))
    assert len({id(model) for model in models}) == 1
    assert counts == pytest.approx([1.0] * 16, abs=1e-5)


def test_a_folder_with_one_network_stands_for_it(network: Path) -> None:
    assert runtime.load(network.parent) is runtime.load(network)


def test_a_folder_with_two_networks_is_refused(network: Path) -> None:
    write_network(network.parent, name="other")
    with pytest.raises(WeightsError, match=r"exactly one \.onnx file, not 2"):
        runtime.load(network.parent)


def test_one_changed_byte_is_noticed(network: Path) -> None:
    content = bytearray(network.read_bytes())
    content[len(content) // 2] ^= 1
    network.write_bytes(bytes(content))
    with pytest.raises(WeightsError, match="damaged"):
        runtime.load(network)


def test_a_network_that_was_replaced_is_loaded_anew(network: Path) -> None:
    before = runtime.load(network)
    write_network(network.parent, version="acne-later", inputs={"size": 64})
    network.write_bytes(network.read_bytes())
    stamp = network.stat().st_mtime_ns + 1_000_000_000
    os.utime(network, ns=(stamp, stamp))
    assert runtime.load(network) is not before


def test_a_manifest_that_was_changed_is_read_anew(network: Path) -> None:
    before = runtime.load(network)
    path = network.with_suffix(".json")
    content = json.loads(path.read_text())
    content["postprocess"] = {"peak_threshold": 0.5}
    path.write_text(json.dumps(content))
    os.utime(path, (1, 1))
    after = runtime.load(network)
    assert after.manifest["postprocess"] == {"peak_threshold": 0.5}
    assert after is not before


def test_something_that_is_no_network_is_refused_even_where_its_digest_fits(network: Path) -> None:
    network.write_bytes(b"no network")
    manifest = json.loads(network.with_suffix(".json").read_text())
    manifest["sha256"] = hashlib.sha256(b"no network").hexdigest()
    network.with_suffix(".json").write_text(json.dumps(manifest))
    with pytest.raises(WeightsError, match="cannot load"):
        runtime.load(network)


@pytest.mark.parametrize("content", [None, "", "{", "[]", '"text"'])
def test_a_manifest_that_is_absent_or_malformed_is_refused(network: Path, content: str | None) -> None:
    manifest = network.with_suffix(".json")
    if content is None:
        manifest.unlink()
    else:
        manifest.write_text(content)
    with pytest.raises(WeightsError, match="manifest"):
        runtime.find(network)


@pytest.mark.parametrize("key", runtime.MANIFEST_KEYS)
def test_a_manifest_that_lacks_a_key_is_refused_by_name(network: Path, key: str) -> None:
    manifest = json.loads(network.with_suffix(".json").read_text())
    del manifest[key]
    network.with_suffix(".json").write_text(json.dumps(manifest))
    with pytest.raises(WeightsError, match=f"lacks {key}"):
        runtime.find(network)


def test_a_name_that_is_not_shipped_is_refused() -> None:
    with pytest.raises(WeightsError, match="no weights named psoriasis"):
        runtime.load("psoriasis")


def test_a_path_that_leads_nowhere_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="no weights at"):
        runtime.load(tmp_path / "acne.onnx")


def test_inputs_of_another_version_are_refused(network: Path) -> None:
    model = runtime.load(network)
    with pytest.raises(WeightsError, match="does not fit this version"):
        model.run(picture=np.zeros((1, 3, 32, 32), np.float32))
    with pytest.raises(WeightsError, match="does not fit this version"):
        model.run(**(_inputs() | {"image": np.zeros((3, 32, 32), np.float32)}))


def test_a_folder_of_ones_own_takes_the_place_of_shipped_weights(
    network: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DERMAGRADE_WEIGHTS", str(network.parent))
    assert runtime.find("acne").path == network.resolve()
    assert "acne" in runtime.shipped()


def test_a_folder_in_the_working_directory_never_hides_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "zebra").mkdir()
    write_network(tmp_path / "zebra")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(WeightsError, match="no weights named zebra"):
        runtime.find("zebra")


@pytest.mark.parametrize("asked", ["0", "-1", "two", "1.5"])
def test_a_number_of_threads_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, asked: str) -> None:
    monkeypatch.setenv("DERMAGRADE_THREADS", asked)
    with pytest.raises(UsageError, match="DERMAGRADE_THREADS"):
        runtime.inference_threads()


def test_threads_are_at_most_four_unless_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DERMAGRADE_THREADS", raising=False)
    assert 1 <= runtime.inference_threads() <= 4
    monkeypatch.setenv("DERMAGRADE_THREADS", "7")
    assert runtime.inference_threads() == 7


def test_everything_shipped_loads_has_a_card_and_stays_under_15_mb() -> None:
    names = [path.stem for path in runtime.SHIPPED.glob("*.onnx")]
    assert {"acne", "zones"} <= set(names)
    for name in names:
        weights = runtime.load(runtime.SHIPPED / f"{name}.onnx").weights
        assert weights.card.is_file()
        assert weights.manifest["licence"]
        assert weights.manifest["metrics"]
    assert sum(path.stat().st_size for path in runtime.SHIPPED.glob("*.onnx")) < 15_000_000
