"""Connections, from wherever Airflow keeps them: its database, a secrets backend, environment."""

from __future__ import annotations

import json
import os

from airflow.sdk import BaseHook
from airflow.sdk.exceptions import AirflowNotFoundException

from umlauf.errors import ConfigError
from umlauf.settings import Settings, load_settings
from umlauf.spec import Connection
from umlauf.storage.bucket_path import CONNECTION, BucketPath
from umlauf.transport.auth import PREFIX, make_connection


def task_settings(tenant: str | None = None) -> Settings:
    """Return the company's settings; a bucket's connection is where landing looks for it then.

    That is the environment of this task and of its dbt, as for the command.

    Raises:
        ConfigError: landing lies in a bucket, and Airflow knows no connection to it.
    """
    settings = load_settings(**({"tenant": tenant} if tenant else {}))
    conn_id = settings.named(CONNECTION)
    variable = f"{PREFIX}{conn_id.upper()}"
    if isinstance(settings.landing, BucketPath) and variable not in os.environ:
        found = airflow_connection(conn_id)
        fields = {"conn_type": "aws", "host": found.url, "login": found.login}
        told = fields | {"password": found.password, "extra": dict(found.extra)}
        os.environ[variable] = json.dumps(told)
    return settings


def airflow_connection(conn_id: str) -> Connection:
    """Return the Airflow connection `conn_id`; only inside a running task.

    Raises:
        ConfigError: Airflow knows no such connection, or it cannot be read; never quotes a value.
    """
    try:
        found = BaseHook.get_connection(conn_id)
    except AirflowNotFoundException:
        # Airflow tells a task no more than this: what it cannot decrypt is "not found" as well.
        raise ConfigError(
            f"connection {conn_id!r}: Airflow has none that it can read. Create it under Admin > "
            f"Connections, in the secrets backend, or as AIRFLOW_CONN_{conn_id.upper()}; if it is "
            "there, it was encrypted with another AIRFLOW__CORE__FERNET_KEY: bring that key back "
            "(new,old while rotating) or enter the connection again"
        ) from None
    try:
        return make_connection(
            conn_id,
            conn_type=found.conn_type or "",
            host=found.host or "",
            port=found.port,
            schema=found.schema or "",
            login=found.login or "",
            password=found.password or "",
            extra=found.extra_dejson,
        )
    except (ValueError, TypeError, AttributeError):
        raise ConfigError(f"connection {conn_id!r}: its fields cannot be read; edit it") from None
