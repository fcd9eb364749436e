"""The photos of the studies: one file each, by a random name that tells nothing."""

from __future__ import annotations

import contextlib
import os
import re
from pathlib import Path

from dermagrade.errors import StoreError
from dermagrade.people.store.schema import new_id

_KEY = re.compile(r"[A-Za-z0-9_-]{22}")


class PhotoStore:
    """Photos in one folder, which is made with the first of them. A photo is in it whole or not at all.

    Args:
        folder: where the photos are.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, data: bytes) -> str:
        """Stores a photo; it is on disk when its key comes back.

        Args:
            data: of a PNG or JPEG without metadata.

        Raises:
            StoreError: if it cannot be written.
        """
        key = new_id()
        part = self.folder / f".{key}.part"
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            part.rename(self.folder / key)
            _sync_folder(self.folder)
        except OSError as error:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
            raise StoreError(f"A photo cannot be stored in {self.folder} ({error.strerror}).") from error
        return key

    def get(self, key: str) -> bytes:
        """The photo of a key.

        Raises:
            StoreError: if it is not there or cannot be read.
        """
        try:
            return self._path(key).read_bytes()
        except FileNotFoundError as error:
            raise StoreError(f"A photo of a study is missing in {self.folder}; bring it back from a backup.") from error
        except OSError as error:
            raise StoreError(f"A photo cannot be read in {self.folder} ({error.strerror}).") from error

    def remove(self, key: str) -> None:
        """Removes a photo, if it is there.

        Raises:
            StoreError: if it cannot be removed.
        """
        try:
            self._path(key).unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(f"A photo cannot be removed from {self.folder} ({error.strerror}).") from error

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise StoreError("That is no key of a photo.")
        return self.folder / key


def _sync_folder(folder: Path) -> None:
    """Brings the folder's list of names to the disk, without which a file may vanish with the power."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
