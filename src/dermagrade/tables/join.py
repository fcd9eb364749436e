"""The one join: names of photos matched to the names that a table gives, with a report of what did not match.

Names are equal when their Unicode normal forms are (``José`` in one character or in two). Nothing else is guessed; but
where names do not match, it is said what probably keeps them apart.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from dermagrade.errors import LabelsError
from dermagrade.tables.likeness import Likeness, likenesses

T = TypeVar("T")

#: Names that a sentence gives before it counts the rest.
SHOWN = 3


@dataclass(frozen=True)
class Unmatched:
    """Names on one side of a join that the other side lacks.

    Attributes:
        count: how many.
        of: how many names that side has.
        first: up to three of them, in their order.
    """

    count: int
    of: int
    first: tuple[str, ...]


@dataclass(frozen=True)
class JoinReport:
    """What did not match.

    Attributes:
        names_are: what the names are of, in the plural and without an article, such as ``rated photos``.
        table: what the table is called, such as ``labels.csv``.
        matched: names that the table has.
        by_form: those of them that are equal only in the same Unicode form.
        lacking: names that the table lacks.
        unknown: names of the table that are none of the names.
        likely: what probably keeps names apart, the most frequent first.
        known_cause: why the names do not match, where the caller knows better.
    """

    names_are: str
    table: str
    matched: int
    by_form: int
    lacking: Unmatched
    unknown: Unmatched
    likely: tuple[Likeness, ...]
    known_cause: str = ""

    @property
    def cause(self) -> str:
        """Why the names probably do not match, a sentence."""
        if self.known_cause:
            return self.known_cause
        if not self.likely:
            return "No name there is like them."
        return f"{'; '.join(one.words() for one in self.likely)}. Write each name in the same way in both."

    @property
    def notes_on_table(self) -> tuple[str, ...]:
        """A sentence on the names of the table that matched nothing, if there are any."""
        if not self.unknown.count:
            return ()
        what = f"photos in {self.table} {_verb(self.unknown)} not among the {self.names_are}"
        return (f"{self.unknown.count} of {self.unknown.of} {what}: {_listed(self.unknown)}. {self.cause}",)

    @property
    def notes_on_names(self) -> tuple[str, ...]:
        """A sentence on the names that the table lacks, if there are any."""
        if not self.lacking.count:
            return ()
        what = f"{self.names_are} {_verb(self.lacking)} not in {self.table}"
        return (f"{self.lacking.count} of {self.lacking.of} {what}: {_listed(self.lacking)}. {self.cause}",)

    @property
    def notes(self) -> tuple[str, ...]:
        """A sentence on either side that has names without a match; the cause stands once."""
        first, second = self.notes_on_names, self.notes_on_table
        if first and second:
            return (first[0].removesuffix(f" {self.cause}"), *second)
        return first + second


@dataclass(frozen=True)
class Joined(Generic[T]):
    """What a join found.

    Attributes:
        found: name, as the caller gave it, to what the table holds for it; names that the table lacks are missing.
        report: what did not match.
    """

    found: Mapping[str, T]
    report: JoinReport


def join(names: Iterable[str], entries: Mapping[str, T], *, names_are: str, table: str) -> Joined[T]:
    """Matches names to the entries of a table.

    Args:
        names: of photos, each once.
        entries: what the table holds, by the name that stands there.
        names_are: what the names are of, for messages; see :class:`JoinReport`.
        table: what the table is called, for messages.

    Returns:
        What matched, and the report. Whether names without a match are an error is the caller's to say:
        :func:`all_in_table`, :func:`all_known`, or a warning from the report's notes.

    Raises:
        LabelsError: if there are names and entries, and nothing matches.
    """
    joined = match(names, entries, names_are=names_are, table=table)
    report = joined.report
    if not report.matched and report.lacking.of and report.unknown.of:
        raise LabelsError(
            f"None of the {report.unknown.of} photos in {table} is among the {names_are}: {_listed(report.unknown)}; "
            f"one of the {names_are} is {report.lacking.first[0]}. {report.cause}"
        )
    return joined


def all_in_table(joined: Joined[T]) -> Joined[T]:
    """The same, where every name has its entry.

    Raises:
        LabelsError: if the table lacks a name.
    """
    if joined.report.lacking.count:
        raise LabelsError(joined.report.notes_on_names[0])
    return joined


def all_known(joined: Joined[T]) -> Joined[T]:
    """The same, where every entry of the table belongs to a name.

    Raises:
        LabelsError: if the table names something else.
    """
    if joined.report.unknown.count:
        raise LabelsError(joined.report.notes_on_table[0])
    return joined


def match(names: Iterable[str], entries: Mapping[str, T], *, names_are: str, table: str) -> Joined[T]:
    """As :func:`join`, for a caller with an error of its own where nothing matches."""
    own = list(dict.fromkeys(names))
    by_form: dict[str, str] = {}
    for entry in entries:
        by_form.setdefault(composed(entry), entry)
    place = {name: name if name in entries else by_form.get(composed(name)) for name in own}
    found = {name: entries[entry] for name, entry in place.items() if entry is not None}
    taken = set(place.values())
    lacking = [name for name in own if place[name] is None]
    unknown = [entry for entry in entries if entry not in taken]
    report = JoinReport(
        names_are=names_are,
        table=table,
        matched=len(found),
        by_form=sum(entry is not None and entry != name for name, entry in place.items()),
        lacking=_unmatched(lacking, len(own)),
        unknown=_unmatched(unknown, len(entries)),
        likely=likenesses(unknown, own) if unknown else likenesses(lacking, entries),
    )
    return Joined(found, report)


def composed(name: str) -> str:
    """A name in the form in which names are compared."""
    return unicodedata.normalize("NFC", name)


def _unmatched(names: list[str], of: int) -> Unmatched:
    return Unmatched(len(names), of, tuple(names[:SHOWN]))


def _verb(side: Unmatched) -> str:
    return "is" if side.count == 1 else "are"


def _listed(side: Unmatched) -> str:
    more = side.count - len(side.first)
    return ", ".join(side.first) + (f" and {more} more" if more else "")
