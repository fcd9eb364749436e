"""Mottled hyperpigmentation as an entry of the conditions' table."""

from __future__ import annotations

from dermagrade.conditions.condition import Condition
from dermagrade.conditions.pigmentation.answer import PigmentationDetails
from dermagrade.conditions.pigmentation.grade import grade_pigmentation
from dermagrade.conditions.pigmentation.measures import MEASURES
from dermagrade.conditions.pigmentation.paint import METHODS, paint_pigmentation
from dermagrade.conditions.pigmentation.recipes import RECIPES
from dermagrade.conditions.pigmentation.visit import combine_pigmentation, pigmentation_on_photo
from dermagrade.scales import PIGMENT_9

CONDITION = Condition(
    name="pigmentation",
    title="Mottled hyperpigmentation",
    scale=PIGMENT_9.id,
    weights="pigmentation",
    grade=grade_pigmentation,
    details=PigmentationDetails,
    combine=combine_pigmentation,
    on_photo=pigmentation_on_photo,
    paint=paint_pigmentation,
    paint_methods=METHODS,
    label_scales=(PIGMENT_9.id,),
    recipes=RECIPES,
    measures=MEASURES,
)
