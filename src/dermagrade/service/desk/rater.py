"""What every route of the desk begins with: the rater's study or item, or a 404 that tells nothing."""

from __future__ import annotations

from dermagrade.errors import UsageError
from dermagrade.people.store.database import Database
from dermagrade.people.store.schema import Item
from dermagrade.people.studies import rater_desk as work
from dermagrade.people.studies.rater_desk import Desk, Task
from dermagrade.service.web.problem import Problem


def desk_of(db: Database, *, study_id: str, member_id: str) -> Desk:
    """A study of this rater.

    Raises:
        Problem: 404, in the same words whether there is no such study or it is not theirs.
    """
    try:
        return work.desk_of(db, study_id=study_id, member_id=member_id)
    except UsageError as error:
        raise Problem(404, "This study is not, or no longer, among yours.") from error


def check_item(db: Database, *, study_id: str, item_id: str, member_id: str) -> None:
    """Does nothing where the item is this rater's, in this study.

    Raises:
        Problem: 404, in the same words whether there is no such item or it is another's.
    """
    with db.read() as session:
        item = session.get(Item, item_id)
    if item is None or item.member_id != member_id or item.study_id != study_id:
        raise Problem(404, "This photo is not, or no longer, among yours.")


def shown(task: Task) -> dict[str, object]:
    """A task as the page gets it: of the same form for every kind of item, adjudication included."""
    return {
        "item": task.item_id,
        "position": task.position,
        "width": task.width,
        "height": task.height,
        "round": "calibration" if task.round == "calibration" else "study",
    }
