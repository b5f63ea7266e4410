"""`umlauf sandbox`: make the simulated company, serve it, move it on, tell the truth about it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from umlauf.errors import ConfigError
from umlauf.sandbox.serve.cli import serve
from umlauf.settings import load_settings

SEED, END = 7, "2026-11-20"
HOME = click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the sandbox is kept. Default: the setting `home`.",
)


class _Usage(click.ClickException):
    exit_code = 2


@click.group()
def sandbox() -> None:
    """A simulated company with its HubSpot, Odoo and bank."""


sandbox.add_command(serve)


@sandbox.command()
@click.option("--scale", default=1.0, show_default=True, help="0.05 is a tiny, whole world.")
@click.option("--seed", default=SEED, show_default=True)
@click.option("--end", type=click.DateTime(["%Y-%m-%d"]), default=END, show_default=True)
@click.option("--months", default=24, show_default=True, help="How long it has lived at the end.")
@HOME
def make(scale: float, seed: int, end: datetime, months: int, home: Path | None) -> None:
    """Make the company; one that is there already is replaced."""
    from umlauf.sandbox.company import make as make_company

    started = time.monotonic()
    with _usage_errors(), _progress("making the company") as seen:
        counts = make_company(_home(home), scale, seed, end.date(), seen, months=months)
    for name, count in sorted(counts.items()):
        click.echo(f"{name:<20} {count:>9,}")
    click.echo(f"{'seconds':<20} {time.monotonic() - started:>9.1f}")


@sandbox.command()
@click.option("--days", default=1, show_default=True, help="At most 90 beyond the end, in all.")
@HOME
def advance(days: int, home: Path | None) -> None:
    """Move the clock on: edits, late rows, deletions and bank files of these days appear."""
    from umlauf.sandbox.clock import advance as move_on

    with _usage_errors():
        click.echo(f"the sandbox's clock is now {move_on(_home(home), days).isoformat()}")


@sandbox.command()
@click.option("--at", "at_text", help="As known at this UTC stamp. Default: the sandbox's clock.")
@HOME
def truth(at_text: str | None, home: Path | None) -> None:
    """Write what the marts must find, as Parquet, and print the folder."""
    from umlauf.sandbox.truth import write_truth

    with _usage_errors():
        at = datetime.fromisoformat(at_text) if at_text else None
        if at is not None and at.tzinfo is None:
            raise ValueError(f"--at needs a UTC offset, as in 2026-11-21T03:30:00Z; got {at_text}")
        click.echo(write_truth(_home(home), at))


def _home(home: Path | None) -> Path:
    return home or load_settings().home


@contextmanager
def _usage_errors() -> Iterator[None]:
    try:
        yield
    except (ConfigError, FileNotFoundError, ValueError) as error:
        raise _Usage(str(error)) from error


@contextmanager
def _progress(what: str) -> Iterator[Callable[[float], Any]]:
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=1.0)
        yield lambda share: bar.update(task, completed=share)
