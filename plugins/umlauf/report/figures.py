"""What the morning page shows, asked of the published marts: one query per figure.

Money is in the reporting currency unless a column names another. `$as_of` is the business date
the snapshot speaks about. Rows come back as dicts; dates and decimals keep their types.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb

Rows = list[dict[str, Any]]

BUILD = """
    select build_id, as_of_date, known_on, code_version, count(*) as marts, sum(row_count) as rows
    from trust.build
    where build_id = (select build_id from core.dim_date limit 1)
    group by all
"""

QUERIES = {
    "pipeline_by_stage": """
        select s.stage_name as stage, s.stage_order,
            count(*) as deals,
            sum(p.amount_reporting) as amount,
            sum(p.weighted_amount_reporting) as weighted
        from pipeline.fct_pipeline_daily as p
        inner join core.dim_deal_stage as s on p.stage_id = s.stage_id
        where p.day = $as_of
        group by all
        order by s.stage_order
    """,
    "pipeline_by_day": """
        select day, sum(amount_reporting) as amount, sum(weighted_amount_reporting) as weighted
        from pipeline.fct_pipeline_daily
        where day between $as_of - 89 and $as_of
        group by day
        order by day
    """,
    "pipeline_changes": """
        with yesterday as (
            select * from pipeline.fct_pipeline_daily where day = $as_of - 1
        ),

        today as (select * from pipeline.fct_pipeline_daily where day = $as_of),

        changes as (
            select
                coalesce(today.deal_id, yesterday.deal_id) as deal_id,
                case
                    when yesterday.deal_id is null then 'opened'
                    when today.deal_id is null and deal.is_won then 'won'
                    when today.deal_id is null and deal.is_lost then 'lost'
                    when today.deal_id is null then 'left the pipeline'
                    when today.amount_reporting > yesterday.amount_reporting then 'raised'
                    when today.amount_reporting < yesterday.amount_reporting then 'lowered'
                    when today.expected_close_date > yesterday.expected_close_date then 'pushed out'
                    when today.expected_close_date < yesterday.expected_close_date then 'pulled in'
                    when today.stage_id != yesterday.stage_id then 'moved stage'
                end as movement,
                coalesce(today.amount_reporting, 0)
                - coalesce(yesterday.amount_reporting, 0) as delta,
                coalesce(today.amount_reporting, yesterday.amount_reporting, 0) as size
            from yesterday
            full join today on yesterday.deal_id = today.deal_id
            left join pipeline.fct_deal as deal
                on coalesce(today.deal_id, yesterday.deal_id) = deal.deal_id
        )

        select movement, count(*) as deals, sum(delta) as delta, max_by(deal_id, size) as biggest
        from changes
        where movement is not null
        group by movement
        order by abs(sum(delta)) desc, movement
    """,
    "cash_by_account": """
        select account_id, currency_code, closing, closing_reporting, has_statement,
            last_statement_date, has_gap
        from cash_flow.fct_cash_daily
        where day = $as_of
        order by closing_reporting desc
    """,
    "cash_by_day": """
        select day, sum(inflow_reporting) as inflow, sum(outflow_reporting) as outflow,
            sum(closing_reporting) as closing
        from cash_flow.fct_cash_daily
        where day between $as_of - 29 and $as_of
        group by day
        order by day
    """,
    "receivables": """
        select ageing_bucket as bucket, min(days_overdue) as first_day, count(*) as items,
            sum(open_amount_reporting) as amount
        from cash_flow.fct_receivable_daily
        where day = $as_of
        group by ageing_bucket
        order by min(days_overdue)
    """,
    "payables_due": """
        select coalesce(sum(open_amount_reporting), 0) as amount
        from cash_flow.fct_payable_daily
        where day = $as_of and due_date <= $as_of + 7
    """,
    "stock_by_day": """
        select day, sum(value_reporting) as value
        from inventory.fct_stock_daily
        where day between $as_of - 89 and $as_of
        group by day
        order by day
    """,
    "stock_running_out": """
        with demand as (
            select product_id, from_warehouse_id as warehouse_id, sum(units) / 90.0 as daily_units
            from inventory.fct_stock_move
            where move_date > $as_of - 90 and move_date <= $as_of and move_kind = 'delivery'
            group by all
        )

        select p.product_code, p.product_name, w.warehouse_code as warehouse,
            s.available_units, s.incoming_units, d.daily_units,
            s.available_units / d.daily_units as days_left, p.lead_time_days
        from inventory.fct_stock_daily as s
        inner join demand as d
            on s.product_id = d.product_id and s.warehouse_id = d.warehouse_id
        inner join core.dim_product as p on s.product_id = p.product_id
        inner join core.dim_warehouse as w on s.warehouse_id = w.warehouse_id
        where s.day = $as_of and s.available_units / d.daily_units < coalesce(p.lead_time_days, 7)
        order by days_left, p.product_code
        limit 15
    """,
    "freshness": """
        select source, max(last_window_end_at) as covered_until, max(age_hours) as age_hours,
            bool_or(is_behind) as is_behind, count(*) as streams
        from trust.freshness
        group by source
        order by source
    """,
    "checks": """
        select tool, count(*) as checks, count(*) filter (where not is_passed) as failed
        from trust.quality_result
        where build_id = $build_id
        group by tool
        order by tool
    """,
    "warnings": """
        select subject, check_name, message, why
        from trust.quality_result
        where build_id = $build_id and not is_passed
        order by subject, check_name
    """,
    "ledger": """
        select sum(rows_landed) as landed, sum(rows_staged) as staged,
            sum(rows_superseded) as superseded, sum(rows_deleted) as deleted,
            sum(rows_quarantined) as quarantined,
            count(*) filter (where not is_balanced) as unbalanced
        from trust.ledger
    """,
    "quarantine": """
        select source, stream, reason, count(*) as records
        from trust.quarantine
        group by all
        order by records desc, source, stream
        limit 10
    """,
}


def read_figures(marts_file: Path) -> dict[str, Rows]:
    """Return every figure by name; `build` has one row."""
    with duckdb.connect(marts_file, read_only=True) as connection:
        build = _rows(connection, BUILD, {})
        known: dict[str, str | date] = {
            "as_of": build[0]["as_of_date"],
            "build_id": build[0]["build_id"],
        }
        figures = {"build": build}
        for name, sql in QUERIES.items():
            asked = {key: value for key, value in known.items() if f"${key}" in sql}
            figures[name] = _rows(connection, sql, asked)
    return figures


def _rows(connection: duckdb.DuckDBPyConnection, sql: str, known: dict[str, Any]) -> Rows:
    found = connection.execute(sql, known)
    names = [column[0] for column in found.description or []]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
