"""What trains nothing: by file, by folder and file or as a whole folder; counted, and never dropped in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from dermagrade.errors import LabelsError
from dermagrade.tables.exclude import Exclusions, kept_labels, read_exclusions
from dermagrade.tables.labels import PhotoLabel

PHOTOS = [Path(p) for p in ("a/1.jpg", "a/2.jpg", "b/1.jpg", "b/caf\u00e9.jpg", "c/5.jpg")]


def table(folder: Path, text: str, name: str = "exclude.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("photo\n1.jpg\n", ["a/1.jpg", "b/1.jpg"]),
        ("photo,folder\n1.jpg,b\n", ["b/1.jpg"]),
        ("photo\nb/1.jpg\n", ["b/1.jpg"]),
        ("photo,folder\n,a\n", ["a/1.jpg", "a/2.jpg"]),
        ("photo\ncafe\u0301.jpg\n", ["b/caf\u00e9.jpg"]),
        ("photo,after_draw\n5.jpg,1\n", ["c/5.jpg"]),
    ],
)
def test_a_row_means_a_file_a_file_of_a_folder_or_a_whole_folder(tmp_path: Path, text: str, left: list[str]) -> None:
    exclusions = read_exclusions([table(tmp_path, text)])
    assert [str(p) for p in PHOTOS if exclusions.leaves_out(p)] == left
    assert f"{len(left)} of 5 photos are left out" in exclusions.report(PHOTOS)[0]


def test_a_photo_dropped_after_the_draw_takes_part_in_it_unless_another_row_forbids(tmp_path: Path) -> None:
    late = table(tmp_path, "photo,after_draw\n2.jpg,1\n5.jpg,1\n")
    early = table(tmp_path, "photo,folder\n5.jpg,c\n", "early.csv")
    exclusions = read_exclusions([late, early])
    assert not exclusions.leaves_out(Path("a/2.jpg"), drawn=False)
    assert exclusions.leaves_out(Path("a/2.jpg"))
    assert exclusions.leaves_out(Path("c/5.jpg"), drawn=False)


def test_rows_that_match_nothing_are_said_with_their_table(tmp_path: Path) -> None:
    path = table(tmp_path, "photo,folder\n1.jpg,a\n1.jpg,c\n7.jpg,\n8.jpg,\n9.jpg,\n")
    lines = read_exclusions([path]).report(PHOTOS)
    assert lines == [
        "1 of 5 photos are left out, as --exclude says",
        f"{path}: 4 of 5 rows match no photo here: c/1.jpg, 7.jpg, 8.jpg, ...",
    ]


def test_a_table_that_matches_nothing_is_refused_even_beside_one_that_does(tmp_path: Path) -> None:
    good, bad = table(tmp_path, "photo\n1.jpg\n"), table(tmp_path, "photo\n1.png\n", "bad.csv")
    with pytest.raises(LabelsError, match=r"bad\.csv names none of the 5 photos: 1\.png .* but for the suffix"):
        read_exclusions([good, bad]).report(PHOTOS)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name\n1.jpg\n", "no column 'photo'"),
        ("photo,after_draw\n1.jpg,late\n", "after_draw is 'late'; write 1 or 0"),
        ("photo,folder,why\n,,twin\n", "neither a photo nor a folder"),
    ],
)
def test_a_malformed_table_is_one_sentence(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(LabelsError, match=says):
        read_exclusions([table(tmp_path, text)])


def test_labels_of_photos_that_are_left_out_go_and_none_left_is_an_error(tmp_path: Path) -> None:
    labels = [PhotoLabel(p.name, "x", 1.0) for p in PHOTOS[:2]]
    files = {label.photo: path for label, path in zip(labels, PHOTOS, strict=False)}
    assert kept_labels(labels, files, Exclusions()) == labels
    assert kept_labels(labels, files, read_exclusions([table(tmp_path, "photo\n2.jpg\n")])) == labels[:1]
    with pytest.raises(LabelsError, match="nothing remains to learn from"):
        kept_labels(labels, files, read_exclusions([table(tmp_path, "photo,folder\n,a\n")]))


def test_without_tables_nothing_is_left_out_or_said() -> None:
    assert Exclusions().report(PHOTOS) == []
    assert not any(Exclusions().leaves_out(p) for p in PHOTOS)
