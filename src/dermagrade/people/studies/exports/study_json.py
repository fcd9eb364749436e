"""A study in one JSON file: every row of every rating, corrections included, and what the audit log says of it."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select

from dermagrade.people.store.database import Database
from dermagrade.people.store.schema import AuditRow, Member, RatingRow, now
from dermagrade.people.studies.adjudication import consensus_of
from dermagrade.people.studies.current_answers import PhotoEntry
from dermagrade.people.studies.record import Place, StudyRecord

#: Rises when the file's form changes.
VERSION = 1

_LEFT_OUT = "(name left out)"


def whole_study(db: Database, record: StudyRecord) -> dict[str, Any]:
    """The study as plain JSON. Raters stand in it by code, other members as ``team-1`` and so on, nobody by name."""
    with db.read() as session:
        members = session.scalars(select(Member)).all()
        rows = session.scalars(
            select(RatingRow).where(RatingRow.study_id == record.id).order_by(RatingRow.number)
        ).all()
        log = session.scalars(select(AuditRow).where(AuditRow.study_id == record.id).order_by(AuditRow.number)).all()
        codes = _codes(record, [entry.who for entry in log])
        clean = _Cleaner(codes, [word for m in members for word in (m.name, m.email) if word])
        return {
            "format": "dermagrade-study",
            "version": VERSION,
            "exported_at": now().isoformat(timespec="seconds"),
            "running": record.running,
            "study": _settings(record),
            "raters": [{"code": rater.code, "removed": rater.removed} for rater in record.raters],
            "photos": [_photo(photo) for photo in record.photos.values()],
            "consensus": [
                {"photo": found.photo.name, "grade": found.grade, "source": found.source, "readings": found.readings}
                for found in consensus_of(record)
            ],
            "items": [_item(record, codes, place) for place in record.places],
            "ratings": _ratings(record, codes, rows),
            "audit": [_entry(codes, clean, entry) for entry in log],
        }


def whole_bytes(db: Database, record: StudyRecord) -> bytes:
    """The same as the bytes of a file."""
    return (json.dumps(whole_study(db, record), indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _settings(record: StudyRecord) -> dict[str, Any]:
    return {
        "id": record.id,
        "name": record.name,
        "scale": record.scale,
        "instrument": dict(record.instrument),
        "instrument_version": record.instrument_version,
        "seed": record.seed,
        "per_photo": record.per_photo,
        "repeats": record.repeats,
        "lesions": record.lesions,
        "state": record.state,
        "created_at": _iso(record.created_at),
        "opened_at": _iso(record.opened_at),
        "locked_at": _iso(record.locked_at),
        "closed_at": _iso(record.closed_at),
    }


def _photo(photo: PhotoEntry) -> dict[str, Any]:
    return {
        "photo": photo.name,
        "subject": photo.person,
        "width": photo.width,
        "height": photo.height,
        "kind": photo.kind,
        "reference": photo.reference,
    }


def _item(record: StudyRecord, codes: Mapping[str, str], place: Place) -> dict[str, Any]:
    return {
        "item": place.id,
        "rater": codes[place.member_id],
        "photo": record.photos[place.photo_id].name,
        "kind": place.kind,
        "position": place.position,
    }


def _ratings(record: StudyRecord, codes: Mapping[str, str], rows: Collection[RatingRow]) -> list[dict[str, Any]]:
    corrected = {row.corrects for row in rows if row.corrects}
    kinds = {place.id: place.kind for place in record.places}
    return [
        {
            "number": row.number,
            "key": row.key,
            "item": row.item_id,
            "item_kind": kinds.get(row.item_id),
            "rater": codes[row.member_id],
            "photo": record.photos[row.photo_id].name,
            "kind": row.kind,
            "grade": row.grade,
            "reason": row.reason,
            "marks": row.marks,
            "corrects": row.corrects,
            "corrected": row.key in corrected,
            "shown_at": _iso(row.shown_at),
            "answered_at": _iso(row.answered_at),
            "received_at": _iso(row.received_at),
            "position": row.position,
            "instrument_version": row.instrument_version,
            "seed": row.seed,
        }
        for row in rows
    ]


def _entry(codes: Mapping[str, str], clean: _Cleaner, entry: AuditRow) -> dict[str, Any]:
    return {
        "number": entry.number,
        "at": _iso(entry.at),
        "who": codes.get(entry.who or ""),
        "what": entry.what,
        "details": clean(entry.details),
        "digest": entry.digest,
    }


def _codes(record: StudyRecord, others: Collection[str | None]) -> dict[str, str]:
    """Member to code: raters by theirs, others numbered in the order in which they first did something."""
    codes = {rater.member_id: rater.code for rater in record.raters}
    for who in others:
        if who and who not in codes:
            codes[who] = f"team-{len(codes) - len(record.raters) + 1}"
    return codes


class _Cleaner:
    """Puts codes for members' ids in the details of the log, and takes out their names and addresses."""

    def __init__(self, codes: Mapping[str, str], words: Collection[str]) -> None:
        self._codes = codes
        longest_first = sorted(set(words), key=len, reverse=True)
        self._words = re.compile("|".join(rf"(?<!\w){re.escape(w)}(?!\w)" for w in longest_first), re.IGNORECASE)
        self._none = not longest_first

    def __call__(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            return {key: self(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self(inner) for inner in value]
        if not isinstance(value, str) or self._none:
            return value
        return self._codes.get(value) or self._words.sub(_LEFT_OUT, value)


def _iso(at: Any) -> str | None:
    return None if at is None else at.isoformat(timespec="milliseconds")
