"""Connections without Airflow: AIRFLOW_CONN_<ID> in the environment, in Airflow's own formats.

A URI (`http://:key@127.0.0.1:8000/hubspot?database=x`) or JSON (`{"conn_type": "odoo", "host":
"https://erp.example.com", "password": "key", "extra": {"database": "x"}}`).
https://airflow.apache.org/docs/apache-airflow/stable/howto/connection.html
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from umlauf.errors import ConfigError
from umlauf.spec import Connection

PREFIX = "AIRFLOW_CONN_"
# Connection types that are also URL schemes; any other (hubspot, odoo, generic) means https.
_SCHEMES = frozenset({"http", "https", "sftp", "smtp", "file", "postgres", "postgresql"})
_INNER_PROTOCOL = re.compile(r"[a-z]+://")  # odoo://https://erp.example.com, as Airflow allows


def load_connection(conn_id: str, environ: Mapping[str, str] = os.environ) -> Connection:
    """Return the connection that the environment declares.

    Raises:
        ConfigError: none is declared, or it cannot be read; never quotes its value.
    """
    name = f"{PREFIX}{conn_id.upper()}"
    text = environ.get(name, "").strip()
    if not text:
        raise ConfigError(f"connection {conn_id!r}: {name} is not set in the environment")
    try:
        parts = _from_json(text) if text.startswith("{") else _from_uri(text)
        return make_connection(conn_id, **parts)
    except (ValueError, TypeError, AttributeError):
        raise ConfigError(
            f"connection {conn_id!r}: {name} is neither a connection URI nor connection JSON"
        ) from None


def make_connection(
    conn_id: str,
    *,
    conn_type: str = "",
    host: str = "",
    port: int | None = None,
    schema: str = "",
    login: str = "",
    password: str = "",
    extra: Mapping[str, Any] | None = None,
) -> Connection:
    """Return a Connection from the fields of an Airflow connection.

    A host with "://" is taken as the URL; without a host the URL is empty and the source's default
    applies. `schema` is the URL's path, as in Airflow's URI format.
    """
    extra = dict(extra or {})
    kind = conn_type.lower().replace("_", "-")
    url = host
    if host and "://" not in host:
        url = f"{extra.get('scheme') or (kind if kind in _SCHEMES else 'https')}://{host}"
    if url and port:
        url = f"{url.rstrip('/')}:{port}"
    if schema and (url or kind == "file"):
        url = f"{url or 'file://'}/{schema}"
    return Connection(conn_id=conn_id, url=url, login=login, password=password, extra=extra)


def _from_json(text: str) -> dict[str, Any]:
    given = json.loads(text)
    extra = given.pop("extra", None) or {}
    given["extra"] = json.loads(extra) if isinstance(extra, str) else extra
    port = given.pop("port", None)
    known = ("conn_type", "host", "schema", "login", "password", "extra")
    parts = {name: given[name] for name in known if given.get(name) is not None}
    return {**parts, "port": int(port) if port else None}


def _from_uri(text: str) -> dict[str, Any]:
    conn_type, mark, rest = text.partition("://")
    if not mark:
        raise ValueError("no scheme")
    inner = _INNER_PROTOCOL.match(rest)
    parts = urlsplit(f"any://{rest[inner.end() :] if inner else rest}")
    host = unquote(parts.hostname or "")
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    packed = query.pop("__extra__", None)
    return {
        "conn_type": conn_type,
        "host": f"{inner[0]}{host}" if inner else host,
        "port": parts.port,
        "schema": unquote(parts.path.removeprefix("/")),
        "login": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "extra": json.loads(packed) if packed else query,
    }
