"""Alpha gives the published figures and what its definition gives, whichever cells are missing."""

import numpy as np
import pytest

from dermagrade.evaluation.statistics.krippendorff_alpha import METRICS, krippendorff_alpha, weighted_alpha

# A missing cell.
_ = np.nan
#: Four observers, twelve units: Krippendorff 2011, section C, with the figures of its sections C and D.
OBSERVERS = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3],
        [_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _],
    ]
).T
PUBLISHED = {"nominal": 0.743, "ordinal": 0.815, "interval": 0.849, "ratio": 0.797}


@pytest.mark.parametrize(("metric", "published"), PUBLISHED.items())
def test_it_gives_the_published_example(metric, published):
    assert krippendorff_alpha(OBSERVERS, metric) == pytest.approx(published, abs=0.00051)


def _by_counting_pairs(table, metric):
    """The definition, pair by pair: 1 - disagreement within photos / disagreement of all values with all."""
    units = [[v for v in row if not np.isnan(v)] for row in table]
    units = [unit for unit in units if len(unit) > 1]
    values = sorted(v for unit in units for v in unit)

    def distance(a, b):
        low, high = min(a, b), max(a, b)
        if metric == "ordinal":
            between = sum(low <= v <= high for v in values) - (values.count(low) + values.count(high)) / 2
            return between**2 if low != high else 0.0
        return {"nominal": float(a != b), "interval": (a - b) ** 2, "ratio": ((a - b) / (a + b or 1)) ** 2}[metric]

    within = sum(
        distance(a, b) / (len(unit) - 1)
        for unit in units
        for i, a in enumerate(unit)
        for k, b in enumerate(unit)
        if i != k
    )
    every = sum(distance(a, b) for i, a in enumerate(values) for k, b in enumerate(values) if i != k)
    return 1 - (len(values) - 1) * within / every


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("missing", [0.0, 0.2, 0.6])
@pytest.mark.parametrize("raters", [2, 5])
def test_it_gives_what_counting_pair_by_pair_gives(metric, missing, raters):
    chance = np.random.default_rng(7)
    table = np.clip(chance.integers(0, 5, (30, 1)) + chance.integers(-1, 2, (30, raters)), 0, 5).astype(float)
    table[chance.random(table.shape) < missing] = np.nan
    assert krippendorff_alpha(table, metric) == pytest.approx(_by_counting_pairs(table, metric), abs=1e-9)


def test_perfect_agreement_is_one_and_chance_is_about_zero():
    grades = np.arange(30.0) % 4
    assert krippendorff_alpha(np.column_stack((grades, grades, grades))) == pytest.approx(1)
    noise = np.random.default_rng(1).integers(0, 4, (2000, 3)).astype(float)
    assert abs(krippendorff_alpha(noise)) < 0.05


def test_the_ordinal_metric_sees_order_alone():
    assert krippendorff_alpha(OBSERVERS**3) == pytest.approx(krippendorff_alpha(OBSERVERS))
    assert krippendorff_alpha(OBSERVERS**3, "interval") != pytest.approx(krippendorff_alpha(OBSERVERS, "interval"))


@pytest.mark.parametrize("metric", METRICS)
def test_a_weight_is_a_repetition(metric):
    times = np.array([0, 2, 1, 1, 3, 1, 0, 1, 2, 1, 1, 4])
    drawn = weighted_alpha(times[None].astype(float), OBSERVERS, metric)[0]
    assert drawn == pytest.approx(krippendorff_alpha(np.repeat(OBSERVERS, times, axis=0), metric))


@pytest.mark.parametrize("table", [np.ones((4, 3)), np.array([[1.0, _], [_, 2]]), np.full((0, 2), _)])
def test_without_pairs_or_variation_it_is_undefined(table):
    assert np.isnan(krippendorff_alpha(table))


def test_wrong_shapes_and_metrics_are_refused():
    with pytest.raises(ValueError, match=r"\(photos, raters\)"):
        krippendorff_alpha([1.0, 2.0])
    with pytest.raises(ValueError, match="metric must be one of"):
        krippendorff_alpha(OBSERVERS, "cosine")
