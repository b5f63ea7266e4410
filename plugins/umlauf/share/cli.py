"""`umlauf share`: what partners receive of the published marts, and how it stands with it."""

from __future__ import annotations

import sys
from collections.abc import Iterable

import click

from umlauf.settings import load_settings
from umlauf.share.standing import Outcome

_WRONG = ("held", "failed")


@click.group()
def share() -> None:
    """Cut partners' shares out of the published marts and deliver them.

    shares/PARTNER.yml declares rows, columns, place and end of each (see shares/README.md).
    """


@share.command("list")
def list_shares() -> None:
    """Print how it stands with each declared share of the published build."""
    from umlauf.landing.run import utc_now
    from umlauf.share.standing import standings

    _print(standings(load_settings(), utc_now()))


@share.command()
@click.argument("partners", nargs=-1)
def make(partners: tuple[str, ...]) -> None:
    """Cut the shares of PARTNERS (default: all) below <home>/shares and deliver nothing."""
    from umlauf.share.declaration import declared_partners
    from umlauf.share.deliver import make as make_one

    settings = load_settings()
    _print(make_one(settings, one) for one in partners or declared_partners(settings.shares))


@share.command()
@click.argument("partners", nargs=-1)
def deliver(partners: tuple[str, ...]) -> None:
    """Make and deliver the shares of PARTNERS (default: all); exit 1 if one is held or fails."""
    from umlauf.share.deliver import deliver_all

    outcomes = deliver_all(load_settings(), partners)
    _print(outcomes)
    sys.exit(1 if any(one.state in _WRONG for one in outcomes) else 0)


@share.command()
@click.argument("partner")
def approve(partner: str) -> None:
    """Deliver the share of PARTNER although it is held: somebody has looked at it."""
    from umlauf.share.deliver import deliver as deliver_one

    _print([deliver_one(load_settings(), partner, is_approved=True)])


def _print(outcomes: Iterable[Outcome]) -> None:
    for one in outcomes:
        click.echo(f"{one.partner:<20} {one.state:<10} {one.text}")
