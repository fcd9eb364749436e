"""The network is held against each reader on one reference, on the same photos."""

import json

import pytest

from dermagrade.evaluation.grade_figures import METRICS, in_words
from dermagrade.evaluation.human_ceiling import Beside, human_ceiling, verdict
from dermagrade.evaluation.statistics.bootstrap import Draws, Estimate
from graded_photos import case

DRAWS = Draws(rounds=200)


def beside(difference, low=None, high=None):
    e = Estimate(difference, difference if low is None else low, difference if high is None else high, 9, 9)
    return Beside(e, e, e, "")


@pytest.mark.parametrize(
    ("differences", "said"),
    [
        ((-0.1, -0.2, -0.3), "below the worst"),
        ((0.1, 0.2, 0.3), "above the best"),
        ((0.1, 0.2, -0.3), "above the median"),
        ((0.1, -0.2, -0.3), "between"),
        ((0.1, -0.2), "between"),
        ((0.0, 0.0), "between"),
        ((0.0, 0.1, 0.1), "above the median"),
    ],
)
def test_the_verdict_counts_the_readers_whom_the_network_beats(differences, said):
    readers = {str(i): beside(d) for i, d in enumerate(differences)}
    assert verdict(METRICS["quadratic_kappa"], readers) == said
    lower_is_better = {str(i): beside(-d) for i, d in enumerate(differences)}
    assert verdict(METRICS["rmse"], lower_is_better) == said


def test_an_undefined_figure_has_no_verdict():
    assert verdict(METRICS["accuracy"], {"a": beside(float("nan"))}) == "undefined"


def test_better_needs_an_interval_without_0():
    kappa, error = METRICS["quadratic_kappa"], METRICS["rmse"]
    assert in_words(kappa, Estimate(0.1, 0.01, 0.2, 9, 9)) == "better"
    assert in_words(error, Estimate(0.1, 0.01, 0.2, 9, 9)) == "worse"
    assert in_words(kappa, Estimate(0.1, -0.01, 0.2, 9, 9)) == "no difference shown"
    assert in_words(error, Estimate(-0.1, -0.2, -0.01, 9, 9)) == "better"
    assert in_words(kappa, Estimate(0.1, float("nan"), float("nan"), 9, 9)) == "no difference shown"


def by_measure(cases, raters):
    return {ceiling.measure: ceiling for ceiling in human_ceiling(cases, raters, DRAWS)}


def test_a_perfect_network_stands_above_the_best_and_a_hopeless_one_below_the_worst():
    truths = [0, 1, 2, 3] * 6
    raters = {
        "anna": {f"{i}": t if i % 3 else (t + 1) % 4 for i, t in enumerate(truths)},
        "ben": {f"{i}": t if i % 4 else (t + 1) % 4 for i, t in enumerate(truths)},
    }
    good = by_measure([case(f"{i}", t, t) for i, t in enumerate(truths)], raters)
    assert {c.verdict for name, c in good.items() if name != "rmse"} == {"above the best"}
    bad = by_measure([case(f"{i}", t, 3 - t) for i, t in enumerate(truths)], raters)
    assert {c.verdict for c in bad.values()} == {"below the worst"}
    assert {b.words for b in bad["accuracy"].readers.values()} == {"worse"}


def test_reader_and_network_share_the_mean_of_the_others_as_their_reference():
    # Reference for anna is ben: 1, 1, 3. Anna errs by 1, 0, 1; the network by 0, 1, 0.
    raters = {"anna": {"a": 0, "b": 1, "c": 2}, "ben": {"a": 1, "b": 1, "c": 3}}
    cases = [case("a", 0, 1), case("b", 1, 2), case("c", 2, 3)]
    beside_anna = by_measure(cases, raters)["rmse"].readers["anna"]
    assert beside_anna.rater.value == pytest.approx((2 / 3) ** 0.5)
    assert beside_anna.network.value == pytest.approx((1 / 3) ** 0.5)
    assert beside_anna.difference.value == pytest.approx((1 / 3) ** 0.5 - (2 / 3) ** 0.5)
    # With her own grade in the mean every distance is half as long.
    assert beside_anna.with_rater is not None
    assert beside_anna.with_rater.value == pytest.approx((2 / 3) ** 0.5 / 2)


def test_only_photos_that_every_reader_graded_count():
    raters = {"anna": {"a": 0, "b": 1}, "ben": {"b": 1, "c": 3}}
    cases = [case(name, 1, 1) for name in "abc"]
    for ceiling in human_ceiling(cases, raters, DRAWS):
        assert {b.rater.photos for b in ceiling.readers.values()} == {1}
        json.dumps(ceiling.record(), allow_nan=False)


def test_one_reader_has_no_others_and_none_no_ceiling():
    cases = [case("a", 1, 1), case("b", 0, 1)]
    assert "rmse" not in by_measure(cases, {"anna": {"a": 1, "b": 1}})
    assert human_ceiling(cases, {}, DRAWS) == ()
    assert human_ceiling(cases, {"anna": {"z": 1}}, DRAWS) == ()
