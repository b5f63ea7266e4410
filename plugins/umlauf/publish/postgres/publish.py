"""Make PostgreSQL's readers see the build that the snapshot's readers see, by one update of a row.

Every statement of a reader finds the published build by its own view of that row, so whatever it
joins is of one build, and it waits for nobody (docs/decisions/0066).
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping, Sequence
from typing import Any

import psycopg2
from psycopg2 import errors

from umlauf.errors import ConfigError, LeaseBusy, SourceUnavailable
from umlauf.publish.comments import quoted
from umlauf.publish.marts import keys_of
from umlauf.publish.original import SCHEMAS, Copied, open_original
from umlauf.publish.postgres.load import load, wait_for_loading
from umlauf.publish.postgres.reader_role import grant_schema, make_reader, reader_of
from umlauf.publish.postgres.relations import STORE, relations_of
from umlauf.publish.postgres.session import session_of, transaction
from umlauf.publish.postgres.views import view_of
from umlauf.settings import Settings
from umlauf.spec import Connection

log = logging.getLogger(__name__)

_LOCK = 0x756D6C61  # "umla": one publisher at a time


def publish_postgres(settings: Settings, connection: Connection) -> Copied:
    """Publish the snapshot that readers see, whichever build it is, and keep the one before.

    Killed anywhere, readers see the old build or the new; the next call clears up.

    Raises:
        ConfigError: nothing is published yet, or the connection names no database.
        SourceUnavailable: PostgreSQL does not answer, refuses the login or broke off.
        LeaseBusy: another publisher is at work.
    """
    begun = time.monotonic()
    try:
        with (
            open_original(settings) as (snapshot, shown),
            session_of(connection) as session,
            session.cursor() as cursor,
        ):
            _lock_others_out(cursor)
            wait_for_loading(cursor)
            reader = reader_of(settings.tenant)
            _require_own(cursor, session.info.dbname, settings.tenant)
            _make_store(cursor, session.info.dbname, settings.tenant)
            build_id, rows = shown.build_id, 0
            if not _is_loaded(cursor, build_id):
                _remove_all_but(cursor, [_published(cursor)])
                relations = relations_of(snapshot, keys_of(settings))
                views = {one.relation: view_of(one, reader) for one in relations}
                rows = load(connection, cursor, snapshot, relations, build_id)
                _note_loaded(cursor, build_id, views)
            before = _published(cursor)
            _show(session, cursor, build_id)
            _remove_all_but(cursor, [build_id, before])
    except psycopg2.Error as error:
        raise SourceUnavailable(f"postgres: {str(error).strip()}") from error
    return Copied(build_id=build_id, rows=rows, seconds=round(time.monotonic() - begun, 3))


def _lock_others_out(cursor: Any) -> None:
    cursor.execute("select pg_try_advisory_lock(%s)", [_LOCK])
    if not cursor.fetchone()[0]:
        raise LeaseBusy("postgres: another publisher is at work; run this again after it")


def _require_own(cursor: Any, database: str, tenant: str | None) -> None:
    """Insist that the marts in here are this company's: which one's says the store's comment."""
    cursor.execute("select oid, obj_description(oid) from pg_namespace where nspname = %s", [STORE])
    found = cursor.fetchone()
    if found and found[1] != tenant:
        raise ConfigError(
            f"postgres: the database {database!r} holds the marts of {found[1] or 'one company'}, "
            f"not of {tenant or 'one company'}: each needs a database of its own. It is a copy: "
            "if it is to change hands, drop and create it"
        )


