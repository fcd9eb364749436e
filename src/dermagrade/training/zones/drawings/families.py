"""All drawings as families: what trains and what tests share no function.

Every family is a function ``(rng, size) -> (size, size, 3) uint8``. So a network that learned from
:data:`TRAIN_FAMILIES` is tested on drawings it has never seen. Hands are the one near relation: both are put together
from a palm and five fingers, but those for tests hold them together or bend them, and wear a sleeve.
"""

from __future__ import annotations

from collections.abc import Callable

from numpy.random import Generator

from dermagrade.training.zones.drawings.canvas import Pixels
from dermagrade.training.zones.drawings.hands import sleeved_hand, spread_hand
from dermagrade.training.zones.drawings.heads import comic_head, round_head
from dermagrade.training.zones.drawings.patterns import (
    blobs,
    bokeh,
    cells,
    checkers,
    clouds,
    gradient,
    letters,
    masonry,
    plaid,
    polygons,
    rings,
    stripes,
    strokes,
)
from dermagrade.training.zones.drawings.scenes import ball, flowers, fruit_bowl, landscape, leaves, room, street
from dermagrade.training.zones.drawings.skin import arms, skin_cushion, skin_ellipse, skin_field, skin_folds

Family = Callable[[Generator, int], Pixels]

#: Families for training.
TRAIN_FAMILIES: tuple[Family, ...] = (
    gradient, stripes, checkers, clouds, polygons, blobs, strokes, skin_field, skin_ellipse, room, landscape,
    ball, leaves, round_head, round_head, spread_hand, spread_hand,
)  # fmt: skip

#: Families for tests; none of them is among :data:`TRAIN_FAMILIES`.
TEST_FAMILIES: tuple[Family, ...] = (
    rings, plaid, cells, masonry, bokeh, letters, arms, skin_cushion, skin_folds, street, fruit_bowl,
    flowers, comic_head, comic_head, sleeved_hand, sleeved_hand,
)  # fmt: skip
