"""How much of what several readers say of the same photos is the photos' own: the intraclass correlation."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def mean_squares(table: NDArray[np.float64]) -> tuple[float, float, float]:
    """The analysis of variance of photos by readers: mean squares of photos, of readers and of what is left.

    Args:
        table: ``(n, k)`` without missing cells, both 2 or more.
    """
    n, k = table.shape
    mean, of_photo, of_reader = table.mean(), table.mean(1), table.mean(0)
    photos = k * ((of_photo - mean) ** 2).sum() / (n - 1)
    readers = n * ((of_reader - mean) ** 2).sum() / (k - 1)
    left = table - of_photo[:, None] - of_reader[None] + mean
    return float(photos), float(readers), float((left**2).sum() / ((n - 1) * (k - 1)))


def icc_2_1(ratings: ArrayLike) -> float:
    """Absolute agreement of single readings, readers being a sample of all readers: ICC(2,1).

    A reader who is always one grade higher lowers it, unlike a correlation.

    Source: Shrout PE, Fleiss JL. Intraclass correlations: uses in assessing rater reliability. Psychological Bulletin
    1979;86(2):420-428.

    Args:
        ratings: ``(n, k)``, a row for each photo, a column for each reader; none may be missing.

    Returns:
        At most 1; NaN with fewer than two photos or readers, or where nothing varies.

    Raises:
        ValueError: if the array has another shape.
    """
    table = np.asarray(ratings, np.float64)
    if table.ndim != 2:
        raise ValueError(f"ratings must be (n, k), not {table.shape}")
    n, k = table.shape
    if n < 2 or k < 2:
        return float("nan")
    photos, readers, error = mean_squares(table)
    whole = photos + (k - 1) * error + k * (readers - error) / n
    return (photos - error) / whole if whole > 0 else float("nan")
