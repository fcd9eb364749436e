"""Plain skin of any tone with zones on it, drawn by code."""

import numpy as np

FACE_WIDTH = 200.0
BOX = (28.0, 20.0, 228.0, 240.0)
#: A light, a middling and a dark skin in sRGB.
TONES = {"light": (236, 196, 172), "middling": (196, 142, 112), "dark": (88, 58, 44)}


def zones(side=256):
    """Forehead, nose, cheeks and chin as boxes; the person's right cheek is on the left."""
    labels = np.zeros((256, 256), np.uint8)
    labels[30:80, 60:196] = 1
    labels[95:160, 112:144] = 2
    labels[105:200, 150:215] = 3
    labels[105:200, 41:106] = 4
    labels[172:230, 90:166] = 5
    labels[188:200, 108:148] = 0
    return np.kron(labels, np.ones((side // 256, side // 256), np.uint8))


def skin(tone="middling", seed=0, side=256):
    """Skin with grain on a blue ground, all of the face's box."""
    rng = np.random.default_rng(seed)
    pixels = np.empty((side, side, 3))
    pixels[:] = (60, 80, 140)
    y, x = (np.mgrid[:side, :side] + 0.5) * (256 / side)
    face = ((x - 128) / 100) ** 2 + ((y - 130) / 112) ** 2 < 1
    pixels[face] = TONES[tone]
    grain = rng.normal(1, 0.02, (side, side, 1))
    return np.clip(pixels * grain, 0, 255).astype(np.uint8)


def luminance(pixels):
    """Linear luminance of sRGB bytes, by the formula."""
    v = pixels.astype(float) / 255
    return np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4) @ np.array([0.2126, 0.7152, 0.0722])
