"""The database: opened once per process, read and written in short transactions.

On SQLite writers queue up behind one another from their first statement (BEGIN IMMEDIATE), so nothing read
inside a write can be stale. On PostgreSQL rows are locked by those who change them. A read sees one moment.
"""

from __future__ import annotations

import contextlib
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, select, text
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from plainly.clock import elapsed
from plainly.errors import PlainlyError
from plainly.store.desk_tables import TypingRow
from plainly.store.migrate import upgrade
from plainly.store.tables import ConversationRow

CHANNEL = "plainly"
_BUSY_SECONDS = 10

Listener = Callable[[frozenset[str]], None]


class Store:
    """The open database. `listeners` hear, after each commit, the ids of conversations that changed.

    `name` stands before the ids in what other processes are told, so that nobody hears their own news twice.
    """

    def __init__(self, url: str, *, migrate: bool = True) -> None:
        self.engine = _engine(url)
        self.is_postgres = self.engine.dialect.name == "postgresql"
        self.name = secrets.token_hex(8)
        self.listeners: list[Listener] = []
        try:
            if migrate:
                upgrade(self.engine)
        except SQLAlchemyError as wrong:
            raise _unreachable(self.engine, wrong) from wrong
        self._reading = sessionmaker(_for_reading(self.engine), expire_on_commit=False, autoflush=False)
        self._writing = sessionmaker(self.engine.execution_options(plainly_write=True), expire_on_commit=False)

    @contextlib.contextmanager
    def read(self) -> Iterator[Session]:
        """A transaction that only looks, and sees the database as it was at its first look."""
        with self._reading() as session:
            yield session

    @contextlib.contextmanager
    def write(self) -> Iterator[Session]:
        """A transaction that changes things: all of it happens, or none."""
        with self._writing() as session:
            with session.begin():
                yield session
                session.flush()
                changed = frozenset(session.info.pop("changed", ()))
                if self.is_postgres and changed:
                    session.execute(text("SELECT pg_notify(:channel, :ids)"), self._notice(changed))
            for listener in self.listeners:
                listener(changed)

    def _notice(self, changed: frozenset[str]) -> dict[str, str]:
        return {"channel": CHANNEL, "ids": " ".join((self.name, *sorted(changed)))}

    def changed_since(self, moment: float) -> frozenset[tuple[str, float]]:
        """The conversations that any process changed since then, with when (seconds by the computer's clock)."""
        query = select(ConversationRow.id, ConversationRow.touched).where(ConversationRow.touched >= moment)
        typing = select(TypingRow.conversation_id, TypingRow.at).where(TypingRow.at >= moment)
        with self.read() as session:
            return frozenset(session.execute(query.union_all(typing)).tuples())

    def is_answering(self) -> bool:
        """Whether the database can be read right now."""
        try:
            with self.read() as session:
                session.execute(text("SELECT 1"))
        except SQLAlchemyError:
            return False
        return True

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def touch(session: Session, conversation: ConversationRow) -> None:
    """Tell everybody who looks at this conversation that it changed."""
    conversation.touched = elapsed()
    hint(session, conversation.id)


def hint(session: Session, name: str) -> None:
    """Tell those who wait for this name, without changing any row: a conversation, the queue, the staff."""
    session.info.setdefault("changed", set()).add(name)


def hold(session: Session, name: str) -> None:
    """Let nobody else pass the same name until this transaction ends."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
    except ArgumentError as wrong:
        raise PlainlyError("wrong_database_url", f"{url!r} is not a database address.", {}) from wrong
    if parsed.get_backend_name() != "sqlite":
        # Kept open for a burst of threads: opening one takes longer than what it is opened for.
        return create_engine(parsed, pool_size=25, max_overflow=5, pool_pre_ping=True)
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, pool_size=10, max_overflow=20)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _for_reading(engine: Engine) -> Engine:
    """SQLite reads one moment anyway. PostgreSQL does so when asked: two looks must not disagree."""
    if engine.dialect.name != "postgresql":
        return engine
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _prepare_sqlite(connection: DBAPIConnection, _record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy says BEGIN itself, below
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {_BUSY_SECONDS * 1000}")
    _keep_write_ahead_log(cursor)
    # A killed process loses nothing; a power cut may lose the last moments. PostgreSQL keeps those too.
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _keep_write_ahead_log(cursor: DBAPICursor) -> None:
    """Set once per file. Another process doing the same at this moment makes SQLite refuse without waiting."""
    for _ in range(100):
        with contextlib.suppress(sqlite3.OperationalError):
            cursor.execute("PRAGMA journal_mode = WAL")
            return
        time.sleep(0.05)
    cursor.execute("PRAGMA journal_mode = WAL")


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get("plainly_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _unreachable(engine: Engine, wrong: SQLAlchemyError) -> PlainlyError:
    where = engine.url.render_as_string(hide_password=True)
    why = str(getattr(wrong, "orig", wrong)).strip().splitlines()
    return PlainlyError(
        "database_unreachable",
        f"The database {where} cannot be used: {why[0] if why else wrong}. Check PLAINLY_DATABASE_URL.",
        {"url": where},
    )
