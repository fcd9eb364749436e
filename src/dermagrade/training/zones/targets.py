"""Teaching targets for the zone network, made from a 468-point face mesh.

A mesh says where each point of a face lies, also where the face is turned away, covered or outside the frame. The
targets say what can be *seen*: every small triangle of the mesh is assigned to a zone once, on the mean frontal
face, then drawn from far to near, so that the nose hides the far cheek; triangles that face away, or are seen at
too flat an angle, count as turned away.

Point numbers are those of MediaPipe Face Mesh (Kartynnik et al., 2019, arXiv:1907.06724).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from dermagrade.types import KEY_POINTS

Floats = NDArray[np.float64]

#: Value of the label map for face that belongs to no zone (eyes, brows, lips); 1 to 5 are the zones.
OTHER_FACE = 6
#: Value of the label map for skin that something (hair over the forehead) covers.
COVERED = 7
#: Triangles seen flatter than this (cosine between their normal and the view) count as turned away.
FLATTEST_COSINE = 0.1
#: The weight map stores surface per seen pixel in steps of 1/25.
WEIGHT_STEP = 25.0

# fmt: off
OVAL = [10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149,
        150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109]
LIPS = [61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185]
RIGHT_EYE = [33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246]
LEFT_EYE = [263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466]
FOREHEAD = [162, 21, 54, 103, 67, 109, 10, 338, 297, 332, 284, 251, 389, 300, 293, 334, 296, 336, 9, 107, 66, 105, 63,
            70]
RIGHT_LID = [130, 25, 110, 24, 23, 22, 26, 112, 243]
LEFT_LID = [359, 255, 339, 254, 253, 252, 256, 341, 463]
RIGHT_JAW = [150, 136, 172, 58, 132, 93, 234, 127]
LEFT_JAW = [379, 365, 397, 288, 361, 323, 454, 356]
CHIN_JAW = [150, 149, 176, 148, 152, 377, 400, 378, 379]
# fmt: on

#: Mesh points whose mean is each key point, in the order of ``KEY_POINTS``.
KEY_POINT_SOURCES: dict[str, list[int]] = {
    "right_eye": RIGHT_EYE,
    "left_eye": LEFT_EYE,
    "nose_tip": [4, 1],
    "mouth_right": [61],
    "mouth_left": [291],
    "chin": [152],
}


def _inside(points: Floats, polygon: Floats) -> NDArray[np.bool_]:
    """Which of ``(n, 2)`` points lie inside a polygon, by the even-odd rule."""
    inside = np.zeros(len(points), bool)
    x, y = points[:, 0], points[:, 1]
    for (x0, y0), (x1, y1) in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
        crosses = (y0 > y) != (y1 > y)
        with np.errstate(divide="ignore", invalid="ignore"):
            at = (x1 - x0) * (y - y0) / (y1 - y0) + x0
        inside ^= crosses & (x < at)
    return inside


def _cross(a: Floats, b: Floats) -> Floats:
    """Cross product of ``(n, 2)`` vectors: twice the area between them, with its sign."""
    return a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]


def _similarity(source: Floats, target: Floats) -> tuple[Floats, float, Floats]:
    """Rotation, scale and shift that bring ``(n, d)`` source points nearest to the target (Umeyama, 1991)."""
    source_mean, target_mean = source.mean(0), target.mean(0)
    centred = source - source_mean
    u, s, vt = np.linalg.svd((target - target_mean).T @ centred)
    sign = np.ones(source.shape[1])
    sign[-1] = np.sign(np.linalg.det(u @ vt))
    rotation = u @ np.diag(sign) @ vt
    scale = float((s * sign).sum() / (centred**2).sum())
    return rotation, scale, target_mean - scale * rotation @ source_mean


@dataclass(frozen=True, eq=False)
class ZoneTopology:
    """The mean frontal face, its triangles, and the zone of each; made by :func:`learn_topology`.

    Attributes:
        mean: ``(468, 3)`` mean face, distance of the eye centres 1, origin between them, y down, z away.
        parents: ``(n, 2)`` the pair of mesh points whose middle each further point is.
        triangles: ``(t, 3)`` indices into the mesh followed by those middles.
        zone: ``(t,)`` label of each triangle, 1 to 6.
    """

    mean: Floats
    parents: NDArray[np.int64]
    triangles: NDArray[np.int64]
    zone: NDArray[np.uint8]

    def refine(self, mesh: Floats) -> Floats:
        """The mesh with the middles of its edges behind it."""
        return np.concatenate([mesh, mesh[self.parents].mean(axis=1)])


def learn_topology(meshes: Floats) -> ZoneTopology:
    """Mean face, triangles and zones from ``(n, 468, 3)`` meshes in pixels (rows with NaN are left out).

    The mean is taken over the half of the faces that are turned least, after bringing each onto the others by
    rotation, scale and shift; the zones are drawn on it once, by the definitions in the design.
    """
    from scipy.spatial import Delaunay

    good = meshes[~np.isnan(meshes).any(axis=(1, 2))]
    right, left = good[:, RIGHT_EYE].mean(1), good[:, LEFT_EYE].mean(1)
    nose = good[:, 4]
    across = np.linalg.norm(left[:, :2] - right[:, :2], axis=1)
    turn = np.abs(np.linalg.norm(nose - right, axis=1) - np.linalg.norm(nose - left, axis=1)) / across
    good = good[np.argsort(turn)[: max(1, len(good) // 2)]]
    mean = good[0]
    for _ in range(3):
        aligned = []
        for mesh in good[:: max(1, len(good) // 800)]:
            rotation, scale, shift = _similarity(mesh, mean)
            aligned.append(scale * mesh @ rotation.T + shift)
        mean = np.mean(aligned, axis=0)
    # Stand it upright: eyes on the x axis, depth taken from the symmetry of the face's edges.
    origin = (mean[RIGHT_EYE].mean(0) + mean[LEFT_EYE].mean(0)) / 2
    x_axis = mean[LEFT_EYE].mean(0) - mean[RIGHT_EYE].mean(0)
    unit = float(np.linalg.norm(x_axis))
    x_axis = x_axis / unit
    down = mean[152] - mean[10]
    down = down - (down @ x_axis) * x_axis
    down = down / np.linalg.norm(down)
    away = np.cross(x_axis, down)
    mean = (mean - origin) @ np.stack([x_axis, down, away]).T / unit
    flat = mean[:, :2]

    coarse = Delaunay(flat).simplices.astype(np.int64)
    ring = flat[OVAL]
    coarse = coarse[_inside(flat[coarse].mean(1), ring)]
    edges: dict[tuple[int, int], int] = {}
    parents: list[tuple[int, int]] = []

    def middle(a: int, b: int) -> int:
        key = (min(a, b), max(a, b))
        if key not in edges:
            edges[key] = len(mean) + len(parents)
            parents.append(key)
        return edges[key]

    fine = []
    for a, b, c in coarse.tolist():
        ab, bc, ca = middle(a, b), middle(b, c), middle(c, a)
        fine += [(a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca)]
    triangles = np.array(fine, np.int64)
    parent_array = np.array(parents, np.int64)
    refined = np.concatenate([mean, mean[parent_array].mean(1)])
    # One orientation for all, so that a flipped sign in a photo means "seen from behind".
    p = refined[triangles][:, :, :2]
    area = _cross(p[:, 1] - p[:, 0], p[:, 2] - p[:, 0])
    triangles[area < 0] = triangles[area < 0][:, ::-1]

    mouth = flat[291] - flat[61]
    right_fold, left_fold = flat[61] - 0.22 * mouth, flat[291] + 0.22 * mouth
    right_bridge = 0.55 * flat[168] + 0.45 * flat[133]
    left_bridge = 0.55 * flat[168] + 0.45 * flat[362]
    polygons = {
        1: flat[FOREHEAD],
        2: np.array([flat[168], right_bridge, flat[129], flat[98], flat[2], flat[327], flat[358], left_bridge]),
        3: np.array([*flat[LEFT_LID], left_bridge, flat[358], left_fold, *flat[LEFT_JAW]]),
        4: np.array([*flat[RIGHT_LID], right_bridge, flat[129], right_fold, *flat[RIGHT_JAW]]),
        5: np.array([flat[2], flat[98], flat[129], right_fold, *flat[CHIN_JAW], left_fold, flat[358], flat[327]]),
    }
    centres = refined[triangles][:, :, :2].mean(1)
    zone = np.full(len(triangles), OTHER_FACE, np.uint8)
    for number, polygon in polygons.items():
        zone[_inside(centres, polygon)] = number
    zone[_inside(centres, flat[LIPS])] = OTHER_FACE
    return ZoneTopology(mean=mean, parents=parent_array, triangles=triangles, zone=zone)


@dataclass(frozen=True, eq=False)
class ZoneTarget:
    """What the network should say of one face.

    Attributes:
        labels: ``(h, w)`` uint8, 0 none, 1 to 5 the zones, 6 other face, 7 covered.
        weights: ``(h, w)`` uint8, surface of the face per seen pixel, times :data:`WEIGHT_STEP`.
        totals: ``(5,)`` surface of each whole zone, seen or not, in the same unit.
        points: ``(k, 2)`` key points in pixels, in the order of ``KEY_POINTS``.
        box: x0, y0, x1, y1 around the mesh; may reach outside the picture.
        pose: yaw, pitch, roll in degrees.
    """

    labels: NDArray[np.uint8]
    weights: NDArray[np.uint8]
    totals: Floats
    points: Floats
    box: Floats
    pose: Floats


def head_pose(mesh: Floats, topology: ZoneTopology) -> Floats:
    """Yaw (towards the person's left positive), pitch (up positive), roll (clockwise positive) in degrees."""
    rotation, _, _ = _similarity(topology.mean, mesh)
    # The face looks along -z; the person's left is +x on a frontal photo.
    forward = -rotation[:, 2]
    yaw = np.degrees(np.arctan2(forward[0], -forward[2]))
    pitch = np.degrees(np.arcsin(np.clip(-forward[1], -1, 1)))
    roll = np.degrees(np.arctan2(rotation[1, 0], rotation[0, 0]))
    return np.array([yaw, pitch, roll])


def face_box(mesh: Floats) -> Floats:
    """x0, y0, x1, y1 around the oval of a ``(468, 3)`` mesh; may reach outside the picture."""
    return np.concatenate([mesh[OVAL, :2].min(0), mesh[OVAL, :2].max(0)])


def draw_target(mesh: Floats, pixels: NDArray[np.uint8], topology: ZoneTopology) -> ZoneTarget:
    """The target for one picture ``(h, w, 3)`` from its ``(468, 3)`` mesh in the same pixels."""
    height, width = pixels.shape[:2]
    refined = topology.refine(mesh)
    corners = refined[topology.triangles]
    flat = corners[:, :, :2]
    seen = 0.5 * _cross(flat[:, 1] - flat[:, 0], flat[:, 2] - flat[:, 0])
    surface = 0.5 * np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
    cosine = seen / np.maximum(surface, 1e-9)
    weight = np.clip(WEIGHT_STEP / np.maximum(cosine, FLATTEST_COSINE), 0, 255).astype(np.uint8)
    facing = cosine > FLATTEST_COSINE
    label_image = Image.new("L", (width, height), 0)
    weight_image = Image.new("L", (width, height), 0)
    draw_label, draw_weight = ImageDraw.Draw(label_image), ImageDraw.Draw(weight_image)
    for t in np.argsort(-corners[:, :, 2].mean(1)):
        if facing[t]:
            outline = flat[t].ravel().tolist()
            draw_label.polygon(outline, fill=int(topology.zone[t]))
            draw_weight.polygon(outline, fill=int(weight[t]))
    labels, weights = np.array(label_image), np.array(weight_image)
    labels = _cover_hair(labels, pixels)
    totals = np.array([surface[topology.zone == z].sum() for z in range(1, 6)]) * WEIGHT_STEP
    points = np.array([mesh[KEY_POINT_SOURCES[name], :2].mean(0) for name in KEY_POINTS])
    return ZoneTarget(labels, weights, totals, points, face_box(mesh), head_pose(mesh, topology))


def _cover_hair(labels: NDArray[np.uint8], pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Mark forehead far darker than the person's cheeks and nose as covered: hair that the mesh runs under."""
    luminance = Image.fromarray(pixels).convert("L")
    radius = max(1, round(0.01 * max(pixels.shape[:2])))
    soft = np.asarray(luminance.reduce(radius).resize(luminance.size, Image.Resampling.BILINEAR), np.float64)
    skin = soft[(labels >= 2) & (labels <= 4)]
    if len(skin) < 30:
        return labels
    covered = labels.copy()
    covered[(labels == 1) & (soft < 0.5 * np.percentile(skin, 60))] = COVERED
    return covered
