"""`umlauf alert`: tell what is wrong and what is over to those who are not looking."""

from __future__ import annotations

import sys

import click

from umlauf.settings import load_settings


@click.command()
@click.option("--dry-run", "is_dry", is_flag=True, help="Print what would be told, tell nobody.")
@click.option("--test", "is_test", is_flag=True, help="Send a test message, whatever is wrong.")
def alert(is_dry: bool, is_test: bool) -> None:
    """Tell by mail and webhook what has not been told yet; exit 1 if a message did not arrive."""
    from umlauf.alert.tell import require_ways, send_test, tell

    settings = load_settings()
    require_ways(settings)
    outcomes = send_test(settings) if is_test else tell(settings, is_dry=is_dry)
    for outcome in outcomes:
        if outcome.message is None:
            click.echo(f"{outcome.way}: nothing new")
        elif is_dry:
            click.echo(f"{outcome.way}: {outcome.message.subject}\n\n{outcome.message.text}\n")
        else:
            done = f"failed: {outcome.failure}" if outcome.failure else outcome.message.subject
            click.echo(f"{outcome.way}: {done}")
    sys.exit(1 if any(outcome.failure for outcome in outcomes) else 0)
