"""The skin conditions that Dermagrade grades, as one explicit table.

A new condition is a folder beside this file and a line in :data:`CONDITIONS`; everything else picks it up from there.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from dermagrade.conditions.acne import condition as acne
from dermagrade.conditions.condition import Condition
from dermagrade.conditions.pigmentation import condition as pigmentation

__all__ = ["CONDITIONS", "Condition"]

#: Every condition by its name, in the order in which results show them.
CONDITIONS: Mapping[str, Condition] = MappingProxyType(
    {
        condition.name: condition
        for condition in (
            acne.CONDITION,
            pigmentation.CONDITION,
        )
    }
)
