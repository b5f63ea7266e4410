"""What the platform consists of, and what waits for what."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from umlauf.local.airflow_environment import airflow_environment, python_environment
from umlauf.local.credentials import Credentials
from umlauf.local.ports import HOST, Ports
from umlauf.local.postgres import server_command, server_user
from umlauf.local.record import REDIS, WORKER
from umlauf.local.redis import server_command as redis_command
from umlauf.local.sandbox import make_command, serve_command
from umlauf.local.superset_environment import superset_command, superset_environment
from umlauf.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Component:
    """One process. A job is done when it has ended well; a server is ready when it listens.

    What is on request waits until somebody asks for it. One that may fail takes nothing else down
    when it does, and is started again when somebody asks for it.
    """

    name: str
    command: list[str]
    environment: Mapping[str, str] = field(repr=False)
    after: tuple[str, ...] = ()
    port: int | None = None
    is_job: bool = False
    is_on_request: bool = False
    may_fail: bool = False
    user: str | None = None
    stop_signal: signal.Signals = signal.SIGTERM


def components(
    settings: Settings,
    ports: Ports,
    keys: Credentials,
    scale: float,
    *,
    has_marts: bool,
    workers: int = 0,
) -> tuple[Component, ...]:
    """Return the platform. Airflow starts while the company is being made: they share nothing."""
    python = python_environment(settings)
    airflow = airflow_environment(settings, ports, keys, has_marts=has_marts, workers=workers)
    reports = str(settings.reports)

    def airflow_part(name: str, *options: str, port: int | None = None) -> Component:
        command = [sys.executable, "-m", "airflow", name, *options]
        return Component(
            name=name, command=command, environment=airflow, after=("airflow-database",), port=port
        )

    return (
        Component(
            name="postgres",
            command=server_command(settings.home, ports.postgres),
            environment={"PATH": python.get("PATH", ""), "LC_ALL": "C"},
            port=ports.postgres,
            user=server_user(),
            stop_signal=signal.SIGINT,  # PostgreSQL's fast shutdown
        ),
        Component(
            name="sandbox-company",
            command=make_command(settings, scale),
            environment=python,
            is_job=True,
        ),
        Component(
            name="airflow-database",
            command=[sys.executable, "-m", "umlauf.local.prepare_airflow"],
            environment=airflow,
            after=("postgres",),
            is_job=True,
        ),
        airflow_part("api-server", port=ports.airflow),
        airflow_part("dag-processor"),
        airflow_part("scheduler", "--skip-serve-logs"),
        airflow_part("triggerer", "--skip-serve-logs"),
        Component(
            name="sandbox",
            command=serve_command(ports),
            environment=python,
            after=("sandbox-company",),
            port=ports.sandbox,
        ),
        Component(
            name="page",
            command=[
                sys.executable,
                "-m",
                "http.server",
                str(ports.page),
                "-b",
                HOST,
                "-d",
                reports,
            ],
            environment=python,
            port=ports.page,
        ),
        Component(
            name="superset",
            command=superset_command(ports.superset),
            environment=superset_environment(settings, ports, keys),
            after=("postgres",),
            port=ports.superset,
            is_on_request=True,
            may_fail=True,
        ),
        *_workers(settings, ports, airflow, workers),
    )


def _workers(
    settings: Settings, ports: Ports, airflow: Mapping[str, str], count: int
) -> Iterator[Component]:
    """Yield the Celery workers and the Redis by which they get their tasks."""
    if not count:
        return
    yield Component(
        name=REDIS,
        command=redis_command(settings.home),
        environment={"PATH": airflow.get("PATH", "")},
        port=ports.redis,
    )
    for number in range(1, count + 1):
        name = f"{WORKER}{number}"
        options = ["--celery-hostname", name, "--skip-serve-logs"]
        yield Component(
            name=name,
            command=[sys.executable, "-m", "airflow", "celery", "worker", *options],
            environment=airflow,
            after=("airflow-database", REDIS),
            may_fail=True,
        )
