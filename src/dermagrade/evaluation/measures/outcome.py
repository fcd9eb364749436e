"""What a measurement gives: records for machines, and the same figures as text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Outcome:
    """The figures of one measurement.

    Attributes:
        records: one object a line of JSON.
        text: the figures as tables to read, each with its interval.
    """

    records: tuple[Mapping[str, Any], ...]
    text: str
