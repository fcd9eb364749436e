"""Lesions are paired one to one, as many as can be."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dermagrade.evaluation.statistics.matching import f1, matched, precision, reach_px, recall

#: A busy machine must not make a true claim fail.
UNHURRIED = settings(deadline=None, max_examples=40)

places = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=5)


def array(points):
    return np.array(points, float).reshape(-1, 2)


def most_pairs(truth, found, reach):
    """By trying every way to pair them."""
    if len(truth) > len(found):
        truth, found = found, truth
    near = np.hypot(*(truth[:, None] - found[None]).transpose(2, 0, 1)) <= reach
    return max(sum(near[i, j] for i, j in enumerate(order)) for order in permutations(range(len(found)), len(truth)))


@UNHURRIED
@given(places, places, st.integers(1, 6))
def test_no_way_of_pairing_gives_more_pairs(truth, found, reach):
    truth, found = array(truth), array(found)
    expected = most_pairs(truth, found, reach) if len(truth) and len(found) else 0
    assert matched(truth, found, reach=reach) == expected
    assert matched(found, truth, reach=reach) == expected


def test_nearest_first_would_lose_a_pair_that_is_found_here():
    truth, found = array([(0, 0), (10, 0)]), array([(9, 0), (19, 0)])
    assert matched(truth, found, reach=10) == 2
    assert matched(truth, array([(6, 0), (15, 0)]), reach=6) == 2
    assert matched(truth, array([(6, 0)]), reach=6) == 1


def test_the_reach_grows_with_the_photo():
    assert reach_px(512, 400) == 10
    assert reach_px(1536, 2048) == 40


def test_precision_recall_and_f1_are_over_all_photos_together():
    truth, found, pairs = np.array([4.0, 0.0]), np.array([2.0, 2.0]), np.array([2.0, 0.0])
    assert precision(truth, found, pairs) == 0.5
    assert recall(truth, found, pairs) == 0.5
    assert f1(np.array([1.0]), np.array([3.0]), np.array([1.0])) == pytest.approx(0.5)
    assert np.isnan(recall(np.array([0.0]), np.array([1.0]), np.array([0.0])))
