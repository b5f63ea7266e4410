"""What readers see, what they saw, and back to it: `umlauf query`, `snapshots`, `rollback`..."""

from __future__ import annotations

import time

import click

from umlauf.errors import ConfigError
from umlauf.publish.answer import FORMS, print_answer
from umlauf.publish.query import answered, read_sql
from umlauf.settings import Settings, load_settings


@click.command()
@click.argument("sql")
@click.option(
    "--format", "form", type=click.Choice(list(FORMS)), default="table", show_default=True
)
def query(sql: str, form: str) -> None:
    """Run SQL on the published marts, read-only; the name of a file stands for what is in it."""
    with answered(load_settings(), read_sql(sql)) as answer:
        print_answer(answer, form)


@click.command()
def snapshots() -> None:
    """List the published snapshot and those kept to return to, the last published first."""
    from umlauf.publish.kept import snapshots as known

    for one in known(load_settings()):
        mark = "*" if one.is_published else " "
        when = f"{one.published_at:%Y-%m-%d %H:%M:%S} UTC"
        click.echo(f"{mark} {one.build_id:<28} as of {one.as_of}  published {when}")


@click.command()
@click.argument("build_id", required=False)
def rollback(build_id: str | None) -> None:
    """Show readers a kept snapshot again; without BUILD_ID the one before the present one."""
    from umlauf.landing.run import utc_now
    from umlauf.publish.kept import roll_back
    from umlauf.report.page import write_report

    settings, begun = load_settings(), time.monotonic()
    chosen = roll_back(settings, build_id)
    seconds = time.monotonic() - begun
    click.echo(f"readers see {chosen}, after {seconds:.2f} s; until something new has landed")
    write_report(settings, at=utc_now())
    _copy(settings)


@click.command()
def copy() -> None:
    """Let PostgreSQL and Parquet show what the snapshot's readers see, as each night does."""
    settings = load_settings()
    if not _copy(settings):
        raise ConfigError(
            "copy: nowhere to; UMLAUF_PARQUET_COPY names a folder, or "
            "UMLAUF_POSTGRES_CONNECTION=marts_postgres a connection, and "
            "AIRFLOW_CONN_MARTS_POSTGRES=postgresql://user:password@host:5432/marts says where it "
            "is"
        )


def _copy(settings: Settings) -> bool:
    from umlauf.publish.copies import write_copies

    copies = write_copies(settings)
    for name, done in copies.items():
        written = f"{done.rows:,} rows written" if done.rows else "it was there already"
        click.echo(f"{name}'s readers see {done.build_id}: {written}, {done.seconds:.1f} s")
    return bool(copies)
