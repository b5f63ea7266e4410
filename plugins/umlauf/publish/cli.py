"""`umlauf snapshots` and `umlauf rollback`: what readers saw, and back to it."""

from __future__ import annotations

import time

import click

from umlauf.settings import load_settings


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
