"""The three models of the mottled-hyperpigmentation study, as recipes.

Source: a study with Unilever on 2,403 graded photos of skin-only faces, 2020, known from its slides. What they leave
open, and what is done otherwise here, is in ``docs/published-models.md``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dermagrade.grading.photo_classes import signed_picture
from dermagrade.grading.recipe import About, Grouping, Recipe
from dermagrade.light import LUMA

#: The study's groups: grades under 3 and over 5 were too rare to be learnt one by one.
GROUPS = Grouping(
    names=("under 3", "3", "3.5", "4", "4.5", "5", "over 5"),
    # A grade between half steps, such as a mean of several raters, belongs to the half step nearest to it.
    edges=(2.75, 3.25, 3.75, 4.25, 4.75, 5.25),
    values=(2.0, 3.0, 3.5, 4.0, 4.5, 5.0, 6.0),
    source="The mottled-hyperpigmentation study's groups; it names no value for its two ends, 2 and 6 are ours.",
)

#: The study's cut between a brown spot and the rest, chosen there by eye.
THRESHOLD_AT = 0.165
_LUMA = LUMA.astype(np.float32)


def skin_picture(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The skin as it is: ``(h, w, 3)`` uint8 to ``(3, h, w)`` float32 from -1 to 1."""
    return signed_picture(pixels)


def threshold_picture(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The study's binary threshold: brightness where it stands out from grey, and nothing elsewhere.

    Brightness V is the largest of red, green and blue. Where V exceeds the grey value by more than
    :data:`THRESHOLD_AT`, both from 0 to 1, V is kept; elsewhere it is 0. The result goes from -1 to 1, three times the
    same channel, as the backbone takes three.

    What it measures is colourfulness times brightness, not darkness: redness passes it, and a brown spot in the shade
    does not. The study saw both.

    Args:
        pixels: ``(h, w, 3)`` uint8, sRGB.

    Returns:
        ``(3, h, w)`` float32.
    """
    levels = pixels.astype(np.float32) / np.float32(255)
    brightness = levels.max(axis=2)
    region = brightness - levels @ _LUMA > THRESHOLD_AT
    return np.repeat((np.float32(2) * brightness * region - np.float32(1))[None], 3, axis=0)


_FAILS = (
    "It knows seven groups of grades: everything under 3 is one, and so is everything over 5, so change at either end "
    "is not seen.",
    "The whole face is seen at once and small: faint or fine spots vanish.",
    "Redness, shadow and uneven light are not told from pigment by anything but examples.",
    "It gives no zones and points at nothing.",
)
_PEOPLE = "Those on the labelled photos; how it does on other skin is not known."
_LIMITS = (
    "What use is allowed follows from the licences of the labelled photos and of the backbone, which are not known "
    "here. It is no medical device: it gives no diagnosis and must not decide on treatment."
)
_BACKBONE = "microsoft/resnet-50"

BASELINE = Recipe(
    "photo-classes",
    "the study's baseline: ResNet-50 sorts skin-only faces into seven groups",
    About("Which of seven groups of grades a face belongs to, and from that a score.", _FAILS, _PEOPLE, _LIMITS),
    {
        "backbone": _BACKBONE,
        "published": {"title": "Baseline", "training": 0.9994, "validation": 0.52, "test": 0.5042},
    },
    skin_picture,
    GROUPS,
)

THRESHOLD = Recipe(
    "photo-classes",
    "the study's binary threshold: the same on bright, colourful skin cut out",
    About(
        "Which of seven groups of grades a face belongs to, and from that a score, seen through the study's threshold.",
        (
            *_FAILS,
            "The threshold measures colourfulness times brightness: redness passes it, spots in the shade do not.",
        ),
        _PEOPLE,
        _LIMITS,
    ),
    {
        "backbone": _BACKBONE,
        "published": {"title": "Binary threshold", "training": 0.9969, "validation": 0.45, "test": 0.4232},
    },
    threshold_picture,
    GROUPS,
)

SIAMESE = Recipe(
    "siamese",
    "the study's siamese network: the group whose photos a face is most like",
    About(
        "Which of seven groups of grades a face is most like, by its mean similarity to training photos of each group "
        "that are kept in the network as numbers, and from that a score.",
        (
            *_FAILS,
            "The similarities to neighbouring groups are nearly equal, so the score, which weighs all groups by them, "
            "keeps near the middle; the likeliest group goes further.",
        ),
        _PEOPLE,
        _LIMITS,
    ),
    {
        "backbone": _BACKBONE,
        "published": {
            "title": "Siamese",
            "training": 0.9999,
            "validation": 0.84,
            "test": 0.8125,
            "rmse": 0.39,
            "folds": {"accuracy": 0.827, "rmse": 0.383},
            "note": "The study's accuracy and RMSE of this model fit pairs told apart, not faces sorted into groups: "
            "with 18.75 % of faces in a wrong group the RMSE of group numbers would be 0.43 or more, not 0.39.",
        },
    },
    skin_picture,
    GROUPS,
)
