"""Grades mottled hyperpigmentation on one photo, from 0 to 9."""

from __future__ import annotations

from dermagrade.conditions.pigmentation.answer import PigmentationDetails
from dermagrade.conditions.pigmentation.load import face_load, grade_of_load, load_of_grade
from dermagrade.conditions.pigmentation.measures import ZoneExcess, measure_zones
from dermagrade.conditions.pigmentation.recipes import RECIPES
from dermagrade.errors import WeightsError
from dermagrade.face.size import px_per_mm
from dermagrade.grading.interval import Calibration
from dermagrade.grading.photo_classes import PHOTO_CLASSES, SIAMESE, grade_by_class
from dermagrade.grading.zone_ordinal import KIND, answer_face, heat_map
from dermagrade.scales import PIGMENT_9
from dermagrade.types import Assessment, FaceMap, Photo, Screening, ZoneScore
from dermagrade.weights.model import Model, load_model

NAME = "pigmentation"
# Excess that is drawn in full, and the least that is drawn.
_HEAT_HIGH, _HEAT_LEAST = 0.5, 0.03


def grade_pigmentation(
    photo: Photo,
    face: FaceMap | None,
    screening: Screening,
    *,
    model: Model | None = None,
    pupil_distance_mm: float | None = None,
) -> Assessment:
    """Grades mottled hyperpigmentation on one photo.

    Each zone that is found gets a grade from the network; the face's is that of the weighted mean of their loads
    (:mod:`dermagrade.conditions.pigmentation.load`), so a bad zone counts more than a mean of grades would let it.
    With a network of one of the study's recipes, the whole face gets one grade and there are no zones.

    Args:
        photo: the photo.
        face: where the face is in it, or None.
        screening: of the photo.
        model: the network; the default weights where None.
        pupil_distance_mm: of the person, for spots per cm^2.

    Returns:
        The assessment, with a heat map of the excess and measures from it; it abstains without a face or a zone.

    Raises:
        WeightsError: if the weights are missing or do not fit.
    """
    if face is None:
        return Assessment(NAME, PIGMENT_9.id, abstained="No face was found, so there is no skin to grade.")
    model = model or load_model(NAME)
    kind = model.manifest.kind
    if kind in (PHOTO_CLASSES, SIAMESE):
        recipe = RECIPES.get(str(model.manifest.recipe.get("name")))
        if recipe is None:
            raise WeightsError(f"The network {model.id} names no recipe of pigmentation; train it again.")
        return grade_by_class(photo, face, model, condition=NAME, scale=PIGMENT_9, recipe=recipe)
    if kind != KIND:
        raise WeightsError(f"The weights {model.id} are not of a kind that grades pigmentation; train them again.")
    answer = answer_face(photo, face, model, low=PIGMENT_9.low, high=PIGMENT_9.high)
    if answer is None:
        return Assessment(NAME, PIGMENT_9.id, abstained="No zone of the face is visible enough to grade.")
    score = grade_of_load(face_load({zone: load_of_grade(grade) for zone, grade in answer.grades.items()}))
    calibration = Calibration.from_record(model.manifest.calibration)
    level = PIGMENT_9.level_of(score)
    return Assessment(
        condition=NAME,
        scale=PIGMENT_9.id,
        score=score,
        level=level.value,
        label=level.label,
        interval=calibration.interval(score, low=PIGMENT_9.low, high=PIGMENT_9.high) if calibration else None,
        zones={zone: ZoneScore(grade) for zone, grade in answer.grades.items()},
        model=model.id,
        measures=measure_zones(
            {
                zone: ZoneExcess(cells.strength, cells.skin, cells.pixels, cells.cell_px)
                for zone, cells in answer.cells().items()
            },
            px_per_mm=None if pupil_distance_mm is None else px_per_mm(face, pupil_distance_mm),
        ),
        details=PigmentationDetails(
            heat_map(photo, face, answer, least=_HEAT_LEAST, high=_HEAT_HIGH, title="Brown beyond the skin's own")
        ),
    )
