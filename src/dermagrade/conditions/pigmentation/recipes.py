"""How networks that grade pigmentation are trained, the default first."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from dermagrade.conditions.pigmentation.load import FULL_LOAD, TURN, ZONE_WEIGHTS
from dermagrade.conditions.pigmentation.published import BASELINE, SIAMESE, THRESHOLD
from dermagrade.grading.recipe import About, Recipe
from dermagrade.simulate.painted_pigment import PALE_SHARE

_CURVE = {"turn": TURN, "full": FULL_LOAD, "pale_share": PALE_SHARE, "zone_weights": dict(ZONE_WEIGHTS)}

_ABOUT = About(
    "How much of the skin is darkened by patches of brown, and how much, from 0 to 9 (`pigment-9`): a grade for "
    "each zone and from them one for the face, and a map of the excess of brown, from which areas, contrasts, spots "
    "and a draft of the mMASI are measured.",
    (
        "It learnt from pigmentation that code painted onto photos. No rater's grade stands behind it: its 0 to 9 is a "
        "declared function of what was painted, and how that sits beside a rater's scale each study has to find out.",
        "Stubble, hair across the skin, deep folds, jewellery and strongly coloured light can be taken for pigment.",
        "What is finer than about a hundredth of the face's height is averaged away, and patterns unlike those that it "
        "learnt from are scored too low: so is a second way of painting, which it never saw (above).",
        "It errs more on dark skin than on light skin (above), and strong shine raises the score.",
        "Skin that is evenly darker all over a zone may not be told from the person's own tone.",
        "Moles count as pigment; tattoos and make-up may.",
        "On soft, small or strongly compressed photos fine spots are missed.",
    ),
    "Those on the photos that it learnt from; how it does on other skin is not known.",
    "Research weights: what they learnt from may be used for research only. No medical device: they give no diagnosis "
    "and must not decide on treatment.",
)

#: Recipe by name, the default first.
RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {
        "zones": Recipe(
            "zone-ordinal", "an ordinal network of zones, on chromophore maps of the face", _ABOUT, {**_CURVE}
        ),
        "smoke": Recipe(
            "zone-ordinal", "the same in a minute, to try the command", _ABOUT, {**_CURVE, "epochs": 1, "size": 48}
        ),
        "baseline": BASELINE,
        "threshold": THRESHOLD,
        "siamese": SIAMESE,
    }
)
