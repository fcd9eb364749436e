"""Photos of one visit are one face: each lesion is counted once, whatever photos it is seen in.

The head is drawn and turned, the network counts red squares, so every answer is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations

import pytest

from dermagrade.conditions.acne.answer import AcneDetails, acne_details
from dermagrade.conditions.acne.grade import grade_acne
from dermagrade.conditions.acne.visit import combine_acne
from dermagrade.grading.views import View, choose_parts
from dermagrade.scales import acne_5_from_count
from dermagrade.types import Assessment, Screening
from dermagrade.weights.model import Model, load_model

pytest.importorskip("onnx", reason="makes a network; onnx comes with the train extra")
from drawn_visit import Place, head
from red_dots import write_network

# Two on the left cheek, of which the front sees one well; one on the right cheek; forehead and chin on both halves.
LEFT_LESIONS: list[Place] = [(30, 0.55), (70, 0.6), (25, 0.15)]
RIGHT_LESIONS: list[Place] = [(-40, 0.5), (-25, 0.85)]
ALL = LEFT_LESIONS + RIGHT_LESIONS


@pytest.fixture(scope="module")
def counts_red(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return load_model(write_network(tmp_path_factory.mktemp("weights")))


def told(answer: Assessment) -> AcneDetails:
    """What acne says of its own."""
    return acne_details(answer.details)


def _views(model: Model, lesions: Sequence[Place], yaws: Sequence[float]) -> list[View]:
    photos = [head(lesions, yaw_deg=yaw) for yaw in yaws]
    return [View(photo, face, grade_acne(photo, face, Screening(), model=model)) for photo, face in photos]


def _combined(views: Sequence[View]) -> tuple[Assessment, tuple[int, ...]]:
    """The answer for the face, and the number of the photo that each of its lesions is in."""
    numbered = [replace(view, number=i) for i, view in enumerate(views)]
    answer = combine_acne(numbered, choose_parts([(view.photo, view.face) for view in views]))
    return answer, told(answer).photos


def test_a_lesion_that_several_photos_show_is_counted_once(counts_red: Model) -> None:
    views = _views(counts_red, ALL, (-50, 0, 50))
    seen = sum(told(view.assessment).count or 0 for view in views)
    answer, photos = _combined(views)
    assert seen > len(ALL) + 3
    assert told(answer).count == pytest.approx(len(ALL), abs=0.1)
    assert told(answer).halves == pytest.approx({"left": 3, "right": 2}, abs=0.1)
    assert told(answer).graded_half == "left"
    assert answer.score == pytest.approx(acne_5_from_count(3), abs=0.03)
    assert len(told(answer).lesions) == len(photos) == len(ALL)


def test_two_sides_without_a_front_count_each_half_from_its_side(counts_red: Model) -> None:
    answer, photos = _combined(_views(counts_red, ALL, (-45, 45)))
    assert told(answer).count == pytest.approx(len(ALL), abs=0.1)
    assert told(answer).halves == pytest.approx({"left": 3, "right": 2}, abs=0.1)
    assert sorted(photos) == [0, 0, 0, 1, 1]
    assert {name: round(lesions) for name, lesions in told(answer).zone_lesions.items()} == {
        "forehead": 1,
        "nose": 0,
        "left_cheek": 2,
        "right_cheek": 1,
        "chin": 1,
    }


def test_a_mirrored_visit_swaps_the_halves_and_keeps_the_score(counts_red: Model) -> None:
    answer, _ = _combined(_views(counts_red, ALL, (-50, 0, 50)))
    other, _ = _combined(_views(counts_red, [(-angle, height) for angle, height in ALL], (-50, 0, 50)))
    assert told(other).graded_half == "right"
    assert other.score == pytest.approx(answer.score, abs=0.05)


def test_the_order_of_the_photos_changes_nothing_but_their_numbers(counts_red: Model) -> None:
    views = _views(counts_red, ALL, (-50, 0, 50))
    first, _ = _combined(views)
    for order in permutations(views):
        answer, photos = _combined(order)
        assert replace(answer, details=None) == replace(first, details=None)
        assert replace(told(answer), lesions=()) == replace(told(first), lesions=())
        assert set(told(answer).lesions) == set(told(first).lesions)
        for lesion, photo in zip(told(answer).lesions, photos, strict=True):
            assert lesion in told(order[photo].assessment).lesions


def test_a_second_photo_of_the_same_side_adds_nothing(counts_red: Model) -> None:
    alone = _views(counts_red, LEFT_LESIONS, (-50,))[0].assessment
    answer, _ = _combined(_views(counts_red, LEFT_LESIONS, (-50, -46)))
    assert told(answer).count == pytest.approx(told(alone).count, abs=0.1)
    assert told(answer).halves is None
    assert answer.score == pytest.approx(alone.score, abs=0.05)


def test_a_lesion_outside_every_zone_goes_with_the_nearest(counts_red: Model) -> None:
    # Between forehead and cheek, seen from the front and from the left.
    answer, _ = _combined(_views(counts_red, [(50, 0.36)], (-50, 0, 50)))
    assert told(answer).count == pytest.approx(1, abs=0.05)
    assert [lesion.zone for lesion in told(answer).lesions] == [None]
    assert sum(told(answer).zone_lesions.values()) == pytest.approx(0, abs=0.05)


def test_clear_skin_stays_clear(counts_red: Model) -> None:
    answer, photos = _combined(_views(counts_red, [], (-50, 0, 50)))
    assert (answer.score, answer.label, photos) == (1.0, "Clear", ())


def test_the_hayashi_grade_is_that_of_the_photo_that_gave_most_to_the_graded_half(counts_red: Model) -> None:
    views = _views(counts_red, [(60, 0.5 + 0.08 * k) for k in range(3)] + [(-20, 0.15)], (-50, 0, 50))
    answer, _ = _combined(views)
    assert told(answer).graded_half == "left"
    assert told(answer).hayashi == told(views[0].assessment).hayashi


def test_of_a_frontal_photo_the_grade_is_that_of_the_half_that_the_visit_grades(counts_red: Model) -> None:
    # From the front the right half is worse: four lesions to three. The photo of the right cheek shows it clear (as
    # after cover-up), so of the visit the left half is worse, and most of it is taken from the front.
    right = [(-40, 0.45), (-40, 0.55), (-40, 0.65), (-50, 0.6)]
    (front,) = _views(counts_red, [(20, 0.1), (35, 0.15), (20, 0.9), *right], (0,))
    (side,) = _views(counts_red, [], (50,))
    answer, _ = _combined([front, side])
    assert told(front.assessment).graded_half == "right"
    assert told(answer).graded_half == "left"
    assert told(front.assessment).half_hayashi is not None
    assert told(answer).hayashi == told(front.assessment).half_hayashi["left"] != told(front.assessment).hayashi


@pytest.mark.parametrize(
    ("offsets", "expected"),
    [(None, None), ((0.2, 0.3), (-0.2, 0.3)), ((9.0, 0.3), (None, 0.3)), ((0.2, 9.0), (-0.2, None))],
    ids=["none", "width kept", "cut below", "cut above"],
)
def test_the_interval_reaches_as_far_as_the_photo_s(
    counts_red: Model, offsets: tuple[float, float] | None, expected: tuple[float | None, float | None] | None
) -> None:
    views = []
    for view in _views(counts_red, ALL, (-50, 0, 50)):
        score = view.assessment.score
        assert score is not None
        interval = (max(1.0, score - offsets[0]), min(5.0, score + offsets[1])) if offsets else None
        views.append(replace(view, assessment=replace(view.assessment, interval=interval)))
    answer, _ = _combined(views)
    assert answer.score is not None
    if expected is None:
        assert answer.interval is None
    else:
        low, high = expected
        ends = (1.0 if low is None else answer.score + low, 5.0 if high is None else answer.score + high)
        assert answer.interval == pytest.approx(ends)


def test_it_abstains_where_the_network_counts_nothing(counts_red: Model) -> None:
    views = _views(counts_red, ALL, (-50, 50))
    bare = replace(told(views[0].assessment), parts=None)
    views[0] = replace(views[0], assessment=replace(views[0].assessment, details=bare))
    answer, photos = _combined(views)
    assert (answer.score, answer.scale, photos) == (None, "acne-5", ())
    assert answer.abstained


def test_the_parts_of_one_photo_hold_its_whole_count(counts_red: Model) -> None:
    for view in _views(counts_red, ALL, (-50, 0, 50)):
        assert told(view.assessment).parts is not None
        total = sum(count.total for count in told(view.assessment).parts.values())
        assert total == pytest.approx(told(view.assessment).count, abs=1e-3)
