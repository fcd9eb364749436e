"""Acne as an entry of the conditions' table."""

from __future__ import annotations

from dermagrade.conditions.acne.answer import AcneDetails
from dermagrade.conditions.acne.grade import grade_acne
from dermagrade.conditions.acne.paint import METHODS, paint_acne
from dermagrade.conditions.acne.recipes import RECIPES
from dermagrade.conditions.acne.visit import acne_on_photo, combine_acne
from dermagrade.conditions.condition import Condition
from dermagrade.grading.painting import SPOTS
from dermagrade.scales import ACNE_5, ACNE_HAYASHI

CONDITION = Condition(
    name="acne",
    title="Acne",
    scale=ACNE_5.id,
    weights="acne",
    grade=grade_acne,
    details=AcneDetails,
    combine=combine_acne,
    on_photo=acne_on_photo,
    paint=paint_acne,
    paint_methods=METHODS,
    # Inflamed skin is red; a flush that the truth does not count would teach that redness is no acne.
    own_signs=(SPOTS, "erythema"),
    label_scales=(ACNE_HAYASHI.id, ACNE_5.id),
    recipes=RECIPES,
)
