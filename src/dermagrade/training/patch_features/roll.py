"""Rolls skin patches, so that a network does not learn where on a patch a lesion lies.

What leaves a patch at one edge comes in at the opposite one. A forehead, which is wide, rolls sideways and everything
else upwards. Rare grades are rolled more often than common ones, until each has as many patches.

Source: Zhang H. Assessing the severity of acne via cell phone selfie images using a deep learning model. Microsoft,
2018. Its code took the number of rolls from the rows of the label file, so its classes stayed unbalanced; here the
patches themselves are counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

#: How often a patch of the commonest class is rolled.
LEAST_ROLLS = 2


def roll_axis(zone: str) -> int:
    """The axis of ``(h, w, 3)`` pixels along which a zone rolls: 1 (to the left) for the forehead, else 0 (upwards)."""
    return 1 if zone == "forehead" else 0


def roll_patch(pixels: NDArray[np.uint8], zone: str, offset: int) -> NDArray[np.uint8]:
    """The patch rolled by ``offset`` pixels; by 0 or by its full size it is the patch itself.

    Args:
        pixels: ``(h, w, 3)`` uint8.
        zone: one of :data:`~dermagrade.types.ZONES`, which says in which direction.
        offset: pixels to the left for a forehead, upwards for another zone.
    """
    return np.roll(pixels, -offset, axis=roll_axis(zone))


def roll_offsets(size: int, rolls: int) -> tuple[int, ...]:
    """The offsets of so many rolls, evenly spaced: multiples of ``size // (rolls + 1)``.

    Where there are more rolls than pixels the step is one pixel, and offsets come again after a full turn: those
    copies equal earlier ones.

    Args:
        size: of the patch along the axis that it rolls along, in pixels, from 1.
        rolls: how many, from 0.

    Raises:
        ValueError: if either is smaller.
    """
    if size < 1 or rolls < 0:
        raise ValueError(f"a patch of {size} pixels cannot be rolled {rolls} times")
    step = max(size // (rolls + 1), 1)
    return tuple(step * (i + 1) % size for i in range(rolls))


def balanced_rolls(classes: Sequence[Hashable], *, at_least: int = LEAST_ROLLS) -> list[int]:
    """How often each patch is rolled, so that every class has the same number of patches, unrolled ones included.

    A patch of the commonest class is rolled ``at_least`` times. Where the patches of another class cannot share the
    same number evenly, some of them, spread over the class, are rolled once more than the others.

    Args:
        classes: the class of each patch of one side of a split; never of both sides.
        at_least: rolls of a patch of the commonest class, from 0.

    Returns:
        A number of rolls for each patch, from ``at_least``.
    """
    patches = Counter(classes)
    wanted = (1 + at_least) * max(patches.values(), default=0)
    placed: Counter[Hashable] = Counter()
    rolls = []
    for each in classes:
        # The first k patches of a class together have the whole part of k shares.
        k, n = placed[each], patches[each]
        rolls.append((k + 1) * wanted // n - k * wanted // n - 1)
        placed[each] += 1
    return rolls
