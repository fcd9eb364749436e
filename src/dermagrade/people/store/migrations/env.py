"""Run by Alembic for every command: the steps go over the connection that it is given, within its transaction."""

from __future__ import annotations

from alembic import context

from dermagrade.people.store.schema import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
context.run_migrations()
