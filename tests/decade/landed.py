"""Landed files never change: their bytes are read once, and from memory from then on.

A night of the product reads every file of a stream anew, which in its tenth year takes a minute or
two and in 3,650 nights of a simulation weeks. Which files there are is asked of the disk each time.
"""

from functools import cache
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from umlauf.landing.batch import read_about, read_counted

_COLUMNS = ["record_key", "record_version", "is_deleted", "fetched_at"]
_SCHEMA = "record_key text, record_version timestamp, is_deleted boolean, fetched_at timestamp"


class Landed:
    """What has been read: stand-ins for `read_about`, `read_counted` and a database in memory."""

    def __init__(self):
        self.read_about = cache(read_about)
        self.read_counted = cache(read_counted)
        self.table = cache(lambda file: pq.read_table(file, columns=_COLUMNS, use_threads=False))
        self.rows = cache(self._rows)
        self._database, self._tables = duckdb.connect(config={"threads": 1}), {}

    def close(self):
        self._database.close()

    def _rows(self, file):
        table = self.table(file)
        return list(zip(*(table.column(name).to_pylist() for name in _COLUMNS), strict=True))

    def connect(self, _root, **_):
        """Return a connection whose `read_parquet($files)` is a table of these files' rows."""
        return _Connection(self._database.cursor(), self._table)

    def _table(self, files):
        folder = Path(files[0]).parent.parent
        if folder not in self._tables:
            self._tables[folder] = (f"landed_{len(self._tables)}", set())
            self._database.execute(f"create table {self._tables[folder][0]} ({_SCHEMA})")
        name, known = self._tables[folder]
        if new := [file for file in files if file not in known]:
            rows = pa.concat_tables([self.table(file) for file in new])
            with self._database.cursor() as cursor:
                cursor.register("new_rows", rows)
                cursor.execute(f"insert into {name} select * from new_rows")
            known.update(new)
        assert len(known) == len(files), f"{folder}: a landed file is gone"
        return name


class _Connection:
    def __init__(self, inner, table):
        self._inner, self._table = inner, table

    def cursor(self):
        return _Connection(self._inner.cursor(), self._table)

    def execute(self, sql, values):
        return self._inner.execute(
            sql.replace("read_parquet($files)", self._table(values["files"]))
        )

    def register(self, name, table):
        self._inner.register(name, table)

    def close(self):
        self._inner.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
