"""Weights on disk, and running them with ONNX Runtime.

Weights are three files with one stem: ``acne.onnx`` (the network), ``acne.json`` (its manifest) and ``acne.md`` (its
card). The manifest names the version, the SHA-256 of the network, what goes in and how it is prepared, what it was
trained on, under what licence, its metrics and the day it was made.

Two environment variables are read: ``DERMAGRADE_THREADS`` (threads for one inference) and ``DERMAGRADE_WEIGHTS`` (a
folder whose weights take the place of the shipped ones of the same name, such as what ``dermagrade train`` wrote).
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dermagrade import telemetry
from dermagrade.errors import UsageError, WeightsError

telemetry.switch_off()
# Only now, since ONNX Runtime calls home as soon as it is imported. No other module imports it.
import onnxruntime as ort  # noqa: E402
from onnxruntime.capi import onnxruntime_pybind11_state as ort_errors  # noqa: E402

#: The folder of the shipped weights.
SHIPPED = Path(__file__).resolve().parent

#: What every manifest must hold.
MANIFEST_KEYS = (
    "version",
    "sha256",
    "inputs",
    "normalisation",
    "training_data",
    "licence",
    "metrics",
    "created",
)

# onnxruntime's exceptions share no base of their own.
_ORT_ERRORS = (
    ort_errors.Fail,
    ort_errors.InvalidArgument,
    ort_errors.InvalidGraph,
    ort_errors.InvalidProtobuf,
    ort_errors.NoSuchFile,
    ort_errors.NotImplemented,
    ort_errors.RuntimeException,
)


@dataclass(frozen=True, eq=False)
class Weights:
    """Weights as they lie on disk, not yet loaded.

    Attributes:
        name: the stem of the files, such as ``acne``.
        path: of the ``.onnx`` file.
        manifest: what ``NAME.json`` holds.
    """

    name: str
    path: Path
    manifest: Mapping[str, Any]

    @property
    def id(self) -> str:
        """Version and the first digits of the network's SHA-256, such as ``acne-2026.11@1f3a9c2e``."""
        return f"{self.manifest['version']}@{self.manifest['sha256'][:8]}"

    @property
    def card(self) -> Path:
        """Where the card lies."""
        return self.path.with_suffix(".md")

    @property
    def size_bytes(self) -> int:
        """Size of the network's file."""
        return self.path.stat().st_size


class Model:
    """A loaded network; safe to run from several threads at once."""

    def __init__(self, weights: Weights, session: ort.InferenceSession) -> None:
        self.weights = weights
        self._session = session

    @property
    def id(self) -> str:
        """As :attr:`Weights.id`."""
        return self.weights.id

    @property
    def manifest(self) -> Mapping[str, Any]:
        """As :attr:`Weights.manifest`."""
        return self.weights.manifest

    @cached_property
    def _outputs(self) -> list[str]:
        return [output.name for output in self._session.get_outputs()]

    def run(self, **inputs: NDArray[Any]) -> dict[str, NDArray[Any]]:
        """All outputs of the network by name, for its inputs by name.

        Raises:
            WeightsError: if these inputs do not fit the network, so weights and package are of different versions.
        """
        try:
            values = self._session.run(self._outputs, inputs)
        except (*_ORT_ERRORS, ValueError) as error:
            raise WeightsError(
                f"The network {self.id} does not fit this version of Dermagrade ({_one_line(error)}); "
                "install the weights that came with it."
            ) from error
        return {name: np.asarray(value) for name, value in zip(self._outputs, values, strict=True)}


def shipped() -> tuple[str, ...]:
    """Names of the weights that need no path: those of the package and of ``DERMAGRADE_WEIGHTS``, sorted."""
    return tuple(sorted({path.stem for folder in _folders() for path in folder.glob("*.onnx")}))


