"""What every condition in the table promises, checked for each."""

import json
from dataclasses import replace

import numpy as np
import pytest

from dermagrade.assess.photo import assessment_record
from dermagrade.conditions import CONDITIONS
from dermagrade.conditions.condition import Condition
from dermagrade.conditions.details import details_of
from dermagrade.errors import UsageError
from dermagrade.face.parts import PARTS
from dermagrade.grading.views import View, choose_parts
from dermagrade.scales import SCALES
from dermagrade.training.engines import ENGINES
from dermagrade.types import ZONES, Assessment, FaceMap, Photo, Screening, Zone
from dermagrade.weights.store import find_weights

pytestmark = pytest.mark.parametrize("condition", CONDITIONS.values(), ids=list(CONDITIONS))


def _skin_coloured_photo() -> Photo:
    random = np.random.default_rng(5)
    pixels = np.clip(random.normal((205, 160, 140), 6, (400, 300, 3)), 0, 255).astype(np.uint8)
    return Photo(pixels, "0" * 64, 600, 800)


def _face() -> FaceMap:
    labels = np.zeros((400, 300), np.uint8)
    zones = {}
    for number, name in enumerate(ZONES, 1):
        labels[60 * number : 60 * number + 50, 50:250] = number
        zones[name] = Zone(name, 0.9, np.array([[50.0, 60.0 * number], [250, 60 * number], [250, 60 * number + 50]]))
    points = {"right_eye": (100.0, 150.0), "left_eye": (200.0, 150.0), "chin": (150.0, 380.0)}
    return FaceMap((40.0, 40.0, 260.0, 390.0), points, 0.0, 0.0, 0.0, labels, zones, 0.9)


def test_its_name_scale_weights_and_card_are_there(condition: Condition) -> None:
    assert CONDITIONS[condition.name] is condition
    assert condition.title
    assert condition.scale in SCALES
    assert condition.ships
    assert condition.card is None if condition.weights is None else condition.card.is_file()


def test_it_grades_photos_or_compares_series_and_says_so(condition: Condition) -> None:
    if condition.takes == "photo":
        condition.check_grades_photos()
    else:
        assert condition.compare is not None
        with pytest.raises(UsageError, match=f"{condition.name} compares photos of one person"):
            condition.check_grades_photos()
        with pytest.raises(UsageError, match="dermagrade compare"):
            condition.grade(_skin_coloured_photo(), _face(), Screening())


def test_its_labels_are_on_scales_that_exist_and_one_of_them_is_its_own(condition: Condition) -> None:
    if condition.weights is None and not condition.label_scales:
        pytest.skip(f"{condition.name} is not measured against labels")
    assert condition.label_scales
    assert len(set(condition.label_scales)) == len(condition.label_scales)
    assert set(condition.label_scales) <= set(SCALES)
    assert condition.scale in condition.label_scales


def test_every_recipe_names_an_engine_and_says_what_its_card_says(condition: Condition) -> None:
    assert condition.recipes or condition.weights is None, "the first recipe is the default of dermagrade train"
    for name, recipe in condition.recipes.items():
        assert recipe.engine in ENGINES, name
        assert recipe.summary, name
        assert "\n" not in recipe.summary, name
        assert recipe.about.answers, name
        assert recipe.about.fails, name
        assert recipe.about.people, name


def test_the_settings_of_its_recipes_are_plain_values(condition: Condition) -> None:
    for recipe in condition.recipes.values():
        assert json.loads(json.dumps(dict(recipe.settings))) == dict(recipe.settings)


def test_the_engines_of_its_recipes_can_be_loaded(condition: Condition) -> None:
    pytest.importorskip("torch", reason="torch comes with the train extra")
    for name in {recipe.engine for recipe in condition.recipes.values()}:
        assert callable(ENGINES[name].load())


def test_a_grouping_of_its_recipes_has_classes_within_its_scale(condition: Condition) -> None:
    scale = SCALES[condition.scale]
    for recipe in condition.recipes.values():
        if recipe.grouping is not None:
            assert all(scale.low <= value <= scale.high for value in (*recipe.grouping.edges, *recipe.grouping.values))
            classes = [recipe.grouping.class_of(value) for value in recipe.grouping.values]
            assert classes == list(range(len(recipe.grouping.names)))


