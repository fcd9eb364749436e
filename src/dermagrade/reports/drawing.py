"""Draws plots as SVG for a page: axes, dots, intervals and lines, in the page's own colours and without a script.

Colours are CSS variables of the page (``--ink``, ``--soft``, ``--rule``, ``--blue``, ``--second``), so a plot follows
its light and dark look. Nothing but the standard library is needed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Literal

#: Width of every plot in its own units: on a phone the page shows it a little smaller, with the text still readable.
WIDTH = 400.0

Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True)
class Axis:
    """One axis of a plot.

    Attributes:
        label: what it shows, with its unit.
        low: value at its start.
        high: value at its end.
        ticks: values that are written at it.
    """

    label: str
    low: float
    high: float
    ticks: tuple[float, ...]

    def share(self, value: float) -> float:
        """Where a value lies between start (0) and end (1); beyond them it stays at the edge."""
        return min(max((value - self.low) / (self.high - self.low), 0.0), 1.0)


def axis_for(label: str, values: Sequence[float], *, about: int = 5) -> Axis:
    """An axis with round ticks that holds all finite values."""
    known = [v for v in values if math.isfinite(v)] or [0.0, 1.0]
    low, high = min(known), max(known)
    rough = max(high - low, 1e-6) / about
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(m * size for m in (1, 2, 5, 10) if m * size >= rough)
    first, last = math.floor(low / step), math.ceil(high / step)
    last = max(last, first + 1)
    return Axis(label, first * step, last * step, tuple(round(i * step, 10) for i in range(first, last + 1)))


def whole_ticks(low: float, high: float) -> tuple[float, ...]:
    """Every whole number from ``low`` to ``high``."""
    return tuple(float(v) for v in range(math.ceil(low), math.floor(high) + 1))


@dataclass
class Plot:
    """A plot that is being drawn; x to the right, y upwards, in the units of its axes.

    Attributes:
        x: the horizontal axis.
        y: the vertical one; None for rows (:meth:`row_y`).
        height: of the whole plot.
        left: room on the left.
        top: room above.
        right: room on the right.
        bottom: room below.
    """

    x: Axis
    y: Axis | None
    height: float = 300.0
    left: float = 46.0
    top: float = 8.0
    right: float = 12.0
    bottom: float = 42.0
    _parts: list[str] = field(default_factory=list)

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Place of a point in the units of the plot."""
        assert self.y is not None
        room = self.height - self.top - self.bottom
        return self.across(x), self.top + room * (1 - self.y.share(y))

    def across(self, x: float) -> float:
        """Horizontal place of a value."""
        return self.left + (WIDTH - self.left - self.right) * self.x.share(x)

    def grid(self) -> None:
        """The axes' ticks with thin lines, and their labels."""
        base = self.height - self.bottom
        for tick in self.x.ticks:
            x = self.across(tick)
            self.rule(x, self.top, x, base, "var(--rule)")
            self.text(x, base + 15, f"{tick:g}", "middle", soft=True)
        self.text((self.left + WIDTH - self.right) / 2, self.height - 8, self.x.label, "middle")
        for tick in self.y.ticks if self.y else ():
            _, y = self.at(self.x.low, tick)
            self.rule(self.left, y, WIDTH - self.right, y, "var(--rule)")
            self.text(self.left - 6, y + 4, f"{tick:g}", "end", soft=True)
        if self.y:
            middle = (self.top + base) / 2
            self._parts.append(
                f'<text x="12" y="{middle:.1f}" text-anchor="middle" transform="rotate(-90 12 {middle:.1f})">'
                f"{escape(self.y.label)}</text>"
            )

    def rule(self, x1: float, y1: float, x2: float, y2: float, colour: str, *, dash: str = "", wide: float = 1) -> None:
        """A straight line between two places of the plot."""
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self._parts.append(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" '
            f'stroke-width="{wide:g}"{dashes}/>'
        )

    def line(self, a: tuple[float, float], b: tuple[float, float], *, dash: str = "", wide: float = 1.5) -> None:
        """A line between two points in the units of the axes."""
        self.rule(*self.at(*a), *self.at(*b), "var(--soft)", dash=dash, wide=wide)

    def band(self, low: float, high: float) -> None:
        """A shaded band across the whole plot between two heights in the units of the vertical axis."""
        (x0, y0), (x1, y1) = self.at(self.x.low, high), self.at(self.x.high, low)
        self._parts.append(
            f'<rect x="{x0:.1f}" y="{y0:.1f}" width="{x1 - x0:.1f}" height="{max(y1 - y0, 0):.1f}" '
            f'fill="var(--blue)" fill-opacity="0.15"/>'
        )

    def dot(self, place: tuple[float, float], *, radius: float = 4, colour: str = "--blue", share: float = 1) -> None:
        """A dot at a place of the plot, see-through by ``share``."""
        self._parts.append(
            f'<circle cx="{place[0]:.1f}" cy="{place[1]:.1f}" r="{radius:.1f}" fill="var({colour})" '
            f'fill-opacity="{share:g}"/>'
        )

    def text(self, x: float, y: float, words: str, anchor: Anchor = "start", *, soft: bool = False) -> None:
        """Words at a place of the plot."""
        fill = ' class="soft"' if soft else ""
        self._parts.append(f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{fill}>{escape(words)}</text>')

    def svg(self, title: str) -> str:
        """The finished plot; the title is read out in its place."""
        inside = "".join(self._parts)
        return (
            f'<svg class="plot" viewBox="0 0 {WIDTH:g} {self.height:g}" role="img" aria-label="{escape(title)}">'
            f"<title>{escape(title)}</title>{inside}</svg>"
        )
