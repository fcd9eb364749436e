"""Figures of patch scores are those of the photos that were answered, by mean and by maximum."""

import pytest

from dermagrade.scales import ACNE_5
from dermagrade.training.patch_features.figures import PatchAnswer, patch_card_figures, patch_record


def answer(photo: str, grade: float, *patches: float) -> PatchAnswer:
    of_zone = {str(i): value for i, value in enumerate(patches)}
    mean = sum(patches) / len(patches) if patches else None
    return PatchAnswer(photo, f"person of {photo}", 0, grade, mean, max(patches, default=None), of_zone)


ANSWERS = [answer("a", 1.0, 1.0, 3.0), answer("b", 4.0, 4.0, 5.0), answer("c", 2.0, 2.0), answer("d", 5.0)]


def test_errors_and_accuracy_are_those_of_mean_and_maximum() -> None:
    record = patch_record(ANSWERS, ACNE_5)
    assert (record["photos"], record["answered"]) == (4, 3)
    # Means 2, 4.5, 2 and maxima 3, 5, 2 against 1, 4, 2.
    assert record["score"]["mean absolute error"]["value"] == pytest.approx(0.5)
    assert record["score"]["RMSE"]["value"] == pytest.approx((1.25 / 3) ** 0.5, abs=1e-4)
    assert record["score"]["accuracy"]["value"] == pytest.approx(1 / 3, abs=1e-4)
    assert record["patch_maximum"]["RMSE"]["value"] == pytest.approx((5 / 3) ** 0.5, abs=1e-4)
    assert record["score"]["RMSE"]["persons"] == 3


def test_the_card_says_how_many_were_answered() -> None:
    assert patch_card_figures(patch_record(ANSWERS, ACNE_5))["Coverage"] == {"photos": 4, "answered": 3}


def test_without_an_answer_nothing_is_claimed() -> None:
    record = patch_record(ANSWERS[3:], ACNE_5)
    assert record["score"]["RMSE"]["value"] is None
