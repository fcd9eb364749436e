"""How acne's networks are trained, and what the cards of each kind say.

``preset`` names the numbers of a training, which stand beside its engine in :mod:`dermagrade.training`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from dermagrade.grading.recipe import About, Recipe

LESIONS = About(
    "Where lesions are, how many a region of a face shows, and the probability of each Hayashi grade "
    "(`acne-hayashi`, 0 to 3). The score on `acne-5` is mapped from the count as `dermagrade.scales` declares; "
    "no photo with a 1-5 label stands behind it.",
    (
        "Moles, freckles, stubble, jewellery and pigmentation can be counted as lesions.",
        "On soft, small or strongly compressed photos lesions are missed.",
        "It was taught on faces that fill the picture; close-ups of a patch of skin are graded less well.",
        "The two annotations that it learnt from differ by a factor of about three in what they count.",
        "The radius of a lesion is not measured.",
    ),
    "Those on the labelled photos; how it does on other skin is not known.",
)

CLEAN = About(
    "Where lesions are, how many a region of a face shows, and the Hayashi grade (`acne-hayashi`, 0 to 3) that "
    "follows from the count by a fixed rule, which is written into the network and not learnt. The score on "
    "`acne-5` is mapped from the count as `dermagrade.scales` declares.",
    (
        "It has seen no real lesion: what it learnt is simulated, on skin that is drawn but for two portraits.",
        "Moles, freckles, stubble, jewellery, nostrils and shadows can be counted as lesions.",
        "Nodules, cysts, scars and crusts were not painted, so they are missed or miscounted.",
        "The probabilities of the grades come from the fixed rule and are not calibrated.",
        "The radius of a lesion is not measured.",
    ),
    "Drawn skin of all tones, evenly from very light to very dark, and two light-skinned portraits made darker by "
    "code. How it does on real skin is in the figures above, where they were measured, and nowhere else known.",
    "These weights may be used under their licence, commercially too. The zone network that finds the face does "
    "not share it: that one is for research only. It is no medical device: it gives no diagnosis and must not "
    "decide on treatment.",
)

FEATURES = About(
    "How severe acne is: each of forehead, cheeks and chin is scored by itself, and the mean is the score. Where "
    "the network learnt Hayashi grades, the score on `acne-5` is mapped from them as `dermagrade.scales` declares. "
    "Nothing is counted and no lesion is pointed at.",
    (
        "Every patch was taught with the grade of the whole face, so one bad zone is scored too low and clear ones "
        "beside it too high.",
        "A patch is squeezed into a small square: small lesions vanish.",
        "The nose is not looked at.",
        "The backbone was made for pictures of things, not of skin.",
    ),
    "Those on the labelled photos; nobody else's was seen.",
    "What use is allowed follows from the licences of the labelled photos and of the backbone, which are not known "
    "here. It is no medical device: it gives no diagnosis and must not decide on treatment.",
)

RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {
        "lesions": Recipe(
            "lesions", "places and numbers of lesions and the grade, from marked photos", LESIONS, {"preset": "lesions"}
        ),
        "smoke": Recipe("lesions", "the same in seconds, to see that the tables fit", LESIONS, {"preset": "smoke"}),
        "clean": Recipe(
            "simulated-lesions", "the same from simulated lesions alone, without photos", CLEAN, {"preset": "clean"}
        ),
        "clean-smoke": Recipe("simulated-lesions", "that in seconds", CLEAN, {"preset": "clean-smoke"}),
        "features-mlp": Recipe(
            "patch-features",
            "the grade from photos and grades alone, on the features of a frozen backbone",
            FEATURES,
            {"preset": "features-mlp", "backbone": "resnet-152"},
        ),
    }
)
