"""How figures are named and written in reports."""

from __future__ import annotations

import math

from dermagrade.evaluation.statistics.bootstrap import Estimate

_NAMES = {
    "quadratic_kappa": "quadratic kappa",
    "balanced_accuracy": "balanced accuracy",
    "rmse": "RMSE",
    "mae": "mean absolute error",
    "pearson": "Pearson correlation",
    "spearman": "Spearman correlation",
    "rmse_to_readers": "RMSE to the readers' mean",
    "count_mean_absolute_error": "count: mean absolute error",
    "count_log_correlation": "count: correlation of log(1 + count)",
    "mean_absolute_error": "mean absolute error",
    "log_correlation": "correlation of log(1 + count)",
    "mean_marked": "mean, second named",
    "mean_counted": "mean, first named",
    "f1": "F1",
    "icc_2_1": "intraclass correlation ICC(2,1)",
    "within_0.5": "share within 0.5 grades",
    "within_1.0": "share within 1 grade",
    "band_accuracy": "accuracy of the band",
}


def named(key: str) -> str:
    """The name of a figure for people, by its key in records."""
    return _NAMES.get(key, key.replace("_", " "))


def titled(key: str) -> str:
    """The same as the start of a heading."""
    name = named(key)
    return name[0].upper() + name[1:]


def shown(figure: Estimate, *, signed: bool = False) -> str:
    """A figure and its interval, such as ``0.81 (0.78 to 0.84)``."""
    if not math.isfinite(figure.value):
        return "undefined"
    digits = 1 if abs(figure.value) >= 10 else 2
    plus = "+" if signed else ""
    ends = f" ({figure.low:{plus}.{digits}f} to {figure.high:{plus}.{digits}f})" if math.isfinite(figure.low) else ""
    return f"{figure.value:{plus}.{digits}f}{ends}"


def share(figure: Estimate) -> str:
    """A share and its interval in percent."""
    if not math.isfinite(figure.value):
        return "undefined"
    ends = f" ({figure.low:.1%} to {figure.high:.1%})" if math.isfinite(figure.low) else ""
    return f"{figure.value:.1%}{ends}"
