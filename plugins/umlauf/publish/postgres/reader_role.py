"""The role that BI tools log in with: it can select from the views, and nothing else."""

from __future__ import annotations

import logging
from typing import Any

from psycopg2 import errors

log = logging.getLogger(__name__)

READER = "bi_reader"  # roles are a whole server's: a tenant's is called after it as well
_MOST_CONNECTIONS = 50
_LIMITS = {
    "statement_timeout": "60s",
    "idle_in_transaction_session_timeout": "60s",  # an old picture is not held for ever
    "lock_timeout": "10s",
    "default_transaction_read_only": "on",
}


def reader_of(tenant: str | None) -> str:
    """Return the role that reads the marts of the one company, or of a tenant."""
    return f"{READER}_{tenant}" if tenant else READER


def make_reader(cursor: Any, database: str, reader: str) -> None:
    """Create the role without a password, and take from everyone what PostgreSQL gives by default.

    It can log in once somebody says `alter role bi_reader login password '...'`. A publisher that
    is no superuser may not take all of it; what is left is told in the log.
    """
    cursor.execute("select 1 from pg_roles where rolname = %s", [reader])
    if cursor.fetchone() is None:
        cursor.execute(f"create role {reader}")
    cursor.execute(f"alter role {reader} connection limit {_MOST_CONNECTIONS}")
    for name, value in _LIMITS.items():
        cursor.execute(f"alter role {reader} set {name} = '{value}'")
    cursor.execute(f'grant connect on database "{database}" to {reader}')
    cursor.execute("""
        select format('revoke execute on function %s from public', oid::regprocedure)
        from pg_proc
        where
            pronamespace = 'pg_catalog'::regnamespace
            and (proname like 'lo\\_%' or proname in ('loread', 'lowrite')
                or proname like 'pg\\_%advisory%')
    """)
    # Large objects are files that anyone may fill; a lock held for ever could stop the publisher;
    # plpgsql is what `do` blocks are made of.
    by_default = [
        f'revoke all on database "{database}" from public',
        "revoke all on schema public from public",
        "revoke usage on language plpgsql from public",
        *(statement for (statement,) in cursor.fetchall()),
    ]
    for statement in by_default:
        refused = _refusal(cursor, statement)
        if refused:
            log.warning("postgres: a superuser should say `%s`: %s", statement, refused)


def grant_schema(cursor: Any, schema: str, reader: str) -> None:
    """Let the role look into a schema of views."""
    cursor.execute(f"create schema if not exists {schema}")
    cursor.execute(f"grant usage on schema {schema} to {reader}")


def _refusal(cursor: Any, statement: str) -> str:
    """Return why a revocation was refused; of most PostgreSQL only warns."""
    warnings = cursor.connection.notices
    warnings.clear()
    try:
        cursor.execute(statement)
    except errors.InsufficientPrivilege as error:
        return str(error).strip()
    return " ".join(warnings).strip()
