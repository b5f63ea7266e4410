"""The role that BI tools log in with: it can select from the views, and nothing else."""

from __future__ import annotations

from typing import Any

READER = "bi_reader"
_MOST_CONNECTIONS = 50
_LIMITS = {
    "statement_timeout": "60s",
    "idle_in_transaction_session_timeout": "60s",  # an old picture is not held for ever
    "lock_timeout": "10s",
    "default_transaction_read_only": "on",
}


def make_reader(cursor: Any, database: str) -> None:
    """Create the role without a password, and take from everyone what PostgreSQL gives by default.

    It can log in once somebody says `alter role bi_reader login password '...'`.
    """
    cursor.execute("select 1 from pg_roles where rolname = %s", [READER])
    if cursor.fetchone() is None:
        cursor.execute(f"create role {READER} nologin")
    cursor.execute(f"alter role {READER} connection limit {_MOST_CONNECTIONS}")
    for name, value in _LIMITS.items():
        cursor.execute(f"alter role {READER} set {name} = '{value}'")
    cursor.execute(f'revoke all on database "{database}" from public')
    cursor.execute(f'grant connect on database "{database}" to {READER}')
    cursor.execute("revoke all on schema public from public")
    cursor.execute("revoke usage on language plpgsql from public")  # no `do` blocks
    # Large objects are files that anyone may fill; a lock held for ever could stop the publisher.
    cursor.execute("""
        select format('revoke execute on function %s from public', oid::regprocedure)
        from pg_proc
        where
            pronamespace = 'pg_catalog'::regnamespace
            and (proname like 'lo\\_%' or proname in ('loread', 'lowrite')
                or proname like 'pg\\_%advisory%')
    """)
    for (statement,) in cursor.fetchall():
        cursor.execute(statement)


def grant_schema(cursor: Any, schema: str) -> None:
    """Let the role look into a schema of views."""
    cursor.execute(f"create schema if not exists {schema}")
    cursor.execute(f"grant usage on schema {schema} to {READER}")
