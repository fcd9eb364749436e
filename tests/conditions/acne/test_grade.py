"""What is made of the acne network's output: lesions and their places, zones, halves, levels, and abstaining.

The network of these tests counts red squares, so every answer is known; what the shipped network sees is measured
with the evaluation, not here.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermagrade.conditions.acne.answer import AcneDetails, acne_details
from dermagrade.conditions.acne.grade import Postprocess, crop_face, find_peaks, grade_acne
from dermagrade.face.halves import left_half
from dermagrade.scales import acne_5_from_count, acne_5_from_hayashi
from dermagrade.types import Assessment, FaceMap, Photo, Screening
from dermagrade.weights.model import Model, load_model

pytest.importorskip("onnx", reason="makes a network; onnx comes with the train extra")
from red_dots import grey_photo, paint, square_face, write_network

# On the viewer's right, so on the person's left: cheek, cheek, forehead.
LEFT_DOTS = [(260, 160), (290, 200), (240, 40)]
# One on the right cheek, one right of the middle of the chin.
RIGHT_DOTS = [(60, 180), (120, 280)]


@pytest.fixture(scope="module")
def counts_red(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return load_model(write_network(tmp_path_factory.mktemp("weights")))


def told(answer: Assessment) -> AcneDetails:
    """What acne says of its own."""
    return acne_details(answer.details)


def _photo(*, reduced_by: int = 1, dots: list[tuple[int, int]] | None = None) -> Photo:
    photo = grey_photo(reduced_by=reduced_by)
    for x, y in LEFT_DOTS + RIGHT_DOTS if dots is None else dots:
        paint(photo, x, y)
    return photo


def _grade(model: Model, photo: Photo, face: FaceMap | None = None) -> Assessment:
    return grade_acne(photo, face or square_face(photo), Screening(), model=model)


def test_every_lesion_is_found_where_it_is_and_in_its_zone(counts_red: Model) -> None:
    answer = _grade(counts_red, _photo())
    painted = dict(
        zip(LEFT_DOTS + RIGHT_DOTS, ["left_cheek", "left_cheek", "forehead", "right_cheek", "chin"], strict=True)
    )
    assert len(told(answer).lesions) == len(painted)
    for at, zone in painted.items():
        nearest = min(told(answer).lesions, key=lambda lesion, at=at: np.hypot(lesion.x - at[0], lesion.y - at[1]))
        assert np.hypot(nearest.x - at[0], nearest.y - at[1]) < 2
        assert nearest.zone == zone
    assert told(answer).count == pytest.approx(5, abs=0.01)
    assert all(0.8 < lesion.confidence <= 1 for lesion in told(answer).lesions)


def test_places_and_radii_are_pixels_of_the_full_photo(counts_red: Model) -> None:
    plain = told(_grade(counts_red, _photo())).lesions
    reduced = told(_grade(counts_red, _photo(reduced_by=4))).lesions
    assert [(r.x, r.y, r.radius) for r in reduced] == [(4 * p.x, 4 * p.y, 4 * p.radius) for p in plain]


@pytest.mark.parametrize("size", [(320, 320), (640, 640), (1000, 1000), (200, 200), (600, 400), (400, 600)])
def test_places_hold_at_every_size_and_shape_of_the_photo(counts_red: Model, size: tuple[int, int]) -> None:
    photo = grey_photo(*size)
    x, y = int(0.8 * size[0]), int(0.55 * size[1])
    side = max(size) // 40
    photo.pixels[y - side : y + side, x - side : x + side] = (255, 0, 0)
    (lesion,) = told(_grade(counts_red, photo)).lesions
    assert np.hypot(lesion.x - x, lesion.y - y) < 0.01 * max(size)
    assert lesion.zone == "left_cheek"


def test_a_face_in_a_corner_is_cut_out_and_its_lesions_lead_back(counts_red: Model) -> None:
    photo = grey_photo(640, 480)
    small = square_face(grey_photo(200, 200))
    labels = np.zeros((480, 640), np.uint8)
    labels[280:480, 440:640] = small.label_map
    points = {name: (x + 440, y + 280) for name, (x, y) in small.points.items()}
    face = replace(small, box=(440.0, 280.0, 640.0, 480.0), label_map=labels, points=points)
    photo.pixels[400:405, 600:605] = (255, 0, 0)
    photo.pixels[100:110, 100:110] = (255, 0, 0)  # not on the face
    (lesion,) = told(_grade(counts_red, photo, face)).lesions
    assert (lesion.x, lesion.y) == pytest.approx((602.5, 402.5), abs=1.5)
    assert lesion.zone == "left_cheek"


def test_a_frontal_face_is_graded_by_its_worse_half(counts_red: Model) -> None:
    answer = _grade(counts_red, _photo())
    assert told(answer).graded_half == "left"
    assert told(answer).halves == pytest.approx({"left": 3, "right": 2}, abs=0.02)
    assert answer.score == pytest.approx(acne_5_from_count(3), abs=0.01)


def test_a_mirrored_photo_swaps_the_halves_and_keeps_the_score(counts_red: Model) -> None:
    photo = _photo()
    mirrored = replace(photo, pixels=np.ascontiguousarray(photo.pixels[:, ::-1]))
    answer, other = _grade(counts_red, photo), _grade(counts_red, mirrored)
    assert told(other).graded_half == "right"
    assert told(other).halves == pytest.approx({"left": 2, "right": 3}, abs=0.02)
    assert other.score == pytest.approx(answer.score, abs=1e-4)


def test_a_turned_face_is_graded_by_all_that_is_seen(counts_red: Model) -> None:
    photo = _photo()
    answer = _grade(counts_red, photo, square_face(photo, hidden=("right_cheek",)))
    assert told(answer).halves is None
    assert told(answer).graded_half is None
    assert answer.score == pytest.approx(acne_5_from_count(5), abs=0.01)


def test_a_lesion_in_a_zone_that_is_not_found_has_no_zone_and_still_counts(counts_red: Model) -> None:
    photo = _photo(dots=[(60, 180)])
    answer = _grade(counts_red, photo, square_face(photo, hidden=("right_cheek",)))
    assert [lesion.zone for lesion in told(answer).lesions] == [None]
    assert "right_cheek" not in answer.zones
    assert told(answer).count == pytest.approx(1, abs=0.01)


def test_zones_count_their_own_lesions_and_never_score_above_the_face(counts_red: Model) -> None:
    answer = _grade(counts_red, _photo())
    lesions = told(answer).zone_lesions
    expected = {"forehead": 1, "nose": 0, "left_cheek": 2, "right_cheek": 1, "chin": 1}
    assert lesions == pytest.approx(expected, abs=0.05)
    assert answer.score is not None
    assert all(1 <= zone.score <= answer.score for zone in answer.zones.values())


def test_a_zone_across_the_middle_is_scored_by_its_worse_half(counts_red: Model) -> None:
    answer = _grade(counts_red, _photo(dots=[(100, 40), (200, 40), (240, 40)]))
    assert told(answer).zone_lesions["forehead"] == pytest.approx(3, abs=0.02)
    assert answer.zones["forehead"].score == pytest.approx(acne_5_from_count(2), abs=0.01)


def test_skin_without_a_lesion_is_clear(counts_red: Model) -> None:
    answer = _grade(counts_red, _photo(dots=[]))
    assert (answer.score, answer.level, answer.label) == (1.0, 1, "Clear")
    assert told(answer).lesions == ()
    assert told(answer).hayashi is not None
    assert (told(answer).hayashi.grade, told(answer).hayashi.label) == (0, "mild")


def test_hayashi_probabilities_sum_to_one_and_the_likeliest_is_the_grade(counts_red: Model) -> None:
    dots = [(x, y) for x in range(170, 320, 20) for y in range(20, 100, 20)]
    answer = _grade(counts_red, _photo(dots=dots))
    assert told(answer).halves == pytest.approx({"left": 32, "right": 0}, abs=0.1)
    assert told(answer).hayashi is not None
    assert (told(answer).hayashi.grade, told(answer).hayashi.label) == (2, "severe")
    assert sum(told(answer).hayashi.probabilities) == pytest.approx(1)


def test_the_model_is_named(counts_red: Model) -> None:
    assert _grade(counts_red, _photo()).model == counts_red.id


def test_without_a_face_it_abstains_and_says_why() -> None:
    answer = grade_acne(_photo(), None, Screening())
    assert answer.score is None
    assert answer.abstained is not None
    assert "No face" in answer.abstained


def test_without_a_visible_zone_it_abstains_and_says_why() -> None:
    photo = _photo()
    answer = grade_acne(photo, square_face(photo, visible=0.29), Screening())
    assert answer.score is None
    assert answer.abstained is not None
    assert "zone" in answer.abstained


@pytest.mark.parametrize("turned_deg", [0, 30, 90, 180, -120])
@pytest.mark.parametrize("points", ["all", "eyes alone", "none"])
def test_the_halves_turn_with_the_head(turned_deg: int, points: str) -> None:
    face = square_face(grey_photo())
    kept = {"all": set(face.points), "eyes alone": {"left_eye", "right_eye"}, "none": set()}[points]
    angle = np.radians(turned_deg)

    def turned(x: float, y: float) -> tuple[float, float]:  # clockwise as the viewer sees it, about the middle
        dx, dy = x - 160, y - 160
        return 160 + dx * np.cos(angle) - dy * np.sin(angle), 160 + dx * np.sin(angle) + dy * np.cos(angle)

    tilted = replace(
        face, roll_deg=float(turned_deg), points={k: turned(*p) for k, p in face.points.items() if k in kept}
    )
    for x, y, expected in [(260, 100, True), (180, 300, True), (140, 20, False), (60, 200, False)]:
        tx, ty = turned(x, y)
        assert left_half(tilted, np.array([tx]), np.array([ty])).tolist() == [expected]


def test_the_line_between_the_halves_follows_the_nose_of_a_slightly_turned_face() -> None:
    face = square_face(grey_photo())
    face = replace(face, points={**face.points, "nose_tip": (200.0, 192.0)})
    at_the_nose = left_half(face, np.array([190.0, 210.0]), np.array([192.0, 192.0]))
    at_the_brow = left_half(face, np.array([150.0, 170.0]), np.array([20.0, 20.0]))
    assert at_the_nose.tolist() == at_the_brow.tolist() == [False, True]


@given(
    st.integers(40, 400),
    st.integers(40, 400),
    st.tuples(st.floats(0, 0.5), st.floats(0, 0.5), st.floats(0.6, 1), st.floats(0.6, 1)),
    st.sampled_from([64, 320]),
)
def test_a_crop_is_a_square_of_the_asked_size_that_holds_the_face_and_leads_back(
    width: int, height: int, box: tuple[float, float, float, float], size: int
) -> None:
    pixels = np.full((height, width, 3), 200, np.uint8)
    x0, y0, x1, y1 = (float(v * (width, height)[i % 2]) for i, v in enumerate(box))
    crop = crop_face(pixels, (x0, y0, x1, y1), size=size, margin=0.15)
    assert crop.image.shape == (1, 3, size, size)
    (left, right), (top, bottom) = crop.to_photo(np.array([0.0, size]), np.array([0.0, size]))
    assert left <= x0 + 1
    assert top <= y0 + 1
    assert right >= x1 - 1
    assert bottom >= y1 - 1
    # Of the longer side nothing lies beyond the photo.
    assert min(right - left, bottom - top) <= max(width, height) + 1


def test_beyond_the_photo_the_crop_is_black_and_within_it_is_the_photo() -> None:
    pixels = np.full((100, 50, 3), (200, 150, 100), np.uint8)
    crop = crop_face(pixels, (0, 0, 50, 100), size=320, margin=0.15)
    assert (crop.origin, crop.scale) == ((-25, 0), 100 / 320)
    assert np.allclose(crop.image[0, :, :, 84:236], np.array([200, 150, 100])[:, None, None] / 255, atol=1e-6)
    assert (crop.image[0, :, :, :76] == 0).all()
    assert (crop.image[0, :, :, 244:] == 0).all()


def test_a_size_that_the_network_cannot_take_is_refused() -> None:
    with pytest.raises(ValueError, match="multiple of 32"):
        crop_face(np.zeros((50, 50, 3), np.uint8), (0, 0, 50, 50), size=300, margin=0.1)


def test_a_plateau_is_one_lesion() -> None:
    density = np.zeros((12, 12), np.float32)
    density[4:8, 4:8] = 0.3
    peaks = find_peaks(density, threshold=0.05, min_distance_px=4)
    assert len(peaks) == 1


def test_a_lesion_between_cells_is_placed_between_them() -> None:
    density = np.zeros((9, 9), np.float32)
    density[4, 4], density[4, 5] = 0.6, 0.4
    ((x, y, _),) = find_peaks(density, threshold=0.05, min_distance_px=6)
    assert 4.5 * 4 < x < 5.0 * 4 + 1
    assert y == pytest.approx(4.5 * 4)


def test_a_lesion_at_the_border_is_found() -> None:
    density = np.zeros((8, 8), np.float32)
    density[0, 0] = 1.0
    ((x, y, confidence),) = find_peaks(density, threshold=0.05, min_distance_px=6)
    assert 0 < x < 6
    assert 0 < y < 6
    assert confidence == pytest.approx(1 - np.exp(-2))


def test_of_two_close_peaks_the_stronger_stays_and_the_threshold_holds() -> None:
    density = np.zeros((12, 12), np.float32)
    density[2, 2], density[2, 5], density[9, 9] = 1.0, 0.8, 0.1
    assert len(find_peaks(density, threshold=0.05, min_distance_px=2)) == 2
    ((x, _, _),) = find_peaks(density, threshold=0.05, min_distance_px=16)
    assert x < 3.6 * 4
    assert len(find_peaks(density, threshold=0.01, min_distance_px=2)) == 3


def test_no_density_is_no_lesion() -> None:
    assert find_peaks(np.zeros((8, 8), np.float32), threshold=0.0001, min_distance_px=6).shape == (0, 3)


def test_the_manifest_sets_how_the_output_is_read(tmp_path: Path) -> None:
    strict = load_model(write_network(tmp_path, postprocess={"peak_threshold": 2.0, "face_margin": 0.0}))
    answer = _grade(strict, _photo())
    assert told(answer).lesions == ()
    assert told(answer).count == pytest.approx(5, abs=0.01)
    assert Postprocess.from_record({}) == Postprocess()


def test_a_network_that_learnt_from_grades_alone_counts_nothing_and_is_scored_by_its_grade(tmp_path: Path) -> None:
    model = load_model(write_network(tmp_path, postprocess={"counts": False}))
    few, many = (_grade(model, _photo(dots=[(20 + 40 * k, 180) for k in range(n)])) for n in (0, 7))
    for answer in (few, many):
        assert (told(answer).count, told(answer).lesions, told(answer).halves) == (None, (), None)
        assert told(answer).hayashi is not None
        expected = float(np.dot(range(4), told(answer).hayashi.probabilities))
        assert answer.score == pytest.approx(acne_5_from_hayashi(expected))
        assert told(answer).zone_lesions == {}
        assert set(answer.zones) == set(few.zones)
    assert many.score is not None
    assert few.score is not None
    assert many.score > few.score
