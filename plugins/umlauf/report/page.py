"""Write `<home>/reports/index.html`: one file, no network, right on a phone and a desk.

The same in other languages stands beside it, as `index.<language>.html`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from umlauf.errors import ConfigError
from umlauf.health.status import Status, read_status
from umlauf.landing.janitor import sweep_partials
from umlauf.landing.lease import hold_lease
from umlauf.report import charts
from umlauf.report.drawing import drawing_script
from umlauf.report.figures import Rows, read_figures
from umlauf.report.html import csp_hash, in_a_script, templates, write_page
from umlauf.report.language import Language, languages
from umlauf.report.operations import write_operations
from umlauf.report.totals import headline
from umlauf.settings import Settings
from umlauf.sources.registry import all_sources

_HERE = Path(__file__).parent
_MOST_ACCOUNTS_DRAWN = 6


def write_report(settings: Settings, *, at: datetime) -> Path:
    """Write the page from the published snapshot, beside the old one, then swap it in.

    Returns the English one, which is swapped in last: whoever finds it, finds the others. What is
    wrong at the moment `at` (aware UTC) stands at the top, as `umlauf status` says it.

    Raises:
        ConfigError: nothing is published yet.
        LeaseBusy: another run is writing it.
    """
    if not settings.marts_file.exists():
        raise ConfigError("report: nothing is published yet; run `umlauf nightly` first")
    with hold_lease(settings.leases, "report", settings.lease_wait_seconds):
        sweep_partials(settings.reports, "index.*.partial")
        sweep_partials(settings.home / "cache", "vega-*.partial")
        status = read_status(settings, all_sources(), at)
        figures = read_figures(settings.marts_file)
        settings.reports.mkdir(parents=True, exist_ok=True)
        for language in reversed(languages()):
            text = _render(figures, settings, status, language)
            target = write_page(settings.reports / language.file_name, text)
        write_operations(settings, status)
    return target


def _render(
    figures: dict[str, Rows], settings: Settings, status: Status, language: Language
) -> str:
    environment = templates()
    environment.filters |= {
        "number": language.number, "signed": language.signed, "share": language.share
    }  # fmt: skip
    scripts = [drawing_script(settings.home / "cache"), (_HERE / "draw.js").read_text()]
    totals = headline(figures)
    lowest = _lowest(figures["cash_ahead"])
    least = settings.least_cash if lowest and settings.least_cash >= lowest["p10"] else None
    specs = _charts(figures, totals, least, language) | _account_charts(figures)
    return environment.get_template("page.html.j2").render(
        figures=figures,
        build=figures["build"][0],
        totals=totals,
        lowest=lowest,
        least_cash=settings.least_cash,
        language=language,
        languages=languages(),
        say=language.say,
        status=status,
        currency=settings.reporting_currency,
        title=settings.title,
        tenant=settings.tenant,
        zone=settings.zone,
        zone_name=settings.company_time_zone,
        has_data_docs=(settings.reports / "data_docs" / "index.html").exists(),
        charts=in_a_script({name: _in(spec, language) for name, spec in specs.items()}),
        accounts_drawn=_MOST_ACCOUNTS_DRAWN,
        scripts=scripts,
        script_hashes=[csp_hash(script) for script in scripts],
    )


def _lowest(weeks: Rows) -> dict[str, Any] | None:
    """Return the week with the least cash in nine of ten cases; None if nobody knows any."""
    known = [week for week in weeks if week["p10"] is not None]
    return min(known, key=lambda week: week["p10"], default=None)


def _charts(
    figures: dict[str, Rows],
    totals: Mapping[str, Decimal],
    least: Decimal | None,
    language: Language,
) -> dict[str, dict[str, Any]]:
    moved = figures["pipeline_movements"]
    before = totals["open"] - sum(row["change_30"] for row in moved)
    ends = {"before": language.term("30 days ago"), "now": language.term("now")}
    kinds = {row["movement"]: language.term(row["movement"]) for row in moved}
    tiers = figures["cash_ahead_by_tier"]
    receivables = [row | {"bucket": language.term(row["bucket"])} for row in figures["receivables"]]
    return {
        "pipeline-moved": charts.waterfall(moved, before, kinds | ends),
        "cash-ahead": charts.band_by_week(figures["cash_ahead"], least),
        "cash-by-tier": charts.stacks_by_week(
            tiers, {row["tier"]: language.term(row["tier"].replace("_", " ")) for row in tiers}
        ),
        "pipeline-by-stage": charts.pipeline_by_stage(figures["pipeline_by_stage"]),
        "pipeline-by-day": charts.lines_by_day(
            figures["pipeline_by_day"],
            {"amount": language.say("open"), "weighted": language.say("weighted")},
        ),
        "cash-balance": charts.lines_by_day(
            figures["cash_by_day"], {"closing": language.say("balance")}
        ),
        "stock-by-day": charts.areas_by_day(figures["stock_by_day"], "warehouse"),
        "receivables": charts.bars(receivables, "bucket", "amount"),
    }


def _account_charts(figures: dict[str, Rows]) -> dict[str, dict[str, Any]]:
    """Draw the largest accounts, in the order in which the page lists them."""
    by_account: dict[tuple[str, str], Rows] = {}
    for row in figures["cash_by_account_and_day"]:
        by_account.setdefault((row["account_id"], row["currency_code"]), []).append(row)
    shown = figures["cash_by_account"][:_MOST_ACCOUNTS_DRAWN]
    return {
        f"cash-{number}": charts.in_and_out_by_day(
            by_account[row["account_id"], row["currency_code"]]
        )
        for number, row in enumerate(shown, 1)
    }


def _in(spec: dict[str, Any], language: Language) -> dict[str, Any]:
    """Return the chart with its numbers and dates as the language writes them."""
    return spec | {"config": spec["config"] | {"locale": language.drawn()}}