def _make_store(cursor: Any, database: str, tenant: str | None) -> None:
    cursor.execute("select to_regclass(%s)", [f"{STORE}.published"])
    if cursor.fetchone()[0] is not None:
        return
    reader = reader_of(tenant)
    whose = f"; comment on schema {STORE} is {quoted(tenant)}" if tenant else ""
    cursor.execute(f"create schema if not exists {STORE}{whose}")  # both, or neither
    make_reader(cursor, database, reader)
    for schema in SCHEMAS:
        grant_schema(cursor, schema, reader)
    # One row; `is_only` keeps it so. A build is in `loaded` once all of it is there.
    cursor.execute(
        f"create table if not exists {STORE}.loaded "
        "(build_id text primary key, views text not null)"
    )
    cursor.execute(
        f"create table {STORE}.published (is_only boolean primary key default true check (is_only),"
        " build_id text not null)"
    )


def _published(cursor: Any) -> str:
    cursor.execute(f"select build_id from {STORE}.published")
    found = cursor.fetchone()
    return found[0] if found else ""


def _is_loaded(cursor: Any, build_id: str) -> bool:
    cursor.execute(f"select 1 from {STORE}.loaded where build_id = %s", [build_id])
    return cursor.fetchone() is not None


def _note_loaded(cursor: Any, build_id: str, views: Mapping[str, Sequence[str]]) -> None:
    cursor.execute(
        f"insert into {STORE}.loaded values (%s, %s)", [build_id, json.dumps(views, indent=1)]
    )


def _show(session: Any, cursor: Any, build_id: str) -> None:
    """Let readers see a loaded build; a view is made anew only if its columns have changed."""
    with transaction(session):
        old, new = _views(cursor, _published(cursor)), _views(cursor, build_id)
        for relation, statements in old.items():
            if new.get(relation) != statements:
                cursor.execute(f"drop view {relation}")
        for relation, statements in new.items():
            if old.get(relation) != statements:
                for statement in statements:
                    cursor.execute(statement)
        cursor.execute(
            f"insert into {STORE}.published (build_id) values (%s) "
            "on conflict (is_only) do update set build_id = excluded.build_id",
            [build_id],
        )


def _views(cursor: Any, build_id: str) -> dict[str, list[str]]:
    cursor.execute(f"select views from {STORE}.loaded where build_id = %s", [build_id])
    found = cursor.fetchone()
    return json.loads(found[0]) if found else {}


def _remove_all_but(cursor: Any, kept: Sequence[str]) -> None:
    """Drop other builds, whole or half; one that somebody still reads is left to the next call."""
    cursor.execute(f"delete from {STORE}.loaded where not build_id = any(%s)", [list(kept)])
    cursor.execute(
        "select nspname from pg_namespace where nspname like 'umlauf %%' and not nspname = any(%s)",
        [[f"umlauf {build_id}" for build_id in kept]],
    )
    for (schema,) in cursor.fetchall():
        try:
            _detach_all(cursor, schema)
            cursor.execute(f'drop schema "{schema}" cascade')
        except errors.LockNotAvailable:
            log.warning("postgres: %s is still being read; the next publishing removes it", schema)
    cursor.execute(
        "select format('drop table %%I.%%I', relnamespace::regnamespace, relname) from pg_class "
        "where relkind = 'p' and relnamespace = %s::regnamespace "
        "and not exists (select 1 from pg_inherits where inhparent = pg_class.oid) "
        "and not exists (select 1 from pg_depend where refobjid = pg_class.oid and "
        "classid = 'pg_rewrite'::regclass)",
        [STORE],
    )
    for (statement,) in cursor.fetchall():
        cursor.execute(statement)


def _detach_all(cursor: Any, schema: str) -> None:
    """Take a build's partitions out of their tables, which holds no reader up."""
    cursor.execute(
        "select inhparent::regclass::text, inhrelid::regclass::text, inhdetachpending "
        "from pg_inherits join pg_class on pg_class.oid = inhrelid "
        "where relnamespace = (select oid from pg_namespace where nspname = %s) and relkind = 'r'",
        [schema],
    )
    for parent, partition, is_half_done in cursor.fetchall():
        way = "finalize" if is_half_done else "concurrently"
        cursor.execute(f"alter table {parent} detach partition {partition} {way}")
