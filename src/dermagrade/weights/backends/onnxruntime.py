"""ONNX Runtime on the processor: the default backend."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray

from dermagrade import telemetry
from dermagrade.weights.backends.network import NetworkError

telemetry.switch_off()
# Only now, since ONNX Runtime calls home as soon as it is imported. No other module imports it.
import onnxruntime as ort  # noqa: E402
from onnxruntime.capi import onnxruntime_pybind11_state as ort_errors  # noqa: E402

# onnxruntime's exceptions share no base of their own.
_ERRORS = (
    ort_errors.Fail,
    ort_errors.InvalidArgument,
    ort_errors.InvalidGraph,
    ort_errors.InvalidProtobuf,
    ort_errors.NoSuchFile,
    ort_errors.NotImplemented,
    ort_errors.RuntimeException,
)


class OrtNetwork:
    """A network in a session of ONNX Runtime."""

    def __init__(self, session: ort.InferenceSession) -> None:
        self._session = session
        self._outputs = [output.name for output in session.get_outputs()]

    def run(self, inputs: Mapping[str, NDArray[Any]]) -> Mapping[str, NDArray[Any]]:
        """See :meth:`~dermagrade.weights.backends.network.Network.run`."""
        try:
            values = self._session.run(self._outputs, dict(inputs))
        except (*_ERRORS, ValueError) as error:
            raise NetworkError(error) from error
        return dict(zip(self._outputs, values, strict=True))


def open_network(content: bytes, *, threads: int) -> OrtNetwork:
    """See :class:`~dermagrade.weights.backends.network.BackendModule`. It computes in the network's float32."""
    options = ort.SessionOptions()
    options.log_severity_level = 3  # errors only: its warnings mean nothing to our readers
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Photos differ in size: with the arena and the pattern cache on, the largest one would hold its memory for good.
    options.enable_cpu_mem_arena = False
    options.enable_mem_pattern = False
    # Each network has its own threads; those of the idle one must not spin on the cores of the other.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return OrtNetwork(ort.InferenceSession(content, options, providers=["CPUExecutionProvider"]))
    except _ERRORS as error:
        raise NetworkError(error) from error


def version() -> str:
    """See :class:`~dermagrade.weights.backends.network.BackendModule`."""
    return f"ONNX Runtime {ort.__version__}"
