"""The database and the photos together, each opened at first use, so that grading touches no disk."""

from __future__ import annotations

import threading

from dermagrade.people.store.database import SQLITE_NAME, Database, open_database
from dermagrade.people.store.photos import PhotoStore
from dermagrade.people.store.settings import StoreSettings


class Store:
    """Opens what it is asked for, once; threads may ask at the same time.

    Args:
        settings: say where.
    """

    def __init__(self, settings: StoreSettings) -> None:
        self._folder = settings.data_dir
        self._url = settings.database_url.get_secret_value() if settings.database_url else None
        self._lock = threading.Lock()
        self._db: Database | None = None
        self._photos: PhotoStore | None = None

    @property
    def there(self) -> bool:
        """Whether there is a database already; asking makes none."""
        return self._db is not None or self._url is not None or (self._folder / SQLITE_NAME).is_file()

    @property
    def db(self) -> Database:
        """The database; made where there is none yet."""
        with self._lock:
            if self._db is None:
                self._db = open_database(self._url, self._folder)
            return self._db

    @property
    def photos(self) -> PhotoStore:
        """The photos."""
        with self._lock:
            if self._photos is None:
                self._photos = PhotoStore(self._folder / "photos")
            return self._photos

    def close(self) -> None:
        """Gives back what was opened."""
        with self._lock:
            if self._db is not None:
                self._db.close()
                self._db = None