def find(name_or_path: str | Path) -> Weights:
    """The weights of that name, or at that path, with their manifest read but the network neither read nor checked.

    Args:
        name_or_path: a shipped name such as ``acne`` (a bare string is always a name, whatever the working folder
            holds); or the path of an ``.onnx`` file, or of a folder that holds exactly one.

    Raises:
        WeightsError: if there are none, or the manifest is absent or not what it should be.
    """
    path = _locate(name_or_path)
    manifest_path = path.with_suffix(".json")
    try:
        manifest = json.loads(manifest_path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise WeightsError(
            f"The manifest {manifest_path} is missing or damaged; install Dermagrade again or export the weights again."
        ) from error
    missing = [key for key in MANIFEST_KEYS if key not in manifest] if isinstance(manifest, dict) else MANIFEST_KEYS
    if missing:
        raise WeightsError(f"The manifest {manifest_path} lacks {', '.join(missing)}; export the weights again.")
    return Weights(name=path.stem, path=path, manifest=manifest)


def load(name_or_path: str | Path) -> Model:
    """The network of that name, or at that path, ready to run.

    It is read, checked against its SHA-256 and prepared once in a process (again if it or its manifest changed since);
    later calls, from any thread, return the same object.

    Args:
        name_or_path: as for :func:`find`.

    Raises:
        WeightsError: if the weights are absent, damaged, or cannot be run by the ONNX Runtime installed here.
        UsageError: if ``DERMAGRADE_THREADS`` is not a whole number from 1 on.
    """
    path = _locate(name_or_path)
    try:
        stat = path.stat()
        # The manifest says how the network's output is read, and may change while the network stays.
        manifest = path.with_suffix(".json")
        described = manifest.stat().st_mtime_ns if manifest.exists() else 0
    except OSError as error:
        raise WeightsError(f"The weights {path} cannot be opened ({error.strerror}).") from error
    key = (path, stat.st_mtime_ns, stat.st_size, described)
    with _lock:
        if key not in _loaded:
            _loaded[key] = _load(find(path))
        return _loaded[key]


def inference_threads() -> int:
    """Threads for one inference: ``DERMAGRADE_THREADS`` where it is set, else the physical cores, at most 4.

    Raises:
        UsageError: if ``DERMAGRADE_THREADS`` is not a whole number from 1 on.
    """
    asked = os.environ.get("DERMAGRADE_THREADS", "").strip()
    if not asked:
        return min(_physical_cores(), 4)
    if not asked.isdecimal() or int(asked) < 1:
        raise UsageError(f"DERMAGRADE_THREADS must be a whole number from 1 on, not {asked!r}.")
    return int(asked)


def open_session(network: bytes | Path, *, threads: int) -> ort.InferenceSession:
    """A session of ONNX Runtime for a network's bytes or file; what goes wrong is raised as ONNX Runtime has it."""
    options = ort.SessionOptions()
    options.log_severity_level = 3  # errors only: its warnings mean nothing to our readers
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Photos differ in size: with the arena and the pattern cache on, the largest one would hold its memory for good.
    options.enable_cpu_mem_arena = False
    options.enable_mem_pattern = False
    # Each network has its own threads; those of the idle one must not spin on the cores of the other.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return ort.InferenceSession(network, options, providers=["CPUExecutionProvider"])


_lock = threading.Lock()
_loaded: dict[tuple[Path, int, int, int], Model] = {}


def _folders() -> tuple[Path, ...]:
    own = os.environ.get("DERMAGRADE_WEIGHTS", "")
    return (Path(own).resolve(), SHIPPED) if own else (SHIPPED,)


def _locate(name_or_path: str | Path) -> Path:
    path = Path(name_or_path)
    if isinstance(name_or_path, str) and path.name == name_or_path and not path.suffix:
        for folder in _folders():
            candidate = folder / f"{name_or_path}.onnx"
            if candidate.is_file():
                return candidate
        raise WeightsError(f"There are no weights named {name_or_path}; there are: {', '.join(shipped()) or 'none'}.")
    if path.is_dir():
        networks = sorted(path.glob("*.onnx"))
        if len(networks) != 1:
            raise WeightsError(f"The folder {path} must hold exactly one .onnx file, not {len(networks)}.")
        return networks[0].resolve()
    if path.suffix != ".onnx" or not path.is_file():
        raise WeightsError(f"There are no weights at {path}; name an .onnx file or a folder that holds one.")
    return path.resolve()


def _load(weights: Weights) -> Model:
    content = weights.path.read_bytes()
    if hashlib.sha256(content).hexdigest() != weights.manifest["sha256"]:
        raise WeightsError(
            f"The weights {weights.path} are damaged (their SHA-256 is not the manifest's); install Dermagrade again."
        )
    try:
        session = open_session(content, threads=inference_threads())
    except _ORT_ERRORS as error:
        raise WeightsError(
            f"ONNX Runtime {ort.__version__} cannot load the weights {weights.path} ({_one_line(error)}); "
            "install the versions that Dermagrade asks for."
        ) from error
    return Model(weights, session)


def _physical_cores() -> int:
    """Physical cores that this process may use; the logical ones where the system does not tell."""
    usable = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set(range(os.cpu_count() or 1))
    siblings = set()
    for cpu in usable:
        try:
            siblings.add(Path(f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list").read_text())
        except OSError:
            return len(usable)
    return len(siblings)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
