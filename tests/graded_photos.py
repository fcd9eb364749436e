"""Labelled photos with made-up answers, for claims about figures that need no network; and grain for painted ones."""

from __future__ import annotations

import numpy as np

from dermagrade.evaluation.answers import PhotoResult
from dermagrade.evaluation.cases import Case
from dermagrade.scales import ACNE_HAYASHI
from dermagrade.tables.labels import PhotoLabel


def answer(photo, grade=0, probabilities=None, **more):
    """An answer that is sure of ``grade`` unless probabilities are given."""
    p = probabilities or tuple(float(k == grade) for k in range(4))
    values = {"key": "zones@1/a+acne@1/b", "score": 2.0, "count": 4.0, "width": 512, "height": 512} | more
    return PhotoResult(photo, answered=True, grade=grade, probabilities=p, **values)


def case(photo, truth, grade, *, person=None, count=None, scale=ACNE_HAYASHI, probabilities=None, **more):
    """A labelled photo and its answer; each photo a person of its own unless one is named."""
    label = PhotoLabel(photo, person or photo, truth, count=count)
    return Case(label, answer(photo, grade, probabilities, **more), scale)


def add_grain(photo):
    """Uneven light, as skin has it: a field of one colour with sharp edges is taken for a bar drawn over the face.

    All channels change alike, so a network that counts red sees the same.
    """
    light = np.random.default_rng(0).integers(-30, 31, photo.pixels.shape[:2])
    photo.pixels[:] = np.clip(photo.pixels.astype(int) + light[..., None], 1, 254)
