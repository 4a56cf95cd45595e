"""Brings the database's tables to this version at start. Two processes starting at once do it one by one."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 7_526_846_929  # any number, the same in every process


def config(connection: Connection | None = None) -> Config:
    """Alembic's settings; nothing is read from a file."""
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS))
    settings.attributes["connection"] = connection
    return settings


def upgrade(engine: Engine) -> None:
    """Run the migrations that are missing."""
    head = ScriptDirectory.from_config(config()).get_current_head()
    with engine.connect() as connection, connection.begin():
        if MigrationContext.configure(connection).get_current_revision() == head:
            return
    with engine.execution_options(plainly_write=True).begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        command.upgrade(config(connection), "head")
