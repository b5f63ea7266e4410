"""`umlauf backfill`: plan, fetch, build, compare, ask, check, swap."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from functools import partial

import click

from umlauf.settings import load_settings

DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.option("--from", "first", type=DAY, required=True, help="First business day.")
@click.option("--to", "last", type=DAY, required=True, help="Last business day.")
@click.option("--source", "names", multiple=True, help="Only this source; may be repeated.")
@click.option("--replay", is_flag=True, help="Fetch nothing: build what has landed by the models.")
@click.option("--yes", is_flag=True, help="Do not ask before readers see it.")
@click.option("--full", is_flag=True, help="Show every day that differs, not one line per mart.")
@click.option("--json", "as_json", is_flag=True, help="Print difference and seconds as JSON.")
def backfill(
    first: datetime, last: datetime, names: tuple[str, ...],
    replay: bool, yes: bool, full: bool, as_json: bool,
) -> None:  # fmt: skip
    """Fetch the days FROM..TO again, build beside the marts, show what differs, swap.

    Until the answer is yes, nights and readers know nothing of it. Run again, it goes on.
    """
    from umlauf.backfill import run, show
    from umlauf.landing.run import utc_now
    from umlauf.nightly import Night, concluding
    from umlauf.report.page import write_report

    settings, night = load_settings(), Night()
    request = run.request_of(settings, first.date(), last.date(), names, is_replay=replay)
    plan = run.begin(settings, request)
    if not as_json:
        show.print_table(show.PLAN, show.plan_lines(plan))
    for name in request.names:
        night.timed(f"fetch {name}", partial(run.fetch, settings, request, name))
    build_id = night.timed("build", lambda: run.build(settings, request))
    difference = night.timed("compare", lambda: run.show_difference(settings, build_id))
    if not as_json:
        show.print_difference(difference, is_full=full)
        click.echo(f"all of it: {run.difference_file(settings, build_id)}")
    if not yes and not click.confirm("Shall readers see this?", err=True):
        click.echo("readers see what they saw; the same command goes on from here", err=True)
        sys.exit(1)
    with concluding(settings):
        night.timed("check", lambda: run.check(settings, build_id))
        night.timed("swap", lambda: run.swap(settings, build_id, difference.old_build_id))
        night.timed("report", lambda: write_report(settings, at=utc_now()))
    if as_json:
        click.echo(json.dumps({"seconds": night.seconds, "difference": difference.to_dict()}))
        return
    for step, seconds in night.seconds.items():
        click.echo(f"{step:<28} {seconds:>8.1f} s")
    click.echo(f"published {build_id}")
