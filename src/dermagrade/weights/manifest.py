"""The manifest: what is known of a network, in ``NAME.json`` beside ``NAME.onnx``."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from dermagrade.errors import OutputError, WeightsError

#: What stands under a key whose content belongs to a kind of network or to a condition.
Open = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What is known of a network; it checks itself, and nothing in it can be changed.

    A changed one is made with :func:`dataclasses.replace` and written with :func:`write_manifest`.

    Attributes:
        version: of the weights, such as ``acne-2026.11``.
        condition: that is graded; None for what grades none, as the zone network.
        sha256: of the network's file, 64 hexadecimal digits (:func:`network_digest`).
        created: day on which they were made, as ``2026-11-21``.
        inputs: what goes in: ``size``, the side of the picture in pixels, and the shape of each input.
        normalisation: how the inputs are prepared, in words.
        postprocess: how the output is read.
        training_data: a sentence for each source.
        licence: of the weights.
        recipe: how they were trained: its ``name`` and its settings.
        seed: of the training's random numbers; None where it is not known.
        command: that trained them, as typed; None where it is not known.
        metrics: figures, nested at will.
        kind: of network, where a condition has several.
        scale: id of the scale that was learnt, where the kind does not say it.
        grouping: names and values of the groups of grades that were learnt.
        people: whose skin the training's photos show, where the recipe does not say it.
        calibration: of the intervals; None for scores without.
        tried: ``note`` and ``rows`` of what was tried, for the card.

    Raises:
        WeightsError: if a value is not of its type.
    """

    version: str
    condition: str | None = None
    sha256: str
    created: str
    inputs: Open
    normalisation: str
    postprocess: Open = field(default_factory=dict)
    training_data: Sequence[str]
    licence: str
    recipe: Open = field(default_factory=dict)
    seed: int | None = None
    command: str | None = None
    metrics: Open
    kind: str | None = None
    scale: str | None = None
    grouping: Open | None = None
    people: str | None = None
    calibration: Open | None = None
    tried: Open | None = None

    def __post_init__(self) -> None:
        for name in _FIELDS:
            # Frozen through and through: one object serves all threads of a process.
            object.__setattr__(self, name, _frozen(getattr(self, name)))
        wrong = _wrong({name: getattr(self, name) for name in _FIELDS})
        if wrong:
            raise WeightsError(f"A manifest's {wrong}.")

    @property
    def size(self) -> int:
        """Side of the picture that the network takes, in pixels.

        Raises:
            WeightsError: if ``inputs`` names none.
        """
        size = self.inputs.get("size")
        if not isinstance(size, int) or isinstance(size, bool) or size < 1:
            raise WeightsError(f"The manifest of {self.version} gives no inputs.size in pixels; export them again.")
        return size

    def reading(self, name: str) -> float:
        """A number of ``postprocess``.

        Raises:
            WeightsError: if there is none of that name.
        """
        value = self.postprocess.get(name)
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise WeightsError(f"The manifest of {self.version} gives no number postprocess.{name}; export them again.")
        return float(value)

    def record(self) -> dict[str, Any]:
        """As it stands in JSON, without the keys that say nothing."""
        values = {name: getattr(self, name) for name in _FIELDS}
        return {name: thawed(value) for name, value in values.items() if value is not None}


_FIELDS = tuple(Manifest.__dataclass_fields__)

#: What every manifest must hold.
REQUIRED = tuple(
    name
    for name, one in Manifest.__dataclass_fields__.items()
    if one.default is dataclasses.MISSING and one.default_factory is dataclasses.MISSING
)

_OBJECTS = frozenset(name for name, one in Manifest.__dataclass_fields__.items() if str(one.type).startswith("Open"))
_OPTIONAL = frozenset(name for name, one in Manifest.__dataclass_fields__.items() if one.default is None)


def network_digest(network: bytes | Path) -> str:
    """SHA-256 of a network, given as its content or its file: 64 hexadecimal digits."""
    return hashlib.sha256(network if isinstance(network, bytes) else network.read_bytes()).hexdigest()


def today() -> str:
    """The day that a manifest made now gives as ``created``."""
    return date.today().isoformat()


def read_manifest(network: Path) -> Manifest:
    """The manifest beside a network.

    Args:
        network: the ``.onnx`` file.

    Raises:
        WeightsError: if it is missing or damaged, lacks a key, or has one that is unknown or not of its type.
    """
    path = network.with_suffix(".json")
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise WeightsError(
            f"The manifest {path} is missing or damaged; install Dermagrade again or export the weights again."
        ) from error
    if not isinstance(record, dict):
        raise WeightsError(f"The manifest {path} must be one JSON object; export the weights again.")
    missing = [key for key in REQUIRED if key not in record]
    if missing:
        raise WeightsError(f"The manifest {path} lacks {', '.join(missing)}; export the weights again.")
    unknown = [key for key in record if key not in _FIELDS]
    if unknown:
        raise WeightsError(
            f"The manifest {path} has what this version of Dermagrade does not know ({', '.join(unknown)}); install "
            "the version that made the weights."
        )
    wrong = _wrong(record)
    if wrong:
        raise WeightsError(f"In the manifest {path}, {wrong}; export the weights again.")
    return Manifest(**record)


def write_manifest(network: Path, manifest: Manifest) -> Path:
    """Writes the manifest beside a network; returns its path. The file appears under its name only when it is whole.

    Args:
        network: the ``.onnx`` file.
        manifest: what is known of it.

    Raises:
        OutputError: if it cannot be written.
    """
    path = network.with_suffix(".json")
    partial = path.with_suffix(".json.partial")
    try:
        partial.write_text(json.dumps(manifest.record(), indent=2) + "\n", encoding="utf-8")
        partial.replace(path)
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror}.") from error
    return path


def thawed(value: Any) -> Any:
    """A value of a manifest as JSON takes it: dicts and lists in place of what cannot be changed."""
    if isinstance(value, Mapping):
        return {key: thawed(one) for key, one in value.items()}
    return [thawed(one) for one in value] if isinstance(value, tuple) else value


def _frozen(value: Any) -> Any:
    if isinstance(value, Mapping):
        return MappingProxyType({key: _frozen(one) for key, one in value.items()})
    return tuple(_frozen(one) for one in value) if isinstance(value, list | tuple) else value


def _wrong(record: Mapping[str, Any]) -> str | None:
    """What is wrong with the first value that is not of its type; None where all are."""
    for name, value in record.items():
        if value is None and name in _OPTIONAL:
            continue
        if name in _OBJECTS:
            right, kind = isinstance(value, Mapping), "an object"
        elif name == "training_data":
            right = isinstance(value, list | tuple) and all(isinstance(line, str) for line in value)
            kind = "a list of sentences"
        elif name == "seed":
            right, kind = isinstance(value, int) and not isinstance(value, bool), "a whole number"
        elif name == "sha256":
            right, kind = isinstance(value, str) and bool(re.fullmatch("[0-9a-f]{64}", value)), "64 hexadecimal digits"
        elif name == "created":
            right, kind = isinstance(value, str) and _is_day(value), "a day like 2026-11-21"
        else:
            right, kind = isinstance(value, str), "text"
        if not right:
            return f"{name} must be {kind}, not {_shown(value)}"
    return None


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _shown(value: Any) -> str:
    text = json.dumps(thawed(value), default=str)
    return text if len(text) <= 60 else f"{text[:57]}..."
