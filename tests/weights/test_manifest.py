"""A manifest is built whole, checks itself, cannot be changed, and comes back from its file as it was."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from dermagrade.errors import OutputError, WeightsError
from dermagrade.weights.manifest import REQUIRED, Manifest, network_digest, read_manifest, today, write_manifest
from dermagrade.weights.store import SHIPPED
from plain_manifest import plain_manifest

FULL = plain_manifest(
    condition="acne", inputs={"size": 64, "image": [1, 3, 64, 64]}, postprocess={"threshold": 0.5, "counts": True},
    training_data=["drawn: 3 photos"], recipe={"name": "lesions"}, seed=7, command="make",
    metrics={"kappa": {"model": 0.8, "interval": [0.7, 0.9]}}, kind="zone-patches", scale="acne-5",
    grouping={"names": ["few", "many"]}, people="Drawn faces.", calibration={"mass": 0.7},
    tried={"note": "On 3 photos.", "rows": [{"idea": "none"}]},
)  # fmt: skip


def write(folder: Path, **changes: object) -> Path:
    """Writes the file as somebody else would, with these keys changed; ``...`` removes one."""
    record = FULL.record() | changes
    path = folder / "acne.json"
    path.write_text(json.dumps({key: value for key, value in record.items() if value is not ...}))
    return path.with_suffix(".onnx")


def test_what_is_written_comes_back_as_it_was(tmp_path: Path) -> None:
    assert write_manifest(tmp_path / "acne.onnx", FULL) == tmp_path / "acne.json"
    assert read_manifest(tmp_path / "acne.onnx") == FULL
    assert [path.name for path in tmp_path.iterdir()] == ["acne.json"]


@pytest.mark.parametrize("name", sorted(path.stem for path in SHIPPED.glob("*.onnx")))
def test_the_shipped_manifests_hold_what_their_files_hold(name: str) -> None:
    path = SHIPPED / f"{name}.json"
    manifest = read_manifest(path.with_suffix(".onnx"))
    assert {"postprocess": {}, "recipe": {}} | json.loads(path.read_text("utf-8")) == manifest.record()
    assert manifest.sha256 == network_digest(path.with_suffix(".onnx"))


def test_keys_that_say_nothing_are_not_written() -> None:
    record = plain_manifest().record()
    assert set(record) == {*REQUIRED, "postprocess", "recipe"}


def test_a_changed_one_is_another_and_the_first_stays() -> None:
    changed = dataclasses.replace(FULL, calibration={"mass": 0.8})
    assert (changed.calibration, FULL.calibration) == ({"mass": 0.8}, {"mass": 0.7})


def test_nothing_in_it_can_be_changed() -> None:
    given = {"kappa": {"model": 0.8}}
    manifest = plain_manifest(metrics=given)
    given["kappa"]["model"] = 1.0
    assert manifest.metrics["kappa"]["model"] == 0.8
    with pytest.raises(dataclasses.FrozenInstanceError):
        manifest.version = "x-2"  # type: ignore[misc]
    with pytest.raises(TypeError):
        manifest.metrics["kappa"]["model"] = 1.0
    with pytest.raises(TypeError):
        manifest.metrics["accuracy"] = 1.0  # type: ignore[index]


def test_its_record_is_the_readers_own() -> None:
    FULL.record()["metrics"]["kappa"]["model"] = 1.0
    assert FULL.metrics["kappa"]["model"] == 0.8


@pytest.mark.parametrize("content", [None, "", "{", "[]", '"text"'])
def test_one_that_is_absent_or_malformed_is_refused(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "acne.json").write_text(content)
    with pytest.raises(WeightsError, match="manifest"):
        read_manifest(tmp_path / "acne.onnx")


@pytest.mark.parametrize("key", REQUIRED)
def test_one_that_lacks_a_key_is_refused_by_name(tmp_path: Path, key: str) -> None:
    with pytest.raises(WeightsError, match=f"lacks {key}"):
        read_manifest(write(tmp_path, **{key: ...}))


def test_a_key_that_nobody_knows_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"does not know \(calibraton\)"):
        read_manifest(write(tmp_path, calibraton={}))


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("version", 2, "version must be text, not 2"),
        ("version", None, "version must be text, not null"),
        ("sha256", "abc", "sha256 must be 64 hexadecimal digits"),
        ("created", "yesterday", "created must be a day like 2026-11-21"),
        ("inputs", [64], "inputs must be an object"),
        ("training_data", "drawn", "training_data must be a list of sentences"),
        ("training_data", [1], "training_data must be a list of sentences"),
        ("metrics", None, "metrics must be an object"),
        ("postprocess", None, "postprocess must be an object"),
        ("seed", "7", "seed must be a whole number"),
        ("seed", True, "seed must be a whole number"),
        ("calibration", 0.9, "calibration must be an object"),
        ("people", ["drawn"], "people must be text"),
    ],
)
def test_a_value_of_another_type_is_refused_where_it_is_read_and_where_it_is_built(
    tmp_path: Path, key: str, value: object, sentence: str
) -> None:
    with pytest.raises(WeightsError, match=sentence) as error:
        read_manifest(write(tmp_path, **{key: value}))
    assert str(tmp_path / "acne.json") in str(error.value)
    with pytest.raises(WeightsError, match=sentence):
        plain_manifest(**{key: value})


def test_a_size_and_a_number_that_it_does_not_give_are_asked_for_by_name() -> None:
    assert (FULL.size, FULL.reading("threshold")) == (64, 0.5)
    with pytest.raises(WeightsError, match=r"inputs\.size"):
        _ = plain_manifest().size
    for manifest in (plain_manifest(), plain_manifest(postprocess={"threshold": "half"})):
        with pytest.raises(WeightsError, match=r"postprocess\.threshold"):
            manifest.reading("threshold")


def test_a_file_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        write_manifest(tmp_path / "nowhere" / "acne.onnx", FULL)


def test_the_manifest_of_a_run_of_the_release_before_is_read(tmp_path: Path) -> None:
    # As that release wrote it for a network of zones: kind, condition, scale and people follow at the end.
    record = {
        "version": "pigmentation-2026.11", "sha256": "0" * 64, "created": today(),
        "inputs": {"size": 48, "image": ["faces", 7, 48, 40]}, "normalisation": "densities",
        "postprocess": {"turn": 0.015, "full": 0.36, "pale_share": 0.5}, "training_data": ["9 photos of 9 people"],
        "licence": "none", "recipe": {"name": "zones", "engine": "zone-ordinal", "widths": [16, 8]}, "seed": 3,
        "command": "dermagrade train pigmentation", "metrics": {}, "kind": "zone-ordinal",
        "condition": "pigmentation", "scale": "pigment-9", "people": "Drawn faces.",
    }  # fmt: skip
    (tmp_path / "pigmentation.json").write_text(json.dumps(record))
    manifest = read_manifest(tmp_path / "pigmentation.onnx")
    assert isinstance(manifest, Manifest)
    assert manifest.record() == record
