"""Two sets of answers to the same photos, and their difference."""

from __future__ import annotations

from collections.abc import Mapping

from dermagrade.evaluation.comparison import Pair
from dermagrade.evaluation.measure import Evaluation
from dermagrade.reports.display import Display, Table, display
from dermagrade.reports.estimate_text import named, shown


def other_network(evaluation: Evaluation) -> Display:
    """This network beside another one."""
    return display(
        "Beside another network",
        [pairs_table("This network and the other", "this", "other", evaluation.against)],
        note="Over the photos that both answered, persons drawn for both at once.",
    )


def pairs_table(title: str, first: str, second: str, pairs: Mapping[str, Pair], note: str = "") -> Table:
    """Two sets of answers and their difference."""
    rows = tuple(
        (
            named(name),
            shown(pair.first),
            shown(pair.second),
            shown(pair.difference, signed=True),
            pair.words,
            str(pair.first.photos),
            str(pair.first.persons),
        )
        for name, pair in pairs.items()
    )
    columns = ("", first, second, f"{first} minus {second}", f"{first} is", "photos", "persons")
    return Table(title, columns, rows, note)
