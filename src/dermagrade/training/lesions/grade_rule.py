"""The Hayashi grade as a declared function of the count, for a network that learnt from no grade."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import nn

from dermagrade.training.lesions.net import LesionNet

#: Lesions on half a face at which one Hayashi grade ends and the next begins.
EDGES = (5.5, 20.5, 50.5)
#: How fast the odds of two neighbouring grades turn where they meet, for one unit of log(1 + count).
STEEPNESS = 4.0


def set_grade_rule(net: LesionNet, *, count_scale: float) -> None:
    """Makes the grade a fixed function of the count, in place.

    With x = log(1 + n) of the n lesions that the map holds in the region, the logit of grade g is
    ``STEEPNESS * (g x - sum of the first g edges)``, the edges being Hayashi's, as log(1 + edge / count_scale). So the
    most likely grade is that of ``count_scale * n`` lesions, and where two grades meet they are equally likely. The
    rule is declared, not learnt.

    Args:
        net: its ``grade`` head is overwritten.
        count_scale: share of the map's count that is a lesion.
    """
    first, _, _, last = net.grade
    assert isinstance(first, nn.Linear)
    assert isinstance(last, nn.Linear)
    edges = np.log1p(np.array(EDGES) / count_scale)
    with torch.no_grad():
        for part in (first, last):
            part.weight.zero_()
            assert part.bias is not None
            part.bias.zero_()
        # The last but one of what the head sees is log(1 + count) after the first annotation, never below 0.
        first.weight[0, -2] = 1.0
        for grade in range(1, len(edges) + 1):
            last.weight[grade, 0] = STEEPNESS * grade
            last.bias[grade] = -STEEPNESS * float(edges[:grade].sum())


def fit_scale(counts: Sequence[float], truth: Sequence[float]) -> float:
    """Share of the map's count that is a lesion: least squares of log(1 + n), in steps of 0.05 from 0.2 to 2."""
    got, want = np.asarray(counts, float), np.log1p(np.asarray(truth, float))
    scales = np.arange(4, 41) / 20
    errors = [float(((np.log1p(scale * got) - want) ** 2).sum()) for scale in scales]
    return float(scales[int(np.argmin(errors))])
