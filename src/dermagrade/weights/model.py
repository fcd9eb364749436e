"""A loaded network: one for each file in a process, run by the backend that is chosen.

The environment variable ``DERMAGRADE_THREADS`` sets the threads for one inference, ``DERMAGRADE_BACKEND`` the backend
(:mod:`dermagrade.weights.backends`).
"""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dermagrade.errors import UsageError, WeightsError
from dermagrade.weights.backends import chosen
from dermagrade.weights.backends.network import Network, NetworkError
from dermagrade.weights.manifest import Manifest, network_digest
from dermagrade.weights.store import Weights, find_weights, locate


class Model:
    """A loaded network; safe to run from several threads at once.

    Attributes:
        weights: where it lies and what is known of it.
        backend: name of the backend that runs it.
    """

    def __init__(self, weights: Weights, network: Network, backend: str) -> None:
        self.weights = weights
        self.backend = backend
        self._network = network

    @property
    def id(self) -> str:
        """As :attr:`Weights.id`: it names the weights, whichever backend runs them."""
        return self.weights.id

    @property
    def manifest(self) -> Manifest:
        """As :attr:`Weights.manifest`."""
        return self.weights.manifest

    def run(self, **inputs: NDArray[Any]) -> dict[str, NDArray[Any]]:
        """All outputs of the network by name, for its inputs by name.

        Raises:
            WeightsError: if these inputs do not fit the network, so weights and package are of different versions.
        """
        try:
            outputs = self._network.run(inputs)
        except NetworkError as error:
            raise WeightsError(
                f"The network {self.id} does not fit this version of Dermagrade ({error}); "
                "install the weights that came with it."
            ) from error
        return {name: np.asarray(value) for name, value in outputs.items()}


def load_model(name_or_path: str | Path) -> Model:
    """The network of that name, or at that path, ready to run.

    It is read, checked against its SHA-256 and prepared once in a process (again if it or its manifest changed since,
    or another backend is chosen); later calls, from any thread, return the same object.

    Args:
        name_or_path: as for :func:`dermagrade.weights.store.find_weights`.

    Raises:
        WeightsError: if the weights are absent, damaged, or cannot be run by the backend installed here.
        WeightsFolderError: if ``DERMAGRADE_WEIGHTS`` names no folder with weights.
        UsageError: if ``DERMAGRADE_BACKEND`` or ``DERMAGRADE_THREADS`` is not what it should be.
        MissingExtraError: if the backend is not installed.
    """
    path = locate(name_or_path)
    # The manifest says how the network's output is read, and may change while the network stays.
    key = (path, _stamp(path), _stamp(path.with_suffix(".json")), chosen().name)
    with _lock:
        if key not in _loaded:
            _loaded[key] = _load(find_weights(path))
        return _loaded[key]


def open_network(path: Path, *, threads: int) -> Network:
    """A network that has no manifest, opened by the chosen backend.

    Args:
        path: of an ONNX file.
        threads: for one inference.

    Raises:
        WeightsError: if the file cannot be read, or the backend cannot open the network.
        UsageError: if ``DERMAGRADE_BACKEND`` names none.
        MissingExtraError: if the backend is not installed.
    """
    return _opened(_content(path), path, threads)


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


_Stamp = tuple[int, int] | None
_lock = threading.Lock()
_loaded: dict[tuple[Path, _Stamp, _Stamp, str], Model] = {}


def _stamp(path: Path) -> _Stamp:
    """When a file was changed, and its size; None where there is none."""
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise WeightsError(f"The weights {path} cannot be opened ({error.strerror}).") from error
    return stat.st_mtime_ns, stat.st_size


def _load(weights: Weights) -> Model:
    content = _content(weights.path)
    if network_digest(content) != weights.manifest.sha256:
        raise WeightsError(
            f"The weights {weights.path} are damaged (their SHA-256 is not the manifest's); install Dermagrade again."
        )
    return Model(weights, _opened(content, weights.path, inference_threads()), chosen().name)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise WeightsError(f"The weights {path} cannot be opened ({error.strerror}).") from error


def _opened(content: bytes, path: Path, threads: int) -> Network:
    backend = chosen().module()
    try:
        return backend.open_network(content, threads=threads)
    except NetworkError as error:
        raise WeightsError(
            f"{backend.version()} cannot load the weights {path} ({error}); "
            "install the versions that Dermagrade asks for."
        ) from error


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
