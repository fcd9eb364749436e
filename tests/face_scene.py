"""A drawn face with known zones and an assessment of it, for pictures and pages."""

import numpy as np

from dermagrade.conditions.acne.answer import AcneDetails
from dermagrade.types import ZONES, Assessment, FaceMap, Finding, Lesion, Photo, Screening, Zone, ZoneScore

# Each zone as x0, y0, x1, y1 in shares of the face's box.
BOXES = {
    "forehead": (0.15, 0.02, 0.85, 0.22),
    "nose": (0.42, 0.35, 0.58, 0.62),
    "left_cheek": (0.66, 0.42, 0.95, 0.80),
    "right_cheek": (0.05, 0.42, 0.34, 0.80),
    "chin": (0.34, 0.68, 0.64, 0.98),
}


def scene(height=400, width=320, *, box=None, scale=1.0, hidden=()):
    """Photo and face; the face fills the photo unless ``box`` says where it is."""
    x0, y0, x1, y1 = box or (0.05 * width, 0.05 * height, 0.95 * width, 0.95 * height)
    rng = np.random.default_rng(0)
    pixels = np.clip(rng.normal((200, 150, 130), 4, (height, width, 3)), 0, 255).astype(np.uint8)
    labels = np.zeros((height, width), np.uint8)
    zones = {}
    for i, name in enumerate(ZONES):
        a, b, c, d = BOXES[name]
        left, right = x0 + a * (x1 - x0), x0 + c * (x1 - x0)
        top, bottom = y0 + b * (y1 - y0), y0 + d * (y1 - y0)
        if name in hidden:
            zones[name] = Zone(name, 0.0, np.zeros((0, 2)))
            continue
        labels[int(top) : int(bottom), int(left) : int(right)] = i + 1
        corners = np.array([(left, top), (right, top), (right, bottom), (left, bottom)])
        zones[name] = Zone(name, 0.9, corners)
    photo = Photo(pixels, "0" * 64, round(width * scale), round(height * scale), "drawn.png")
    return photo, FaceMap((x0, y0, x1, y1), {}, 0.0, 0.0, 0.0, labels, zones, 0.9)


def assessment(face, *, score=3.6, scale=1.0, confidence=0.9, found=None, **more):
    """One lesion in the middle of each found zone, or those named, in pixels of the full photo."""
    lesions = []
    for name in face.found:
        x, y = face.zones[name].polygon.mean(axis=0)
        lesions.append(Lesion(x * scale, y * scale, 4 * scale, confidence, name))
    values = {
        "condition": "acne",
        "scale": "acne-5",
        "score": score,
        "level": 4,
        "label": "Moderate",
        "zones": {z: ZoneScore(2.5) for z in face.found},
        "details": AcneDetails(
            lesions=tuple(lesions) if found is None else found, count=5.2, zone_lesions=dict.fromkeys(face.found, 1.0)
        ),
        "model": "acne-test@12345678",
    }
    return Assessment(**(values | more))


def screening(*messages):
    return Screening(tuple(Finding(f"P1{i:02}", "caution", m) for i, m in enumerate(messages)))
