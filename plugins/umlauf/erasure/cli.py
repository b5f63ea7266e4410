"""`umlauf erase`: shows what would go, asks, and erases it for ever."""

from __future__ import annotations

import click

from umlauf.settings import load_settings


@click.command()
@click.argument("source")
@click.argument("stream")
@click.argument("keys", metavar="KEY...", nargs=-1, required=True)
@click.option(
    "--because", required=True, help="Why, kept for ever: a case number or an article, no name."
)
@click.option("--yes", is_flag=True, help="Erase without asking.")
def erase(source: str, stream: str, keys: tuple[str, ...], because: str, yes: bool) -> None:
    """Erase records of SOURCE's STREAM from all that has landed, for ever; shown first."""
    from umlauf.erasure.plan import plan_erasure
    from umlauf.erasure.run import erase as erase_all
    from umlauf.sources.registry import find_source
    from umlauf.warehouse.erasing import finish_erasures

    settings, found = load_settings(), find_source(source)
    if ended := finish_erasures(settings):
        click.echo(f"ended an erasure of {ended} records that was cut off")
    plan = plan_erasure(settings, found, stream, keys)
    for line in plan.lines():
        click.echo(line)
    if not plan.keys:
        return
    if not yes:
        click.confirm("Erase it for ever? A backup of landing is the only way back", abort=True)
    erased = erase_all(settings, found, stream, keys, because)
    click.echo(
        f"{erased.versions} versions erased from {erased.batches} batches; readers see the marts "
        "without them after `umlauf build`"
    )
