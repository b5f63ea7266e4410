"""Read the published marts: SQL in, an answer out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from umlauf.errors import ConfigError
from umlauf.settings import Settings


@contextmanager
def answered(settings: Settings, sql: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a connection that holds the answer to `sql`, run read-only on the published snapshot.

    Raises:
        ConfigError: nothing is published yet, or the SQL is wrong; the message says where.
    """
    if not settings.marts_file.exists():
        raise ConfigError(
            f"query: nothing is published at {settings.marts_file}; run `umlauf nightly` first"
        )
    with duckdb.connect(settings.marts_file, read_only=True) as connection:
        try:
            yield connection.execute(sql)
        except duckdb.Error as error:  # some of it is only found out when the rows are fetched
            raise ConfigError(f"query: {error}") from error


def read_sql(given: str) -> str:
    """Return the SQL given, or what stands in the file given: a name that ends in `.sql`.

    Raises:
        ConfigError: there is no such file.
    """
    if not given.endswith(".sql"):
        return given
    try:
        return Path(given).read_text()
    except OSError as error:
        raise ConfigError(f"query: {given}: {error.strerror}") from error
