"""How a condition is learnt: recipes as data, which the engines of :mod:`dermagrade.training` carry out.

A condition's folder says what is to be done and what its network sees; it needs no training library for that. An engine
names no condition: it takes it, with the recipe, from the job. The engines of lesions alone read their map as acne's
folder does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Makes what a network sees of a picture: ``(h, w, 3)`` uint8 sRGB to ``(channels, h, w)`` float32.
Prepare = Callable[[NDArray[np.uint8]], NDArray[np.float32]]


@dataclass(frozen=True)
class Grouping:
    """Neighbouring grades put together to classes, where the ends of a scale are too rare to be learnt.

    Attributes:
        names: of the classes, in rising order.
        edges: the lowest grade of every class but the first, rising.
        values: the grade that stands for each class when figures are computed.
        source: where the rule comes from.

    Raises:
        ValueError: if the three do not fit together.
    """

    names: tuple[str, ...]
    edges: tuple[float, ...]
    values: tuple[float, ...]
    source: str

    def __post_init__(self) -> None:
        if not len(self.names) == len(self.values) == len(self.edges) + 1 or sorted(set(self.edges)) != [*self.edges]:
            raise ValueError("a grouping needs a value for each name, and rising edges, one fewer")

    def class_of(self, grade: float) -> int:
        """Index of the class that a grade belongs to; an edge belongs to the upper class."""
        return sum(grade >= edge for edge in self.edges)


@dataclass(frozen=True)
class About:
    """What the card of a kind of model says whatever its figures.

    Attributes:
        answers: what it answers.
        fails: where it fails, a sentence each.
        people: whose skin it learnt from.
        limits: of its use; those of research weights where None.
    """

    answers: str
    fails: tuple[str, ...]
    people: str
    limits: str | None = None


@dataclass(frozen=True, eq=False)
class Recipe:
    """One way to train a condition's network.

    Attributes:
        engine: name of the engine that carries it out, in ``dermagrade.training.engines``.
        summary: one line for the command's help.
        settings: the engine's settings that differ from its own; plain values that JSON can hold.
        about: what its card says.
        prepare: what the network sees of a picture; the engine's own way where None.
        grouping: classes of grades, for an engine that classifies.
    """

    engine: str
    summary: str
    about: About
    settings: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    prepare: Prepare | None = None
    grouping: Grouping | None = None
