"""What a varied picture shows besides the condition: anything but the condition's own signs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dermagrade.conditions import CONDITIONS
from dermagrade.conditions.condition import Condition
from dermagrade.errors import UsageError
from dermagrade.evaluation.painted.simulated_variety import vary
from dermagrade.grading.painting import SPOTS, Simulated
from dermagrade.simulate.confounders import CONFOUNDERS
from face_scene import scene
from plain_condition import DARKNESS

PICTURES = 60
#: The name under which a picture's parameters count the spots.
SPOTS_PAINTED = "acne_lesions"


def pictures(condition: Condition) -> list[Simulated]:
    photo, face = scene(240, 200)
    return [
        vary(condition, photo, face, grade=3.0, seed=seed, method="", rng=np.random.default_rng(seed))
        for seed in range(PICTURES)
    ]


def painted(made: list[Simulated]) -> set[str]:
    """Everything that any picture shows and its truth does not count."""
    return {name for one in made for name in one.parameters if name in {*CONFOUNDERS, SPOTS_PAINTED}}


def test_a_condition_without_signs_among_them_gets_everything_sometimes() -> None:
    made = pictures(replace(DARKNESS, own_signs=()))
    assert painted(made) == {*CONFOUNDERS, SPOTS_PAINTED}
    assert any(not painted([one]) for one in made)


@pytest.mark.parametrize("signs", [(SPOTS,), ("erythema", "stubble"), (SPOTS, "shine"), (SPOTS, *CONFOUNDERS)], ids=str)
def test_what_is_a_sign_of_the_condition_itself_is_never_painted(signs: tuple[str, ...]) -> None:
    refused = {SPOTS_PAINTED if sign == SPOTS else sign for sign in signs}
    assert painted(pictures(replace(DARKNESS, own_signs=signs))) == {*CONFOUNDERS, SPOTS_PAINTED} - refused


def test_acne_gets_neither_spots_nor_redness_that_its_truth_does_not_count() -> None:
    made = pictures(CONDITIONS["acne"])
    assert painted(made) == set(CONFOUNDERS) - {"erythema"}
    for one in made:
        assert one.parameters["lesions"] == sum(one.parameters[kind] for kind in ("papules", "pustules", "comedones"))
        if not painted([one]) and one.parameters["lesions"] == 0:
            assert np.array_equal(one.pixels, scene(240, 200)[0].pixels)


def test_a_condition_that_cannot_be_painted_is_refused() -> None:
    with pytest.raises(UsageError, match="cannot be painted"):
        pictures(replace(DARKNESS, paint=None))
