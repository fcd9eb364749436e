"""Tables of series: photos of every subject, in order of time or as the table has them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from dermagrade.errors import LabelsError
from dermagrade.tables.series import SeriesPhoto, read_series


def table(folder: Path, *rows: str) -> Path:
    path = folder / "series.csv"
    path.write_text("\n".join(rows) + "\n", "utf-8")
    return path


def test_without_times_the_order_is_the_table_s(tmp_path: Path) -> None:
    found = read_series(table(tmp_path, "photo,subject", "z.jpg,p1", "b.jpg,p2", "a.jpg,p1"))
    assert found == {
        "p1": [SeriesPhoto("z.jpg", "p1"), SeriesPhoto("a.jpg", "p1")],
        "p2": [SeriesPhoto("b.jpg", "p2")],
    }


def test_with_times_it_is_that_of_time_whatever_zone_they_are_in(tmp_path: Path) -> None:
    rows = ("late.jpg,p1,2026-03-02", "early.jpg,p1,2026-03-02T01:00:00+02:00")
    found = read_series(table(tmp_path, "photo,subject,taken_at", *rows))["p1"]
    assert [photo.photo for photo in found] == ["early.jpg", "late.jpg"]
    assert found[1].taken_at == datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (("photo,subject", "a.jpg,p1", "a.jpg,p2"), "a.jpg stands there twice"),
        (("photo,subject", "a.jpg,"), "line 2: the subject is empty"),
        (("photo,subject,taken_at", "a.jpg,p1,spring"), "line 2: taken_at is 'spring', which is no time"),
        (("photo,subject,taken_at", "a.jpg,p1,2026-03-02", "b.jpg,p1,"), "some photos of p1 have a taken_at"),
        (("photo,grade", "a.jpg,1"), "no column 'subject'"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_what_is_wrong_with_a_table_is_said(tmp_path: Path, rows: tuple[str, ...], says: str) -> None:
    with pytest.raises(LabelsError, match=says):
        read_series(table(tmp_path, *rows))
