"""OpenVINO on the processor: an optional second backend (the extra ``openvino``)."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray

from dermagrade import telemetry
from dermagrade.weights.backends.network import NetworkError

telemetry.keep_out("openvino_telemetry")
# Only now, since OpenVINO counts its users as soon as it is imported. No other module imports it.
import openvino  # noqa: E402

#: What the friendly name of an output ends with; before it stands the name that the ONNX file gives.
_PORT = "/sink_port_0"


class OpenVinoNetwork:
    """A network that OpenVINO compiled."""

    def __init__(self, compiled: openvino.CompiledModel) -> None:
        self._compiled = compiled
        self._outputs = [port.get_node().get_friendly_name().removesuffix(_PORT) for port in compiled.outputs]
        self._own = threading.local()

    def run(self, inputs: Mapping[str, NDArray[Any]]) -> Mapping[str, NDArray[Any]]:
        """See :meth:`~dermagrade.weights.backends.network.Network.run`."""
        # A request serves one caller at a time, so every thread has its own.
        if not hasattr(self._own, "request"):
            self._own.request = self._compiled.create_infer_request()
        try:
            values = self._own.request.infer(dict(inputs))
        except (RuntimeError, TypeError, ValueError) as error:
            raise NetworkError(error) from error
        return {name: values[place] for place, name in enumerate(self._outputs)}


def open_network(content: bytes, *, threads: int) -> OpenVinoNetwork:
    """See :class:`~dermagrade.weights.backends.network.BackendModule`. It is told to compute in float32."""
    settings = {
        # Left to itself it computes in bfloat16 where the processor can, and scores change.
        "INFERENCE_PRECISION_HINT": "f32",
        "INFERENCE_NUM_THREADS": threads,
        "NUM_STREAMS": 1,
        # Networks beside each other, and processes, must not be bound to the same cores.
        "ENABLE_CPU_PINNING": False,
    }
    try:
        core = openvino.Core()
        return OpenVinoNetwork(core.compile_model(core.read_model(content), "CPU", settings))
    except (RuntimeError, TypeError, ValueError) as error:
        raise NetworkError(error) from error


def version() -> str:
    """See :class:`~dermagrade.weights.backends.network.BackendModule`."""
    return f"OpenVINO {openvino.__version__.partition('-')[0]}"
