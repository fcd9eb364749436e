"""A zone network that sees the same face in every picture that is not black, and none in a black one."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from dermagrade.types import KEY_POINTS, ZONES

#: Cells of the network's maps, in each direction; odd, so that the face stands exactly in the middle.
CELLS = 15
_INPUT_PX = 60

# Cells of each zone: left, top, right, bottom; the person's left is the viewer's right.
ZONE_CELLS = {
    "forehead": (3, 1, 12, 4),
    "nose": (6, 4, 9, 9),
    "left_cheek": (9, 6, 13, 11),
    "right_cheek": (2, 6, 6, 11),
    "chin": (5, 11, 10, 14),
}

#: Cell of each key point.
POINT_CELLS = {
    "right_eye": (4, 5),
    "left_eye": (10, 5),
    "nose_tip": (7, 8),
    "mouth_right": (5, 11),
    "mouth_left": (9, 11),
    "chin": (7, 13),
}


def point(name: str, side: int) -> tuple[float, float]:
    """Where the network puts a key point in a square photo of this side."""
    x, y = POINT_CELLS[name]
    return (x + 0.5) * side / CELLS, (y + 0.5) * side / CELLS


def write_zone_network(folder: Path, *, visible: float = 0.9) -> Path:
    """Writes the network with its manifest and card; each zone is ``visible``. Returns the path of the ``.onnx``."""
    zones = np.full((6, CELLS, CELLS), 0.01, np.float32)
    for i, name in enumerate(ZONES):
        x0, y0, x1, y1 = ZONE_CELLS[name]
        zones[i, y0:y1, x0:x1] = 0.95
    points = np.zeros((len(KEY_POINTS), CELLS, CELLS), np.float32)
    for i, name in enumerate(KEY_POINTS):
        x, y = POINT_CELLS[name]
        points[i, y, x] = 0.9
    centre = np.zeros((CELLS, CELLS), np.float32)
    centre[CELLS // 2, CELLS // 2] = 0.98
    constants = {
        "zones": zones,
        "points": points,
        "seen_centre": centre,
        "size": np.zeros((2, CELLS, CELLS), np.float32),  # logarithm of the share of the view: all of it
        "visible": np.full(5, visible, np.float32),
        "pose": np.array([0, 0, 0, 1], np.float32),
    }
    nodes = [
        helper.make_node("ReduceMax", ["image"], ["brightest"], keepdims=0),
        helper.make_node("Sign", ["brightest"], ["is_lit"]),
        helper.make_node("Mul", ["seen_centre", "is_lit"], ["centre"]),
    ]
    outputs = []
    for name, value in constants.items():
        if name != "seen_centre":
            nodes.append(helper.make_node("Identity", [f"{name}_map"], [name]))
            outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, value.shape))
    outputs.append(helper.make_tensor_value_info("centre", TensorProto.FLOAT, centre.shape))
    graph = helper.make_graph(
        nodes,
        "still_face",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, _INPUT_PX, _INPUT_PX])],
        outputs,
        [
            numpy_helper.from_array(value, name if name == "seen_centre" else f"{name}_map")
            for name, value in constants.items()
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "zones.onnx"
    path.write_bytes(model.SerializeToString())
    manifest = {
        "version": "zones-still",
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "inputs": {"size": _INPUT_PX},
        "normalisation": "RGB, 0 to 1",
        "training_data": ["none: it always sees the same face"],
        "licence": "Apache-2.0",
        "metrics": {},
        "created": "2026-11-21",
        "postprocess": {"face_threshold": 0.5, "candidate_threshold": 0.3},
    }
    path.with_suffix(".json").write_text(json.dumps(manifest))
    path.with_suffix(".md").write_text("A network that always sees the same face.")
    return path
