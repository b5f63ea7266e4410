"""Pour a relation of the snapshot into PostgreSQL: DuckDB writes CSV into a pipe, COPY reads it."""

from __future__ import annotations

import os
import threading
from typing import Any

import duckdb

from umlauf.errors import SourceError
from umlauf.publish.postgres.relations import Relation


def pour(snapshot: duckdb.DuckDBPyConnection, relation: Relation, cursor: Any, table: str) -> int:
    """Copy all rows into `table`, made in the same transaction, and return how many.

    Raises:
        duckdb.Error: the snapshot could not be read; the transaction must not be committed.
        psycopg2.Error: PostgreSQL refused a row.
    """
    names = ", ".join(f'"{column.name}"' for column in relation.columns)
    reader, writer = os.pipe()
    written: list[int] = []
    failed: list[Exception] = []

    def write() -> None:
        # COPY takes "" as empty text and nothing at all as null, which is how DuckDB writes them.
        order = f"copy ({relation.select}) to '/dev/fd/{writer}'"
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