def graded_photo(condition: Condition) -> Assessment:
    """Its answer for a drawn photo; skips where it grades none."""
    if condition.takes != "photo":
        pytest.skip(f"{condition.name} takes no single photo")
    return condition.grade(_skin_coloured_photo(), _face(), Screening())


def test_it_abstains_without_a_face_and_names_its_scale(condition: Condition) -> None:
    graded_photo(condition)
    answer = condition.grade(_skin_coloured_photo(), None, Screening())
    assert answer.score is None
    assert answer.abstained
    assert (answer.condition, answer.scale) == (condition.name, condition.scale)


def test_its_shipped_model_answers_on_its_scale_for_the_zones_found(condition: Condition) -> None:
    face = _face()
    answer = graded_photo(condition)
    scale = SCALES[condition.scale]
    assert answer.score is not None
    assert (answer.level, answer.label) == (scale.level_of(answer.score).value, scale.level_of(answer.score).label)
    assert set(answer.zones) == set(face.found)
    assert all(scale.low <= zone.score <= scale.high for zone in answer.zones.values())
    assert answer.model == (None if condition.weights is None else find_weights(condition.weights).id)
    assert answer.interval is None or answer.interval[0] <= answer.score <= answer.interval[1]
    assert all(0 <= ring.x <= 600 and 0 <= ring.y <= 800 for ring in details_of(answer).marks().rings)
    assert all(0 <= lesion.x <= 600 and 0 <= lesion.y <= 800 for lesion in details_of(answer).evaluated().places)
    assert [measure.name for measure in answer.measures] == [
        name for name in condition.measures if name in {measure.name for measure in answer.measures}
    ]


def test_it_answers_the_same_twice(condition: Condition) -> None:
    one, other = (graded_photo(condition) for _ in range(2))
    assert one == other


def test_what_it_says_of_its_own_is_of_its_declared_type_and_fits_columns_and_schema(condition: Condition) -> None:
    answer = graded_photo(condition)
    assert answer.details is None or type(answer.details) is condition.details
    own, record = details_of(answer), assessment_record(answer)
    assert json.loads(json.dumps(record)) == record
    assert set(own.record()) <= set(condition.details.schema()), "every key of its own has a JSON Schema"
    assert not set(own.record()) & {"scale", "score", "interval", "level", "label", "zones", "measures", "abstained"}
    assert json.loads(json.dumps(condition.details.schema())) == condition.details.schema()
    assert set(condition.details.row(record)) == set(condition.details.columns)
    assert set(own.zone_figures()) <= set(ZONES)
    assert bool(condition.details.zone_figure) or not own.zone_figures()
    assert all(clause and "\n" not in clause for clause in own.clauses())
    assert all(sentence.endswith(".") for sentence in own.sentences())


def test_if_it_puts_a_visit_together_it_answers_on_its_scale_and_places_every_lesion(condition: Condition) -> None:
    if condition.combine is None:
        pytest.skip(f"{condition.name} puts no visits together")
    photo, face = _skin_coloured_photo(), _face()
    turned = replace(face, yaw_deg=40.0)
    views = [
        View(replace(photo, sha256=f"{number}" * 64), f, condition.grade(photo, f, Screening()), number)
        for number, f in enumerate((face, turned))
    ]
    answer = condition.combine(views, choose_parts([(view.photo, view.face) for view in views]))
    scale = SCALES[condition.scale]
    assert answer.score is not None
    assert scale.low <= answer.score <= scale.high
    assert (answer.level, answer.label) == (scale.level_of(answer.score).value, scale.level_of(answer.score).label)
    assert set(answer.zones) == set(face.found)
    assert all(scale.low <= zone.score <= scale.high for zone in answer.zones.values())
    assert answer.interval is None or answer.interval[0] <= answer.score <= answer.interval[1]
    assert condition.on_photo is not None or details_of(answer).marks().rings == ()
    if condition.on_photo is not None:
        drawn = [details_of(replace(answer, details=condition.on_photo(answer, v, face.found))) for v in views]
        places = [le for details in drawn for le in details.evaluated().places]
        assert sorted(places, key=repr) == sorted(details_of(answer).evaluated().places, key=repr)
        for view, details in zip(views, drawn, strict=True):
            assert set(details.evaluated().places) <= set(details_of(view.assessment).evaluated().places)
    assert condition.combine(views[:1], dict.fromkeys(PARTS, 0)) == views[0].assessment
