"""`umlauf backtest`: how good the forecasts were."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from umlauf.settings import load_settings


@click.command()
@click.option("--weeks", type=click.IntRange(min=1), default=52, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the scores as JSON.")
def backtest(weeks: int, as_json: bool) -> None:
    """Make the forecasts again for each of the last WEEKS and print how far they missed."""
    from umlauf.sources.registry import all_sources
    from umlauf.warehouse.backtest import backtest as score_past

    scores = score_past(load_settings(), all_sources(), weeks)
    if as_json:
        click.echo(json.dumps([asdict(score) for score in scores], default=str))
        return
    click.echo(f"{'forecast':<28} ahead      n    WAPE   naive  better    bias  in p10-p90")
    for score in scores:
        ratios = (
            score.wape_ratio, score.baseline_wape_ratio, score.improvement_ratio,
            score.bias_ratio, score.interval_coverage_ratio,
        )  # fmt: skip
        shown = "".join(f"{'-' if ratio is None else f'{ratio:.1%}':>8}" for ratio in ratios)
        click.echo(f"{score.forecast:<28} {score.horizon:>5} {score.forecasts:>6}{shown}")
