"""On a frontal photo the halves are counted apart and the worse one is graded, as the Hayashi scale is for half a face.

The faces are public-domain portraits; their lesions are simulated.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from dermagrade.assess.photo import Assessed, assess_photo
from dermagrade.conditions.acne.answer import AcneDetails, acne_details
from dermagrade.photo.read import read_photo
from dermagrade.scales import acne_5_from_count
from dermagrade.simulate.lesions import paint_lesions
from dermagrade.types import Assessment, FaceMap, Photo

matplotlib = pytest.importorskip("matplotlib", reason="the portrait comes inside matplotlib's wheel")
PORTRAIT = Path(matplotlib.__file__).parent / "mpl-data" / "sample_data" / "grace_hopper.jpg"
PAINTED = 14


@pytest.fixture(scope="module")
def portrait() -> Photo:
    return read_photo(PORTRAIT)


@pytest.fixture(scope="module")
def face(portrait: Photo) -> FaceMap:
    found = assess_photo(portrait).face
    assert found is not None
    assert found.frontal
    return found


def graded(pixels: np.ndarray) -> Assessment:
    assessed: Assessed = assess_photo(Photo(np.ascontiguousarray(pixels), "0" * 64, pixels.shape[1], pixels.shape[0]))
    return assessed.assessments["acne"]


def told(answer: Assessment) -> AcneDetails:
    """What acne says of its own."""
    return acne_details(answer.details)


def painted_on(portrait: Photo, face: FaceMap, zones: tuple[str, ...], count: int) -> np.ndarray:
    width = face.box[2] - face.box[0]
    return paint_lesions(portrait.pixels, face.label_map, count=count, seed=2, zones=zones, face_width_px=width).pixels


@pytest.mark.parametrize("side", ["left", "right"])
def test_the_half_with_the_painted_lesions_is_graded(side: str) -> None:
    skimage = pytest.importorskip("skimage", reason="the portrait comes inside scikit-image's wheel")
    # Both of her cheeks are lit; on the other portrait's right one, in shadow and behind glasses, few lesions are seen.
    lit = read_photo(Path(skimage.__file__).parent / "data" / "astronaut.png")
    face = assess_photo(lit).face
    assert face is not None
    answer = graded(painted_on(lit, face, (f"{side}_cheek",), PAINTED))
    assert told(answer).graded_half == side
    assert told(answer).halves is not None
    assert told(answer).halves[side] > 1.0 + told(answer).halves[{"left": "right", "right": "left"}[side]]


def test_the_score_is_that_of_the_worse_half_and_not_of_the_whole(portrait: Photo, face: FaceMap) -> None:
    answer = graded(painted_on(portrait, face, ("left_cheek", "right_cheek"), 2 * PAINTED))
    assert told(answer).halves is not None
    assert answer.score == pytest.approx(acne_5_from_count(max(told(answer).halves.values())))
    assert told(answer).count is not None
    assert answer.score < acne_5_from_count(told(answer).count)


def test_a_face_made_of_one_half_and_its_mirror_image_scores_as_that_half(portrait: Photo, face: FaceMap) -> None:
    painted = painted_on(portrait, face, ("left_cheek",), PAINTED)
    alone = graded(painted)
    # The person's left is the viewer's right: mirror what lies right of the middle of the nose onto the other side.
    middle = round(face.points["nose_tip"][0])
    half = painted[:, middle : 2 * middle]
    both = np.concatenate([half[:, ::-1], half], axis=1)
    answer = graded(both)
    assert told(answer).halves is not None
    low, high = sorted(told(answer).halves.values())
    assert low > 0.5 * high
    assert alone.score is not None
    assert answer.score is not None
    assert abs(answer.score - alone.score) < 0.5


def test_more_painted_lesions_give_a_higher_score(portrait: Photo, face: FaceMap) -> None:
    scores = [graded(painted_on(portrait, face, ("left_cheek", "chin"), n)).score for n in (0, 6, 20)]
    assert None not in scores
    assert scores == sorted(scores)
    assert len(set(scores)) == 3
