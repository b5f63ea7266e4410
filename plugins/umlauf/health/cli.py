"""`umlauf status` and `umlauf verify`: what is wrong, in one line each."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from umlauf.settings import load_settings

if TYPE_CHECKING:
    from umlauf.health.status import Status
    from umlauf.settings import Settings


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@click.option("--prometheus", is_flag=True, help="Print it as Prometheus reads it; exit 0.")
def status(as_json: bool, prometheus: bool) -> None:
    """Print what is published, how old it is and what is wrong now; exit 1 if anything is."""
    from umlauf.health.status import read_status
    from umlauf.landing.run import utc_now
    from umlauf.sources.registry import all_sources

    settings = load_settings()
    found = read_status(settings, all_sources(), utc_now())
    if prometheus:
        from umlauf.health.gauges import exposition

        click.echo(exposition(found, settings.tenant), nl=False)
        return  # cron mails whoever's command fails, and the file says what is wrong
    if as_json:
        whose = {"tenant": settings.tenant} if settings.tenant else {}
        click.echo(json.dumps(whose | found.to_dict(), default=_plain, indent=1))
    else:
        _print_status(found, settings)
    sys.exit(0 if found.is_well else 1)


@click.command()
@click.argument("source", required=False)
@click.option(
    "--set-aside", "is_setting_aside", is_flag=True, help="Take damaged files out of use."
)
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
def verify(source: str | None, is_setting_aside: bool, as_json: bool) -> None:
    """Read every landed file (of SOURCE) and the snapshot again; exit 1 if any is damaged."""
    from umlauf.alert.tell import tell_quietly
    from umlauf.health.damage import verify as verify_all
    from umlauf.landing.run import utc_now
    from umlauf.sources.registry import all_sources, find_source

    settings = load_settings()
    sources = [find_source(source)] if source else all_sources()
    found = verify_all(settings, sources, utc_now, is_setting_aside=is_setting_aside)
    tell_quietly(settings)
    if as_json:
        shown = [
            {"what": one.what, "since": one.since, "marts": one.marts, "to_do": one.to_do}
            for one in found.troubles
        ]
        stated = {"files": found.files, "damaged": shown, "breaks": found.breaks}
        click.echo(json.dumps(stated, default=_plain, indent=1))
    else:
        for trouble in found.troubles:
            click.echo(f"damaged: {trouble.line(settings.zone)}")
        for broken in found.breaks:
            click.echo(f"for information: {broken}")
        click.echo(
            f"{found.files:,} files read again, {found.gigabytes:.3f} GB in {found.seconds:.1f} s: "
            f"{len(found.troubles)} damaged, {found.aside} set aside"
        )
    sys.exit(1 if found.troubles else 0)


def _print_status(found: Status, settings: Settings) -> None:
    from umlauf.health.lines import status_lines

    zone = settings.zone
    if settings.tenant:
        click.echo(f"{'tenant':<11} {settings.tenant}")
    for name, text in status_lines(found, zone):
        click.echo(f"{name:<11} {text}")
    for trouble in found.troubles:
        click.echo(f"{'WRONG' if trouble.is_wrong else 'note':<11} {trouble.line(zone)}")
    if found.is_well:
        click.echo(f"{'well':<11} nothing is wrong (times in {zone.key})")


def _plain(value: object) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
