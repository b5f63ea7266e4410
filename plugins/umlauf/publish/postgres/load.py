"""Load a build into PostgreSQL beside the one that readers see, two relations at a time.

DuckDB writes CSV into a pipe, COPY reads it. One COPY keeps one core busy, and so does an index:
the largest relations begin, so that both sessions end at about the same time.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import duckdb
from psycopg2 import errors

from umlauf.errors import LeaseBusy, SourceError
from umlauf.publish.comments import quoted
from umlauf.publish.postgres.relations import Relation, build_schema
from umlauf.publish.postgres.session import session_of, transaction
from umlauf.spec import Connection

_SESSIONS = 2  # the cores of the smallest machine
_LOADING = 0x756D6C62  # "umlb": shared by the sessions that load


def wait_for_loading(cursor: Any) -> None:
    """Wait until no session loads any more: those of a killed publisher end what they were told.

    Raises:
        LeaseBusy: one goes on for longer than readers are waited for.
    """
    try:
        cursor.execute("select pg_advisory_lock(%s)", [_LOADING])
    except errors.LockNotAvailable as error:
        raise LeaseBusy(
            "postgres: what an earlier publisher began is still being loaded; run this again "
            "after it"
        ) from error
    cursor.execute("select pg_advisory_unlock(%s)", [_LOADING])


def load(
    connection: Connection,
    cursor: Any,
    snapshot: duckdb.DuckDBPyConnection,
    relations: Sequence[Relation],
    build_id: str,
) -> int:
    """Pour all relations into partitions that no reader sees yet; return the number of rows.

    Raises:
        duckdb.Error: the snapshot could not be read.
        psycopg2.Error: PostgreSQL refused a row or went away. Relations may be left behind.
        SourceError: fewer rows arrived than were given.
    """
    cursor.execute(f"create schema {build_schema(build_id)}")
    rows = {one: _count(snapshot, one) for one in relations}
    largest_first = sorted(relations, key=lambda one: -rows[one])
    with ThreadPoolExecutor(_SESSIONS, thread_name_prefix="load postgres") as pool:
        loading = [
            pool.submit(_load, connection, snapshot, relation, build_id)
            for relation in largest_first
        ]
        try:
            return sum(loaded.result() for loaded in loading)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _count(snapshot: duckdb.DuckDBPyConnection, relation: Relation) -> int:
    (row,) = snapshot.execute(f"select count(*) from {relation.relation}").fetchall()
    return int(row[0])


def _load(
    connection: Connection,
    snapshot: duckdb.DuckDBPyConnection,
    relation: Relation,
    build_id: str,
) -> int:
    with session_of(connection) as session, session.cursor() as cursor:
        cursor.execute("select pg_advisory_lock_shared(%s)", [_LOADING])
        _make_parent(cursor, relation)
        try:
            with transaction(session):
                rows = _fill(snapshot, relation, cursor, build_id)
        except errors.CharacterNotInRepertoire:
            # A text with a NUL: too rare to look for it in all of them.
            with transaction(session):
                rows = _fill(snapshot, relation, cursor, build_id, is_replacing=True)
        cursor.execute(f"analyze {relation.partition(build_id)}")
    return rows


def _fill(
    snapshot: duckdb.DuckDBPyConnection,
    relation: Relation,
    cursor: Any,
    build_id: str,
    *,
    is_replacing: bool = False,
) -> int:
    partition = relation.partition(build_id)
    # A column that is added afterwards, with one value for all rows, is written to none of them.
    added = ["snapshot_id", *_marks(snapshot, relation, build_id)]
    poured = replace(
        relation, columns=tuple(one for one in relation.columns if one.name not in added)
    )
    cursor.execute(f"create table {partition} ({_columns(poured)})")
    key = ", ".join(f'"{name}"' for name in relation.key)
    select = poured.select_replaced if is_replacing else poured.select
    rows = _pour(snapshot, poured, f"{select} order by {key}" if key else select, cursor, partition)
    if key:
        cursor.execute(f"create unique index on {partition} ({key})")
    if relation.needs_day_index:
        cursor.execute(f"create index on {partition} (day)")
    value = f"text not null default {quoted(build_id)}"
    cursor.execute(f"alter table {partition} {', '.join(f'add {name} {value}' for name in added)}")
    cursor.execute(
        f"alter table {relation.parent} attach partition {partition} "
        f"for values in ({quoted(build_id)})"
    )
    return rows


def _marks(
    snapshot: duckdb.DuckDBPyConnection, relation: Relation, build_id: str
) -> tuple[str, ...]:
    """Return the column that says in every row of which build it is, if there is one."""
    name, names = "build_id", {column.name for column in relation.columns}
    if name in relation.key or name not in names or len(names) == 1:
        return ()
    query = f"select 1 from {relation.relation} where {name} is distinct from ? limit 1"
    with snapshot.cursor() as own:
        return () if own.execute(query, [build_id]).fetchall() else (name,)


def _make_parent(cursor: Any, relation: Relation) -> None:
    cursor.execute(
        f"create table if not exists {relation.parent} "
        f"(snapshot_id text not null, {_columns(relation)}) partition by list (snapshot_id)"
    )


def _columns(relation: Relation) -> str:
    return ", ".join(f'"{column.name}" {column.type}' for column in relation.columns)


def _pour(
    snapshot: duckdb.DuckDBPyConnection,
    relation: Relation,
    select: str,
    cursor: Any,
    table: str,
) -> int:
    names = ", ".join(f'"{column.name}"' for column in relation.columns)
    reader, writer = os.pipe()
    written: list[int] = []
    failed: list[Exception] = []

    def write() -> None:
        # COPY takes "" as empty text and nothing at all as null, which is how DuckDB writes them.
        order = f"copy ({select}) to '/dev/fd/{writer}'"
        form = "(format csv, header false, nullstr '', use_tmp_file false)"
        try:
            with snapshot.cursor() as own:
                written.extend(own.execute(f"{order} {form}").fetchone() or ())
        except Exception as error:
            failed.append(error)
        finally:
            os.close(writer)  # without an end COPY would wait for ever

    thread = threading.Thread(target=write, name=f"read {relation.relation}")
    thread.start()
    try:
        with os.fdopen(reader, "rb") as pipe:  # closed on an error, which ends the writer's wait
            cursor.copy_expert(f"copy {table} ({names}) from stdin (format csv, freeze)", pipe)
    finally:
        thread.join()
    if failed:
        raise failed[0]
    if written != [cursor.rowcount]:
        raise SourceError(
            f"postgres: {relation.relation}: the snapshot gave {written} rows, "
            f"{cursor.rowcount} arrived"
        )
    return written[0]
