"""What counts of the rows of ratings: the latest one of each item, unless it takes the answer back."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import aliased

from dermagrade.people.store.schema import Item, RatingRow


def latest_numbers() -> Select[int]:
    """The number of the latest row of an item, to be correlated with a query of :class:`Item`."""
    row = aliased(RatingRow)
    return select(func.max(row.number)).where(row.item_id == Item.id).correlate(Item)


def is_latest() -> ColumnElement[bool]:
    """On a join of items and ratings: the row is the latest of its item and holds an answer."""
    return and_(RatingRow.number == latest_numbers().scalar_subquery(), RatingRow.kind != "undone")


def is_answered() -> ColumnElement[bool]:
    """On a query of items: the item has an answer that was not taken back."""
    latest = aliased(RatingRow)
    return (
        select(latest.number)
        .where(latest.number == latest_numbers().scalar_subquery(), latest.kind != "undone")
        .correlate(Item)
        .exists()
    )
