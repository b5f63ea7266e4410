"""`umlauf tenants`: the companies of this installation."""

from __future__ import annotations

import json
import sys

import click


@click.command()
@click.option("--pools", is_flag=True, help="Print their pools for `airflow pools import`.")
def tenants(pools: bool) -> None:
    """List the companies of this installation; exit 2 if the settings of one are wrong."""
    from umlauf.orchestration.companies import companies
    from umlauf.orchestration.pools import pools_of
    from umlauf.settings import load_tenants

    if pools:
        made = {
            pool.name: {
                "slots": pool.slots,
                "description": pool.description,
                "include_deferred": False,
            }
            for pool in pools_of(companies())
        }
        click.echo(json.dumps(made, indent=1))
        return
    loaded = load_tenants()
    if not loaded:
        click.echo("one company: UMLAUF_TENANTS is not set")
    wrong = False
    for name, found in loaded.items():
        if isinstance(found, Exception):
            wrong = True
            click.echo(f"{name:<20} WRONG: {found}")
        else:
            click.echo(f"{name:<20} {found.home}")
    sys.exit(2 if wrong else 0)
