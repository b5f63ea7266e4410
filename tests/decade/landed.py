"""Landed files never change: their bytes are read once, and from memory from then on.

A judge looks at all of them every night. Which files there are is asked of the disk each time.
"""

from functools import cache

import pyarrow.parquet as pq

from umlauf.landing.batch import read_about, read_counted

_COLUMNS = ["record_key", "record_version", "is_deleted", "fetched_at"]


class Landed:
    """What has been read; stand-ins for `read_about` and `read_counted`."""

    def __init__(self):
        self.read_about = cache(read_about)
        self.read_counted = cache(read_counted)
        self.rows = cache(_rows)


def _rows(file):
    table = pq.read_table(file, columns=_COLUMNS, use_threads=False)
    return list(zip(*(table.column(name).to_pylist() for name in _COLUMNS), strict=True))
