"""The intraclass correlation gives the published value of its own source."""

import numpy as np
import pytest

from dermagrade.evaluation.statistics.intraclass import icc_2_1

#: Six targets, four judges: Shrout and Fleiss 1979, table 2; ICC(2,1) is .29 in table 4.
JUDGES = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]


def test_it_gives_the_published_example() -> None:
    assert round(icc_2_1(JUDGES), 2) == 0.29


def test_a_reader_who_is_always_higher_lowers_it_unlike_a_correlation() -> None:
    one = np.arange(10.0)
    assert icc_2_1(np.column_stack((one, one))) == pytest.approx(1)
    shifted = icc_2_1(np.column_stack((one, one + 3)))
    assert 0 < shifted < 0.9
    assert np.corrcoef(one, one + 3)[0, 1] == pytest.approx(1)


def test_which_reader_comes_first_does_not_matter() -> None:
    assert icc_2_1(np.array(JUDGES)[:, ::-1]) == pytest.approx(icc_2_1(JUDGES))


@pytest.mark.parametrize("ratings", [[[1.0, 2.0]], [[1.0], [2.0]], [[3.0, 3.0], [3.0, 3.0]]])
def test_without_two_of_each_or_without_variation_it_is_undefined(ratings: list[list[float]]) -> None:
    assert np.isnan(icc_2_1(ratings))


def test_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match=r"\(n, k\)"):
        icc_2_1([1.0, 2.0])
