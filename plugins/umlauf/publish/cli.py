"""What readers see, what they saw, and back to it: `umlauf query`, `snapshots`, `rollback`..."""

from __future__ import annotations

import time

import click

from umlauf.errors import ConfigError
from umlauf.publish.answer import FORMS, print_answer
from umlauf.publish.query import answered, read_sql
from umlauf.settings import Settings, load_settings
from umlauf.transport.auth import load_connection


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
    if settings.postgres_connection:
        _publish_postgres(settings)
    write_report(settings, at=utc_now())


@click.command()
def postgres() -> None:
    """Publish the snapshot that readers see to the PostgreSQL of `postgres_connection` as well."""
    _publish_postgres(load_settings())


def _publish_postgres(settings: Settings) -> None:
    from umlauf.publish.postgres.publish import publish_postgres

    if not settings.postgres_connection:
        raise ConfigError(
            "postgres: no database is set; UMLAUF_POSTGRES_CONNECTION=marts_postgres names the "
            "connection, AIRFLOW_CONN_MARTS_POSTGRES=postgresql://user:password@host:5432/marts "
            "says where it is"
        )
    done = publish_postgres(settings, load_connection(settings.postgres_connection))
    poured = f"{done.rows:,} rows poured" if done.rows else "it was there already"
    click.echo(f"PostgreSQL's readers see {done.build_id}: {poured}, {done.seconds:.1f} s")
