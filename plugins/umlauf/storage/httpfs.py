"""DuckDB reads a bucket by its extension httpfs, which comes as a wheel: nothing is downloaded."""

from __future__ import annotations

from importlib.resources import files
from urllib.parse import urlsplit

import duckdb

from umlauf.errors import ConfigError
from umlauf.storage.bucket import Bucket


def let_read_bucket(connection: duckdb.DuckDBPyConnection, bucket: Bucket) -> None:
    """Let a database read a bucket; the credentials are its session's, and in none of its files.

    Raises:
        ConfigError: they cannot be told to DuckDB.
    """
    access = bucket.access
    place = urlsplit(access.endpoint)
    given = {
        "key_id": access.key,
        "secret": access.secret,
        "region": access.region,
        "scope": f"s3://{bucket.name}",
    }
    if access.endpoint:
        given |= {"endpoint": place.netloc, "url_style": "path"}
    if access.session_token:
        given["session_token"] = access.session_token
    if place.scheme == "http":
        given["use_ssl"] = "false"
    stated = ", ".join(f"{name} {_quoted(value)}" for name, value in given.items())
    connection.execute(f"load {_quoted(extension_file())}")
    connection.execute("set http_retries = 7")
    connection.execute("set http_retry_backoff = 2")
    try:
        connection.execute(f"create or replace secret landing (type s3, {stated})")
    except duckdb.Error as error:
        # Never the error's own text: it quotes the statement.
        raise ConfigError(
            f"connection {bucket.conn_id!r}: DuckDB does not take its fields "
            f"({type(error).__name__})"
        ) from None


def extension_file() -> str:
    """Return where the wheel has put the extension for this version of DuckDB."""
    package = files("duckdb_extension_httpfs")
    return str(package / "extensions" / f"v{duckdb.__version__}" / "httpfs.duckdb_extension")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
