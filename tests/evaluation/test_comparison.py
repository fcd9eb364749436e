"""Two sets of answers are compared photo by photo."""

import pytest

from dermagrade.evaluation.comparison import compare_answers
from dermagrade.evaluation.statistics.bootstrap import Draws
from graded_photos import case

DRAWS = Draws(rounds=200)


def test_a_network_that_errs_less_is_better_with_an_interval_without_0():
    truths = [i % 4 for i in range(60)]
    wrong = (1, 2, 3, 2)
    good = [case(f"{i}", t, t if i % 5 else wrong[t]) for i, t in enumerate(truths)]
    poor = [case(f"{i}", t, t if i % 2 else wrong[t]) for i, t in enumerate(truths)]
    found = compare_answers(good, poor, DRAWS, consensus={f"{i}": float(t) for i, t in enumerate(truths)})
    for name in ("accuracy", "rmse", "mae", "rmse_to_readers"):
        assert found[name].words == "better", name
    assert found["accuracy"].difference.value == pytest.approx(0.8 - 0.5)
    assert found["accuracy"].difference.low > 0
    assert compare_answers(poor, good, DRAWS)["accuracy"].words == "worse"


def test_a_network_does_not_differ_from_itself():
    cases = [case(f"{i}", i % 4, (i * 7 + i // 5) % 4, person=f"{i}") for i in range(20)]
    for pair in compare_answers(cases, cases, DRAWS).values():
        assert (pair.difference.value, pair.difference.low, pair.difference.high) == (0, 0, 0)
        assert pair.words == "no difference shown"


def test_only_photos_of_both_count_and_counts_only_where_there_are_some():
    first = [case("a", 0, 0), case("b", 1, 1), case("c", 2, 1)]
    found = compare_answers(first, [case("b", 1, 1), case("c", 2, 2), case("d", 0, 0)], DRAWS)
    assert found["accuracy"].first.photos == 2
    assert (found["accuracy"].first.value, found["accuracy"].second.value) == (0.5, 1)
    assert not any(name.startswith("count") for name in found)
    assert "rmse_to_readers" not in found
