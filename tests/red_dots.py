"""A network with known answers and a face with known zones, for claims about what is made of a network's output.

The network sees a lesion wherever the picture is red: every pixel of pure red on grey adds the same share of a
lesion. It has the inputs and outputs of the acne network.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from dermagrade.types import ZONES, FaceMap, Photo, Zone

#: Pixels of the network's input that one lesion has: a square of 8 x 8.
LESION_AREA = 64

GREY = 128

# The label map's rectangles as x0, y0, x1, y1 shares of the face box; the person's left is the viewer's right.
_RECTANGLES = {
    "forehead": (0.1, 0.0, 0.9, 0.3),
    "nose": (0.4, 0.3, 0.6, 0.7),
    "left_cheek": (0.6, 0.4, 1.0, 0.75),
    "right_cheek": (0.0, 0.4, 0.4, 0.75),
    "chin": (0.2, 0.75, 0.8, 1.0),
}

_POINTS = {
    "right_eye": (0.25, 0.35),
    "left_eye": (0.75, 0.35),
    "nose_tip": (0.5, 0.6),
    "mouth_right": (0.35, 0.8),
    "mouth_left": (0.65, 0.8),
    "chin": (0.5, 1.0),
}


def write_network(folder: Path, *, name: str = "acne", **manifest: object) -> Path:
    """Writes the network that counts red, with its manifest and card; returns the path of the ``.onnx`` file."""
    constants = {
        "level": np.float32((255 - 0) / 255),
        "share": np.float32(16 / LESION_AREA),
        "zero": np.array([0], np.int64),
        "one": np.array([1], np.int64),
        "two": np.array([2], np.int64),
        "rows_columns": np.array([1, 2, 3], np.int64),
        "planes": np.array([1], np.int64),
        "slope": np.array([[0.0, 1.0, 2.0, 3.0]], np.float32),
        "offset": np.array([[0.0, -5.5, -26.0, -76.5]], np.float32),
    }
    nodes = [
        helper.make_node("Slice", ["image", "zero", "one", "planes"], ["red"]),
        helper.make_node("Slice", ["image", "one", "two", "planes"], ["green"]),
        helper.make_node("Sub", ["red", "green"], ["difference"]),
        helper.make_node("Relu", ["difference"], ["redness"]),
        helper.make_node("Div", ["redness", "level"], ["is_red"]),
        helper.make_node("AveragePool", ["is_red"], ["cells"], kernel_shape=[4, 4], strides=[4, 4]),
        helper.make_node("Mul", ["cells", "share"], ["lesions"]),
        helper.make_node("Squeeze", ["lesions", "zero"], ["published"]),
        helper.make_node("Concat", ["published", "published"], ["density"], axis=0),
        helper.make_node("Mul", ["lesions", "region"], ["within"]),
        helper.make_node("ReduceSum", ["within", "rows_columns"], ["count"], keepdims=0),
        helper.make_node("Unsqueeze", ["count", "one"], ["column"]),
        helper.make_node("Mul", ["column", "slope"], ["steep"]),
        helper.make_node("Add", ["steep", "offset"], ["logits"]),
        helper.make_node("Softmax", ["logits"], ["grade"], axis=1),
    ]
    graph = helper.make_graph(
        nodes,
        "red_dots",
        [
            helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, "H", "W"]),
            helper.make_tensor_value_info("region", TensorProto.FLOAT, ["R", 1, "h", "w"]),
        ],
        [
            helper.make_tensor_value_info("density", TensorProto.FLOAT, [2, "h", "w"]),
            helper.make_tensor_value_info("grade", TensorProto.FLOAT, ["R", 4]),
            helper.make_tensor_value_info("count", TensorProto.FLOAT, ["R"]),
        ],
        [numpy_helper.from_array(np.asarray(value), key) for key, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    path = folder / f"{name}.onnx"
    path.write_bytes(model.SerializeToString())
    content = {
        "version": f"{name}-dots",
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "inputs": {"size": 320},
        "normalisation": "RGB, 0 to 1",
        "training_data": ["none: it counts red pixels"],
        "licence": "Apache-2.0",
        "metrics": {},
        "created": "2026-11-21",
        "postprocess": {"peak_threshold": 0.05, "min_distance_px": 6, "face_margin": 0.0},
    } | manifest
    path.with_suffix(".json").write_text(json.dumps(content))
    path.with_suffix(".md").write_text("A network that counts red.")
    return path


def grey_photo(width: int = 320, height: int = 320, *, reduced_by: int = 1) -> Photo:
    """A grey photo whose pixels are ``width`` by ``height``, of a photo that was larger by ``reduced_by``."""
    pixels = np.full((height, width, 3), GREY, np.uint8)
    return Photo(pixels, "0" * 64, width * reduced_by, height * reduced_by, name="grey.png")


def paint(photo: Photo, x: int, y: int) -> None:
    """Paints one lesion, 8 x 8 pixels, centred on x, y of the photo's pixels."""
    photo.pixels[y - 4 : y + 4, x - 4 : x + 4] = (255, 0, 0)


def square_face(photo: Photo, *, visible: float = 1.0, hidden: tuple[str, ...] = ()) -> FaceMap:
    """A face that fills the photo; the zones in ``hidden`` are not seen."""
    height, width = photo.pixels.shape[:2]
    labels = np.zeros((height, width), np.uint8)
    zones = {}
    for number, name in enumerate(ZONES, 1):
        x0, y0, x1, y1 = _RECTANGLES[name]
        polygon: NDArray[np.float64] = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]]) * (width, height)
        if name in hidden:
            zones[name] = Zone(name, 0.0, np.zeros((0, 2)))
            continue
        labels[round(y0 * height) : round(y1 * height), round(x0 * width) : round(x1 * width)] = number
        zones[name] = Zone(name, visible, polygon)
    points = {name: (x * width, y * height) for name, (x, y) in _POINTS.items()}
    return FaceMap((0.0, 0.0, float(width), float(height)), points, 0.0, 0.0, 0.0, labels, zones, 1.0)
