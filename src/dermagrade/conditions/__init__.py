"""The skin conditions that Dermagrade grades, as one explicit table.

A new condition is a folder beside this file, whose ``condition.py`` ends in a ``CONDITION``, and a line in
:data:`FOLDERS`; everything else picks it up from there.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

from dermagrade.conditions.condition import Condition

__all__ = ["CONDITIONS", "Condition"]

#: The folders of the conditions, in the order in which results show them: one line a condition.
FOLDERS: tuple[str, ...] = (
    "acne",
    "pigmentation",
)


def _condition(folder: str) -> Condition:
    found = import_module(f"dermagrade.conditions.{folder}.condition").CONDITION
    if not isinstance(found, Condition) or found.name != folder:
        raise TypeError(f"conditions/{folder}/condition.py must end in a CONDITION with the name {folder!r}")
    return found


#: Every condition by its name, which is that of its folder.
CONDITIONS: Mapping[str, Condition] = MappingProxyType({folder: _condition(folder) for folder in FOLDERS})
