"""Airflow's whole configuration for the local platform, as environment variables."""

from __future__ import annotations

import os
from pathlib import Path

from umlauf.local.credentials import USER, Credentials, password_file
from umlauf.local.ports import HOST, Ports
from umlauf.local.postgres import database_url, marts_url
from umlauf.local.redis import broker_url
from umlauf.settings import PROJECT, Settings


def airflow_home(home: Path) -> Path:
    """Return Airflow's folder: logs and generated files."""
    return home / "airflow"


def airflow_environment(
    settings: Settings, ports: Ports, keys: Credentials, *, has_marts: bool, workers: int = 0
) -> dict[str, str]:
    """Return the environment of every Airflow process; inherits this one's.

    With `has_marts` the marts are published to the platform's own PostgreSQL as well. Tasks run in
    the scheduler's children, or in as many Celery `workers`.
    Written for two cores: few workers, short sleeps, no log servers (all share one disk).
    """
    url = f"http://{HOST}:{ports.airflow}"
    options = {
        "core__dags_folder": str(PROJECT / "dags"),
        "core__plugins_folder": str(PROJECT / "plugins"),
        "core__executor": "LocalExecutor",
        "core__parallelism": "4",  # the default forks 32 workers
        "core__load_examples": "False",
        "core__dags_are_paused_at_creation": "True",  # nothing runs before the sources are up
        "core__default_timezone": "utc",
        "core__fernet_key": keys.fernet_key,
        "core__execution_api_server_url": f"{url}/execution/",
        "core__auth_manager": (
            "airflow.api_fastapi.auth.managers.simple.simple_auth_manager.SimpleAuthManager"
        ),
        "core__simple_auth_manager_users": f"{USER}:admin",
        "core__simple_auth_manager_passwords_file": str(password_file(settings.home)),
        "database__sql_alchemy_conn": database_url(ports.postgres, keys.postgres_password),
        "database__sql_alchemy_conn_async": "",  # no asynchronous driver is installed
        "database__load_default_connections": "False",
        "api__host": HOST,
        "api__port": str(ports.airflow),
        "api__base_url": url,
        "api__workers": "1",
        "api__secret_key": keys.secret_key,
        "api_auth__jwt_secret": keys.jwt_secret,
        # A first window may take hours; a task whose token runs out is killed.
        "execution_api__jwt_expiration_time": str(12 * 3600),
        "scheduler__scheduler_idle_sleep_time": "0.2",
        # A worker notices the end of its task at its next heartbeat: 5 s by default.
        "workers__min_heartbeat_interval": "1",
        "workers__max_failed_heartbeats": "15",
        "workers__execution_api_timeout": "60",  # the default of 5 s fails tasks on a busy machine
        "dag_processor__refresh_interval": "60",
        "usage_data_collection__enabled": "False",
    }
    if workers:
        options |= worker_options(ports, keys)
    named = {f"AIRFLOW__{name.upper()}": value for name, value in options.items()}
    if has_marts and not settings.postgres_connection:
        url = marts_url(ports.postgres, keys.postgres_password)
        named |= {
            "UMLAUF_POSTGRES_CONNECTION": "marts_postgres",
            "AIRFLOW_CONN_MARTS_POSTGRES": url,
        }
    return {**python_environment(settings), **named, **sandbox_connections(settings, ports)}


def worker_options(ports: Ports, keys: Credentials) -> dict[str, str]:
    """Return what Airflow on Celery has otherwise: production's, but for its patience.

    Production waits five minutes for a sign of a worker's life, then five before the next try: a
    machine may be slow, a network gone. Here both are killed to see what happens.
    """
    return {
        "core__executor": "CeleryExecutor",
        "celery__broker_url": broker_url(ports.redis, keys.redis_password),
        "celery__worker_concurrency": "3",  # one of them may wait for the landings
        "celery_broker_transport_options__visibility_timeout": str(12 * 3600),
        "scheduler__task_instance_heartbeat_timeout": "30",
        "scheduler__task_instance_heartbeat_timeout_detection_interval": "2",
        "core__default_task_retry_delay": "5",
    }


def python_environment(settings: Settings) -> dict[str, str]:
    """Return the environment of every Python process of the platform."""
    mine = {
        "PYTHONPATH": str(PROJECT / "plugins"),
        "UMLAUF_HOME": str(settings.home),
        # The sandbox is ours; HubSpot's own limit (19 a second) is kept, others' caution is not.
        "UMLAUF_SOURCES__HUBSPOT__REQUESTS_PER_SECOND": "19",
        "UMLAUF_SOURCES__ODOO__REQUESTS_PER_SECOND": "200",
        "AIRFLOW_HOME": str(airflow_home(settings.home)),
        "PYTHONUNBUFFERED": "1",
    }
    inherited = {
        name: value
        for name, value in os.environ.items()
        # Another Airflow's settings are not this one's; where its metrics go, everyone may say.
        if not name.startswith("AIRFLOW__") or name.startswith("AIRFLOW__METRICS__")
        # Without bytecode every start compiles our modules again.
        if name != "PYTHONDONTWRITEBYTECODE"
    }
    return {**inherited, **mine}


def sandbox_connections(settings: Settings, ports: Ports) -> dict[str, str]:
    """Return the connections to the sandbox company; its keys are constants, not secrets."""
    from umlauf.local.sandbox import connections

    return connections(settings, ports)
