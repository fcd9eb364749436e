"""What the raters of a study grade with: a scale as it was when the study was made, and what fits on it."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from typing import Any

from dermagrade.errors import UsageError
from dermagrade.scales import Scale


def instrument_of(scale: Scale) -> dict[str, Any]:
    """A scale with its levels and their words, to be kept with a study."""
    return {
        "scale": scale.id,
        "title": scale.title,
        "low": scale.low,
        "high": scale.high,
        "levels": [
            {"value": one.value, "label": one.label, "start": one.start, "words": one.words} for one in scale.levels
        ],
        "source": scale.source,
        "note": scale.note,
        "task": scale.task,
        "words_source": scale.words_source,
    }


def version_of(instrument: Mapping[str, Any]) -> str:
    """16 hexadecimal digits that differ wherever two instruments do."""
    return hashlib.sha256(json.dumps(instrument, sort_keys=True).encode()).hexdigest()[:16]


def check_grade(instrument: Mapping[str, Any], grade: float) -> None:
    """A rater's grade is the value of one of the levels.

    Raises:
        UsageError: if it is none.
    """
    values = [level["value"] for level in instrument["levels"]]
    if grade not in values:
        raise UsageError(f"The grade {grade:g} is none of {', '.join(f'{value:g}' for value in values)}.")


def check_reference(instrument: Mapping[str, Any], kind: str, reference: float | None) -> None:
    """A golden or calibration photo has a reference, which may lie between levels; an ordinary one has none.

    Raises:
        UsageError: if it is not so.
    """
    if kind == "ordinary":
        if reference is not None:
            raise UsageError("An ordinary photo has no reference grade; make it golden or one for calibration.")
        return
    low, high = instrument["low"], instrument["high"]
    if reference is None or not math.isfinite(reference) or not low <= reference <= high:
        raise UsageError(f"A {kind} photo needs a reference grade from {low:g} to {high:g}.")
