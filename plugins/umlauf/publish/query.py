"""Read the published marts: SQL in, an answer out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from umlauf.errors import ConfigError
from umlauf.settings import Settings


@contextmanager
def published(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a read-only connection to the published snapshot; the next one does not replace it.

    Raises:
        ConfigError: nothing is published yet, or SQL that is run on it is wrong.
    """
    if not settings.marts_file.exists():
        raise ConfigError(
            f"query: nothing is published at {settings.marts_file}; run `umlauf nightly` first"
        )
    with duckdb.connect(settings.marts_file, read_only=True) as connection:
        try:
            yield connection
        except duckdb.Error as error:  # some of it is only found out when the rows are fetched
            raise ConfigError(f"query: {error}") from error


@contextmanager
def answered(settings: Settings, sql: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a connection that holds the answer to `sql`, run on the published snapshot.

    Raises:
        ConfigError: as `published`; the message says where the SQL is wrong.
    """
    with published(settings) as snapshot:
        yield snapshot.execute(sql)


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
