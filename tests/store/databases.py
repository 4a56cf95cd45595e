"""A database per test, on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, make_url, text

KINDS = ("sqlite", "postgresql")


def fresh_database(kind: str, folder: Path) -> str:
    """The address of an empty database; skips the test when there is no PostgreSQL to make one in."""
    if kind == "sqlite":
        return f"sqlite:///{folder / 'plainly.db'}"
    given = os.environ.get("PLAINLY_TEST_POSTGRES_URL")
    if not given:
        pytest.skip("no PostgreSQL: PLAINLY_TEST_POSTGRES_URL is not set")
    url = make_url(given).set(drivername="postgresql+psycopg")
    schema = f"t{uuid4().hex}"
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    engine.dispose()
    return url.update_query_dict({"options": f"-csearch_path={schema}"}).render_as_string(hide_password=False)


def drop_database(address: str) -> None:
    """Remove what fresh_database made in PostgreSQL."""
    url = make_url(address)
    options = str(url.query.get("options", ""))
    if not options:
        return
    engine = create_engine(url.set(query={}))
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {options.removeprefix('-csearch_path=')} CASCADE"))
    engine.dispose()
