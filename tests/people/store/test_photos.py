"""A photo is in the store whole or not at all, and readable by its owner alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dermagrade.errors import StoreError
from dermagrade.people.store.photos import PhotoStore


def test_a_photo_comes_back_as_it_was_put(tmp_path: Path) -> None:
    store = PhotoStore(tmp_path / "photos")
    keys = [store.put(b"one"), store.put(b"two"), store.put(b"one")]
    assert [store.get(key) for key in keys] == [b"one", b"two", b"one"]
    assert len(set(keys)) == 3


def test_nothing_is_made_before_the_first_photo(tmp_path: Path) -> None:
    PhotoStore(tmp_path / "photos")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="the rights of files are those of POSIX")
def test_only_the_owner_can_read_the_photos(tmp_path: Path) -> None:
    store = PhotoStore(tmp_path / "photos")
    key = store.put(b"one")
    assert (tmp_path / "photos").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "photos" / key).stat().st_mode & 0o777 == 0o600


def test_a_removed_photo_is_gone_and_removing_it_twice_is_nothing(tmp_path: Path) -> None:
    store = PhotoStore(tmp_path / "photos")
    key = store.put(b"one")
    store.remove(key)
    store.remove(key)
    with pytest.raises(StoreError, match="missing"):
        store.get(key)


@pytest.mark.parametrize("key", ["", "../dermagrade.sqlite3", "/etc/passwd", "a" * 21, "." * 22, "a" * 21 + "\n"])
def test_what_is_no_key_reaches_no_file(tmp_path: Path, key: str) -> None:
    store = PhotoStore(tmp_path / "photos")
    store.put(b"one")
    for verb in (store.get, store.remove):
        with pytest.raises(StoreError, match="no key"):
            verb(key)


def test_a_folder_that_cannot_be_made_is_told_in_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "photos").write_text("a file in the way")
    with pytest.raises(StoreError, match="cannot be stored in"):
        PhotoStore(tmp_path / "photos").put(b"one")
    assert [path.name for path in tmp_path.iterdir()] == ["photos"]
