"""Sessions of the publisher in PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg2

from umlauf.errors import ConfigError
from umlauf.spec import Connection

_SORT_MEMORY = "256MB"  # for building indexes; PostgreSQL's own 64 MB goes to disk
_LOCK_WAIT = "10s"  # for readers of a view that changes, or of a build that goes


@contextmanager
def session_of(connection: Connection) -> Iterator[Any]:
    """Yield a session in which each statement is a transaction, unless told otherwise.

    Raises:
        ConfigError: the connection names no database.
        psycopg2.OperationalError: PostgreSQL does not answer, or refuses the login.
    """
    parts = urlsplit(connection.url)
    database = unquote(parts.path.strip("/"))
    if not parts.hostname or not database:
        raise ConfigError(
            f"postgres: connection {connection.conn_id!r} must name a host and a database"
        )
    session = psycopg2.connect(
        host=parts.hostname,
        port=parts.port or 5432,
        dbname=database,
        user=connection.login,
        password=connection.password,
        application_name="umlauf publish",
        options="-c TimeZone=UTC -c client_min_messages=warning",
        **{name: value for name, value in connection.extra.items() if name.startswith("ssl")},
    )
    with closing(session):
        session.autocommit = True
        with session.cursor() as cursor:
            cursor.execute(f"set lock_timeout = '{_LOCK_WAIT}'")
            cursor.execute(f"set maintenance_work_mem = '{_SORT_MEMORY}'")
            # Workers sort by way of files, and the other session has the other core.
            cursor.execute("set max_parallel_maintenance_workers = 0")
        yield session


@contextmanager
def transaction(session: Any) -> Iterator[None]:
    """Make what is said inside the block one transaction."""
    session.autocommit = False
    try:
        with session:  # commits, or rolls back
            yield
    finally:
        if not session.closed:
            session.autocommit = True
