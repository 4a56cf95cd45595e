"""Alembic calls this; the connection comes from plainly.store.migrate."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

import plainly.store.desk_tables  # noqa: F401  its tables share the metadata
from plainly.store.tables import Table
from plainly.store.types import JSON_TYPE, Moment


def _in_our_words(kind: str, item: Any, migration: AutogenContext) -> str | Literal[False]:
    if kind == "type" and isinstance(item, Moment):
        migration.imports.add("from plainly.store.types import Moment")
        return "Moment()"
    if kind == "type" and isinstance(item, type(JSON_TYPE)):
        migration.imports.add("from plainly.store.types import JSON_TYPE")
        return "JSON_TYPE"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    render_item=_in_our_words,
)
with context.begin_transaction():
    context.run_migrations()
