"""What a backend brings: a module that opens a network, and the network that runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from numpy.typing import NDArray


class NetworkError(Exception):
    """A network cannot be opened, or does not take these inputs; ``str(error)`` is the backend's reason, one line."""

    def __init__(self, reason: object) -> None:
        super().__init__(" ".join(str(reason).split())[:200])


class Network(Protocol):
    """A network that a backend opened; safe to run from several threads at once."""

    def run(self, inputs: Mapping[str, NDArray[Any]]) -> Mapping[str, NDArray[Any]]:
        """All outputs by the names that the ONNX file gives them, in float32 arithmetic.

        Args:
            inputs: arrays by the names that the ONNX file gives them.

        Raises:
            NetworkError: if they do not fit the network.
        """
        ...


class BackendModule(Protocol):
    """The module of a backend."""

    def open_network(self, content: bytes, *, threads: int) -> Network:
        """Opens a network.

        Args:
            content: of an ONNX file.
            threads: for one inference.

        Raises:
            NetworkError: if it is no network, or one that this backend cannot run.
        """
        ...

    def version(self) -> str:
        """The backend with its version, for people, such as ``ONNX Runtime 1.32.0``."""
        ...
