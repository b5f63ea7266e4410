"""`umlauf demo`, `up`, `down`, `airflow`, `dashboards`: the platform on this machine."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import Any

import click

from umlauf.errors import ConfigError
from umlauf.local.ports import Ports
from umlauf.settings import Settings, load_installation


def platform_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of a platform: ports, the company's size, Airflow's workers."""

    @functools.wraps(command)
    def with_ports(**options: Any) -> Any:
        ports = Ports(**{name: options.pop(f"{name}_port") for name in Ports().by_name()})
        return command(ports=ports, **options)

    for name, default in reversed(Ports().by_name().items()):
        option = click.option(f"--{name}-port", type=int, default=default, show_default=True)
        with_ports = option(with_ports)
    scale = click.option("--scale", type=float, default=1.0, help="Size of the sandbox company.")
    workers = click.option(
        "--workers", type=click.IntRange(min=0), default=0, help="Celery workers, by Redis."
    )
    since = click.option("--since", type=float, help="When set-up began, seconds since 1970.")
    return since(workers(scale(with_ports)))


def _one_company() -> Settings:
    settings = load_installation()
    if settings.tenants:
        raise ConfigError("the sandbox is one company: unset UMLAUF_TENANTS to see it")
    return settings


@click.command()
@platform_options
def demo(ports: Ports, scale: float, workers: int, since: float | None) -> None:
    """Land, build, check and publish the sandbox company's last nights, then stop."""
    from umlauf.local.demo import run_demo

    run_demo(_one_company(), ports, scale, since, workers=workers)


@click.command()
@platform_options
def up(ports: Ports, scale: float, workers: int, since: float | None) -> None:
    """The same, and it stays up: Airflow, sandbox, morning page."""
    from umlauf.local.demo import run_demo

    run_demo(_one_company(), ports, scale, since, workers=workers, is_staying=True)


@click.command()
def down() -> None:
    """Stop everything `umlauf up` started, also what a killed parent left behind."""
    from umlauf.local.demo import stop_platform

    click.echo(stop_platform(load_installation()))


@click.command(add_help_option=False, context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def airflow(arguments: tuple[str, ...]) -> None:
    """Airflow's own command on what `umlauf up` started, as in `umlauf airflow dags list`."""
    from umlauf.local.platform import run_airflow

    sys.exit(run_airflow(load_installation(), arguments))


@click.group()
def dashboards() -> None:
    """Superset's dashboards as code: check them, show them, keep what was changed in them."""


@dashboards.command()
def check() -> None:
    """Say of every chart whether its marts have the columns it reads; exit 1 if one lacks some."""
    from umlauf.dashboards.assets import read_dashboards
    from umlauf.dashboards.check import check_columns, contract_columns

    found = read_dashboards()
    charts = check_columns(found, contract_columns())
    click.echo(f"{charts} charts on {len(found)} dashboards read nothing that no mart promises")


@dashboards.command()
def start() -> None:
    """Start Superset beside the platform that is up, with the repository's dashboards."""
    from umlauf.local.board import Board
    from umlauf.local.credentials import USER, load_credentials
    from umlauf.local.readiness import PartFailed
    from umlauf.local.superset import start_superset

    settings = load_installation()
    try:
        url = start_superset(settings, Board())
    except PartFailed as error:
        click.echo("\n".join(error.log), err=True)
        raise
    password = load_credentials(settings.home).superset_password
    click.echo(f"dashboards    {url}  ({USER} / {password})")


@dashboards.command()
def export() -> None:
    """Write what was changed in the running Superset into the repository's files."""
    from umlauf.local.superset import export_dashboards

    for name in export_dashboards(load_installation()):
        click.echo(name)
