"""The audit log: who did what and when, each row bound to the one before it.

Triggers of the database refuse to change or delete a row. Somebody with the database's own password could take them
away; a row that was changed, taken out or slipped in then breaks the chain of digests, and :func:`verify` names it.
Only the loss of the latest rows cannot be seen from the log alone.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from dermagrade.people.store.database import Database
from dermagrade.people.store.schema import AuditRow, now

#: PostgreSQL's number for the lock that orders the rows of the log.
_LOCK = 0x6465726D_61

_START = "0" * 64


def record(session: Session, *, who: str | None, what: str, study_id: str | None = None, **details: Any) -> None:
    """Adds a row to the log, within the caller's transaction.

    Best called at the end of a transaction: until it ends, all others that write to the log wait.

    Args:
        session: of the transaction.
        who: id of the member; None for the program itself.
        what: a stable word such as ``study.opened``.
        study_id: the study that it concerns, if one.
        details: numbers, words and lists of them; never a photo, a password or a token.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    before = session.scalar(select(AuditRow.digest).order_by(AuditRow.number.desc()).limit(1)) or _START
    row = AuditRow(at=now(), who=who, what=what, study_id=study_id, details=details)
    row.digest = _digest(before, row)
    session.add(row)
    session.flush()


def verify(db: Database) -> int | None:
    """The number of the first row that does not fit, or None where all do."""
    before = _START
    rows = select(AuditRow).order_by(AuditRow.number).execution_options(yield_per=500)
    with db.read() as session, session.scalars(rows) as found:
        for row in found:
            if row.digest != _digest(before, row):
                return row.number
            before = row.digest
    return None


def _digest(before: str, row: AuditRow) -> str:
    said = [before, row.at.isoformat(), row.who, row.what, row.study_id, row.details]
    return hashlib.sha256(json.dumps(said, sort_keys=True, allow_nan=False).encode()).hexdigest()
