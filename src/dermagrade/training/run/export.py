"""From any trained network to ONNX, its large weights in half precision."""

from __future__ import annotations

import warnings
from pathlib import Path

import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn


def export_graph(
    module: nn.Module,
    example: tuple[Tensor, ...],
    path: Path,
    inputs: list[str],
    outputs: list[str],
    axes: dict[str, dict[int, str]],
) -> None:
    """Write any module as ONNX, traced on an example; ``axes`` names the sides that may differ from the example's."""
    with warnings.catch_warnings():
        # The TorchScript path is declared old, but it is three times as fast and folds the batch normalisation.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module,
            example,
            str(path),
            input_names=inputs,
            output_names=outputs,
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )
    graph = onnx.load(str(path))
    _halve(graph)
    onnx.checker.check_model(graph)
    path.write_bytes(graph.SerializeToString())


def _halve(model: onnx.ModelProto) -> None:
    """Store large weights in half precision, with a cast in front of their use: half the file, same arithmetic."""
    casts = []
    for tensor in model.graph.initializer:
        if tensor.data_type != TensorProto.FLOAT or len(tensor.raw_data) < 4096:
            continue
        name = tensor.name
        small = numpy_helper.from_array(numpy_helper.to_array(tensor).astype("float16"), name + "_half")
        tensor.CopyFrom(small)
        casts.append(helper.make_node("Cast", [name + "_half"], [name], to=TensorProto.FLOAT))
    for position, node in enumerate(casts):
        model.graph.node.insert(position, node)
