"""`umlauf chaos`: break a night in many ways and print what was lost."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from umlauf.chaos.stage import Verdict

PLAN_NAMES = ("drawn", "each-kind", "every-step", "step-pairs")


@click.command()
@click.option("--seed", default=1, show_default=True, help="Seed of the first fault.")
@click.option("--faults", type=click.IntRange(min=1), default=100, show_default=True)
@click.option(
    "--plan",
    type=click.Choice(PLAN_NAMES),
    default="drawn",
    show_default=True,
    help="Which: drawn by weight; each kind in turn; killed at each step; at pairs of steps.",
)
@click.option("--kind", default="", help="Only this kind of fault; --list names them.")
@click.option("--workers", default=os.cpu_count() or 1, show_default=True)
@click.option("--json", "target", type=Path, help="Write figures and verdicts to this file.")
@click.option("--list", "is_list", is_flag=True, help="Name the kinds and the rows they are of.")
def chaos(
    seed: int,
    faults: int,
    plan: str,
    kind: str,
    workers: int,
    target: Path | None,
    is_list: bool,
) -> None:
    """Break a tiny company's nights in many ways; after one plain rerun nothing may be missing."""
    # What breaks a night imports all that a night needs: `umlauf --help` does without.
    from umlauf.chaos.figures import Figures
    from umlauf.chaos.kinds import KINDS
    from umlauf.chaos.runner import play_all, stage_set
    from umlauf.chaos.tasks import PLANS, is_known

    if is_list:
        for one in KINDS.values():
            click.echo(f"{one.row:>3} {one.phase:<8} {one.name}")
        return
    if kind and not is_known(kind):
        raise click.UsageError(f"no kind of fault is called {kind!r}; --list names them")
    figures = Figures()
    click.echo("two nights without fault first: some minutes", err=True)
    with (
        tempfile.TemporaryDirectory(prefix="umlauf-chaos-") as folder,
        stage_set(Path(folder) / "stage") as stage,
    ):
        tasks = PLANS[plan](stage, seed, faults, kind)
        for verdict in _shown(play_all(stage, tasks, workers), len(tasks)):
            figures.add(verdict)
            if verdict.wrong:
                click.echo(f"{verdict.how_to_repeat}: {verdict.wrong}", err=True)
    click.echo(figures)
    if target:
        target.write_text(json.dumps({**figures.to_dict(), "verdicts": figures.verdicts}, indent=1))
    if figures.wrong:
        sys.exit(1)


def _shown(verdicts: Iterator[Verdict], count: int) -> Iterator[Verdict]:
    """Show on a terminal how many there are yet to come."""
    is_hidden = not sys.stderr.isatty()
    with click.progressbar(
        verdicts, length=count, label="faults", file=sys.stderr, hidden=is_hidden
    ) as shown:
        yield from shown
