"""Fisher's F: its quantiles, for the intervals of intraclass correlations.

The pages of a study's team show these intervals, and a server has no scipy. So the distribution is computed here: a
tail of F is a regularised incomplete beta function, and that is a continued fraction. Sources: NIST Digital Library of
Mathematical Functions, 8.17.22 (the fraction) and 8.17.4 (its other half); Lentz WJ. Generating Bessel functions in
Mie scattering calculations using continued fractions. Applied Optics 1976;15:668-671 (how it is summed).
"""

from __future__ import annotations

import math
from functools import lru_cache

_TINY = 1e-300
_TERMS = 100_000
#: A power of e of which a number still has room for products.
_FARTHEST = 600.0


def incomplete_beta(x: float, a: float, b: float) -> float:
    """The share of a beta distribution with the shapes ``a`` and ``b`` (both above 0) that lies below ``x``.

    Args:
        x: from 0 to 1.
        a: first shape.
        b: second shape.

    Raises:
        ValueError: if a number is out of range.
    """
    if not 0 <= x <= 1 or not a > 0 or not b > 0:
        raise ValueError(f"x from 0 to 1 and shapes above 0 are needed, not {x}, {a}, {b}")
    return _share(x, 1 - x, a, b)


def _share(x: float, rest: float, a: float, b: float) -> float:
    """The same, of ``x`` and what is left to 1: where that is tiny, ``1 - x`` would be rounding."""
    if x <= 0 or rest <= 0:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):  # there the fraction of the other tail is the one that settles fast
        return 1 - _share(rest, x, b, a)
    log_front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log(rest)
    return math.exp(log_front) / (a * _fraction(x, a, b))


def _fraction(x: float, a: float, b: float) -> float:
    value = c = 1.0
    d = 0.0
    for i in range(1, _TERMS):
        m = i // 2
        if i % 2:
            term = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            term = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d = 1 / ((1 + term * d) or _TINY)
        c = (1 + term / c) or _TINY
        value *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return value


def below(limit: float, top: float, bottom: float) -> float:
    """Probability that F stays below a limit.

    Args:
        limit: 0 or more.
        top: degrees of freedom of the numerator, above 0.
        bottom: degrees of freedom of the denominator, above 0.
    """
    whole = top * limit + bottom
    return _share(top * limit / whole, bottom / whole, top / 2, bottom / 2)


@lru_cache(maxsize=4096)
def quantile(share: float, top: float, bottom: float) -> float:
    """The value that F stays below with this probability; the degrees of freedom need not be whole.

    Args:
        share: above 0 and below 1.
        top: degrees of freedom of the numerator, above 0.
        bottom: degrees of freedom of the denominator, above 0.

    Raises:
        ValueError: if a number is out of range.
    """
    if not 0 < share < 1 or not top > 0 or not bottom > 0:
        raise ValueError(f"a share between 0 and 1 and degrees of freedom above 0 are needed: {share}, {top}, {bottom}")
    low, high = -1.0, 1.0  # powers of e, as far as a number can hold
    while below(math.exp(low), top, bottom) > share and low > -_FARTHEST:
        low = max(2 * low, -_FARTHEST)
    while below(math.exp(high), top, bottom) < share and high < _FARTHEST:
        high = min(2 * high, _FARTHEST)
    while high - low > 1e-13 * max(1.0, abs(low)):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if below(math.exp(middle), top, bottom) < share else (low, middle)
    return math.exp((low + high) / 2)
