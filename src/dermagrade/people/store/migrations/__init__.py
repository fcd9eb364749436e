"""Brings the tables of a database up to date. The steps are in ``versions``; none is ever changed once released.

Whoever changes :mod:`dermagrade.people.store.schema` adds a step; a test compares what the steps make with the schema.
"""

from __future__ import annotations

import threading
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from dermagrade.errors import StoreError

#: PostgreSQL's number for the lock that lets one process at a time bring the tables up to date.
_LOCK = 0x6465726D_6D

# Alembic hands the connection to the steps through variables of its modules, so threads take turns.
_TURN = threading.Lock()


def upgrade(engine: Engine) -> None:
    """Brings the tables up to date in one transaction; a second process waits for the first and finds all done.

    Raises:
        StoreError: if a newer version of the program made the database.
    """
    scripts = ScriptDirectory.from_config(_config())
    with engine.connect() as connection:
        if MigrationContext.configure(connection).get_current_heads() == tuple(scripts.get_heads()):
            return
    writing = engine.execution_options(dermagrade_begin="BEGIN IMMEDIATE")
    with _TURN, writing.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        known = {script.revision for script in scripts.walk_revisions()}
        for revision in MigrationContext.configure(connection).get_current_heads():
            if revision not in known:
                raise StoreError(
                    "The studies' database was made by a newer version of Dermagrade; install that version or a later "
                    "one."
                )
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _config() -> Config:
    config = Config()
    # A percent sign in the path would be read as the beginning of a variable.
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config
