"""Student's t: its quantiles, and the power of a t test by the noncentral distribution.

A noncentral t is ``(Z + shift) / S`` with a standard normal ``Z`` and an independent ``S``, the root of a chi-square
over its degrees of freedom. Given ``S`` everything is normal, so a tail is one integral over the density of ``S``. It
is smooth, and for whole degrees of freedom Gauss-Legendre takes it to about ten digits. Source: Johnson NL, Kotz S,
Balakrishnan N. Continuous Univariate Distributions, volume 2, 2nd edition, 1995, chapter 31.
"""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(200)
# So many standard deviations of S on either side hold all of it that a double can tell.
_REACH = 12.0


@lru_cache(maxsize=4096)
def quantile(share: float, freedom: float) -> float:
    """The value that Student's t with so many degrees of freedom stays below with this probability.

    Args:
        share: above 0 and below 1.
        freedom: degrees of freedom, 1 or more.

    Raises:
        ValueError: if a number is out of range.
    """
    if not 0 < share < 1 or not freedom >= 1:
        raise ValueError(f"a share between 0 and 1 and 1 degree of freedom or more are needed, not {share}, {freedom}")
    if share < 0.5:
        return -quantile(1 - share, freedom)
    # The normal quantile lies below; the Cauchy one (1 degree of freedom) above.
    low, high = NormalDist().inv_cdf(share), math.tan(math.pi * (share - 0.5)) + 1e-9
    while high - low > 1e-12 * max(1.0, high):
        middle = (low + high) / 2
        if above(middle, freedom, 0.0) > 1 - share:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def above(limit: float, freedom: float, shift: float) -> float:
    """Probability that a noncentral t exceeds a limit.

    Args:
        limit: any number.
        freedom: degrees of freedom, 1 or more.
        shift: the noncentrality, 0 for Student's t itself.
    """
    spread, density = _spread_of(freedom)
    z = (limit * spread - shift) / math.sqrt(2)
    tails = 0.5 * np.array([math.erfc(v) for v in z.tolist()])
    return min(max(float((density * tails).sum()), 0.0), 1.0)


def power(shift: float, freedom: float, *, alpha: float) -> float:
    """Probability that a two-sided t test finds an effect; an effect found with the wrong sign does not count.

    Args:
        shift: expected value of the difference over its standard error.
        freedom: degrees of freedom, 1 or more.
        alpha: two-sided level.
    """
    return above(quantile(1 - alpha / 2, freedom), freedom, abs(shift))


def _spread_of(freedom: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Places of S and the probability that each stands for; together 1."""
    reach = _REACH / math.sqrt(2 * freedom)
    low, high = max(0.0, 1 - reach), 1 + reach
    spread = low + (high - low) * (_NODES + 1) / 2
    # Logarithms: the density's factors overflow where the degrees of freedom are many.
    log_density = (freedom - 1) * np.log(spread) - freedom * spread**2 / 2
    weights = np.exp(log_density - log_density.max()) * _WEIGHTS
    return spread, weights / weights.sum()
